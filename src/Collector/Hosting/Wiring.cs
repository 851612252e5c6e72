using Collector.Configuration;
using Collector.Pipeline;
using Microsoft.Extensions.Logging;

namespace Collector.Hosting;

/// <summary>Builds the corridor by hand, in the order in which a datagram meets its parts.</summary>
internal static class Wiring
{
    /// <summary>The corridor of the daemon.</summary>
    public static Corridor Build(CollectorOptions options, StateDirectory? state, ILoggerFactory log) => new(options, state, log);

    /// <summary>The corridor of a replay.</summary>
    public static ReplayCorridor BuildReplay(CollectorOptions options, ReplayRequest request, Stream stdout, ILoggerFactory log) =>
        new(options, request, stdout, log);
}
