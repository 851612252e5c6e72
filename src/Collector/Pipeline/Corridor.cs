using Collector.Configuration;
using Collector.Enrichment;
using Collector.Enrichment.Explanations;
using Collector.Hosting;
using Collector.Maps;
using Collector.Receiving;
using Collector.Sinks.Kafka;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.Pipeline;

/// <summary>The way of a datagram from the sockets to the outputs, live: one thread per worker, a merger, a thread per output.</summary>
/// <remarks>Inert until <see cref="Start"/>. Made, started and stopped by one thread; what it tells may be asked by any.</remarks>
public sealed class Corridor : IDisposable
{
    private static readonly TimeSpan FaultInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<OutputBlueprint> _outputs;
    private readonly EnrichmentSources _sources;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PmacctLog? _pmacct;
    private readonly CancellationTokenSource _stop = new();
    private readonly GcPauses _pauses = new();
    private ReceiveSockets? _sockets;
    private PipelineParts? _parts;
    private PeerFaultWatch? _faults;
    private ITimer? _faultTimer;
    private ITimer? _saveTimer;
    private string? _saveFault;
    private Thread[] _threads = [];
    private long[] _lastTurns = [];

    /// <summary>Takes the configuration; nothing is opened yet.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="outputs">The compiled outputs, in the order of the configuration.</param>
    /// <param name="sources">What records are resolved with.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where the operator reads.</param>
    public Corridor(CollectorOptions options, IReadOnlyList<OutputBlueprint> outputs, EnrichmentSources sources, TimeProvider time, ILoggerFactory log)
    {
        _sources = sources;
        Options = options;
        _outputs = outputs;
        _time = time;
        _log = log.CreateLogger("collector");
        _pmacct = PmacctLog.Of(options, log);
    }

    /// <summary>Explains flows by the configuration and the tables in force; null before the start and after the end.</summary>
    public FlowExplainer? Explainer => _parts is { } parts ? new FlowExplainer(Options, _sources, parts.Maps) : null;

    /// <summary>Raised once when a thread of the corridor has failed; the process then stops.</summary>
    public event Action<Exception>? Faulted;

    /// <summary>The configuration.</summary>
    public CollectorOptions Options { get; }

    /// <summary>Keeps templates over a restart; null: nothing is kept. Set before <see cref="Start"/>.</summary>
    public TemplateStore? Templates { get; init; }

    /// <summary>Binds the sockets, opens the sinks and starts the threads.</summary>
    /// <exception cref="CannotStartException">The configuration cannot be had on this machine.</exception>
    public void Start()
    {
        _parts = PipelineParts.Build(Options, _outputs, Options.Workers, _time.GetUtcNow().ToUnixTimeSeconds(), isReplay: false, SinkFailed, _sources);
        try
        {
            _sockets = ReceiveSockets.Open(Options.Listen, Options.Workers, Options.ReceiveBufferBytes, Options.SharePort, Options.Sockets);
            foreach ((OutputPublisher publisher, OutputBlueprint output) in _parts.Publishers.Zip(_outputs))
            {
                publisher.PurgeLog = _pmacct?.PurgesOf(output.Options);
                publisher.Start();
            }

            _parts.AddSFlowCounters(Options, _log, _time, e => Faulted?.Invoke(e));
            _parts.SFlowCounters?.Start();
        }
        catch (Exception e) when (e is ListenException or KafkaConfigurationException)
        {
            throw new CannotStartException(e.Message);
        }

        if (Options.MemoryLimitBytes > PipelineParts.AvailableMemory)
        {
            Log.MemoryWarning(_log, Options.MemoryLimitBytes, PipelineParts.AvailableMemory);
        }

        foreach (IMapFile file in _parts.Maps.Files)
        {
            _pmacct?.MapLoading(file.Key, file.Path);
            _pmacct?.MapLoaded(file.Key, file.Path);
        }

        foreach (string warning in _parts.Maps.Warnings)
        {
            Log.ConfigurationWarning(_log, warning);
        }

        foreach (string warning in _sockets.Warnings)
        {
            Log.ReceiveWarning(_log, warning);
        }

        RestoreTemplates(_parts);
        _parts.Collector.Start();
        _lastTurns = new long[Options.Workers];
        _threads = [.. _parts.Workers.Select((worker, i) => new Thread(() => Run(worker, i)) { Name = $"worker {i}", IsBackground = true })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }

        _faults = new PeerFaultWatch(_parts.Workers.SelectMany(w => w.SourceTables), _log, _time);
        _faultTimer = _time.CreateTimer(_ => _faults.Look(), null, FaultInterval, FaultInterval);
        LogSources();
        _pmacct?.Waiting(_sockets.Listen);
        Log.Receiving(_log, string.Join(", ", _sockets.Listen), Options.Workers);
        foreach (OutputBlueprint output in _outputs)
        {
            Log.Output(_log, output.Options.Name, output.Options.Destination);
        }

        if (_parts.SFlowCounters is not null)
        {
            Log.Output(_log, "sflow_counters", Options.SFlowCounters.Destination);
        }
    }

    /// <summary>Drains the sockets, publishes all windows and ends the threads. Returns when all is published or given up.</summary>
    /// <param name="giveUp">Signalled when what is not published yet must be given up and counted.</param>
    public void Stop(CancellationToken giveUp)
    {
        EndWorkers();
        if (_parts is null)
        {
            return;
        }

        _parts.Collector.Stop();
        foreach (OutputPublisher publisher in _parts.Publishers)
        {
            publisher.Stop(giveUp);
        }

        _parts.SFlowCounters?.Stop(giveUp);

        _faultTimer?.Dispose();
        _saveTimer?.Dispose();
        _faults?.Look();
        LogLedger();
        if (Templates is { } store)
        {
            // The workers have ended: their state may be read here.
            foreach (FlowWorker worker in _parts.Workers)
            {
                worker.Decoder.TakeChanged(store.Put, all: true);
            }

            SaveTemplates(store);
        }
    }

    /// <summary>SIGHUP: files are closed and opened anew.</summary>
    public void Reload()
    {
        foreach (OutputPublisher publisher in _parts?.Publishers ?? [])
        {
            publisher.Reopen();
        }

        _parts?.SFlowCounters?.Reopen();
    }

    /// <summary>SIGHUP and SIGUSR2: networks and ROAs are read again; a file that cannot be used leaves what was read before.</summary>
    public void ReloadSources()
    {
        foreach (Finding finding in _sources.Load())
        {
            if (finding.Severity == FindingSeverity.Error)
            {
                Log.SourceKept(_log, finding.ToString());
            }
            else
            {
                Log.SourceWarning(_log, finding.ToString());
            }
        }

        LogSources();
    }

    /// <summary>True when the configuration has a networks file, ROAs or a GeoIP database.</summary>
    public bool HasSources => _sources.HasFiles;

    /// <summary>SIGUSR2, and SIGHUP: maps are read anew, each replaced in one step; one that cannot be used stays as it was.</summary>
    public void ReloadMaps()
    {
        foreach (IMapFile file in _parts?.Maps.Files ?? [])
        {
            _pmacct?.MapLoading(file.Key, file.Path);
            var findings = new List<Finding>();
            bool loaded = file.Load(findings);
            foreach (Finding finding in findings.Where(f => f.Severity != FindingSeverity.Note))
            {
                Log.ConfigurationWarning(_log, finding.ToString());
            }

            if (loaded)
            {
                Log.MapLoaded(_log, file.Key, file.Path);
                _pmacct?.MapLoaded(file.Key, file.Path);
            }
            else
            {
                Log.MapKept(_log, file.Key, file.Path);
            }
        }
    }

    /// <summary>The map files; null before the start and after the end.</summary>
    public MapSet? Maps => _parts?.Maps;

    /// <summary>True when the configuration has maps.</summary>
    public bool HasMaps => _parts?.Maps.Files.Count > 0;

    /// <summary>SIGUSR1: what was received and what became of it, source by source and output by output.</summary>
    public void LogLedger()
    {
        foreach (string line in _parts is null ? [] : Ledger.Lines(_parts, _sockets, _pauses, _time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000))
        {
            Log.Ledger(_log, line);
        }
    }

    /// <summary>SIGUSR1: pmacct's statistics lines, where the configuration has a core_proc_name.</summary>
    public void LogPmacctStatistics()
    {
        if (_pmacct is not null && _sockets is not null && TakeLedger() is { } ledger)
        {
            _pmacct.Statistics(ledger, _sockets.Listen[0], _time.GetUtcNow().ToUnixTimeSeconds());
        }
    }

    /// <summary>The ledger in numbers; null before the start and after the end.</summary>
    public LedgerSnapshot? TakeLedger() => _parts is { } parts ? LedgerSnapshot.Take(parts, _sockets) : null;

    /// <summary>True when every worker has gone round its loop since the last call. Called by one thread.</summary>
    public bool HasTicked()
    {
        bool all = true;
        for (int i = 0; i < _lastTurns.Length; i++)
        {
            long turns = _parts!.Workers[i].Turns;
            all &= turns != _lastTurns[i];
            _lastTurns[i] = turns;
        }

        return all;
    }

    /// <summary>The totals so far.</summary>
    public Summary Summary() => _parts is null ? default : Ledger.Summary(_parts, _sockets) with { KafkaOutstanding = KafkaOutstanding(_parts) };

    /// <inheritdoc/>
    public void Dispose()
    {
        // The host disposes of what it was given more than once, and without a stop when something else could not start.
        if (_parts is not null)
        {
            EndWorkers();
        }

        _faultTimer?.Dispose();
        _saveTimer?.Dispose();
        _sockets?.Dispose();
        _parts?.Dispose();
        _parts = null;
        _pauses.Dispose();
        _stop.Dispose();
    }

    private void EndWorkers()
    {
        _stop.Cancel();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    // Rows that wait for Kafka or are being delivered; null when no output is Kafka.
    private long? KafkaOutstanding(PipelineParts parts)
    {
        int[] kafka = [.. Enumerable.Range(0, _outputs.Count).Where(i => _outputs[i].Options.Kind == OutputKind.Kafka)];
        return kafka.Length == 0 ? null : kafka.Sum(i => parts.Publishers[i].Queued.PublishedRows);
    }

    private void Run(FlowWorker worker, int index)
    {
        try
        {
            worker.Run(_sockets!.ForWorker(index), _time, _stop.Token);
        }
#pragma warning disable CA1031 // The last line of defence of a thread: told, never swallowed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Faulted?.Invoke(exception);
        }
    }

    private void LogSources()
    {
        foreach ((string file, int count, string what) in _sources.Contents)
        {
            Log.SourceRead(_log, file, count, what);
            _pmacct?.MapLoaded(what, file);
        }
    }

    private void RestoreTemplates(PipelineParts parts)
    {
        if (Templates is not { } store)
        {
            return;
        }

        if (store.Load(parts.Workers, _time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000) is { } reason)
        {
            Log.TemplatesNotRestored(_log, reason);
        }
        else if (store.Count > 0)
        {
            Log.TemplatesRestored(_log, store.Count);
        }

        foreach (FlowWorker worker in parts.Workers)
        {
            worker.SaveState = store.Put;
        }

        _saveTimer = _time.CreateTimer(_ => SaveTemplates(store), null, SaveInterval, SaveInterval);
    }

    // A disk that is full is told once, not every few seconds.
    private void SaveTemplates(TemplateStore store)
    {
        string? fault = store.Save();
        if (fault is not null && fault != _saveFault)
        {
            Log.TemplatesNotSaved(_log, fault);
        }

        _saveFault = fault;
    }

    private void SinkFailed(string output, Exception exception) => Log.SinkFailed(_log, output, exception);
}
