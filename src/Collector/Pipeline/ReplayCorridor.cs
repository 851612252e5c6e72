using Collector.Configuration;
using Collector.Enrichment;
using Collector.Hosting;
using Collector.Receiving;
using Collector.Replay;
using Collector.Sinks.Kafka;
using Collector.Telemetry;
using Microsoft.Extensions.Logging;

namespace Collector.Pipeline;

/// <summary>The same way for captures. Inert until <see cref="Run"/>.</summary>
public sealed class ReplayCorridor : IDisposable
{
    private readonly CollectorOptions _options;
    private readonly ReplayRequest _request;
    private readonly IReadOnlyList<OutputBlueprint> _outputs;
    private readonly EnrichmentSources _sources;
    private readonly BgpReplay? _bgp;
    private readonly ILogger _log;
    private ReplayRun? _run;
    private TemplateStore? _templates;

    /// <summary>Takes what is asked for.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="request">The captures and the switches of the command line.</param>
    /// <param name="outputs">The compiled outputs, in the order of the configuration.</param>
    /// <param name="sources">What records are resolved with.</param>
    /// <param name="log">Where the operator reads.</param>
    /// <param name="bgp">Takes the BGP sessions of the captures into the routes of <paramref name="sources"/>; null passes them over.</param>
    public ReplayCorridor(
        CollectorOptions options, ReplayRequest request, IReadOnlyList<OutputBlueprint> outputs, EnrichmentSources sources, ILoggerFactory log, BgpReplay? bgp = null)
    {
        _bgp = bgp;
        _sources = sources;
        _options = options;
        _request = request;
        _outputs = outputs;
        _log = log.CreateLogger("collector");
    }

    /// <summary>Reads all captures and publishes all windows.</summary>
    /// <exception cref="CannotStartException">A file is missing or no capture, or an output cannot be had on this machine.</exception>
    /// <exception cref="IOException">A capture could not be read to its end, or standard output is closed.</exception>
    public void Run(CancellationToken stop)
    {
        IReadOnlyList<string> faults = CaptureReader.Check(_request.Files);
        if (faults.Count > 0)
        {
            throw new CannotStartException(string.Join('\n', faults));
        }

        ReplayProgress progress = ReplayProgress.OnStandardError();
        using var reader = new CaptureReader(_request.Files, sentence =>
        {
            progress.Clear();
            Log.CaptureWarning(_log, sentence);
        })
        {
            Bgp = _bgp,
        };
        _run = new ReplayRun(_options, _outputs, _request.ConfiguredPortsOnly ? ConfiguredPorts() : null, (name, e) => Log.SinkFailed(_log, name, e), _sources)
        {
            Prepare = RestoreTemplates,
        };
        using ReplayCounters? counters = _request.ToSinks && _options.SFlowCounters.IsOn ? new ReplayCounters(_options, _log) : null;
        try
        {
            counters?.Open();
            _run.Run(reader, progress, counters, stop);
        }
        catch (KafkaConfigurationException e)
        {
            throw new CannotStartException(e.Message);
        }

        progress.Clear();
        SaveTemplates();
        LogFaults();
        LogCaptureLosses(reader.Counters);
        if (reader.Failure is { } failure)
        {
            throw new IOException(failure);
        }

        if (counters?.Finish(stop) is > 0 and long lostCounters)
        {
            throw new IOException($"{lostCounters} sFlow counter objects could not be written");
        }

        long lost = _run.Parts?.Publishers.Sum(p => p.Published.LostRows) ?? 0;
        if (lost > 0)
        {
            throw new IOException($"{lost} rows could not be written");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run?.Parts?.Dispose();
    }

    // Only on request (--state): a replay is to give the same rows every time.
    private void RestoreTemplates(PipelineParts parts, long now)
    {
        if (_request.StateDirectory is not { } path)
        {
            return;
        }

        if (StateDirectory.OpenAt(path, out string? reason) is not { } folder)
        {
            Log.NoState(_log, reason!);
            return;
        }

        _templates = new TemplateStore(folder);
        if (_templates.Load(parts.Workers, now) is { } fault)
        {
            Log.TemplatesNotRestored(_log, fault);
        }
    }

    private void SaveTemplates()
    {
        if (_templates is null || _run?.Parts is not { } parts)
        {
            return;
        }

        foreach (FlowWorker worker in parts.Workers)
        {
            worker.Decoder.TakeChanged(_templates.Put, all: true);
        }

        if (_templates.Save() is { } fault)
        {
            Log.TemplatesNotSaved(_log, fault);
        }
    }

    private HashSet<int> ConfiguredPorts() => [.. (_options.Listen.Count > 0 ? _options.Listen : ListenAddress.Defaults).Select(e => e.Port)];

    // What a capture lost before the decoders saw it.
    private void LogCaptureLosses(CaptureCounters counters)
    {
        (string Name, long Count)[] losses =
        [
            ("packets with broken headers", counters.Bad),
            ("packets of unknown link types", counters.UnknownLinkType),
            ("payloads cut by the snaplen, played in part", counters.Truncated),
            ("fragments cut by the snaplen", counters.FragmentsTruncated),
            ("fragmented datagrams given up", counters.ReassemblyBad + counters.ReassemblyOverlap + counters.ReassemblyTimeout + counters.ReassemblyEvicted),
            ("fragmented datagrams without an end", counters.ReassembliesPending),
            ("datagrams to other ports", _run?.OtherPorts ?? 0),
            ("BGP connections whose beginning is missing", _bgp?.WithoutBeginning ?? 0),
            ("BGP connections of routers that are not listed", _bgp?.Refused ?? 0),
            ("BGP connections with missing bytes", _bgp?.Broken ?? 0),
        ];
        string[] told = [.. losses.Where(l => l.Count > 0).Select(l => $"{l.Count} {l.Name}")];
        if (told.Length > 0)
        {
            Log.CaptureWarning(_log, $"captures: {string.Join(", ", told)}");
        }
    }

    // What a capture holds that could not be decoded is told once, by source and reason.
    private void LogFaults()
    {
        if (_run?.Parts is { } parts)
        {
            new PeerFaultWatch(parts.Workers.SelectMany(w => w.SourceTables), _log, TimeProvider.System).Look();
        }
    }
}
