using Collector.CommandLine;
using Collector.Configuration;
using Collector.Pipeline;
using Collector.Receiving;
using Collector.Sinks.Kafka;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.Hosting;

/// <summary>Runs one replay: no host, no service manager; SIGINT and SIGTERM end it.</summary>
public static class ReplayHost
{
    /// <summary>Reads the captures and returns when all rows are published.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(LoadedConfiguration configuration, ReplayRequest request)
    {
        // A replay is a tool, not a daemon: it logs to stderr, whatever the configuration of the daemon says, and only what went wrong.
        var options = new LogOptions { Level = LogLevel.Warning, Timestamps = false };
        using var lines = new LineLoggerProvider(options, TimeProvider.System, journal: false, Console.Error);
        using ILoggerFactory factory = LogSetup.CreateFactory(lines, options.Level);
        ILogger log = factory.CreateLogger("collector");
        using var stop = new CancellationTokenSource();
        using var signals = new Signals(stop.Cancel);
        try
        {
            using BgpDaemon? bgp = BgpDaemon.Create(configuration.Options, TimeProvider.System, log);
            using ReplayCorridor corridor = Wiring.BuildReplay(configuration.Options, request, bgp, factory);
            corridor.Run(stop.Token);
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is CannotStartException or ListenException or KafkaConfigurationException)
        {
            Log.CannotStart(log, e.Message);
            return ExitCode.Configuration;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            // A capture that cannot be read, a closed pipe, Ctrl-C: the operator knows the rest.
            Log.CannotStart(log, e is OperationCanceledException ? "interrupted" : e.Message);
            return ExitCode.Runtime;
        }
        catch (Exception e)
        {
            Log.Faulted(log, e);
            return ExitCode.Runtime;
        }
    }
}
