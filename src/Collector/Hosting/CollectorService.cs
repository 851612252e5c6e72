using System.Net.Sockets;
using Collector.Configuration;
using Collector.Http;
using Collector.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Collector.Hosting;

/// <summary>Runs the corridor inside the host: start, a line every minute, the watchdog, the signals, a stop that publishes everything.</summary>
internal sealed class CollectorService : IHostedService, IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ConfigurationSet _configurations;
    private readonly IReadOnlyList<CollectorPart> _parts;
    private readonly ServiceNotifier _notifier;
    private readonly LineLoggerProvider _lines;
    private readonly IHostApplicationLifetime _host;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _giveUp = new();
    private Signals? _signals;
    private PidFile? _pidFile;
    private ITimer? _everyMinute, _watchdog;
    private HttpEndpoint? _http;
    private int _stops, _disposed;

    public CollectorService(
        ConfigurationSet configurations,
        IReadOnlyList<CollectorPart> parts,
        ServiceNotifier notifier,
        LineLoggerProvider lines,
        IHostApplicationLifetime host,
        TimeProvider clock,
        ILoggerFactory log)
    {
        (_configurations, _parts, _notifier, _lines, _host, _clock) = (configurations, parts, notifier, lines, host, clock);
        _logs = log;
        _log = log.CreateLogger("collector");
    }

    /// <summary>The thing that ended the corridor, or null.</summary>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _signals = new Signals(Stop);
        _signals.AddDaemon(Reload, LogLedger, ReloadMaps);
        _pidFile = _configurations.PidFile is { } file ? new PidFile(file) : null;
        foreach (CollectorPart part in _parts)
        {
            var pmacct = PmacctLog.Of(part.Configuration.Options, _logs);
            pmacct?.Starting(CollectorVersion.Text, part.Configuration.Origin);
            part.Corridor.Faulted += OnFault;
            part.Corridor.Start();
            part.Bgp?.Start(part.Corridor.Maps);
            pmacct?.WaitingForBgp(part.Bgp?.Speaker.LocalEndPoints ?? []);
        }

        Log.Started(_log, CollectorVersion.Text, _configurations.Origin, Environment.ProcessId);
        _http = await StartHttpAsync();
        _notifier.Ready();
        _everyMinute = _clock.CreateTimer(_ => WriteSummary(), null, Minute, Minute);
        if (Watchdog.IntervalFromEnvironment() is { } interval && _notifier.IsActive)
        {
            var watchdog = new Watchdog(_notifier, HaveTicked);
            _watchdog = _clock.CreateTimer(_ => watchdog.Tick(), null, TimeSpan.Zero, interval);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _notifier.Stopping();
        Log.Stopping(_log);
        if (_http is not null)
        {
            await _http.DisposeAsync();
        }

        using CancellationTokenRegistration timeout = cancellationToken.Register(_giveUp.Cancel);
        foreach (BgpDaemon bgp in _parts.Select(p => p.Bgp).OfType<BgpDaemon>())
        {
            await bgp.StopAsync(_giveUp.Token);
        }

        // All at once: while one waits for its destination the others must not fill their sockets.
        await Task.WhenAll(_parts.Select(p => Task.Run(() => p.Corridor.Stop(_giveUp.Token), CancellationToken.None)));
        WriteSummary();
        foreach (CollectorPart part in _parts)
        {
            PmacctLog.Of(part.Configuration.Options, _logs)?.Exiting();
        }

        Log.Stopped(_log);
    }

    /// <summary>Gives everything back, once: the container knows the service by two names and disposes it for each.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _signals?.Dispose();
        _everyMinute?.Dispose();
        _watchdog?.Dispose();
        foreach (CollectorPart part in _parts)
        {
            part.Corridor.Dispose();
        }

        _pidFile?.Dispose();
        _giveUp.Dispose();
    }

    // Pages are a convenience beside the job: a port that is taken must not keep flows out.
    private async Task<HttpEndpoint?> StartHttpAsync()
    {
        HttpOptions options = _configurations.Http;
        if (!options.Enabled)
        {
            return null;
        }

        try
        {
            HttpEndpoint http = await HttpEndpoint.StartAsync(options, CollectorPages.Of(_parts), _logs);
            Log.Pages(_log, http.Address);
            return http;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            Log.NoPages(_log, options.Listen, e.Message);
            return null;
        }
    }

    private void Stop()
    {
        if (Interlocked.Increment(ref _stops) == 2)
        {
            Log.GivingUp(_log);
            _giveUp.Cancel();
        }

        _host.StopApplication();
    }

    private void Reload()
    {
        _lines.Reopen();
        Log.Reloading(_log);
        foreach (Action reload in _parts.SelectMany(p => p.Reloads))
        {
            Act(reload);
        }
    }

    private void ReloadMaps()
    {
        if (!_parts.Any(p => p.Corridor.HasMaps || p.Corridor.HasSources))
        {
            Log.NoMaps(_log);
            return;
        }

        foreach (CollectorPart part in _parts)
        {
            Act(part.Corridor.ReloadSources);
            if (part.Corridor.HasMaps && !part.Configuration.Options.Maps.Refresh)
            {
                Log.MapsFixed(_log);
            }
            else
            {
                Act(part.Corridor.ReloadMaps);
            }
        }
    }

    private void LogLedger()
    {
        foreach (CollectorPart part in _parts)
        {
            Act(part.Corridor.LogLedger);
            Act(part.Corridor.LogPmacctStatistics);
            Act(() => part.Bgp?.LogLedger());
        }
    }

    // Each is asked, so that none looks stuck the next time.
    private bool HaveTicked() => _parts.Count(p => p.Corridor.HasTicked()) == _parts.Count;

    /// <summary>An exception on a thread of a signal would end the process; a map that cannot be read must not.</summary>
    private void Act(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            Log.SignalFailed(_log, e);
        }
    }

    private void WriteSummary()
    {
        List<string> lines = [];
        foreach (CollectorPart part in _parts)
        {
            Summary now = part.Corridor.Summary();
            string line = now.SinceLine(part.LastMinute);
            part.LastMinute = now;
            lines.Add(part.Label.Length == 0 ? line : $"[{part.Label}] {line}");
            Log.Summary(_log, lines[^1]);
        }

        _notifier.Status(string.Join("; ", lines));
    }

    private void OnFault(Exception exception)
    {
        Fault ??= exception;
        Log.Faulted(_log, exception);
        _host.StopApplication();
    }
}
