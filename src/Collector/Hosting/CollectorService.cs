using System.Net.Sockets;
using Collector.Configuration;
using Collector.Http;
using Collector.Pipeline;
using Collector.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Collector.Hosting;

/// <summary>Runs the corridor inside the host: start, a line every minute, the watchdog, the signals, a stop that publishes everything.</summary>
internal sealed class CollectorService : IHostedService, IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly LoadedConfiguration _configuration;
    private readonly Corridor _corridor;
    private readonly BgpDaemon? _bgp;
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
    private Summary _lastMinute;
    private int _stops, _disposed;

    public CollectorService(
        LoadedConfiguration configuration,
        Corridor corridor,
        ServiceNotifier notifier,
        LineLoggerProvider lines,
        IHostApplicationLifetime host,
        TimeProvider clock,
        ILoggerFactory log,
        BgpDaemon? bgp = null)
    {
        _bgp = bgp;
        (_configuration, _corridor, _notifier, _lines, _host, _clock) = (configuration, corridor, notifier, lines, host, clock);
        _logs = log;
        _log = log.CreateLogger("collector");
    }

    /// <summary>The thing that ended the corridor, or null.</summary>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _corridor.Faulted += OnFault;
        _signals = new Signals(Stop);
        _signals.AddDaemon(Reload, LogLedger, ReloadMaps);
        _pidFile = _configuration.Options.PidFile is { } file ? new PidFile(file) : null;
        _corridor.Start();
        _bgp?.Start();
        Log.Started(_log, CollectorVersion.Text, _configuration.Origin, Environment.ProcessId);
        _http = await StartHttpAsync();
        _notifier.Ready();
        _everyMinute = _clock.CreateTimer(_ => WriteSummary(), null, Minute, Minute);
        if (Watchdog.IntervalFromEnvironment() is { } interval && _notifier.IsActive)
        {
            var watchdog = new Watchdog(_notifier, _corridor.HasTicked);
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
        if (_bgp is not null)
        {
            await _bgp.StopAsync(_giveUp.Token);
        }

        await Task.Run(() => _corridor.Stop(_giveUp.Token), CancellationToken.None);
        WriteSummary();
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
        _corridor.Dispose();
        _pidFile?.Dispose();
        _giveUp.Dispose();
    }

    // Pages are a convenience beside the job: a port that is taken must not keep flows out.
    private async Task<HttpEndpoint?> StartHttpAsync()
    {
        HttpOptions options = _configuration.Options.Http;
        if (!options.Enabled)
        {
            return null;
        }

        try
        {
            HttpEndpoint http = await HttpEndpoint.StartAsync(options, CollectorPages.Of(_corridor, _bgp), _logs);
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
        Act(_corridor.Reload);
        Act(_corridor.ReloadMaps);
        Act(_corridor.ReloadSources);
        Act(() => _bgp?.Reload());
    }

    private void ReloadMaps()
    {
        if (!_corridor.HasMaps && !_corridor.HasSources)
        {
            Log.NoMaps(_log);
            return;
        }

        Act(_corridor.ReloadSources);
        if (_corridor.HasMaps && !_configuration.Options.Maps.Refresh)
        {
            Log.MapsFixed(_log);
        }
        else
        {
            Act(_corridor.ReloadMaps);
        }
    }

    private void LogLedger()
    {
        Act(_corridor.LogLedger);
        Act(_corridor.LogPmacctStatistics);
        Act(() => _bgp?.LogLedger());
    }

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
        Summary now = _corridor.Summary();
        string line = now.SinceLine(_lastMinute);
        _lastMinute = now;
        Log.Summary(_log, line);
        _notifier.Status(line);
    }

    private void OnFault(Exception exception)
    {
        Fault ??= exception;
        Log.Faulted(_log, exception);
        _host.StopApplication();
    }
}
