using Collector.Aggregation;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Maps;
using Collector.Pipeline;
using Collector.Receiving;

namespace Collector.Replay;

/// <summary>One whole replay: reads the captures, plays them through the corridor, publishes everything, and ends.</summary>
public sealed class ReplayRun
{
    private readonly CollectorOptions _options;
    private readonly IReadOnlyList<OutputBlueprint> _outputs;
    private readonly IReadOnlySet<int>? _ports;
    private readonly EnrichmentSources? _sources;
    private readonly Action<string, Exception> _sinkFailed;

    /// <summary>Takes the configuration.</summary>
    /// <param name="options">The configuration; <see cref="CollectorOptions.Workers"/> says how many threads decode.</param>
    /// <param name="outputs">The compiled outputs.</param>
    /// <param name="ports">Only datagrams to these UDP ports are played; null plays all.</param>
    /// <param name="sinkFailed">Told of an exception in a sink.</param>
    /// <param name="sources">What records are resolved with; null for none.</param>
    public ReplayRun(
        CollectorOptions options, IReadOnlyList<OutputBlueprint> outputs, IReadOnlySet<int>? ports, Action<string, Exception> sinkFailed, EnrichmentSources? sources = null)
    {
        _sources = sources;
        _options = options;
        _outputs = outputs;
        _ports = ports;
        _sinkFailed = sinkFailed;
    }

    /// <summary>Workers, merger and publishers, for their counters; null before the first datagram.</summary>
    public PipelineParts? Parts { get; private set; }

    /// <summary>Called once the workers are there and before they get anything; null: nothing is to be prepared.</summary>
    public Action<PipelineParts, long>? Prepare { get; init; }

    /// <summary>Datagrams passed over because of their port.</summary>
    public long OtherPorts { get; private set; }

    /// <summary>Plays all captures. Returns when every row has been published.</summary>
    /// <param name="reader">The captures.</param>
    /// <param name="progress">Told after every datagram.</param>
    /// <param name="counters">Publishes counter samples of sFlow; null: nobody does.</param>
    /// <param name="stop">Ends the replay early; what was read is still published.</param>
    internal void Run(CaptureReader reader, ReplayProgress progress, ReplayCounters? counters, CancellationToken stop)
    {
        if (!TryRead(reader, out CapturedDatagram datagram))
        {
            return;
        }

        long start = reader.LatestTime / 1_000_000;
        MapSet maps = MapSet.LoadOrRefuse(_options, [.. _outputs.Select(o => o.Options)]);

        // timestamp_max depends on the order of records, whichever exporter they come from.
        int workers = maps.OrderMatters || _outputs.Any(o => o.Plan.Stitches) ? 1 : _options.Workers;
        Parts = PipelineParts.Build(_options, _outputs, workers, start, isReplay: true, _sinkFailed, _sources, maps);
        WindowClock[] clocks = [.. _outputs.Select(o => PipelineParts.ClockOf(o.Options.Window, start, isReplay: true))];
        using var driver = new ReplayDriver(reader, Parts.Workers, clocks, source => ReuseportSteering.WorkerOf(source, workers));
        if (reader.Bgp is { } bgp)
        {
            bgp.WaitForWorkers = driver.Settle;
        }

        foreach (OutputBlueprint output in _outputs)
        {
            output.Sink.Start();
        }

        Prepare?.Invoke(Parts, reader.LatestTime);
        Parts.Collector.Start();
        do
        {
            driver.Play(datagram);
            if (counters is not null && (Parts.Maps.Allowed?.Current is not { } allowed || allowed.Contains(datagram.Source)))
            {
                counters.Play(datagram);
            }

            progress.Update(reader);
        }
        while (!stop.IsCancellationRequested && TryRead(reader, out datagram));

        driver.Finish();
        Parts.Collector.Stop();
    }

    private bool TryRead(CaptureReader reader, out CapturedDatagram datagram)
    {
        while (reader.TryRead(out datagram))
        {
            if (_ports is null || _ports.Contains(datagram.DestinationPort))
            {
                return true;
            }

            OtherPorts++;
        }

        return false;
    }
}
