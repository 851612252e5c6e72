using Collector.Aggregation;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Enrichment.Networks;
using Collector.Flows;
using Collector.Flows.Extras;
using Collector.Flows.SFlow;
using Collector.Hosting;
using Collector.Maps;
using Collector.Output;
using Collector.SFlowCounters;
using Microsoft.Extensions.Logging;

namespace Collector.Pipeline;

/// <summary>Workers, merger and publishers, wired in flow order. The same for live operation and for a replay.</summary>
public sealed class PipelineParts : IDisposable
{
    // Limits of all workers together.
    private const long MaxHeldBytes = 32 << 20;
    private const int MaxTemplates = 262_144;

    private readonly TableMemory _memory;

    private PipelineParts(TableMemory memory, FlowWorker[] workers, PurgeMerger[] mergers, OutputPublisher[] publishers, PurgeCollector collector, MapSet maps)
    {
        _memory = memory;
        Maps = maps;
        Workers = workers;
        Mergers = mergers;
        Publishers = publishers;
        Collector = collector;
    }

    /// <summary>The workers.</summary>
    public IReadOnlyList<FlowWorker> Workers { get; }

    /// <summary>The merger of each output.</summary>
    public IReadOnlyList<PurgeMerger> Mergers { get; }

    /// <summary>The publisher of each output.</summary>
    public IReadOnlyList<OutputPublisher> Publishers { get; }

    /// <summary>Gathers the answers of the workers.</summary>
    public PurgeCollector Collector { get; }

    /// <summary>Publishes counter samples of sFlow; null when the configuration does not ask for it, and in a replay, whose reader does it.</summary>
    public CounterPublisher? SFlowCounters { get; private set; }

    /// <summary>The maps that the workers read.</summary>
    public MapSet Maps { get; }

    /// <summary>Bytes of table memory in use.</summary>
    public long TableBytes => _memory.UsedBytes;

    /// <summary>Wires everything; no thread runs yet.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="outputs">The compiled outputs, in the order of the configuration.</param>
    /// <param name="workers">Number of workers.</param>
    /// <param name="start">Start-up time in seconds since the Unix epoch; the time of the first packet in a replay.</param>
    /// <param name="isReplay">In a replay nothing is dropped, and limits hold at the markers so that the number of workers makes no difference.</param>
    /// <param name="sinkFailed">Told of an exception in a sink, with the name of the output.</param>
    /// <param name="sources">What records are resolved with; null for none.</param>
    /// <param name="maps">The maps, loaded; null loads them here.</param>
    /// <exception cref="CannotStartException">A map cannot be used.</exception>
    public static PipelineParts Build(
        CollectorOptions options, IReadOnlyList<OutputBlueprint> outputs, int workers, long start, bool isReplay, Action<string, Exception> sinkFailed,
        EnrichmentSources? sources = null, MapSet? maps = null)
    {
        var memory = new TableMemory(isReplay ? 0 : MemoryLimitOf(options) - RouteMemoryLimitOf(options));
        maps ??= MapSet.LoadOrRefuse(options, [.. outputs.Select(o => o.Options)]);
        FlowFieldSet needed = outputs.Aggregate(maps.Fields, (set, output) => set.Union(output.Needed));
        var networks = new NetworkPlan(options, [.. outputs.Select(o => (o.Options, o.Needed, FlowFieldSet.Of([.. Enum.GetValues<FlowField>().Where(o.Plan.Layout.Contains)])))], maps);
        EnrichmentSources resolved = sources ?? new EnrichmentSources(options);
        HashSet<ExtraPlace> extras = [.. outputs.SelectMany(o => o.Plan.Layout.Extras)];
        PurgeMerger[] mergers = [.. outputs.Select(o => new PurgeMerger(o.Plan, memory, o.Options.MaxEntries, ordered: isReplay, o.Options.Preprocess.IsOn ? new RowChecks(o.Options.Preprocess, o.Options.Aggregate.Contains("flows")) : null))];
        OutputPublisher[] publishers = [.. outputs.Select(o => new OutputPublisher(
            o.Options.Name, o.Sink, o.Options.MaxBacklogPurges, o.Options.MaxBacklogBytes, exception => sinkFailed(o.Options.Name, exception))
        {
            Trigger = o.Trigger,
            TriggersWhenEmpty = o.Options.Kind == OutputKind.Kafka || o.Options.File.WriteEmptyFile,
        })];
        var collector = new PurgeCollector(workers, [.. mergers.Zip(publishers)], isReplay);
        FlowWorker[] built = [.. Enumerable.Range(0, workers).Select(i => BuildWorker(i))];
        return new PipelineParts(memory, built, mergers, publishers, collector, maps);

        FlowWorker BuildWorker(int index)
        {
            // A limit of values per worker would make the output of a replay depend on the number of workers.
            ValueTable values = isReplay ? new ValueTable(int.MaxValue, long.MaxValue) : new ValueTable();
            CounterQueue? counters = options.SFlowCounters.IsOn && !isReplay ? new CounterQueue() : null;
            var decoder = new DatagramDecoder(DecoderOptionsOf(options, FlowEnricher.DecodedFields(options, needed), isReplay ? 1 : workers, isReplay, extras), values, counters);
            var enricher = new FlowEnricher(options, needed, resolved, values, maps, networks);
            OutputTable[] tables = [.. outputs.Select((o, i) => new OutputTable(
                i, o.Plan, ClockOf(o.Options.Window, start, isReplay), memory, values, isReplay ? int.MaxValue : Math.Max(1, o.Options.MaxEntries / workers), maps.ForOutput(i))
            {
                Networks = networks.Of(i, resolved, enricher.AsZero),
                IsLast = i == outputs.Count - 1,
            })];
            return new FlowWorker(index, decoder, enricher, tables, collector.Accept, maps, networks.Behind(resolved, enricher.AsZero));
        }
    }

    /// <summary>A clock of an output, as each worker and the reader of a replay has one.</summary>
    /// <remarks>
    /// An output with neither history nor refresh publishes a replay once, at its end: pmacct, which reads captures faster than its refresh time
    /// passes, does so too.
    /// </remarks>
    public static WindowClock ClockOf(WindowOptions window, long start, bool isReplay)
    {
        bool once = isReplay && !window.HasHistory && !window.RefreshIsSet;
        return new WindowClock(once ? window with { RefreshSeconds = int.MaxValue } : window, start, TimeZoneInfo.Local);
    }

    /// <summary>The limit of table memory in bytes: as configured, else four fifths of what the machine or the control group allows.</summary>
    public static long MemoryLimitOf(CollectorOptions options) =>
        options.MemoryLimitBytes != 0 ? options.MemoryLimitBytes : AvailableMemory / 5 * 4;

    /// <summary>What of <see cref="MemoryLimitOf"/> is for the routes of BGP peers, in bytes: half where there is a speaker, else none. The rest is for tables.</summary>
    public static long RouteMemoryLimitOf(CollectorOptions options) => options.Bgp.IsEnabled ? MemoryLimitOf(options) / 2 : 0;

    /// <summary>Bytes of memory that the machine, or the control group, lets this process have.</summary>
    public static long AvailableMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Makes <see cref="SFlowCounters"/> where the workers hand counters over.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="log">Where losses are told.</param>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Told of an exception, which is a bug of ours.</param>
    public void AddSFlowCounters(CollectorOptions options, ILogger log, TimeProvider time, Action<Exception> failed)
    {
        CounterQueue[] queues = [.. Workers.Select(w => w.Decoder.SFlowCounters).OfType<CounterQueue>()];
        SFlowCounters = queues.Length > 0 ? new CounterPublisher(options.SFlowCounters, queues, log, time, failed) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        SFlowCounters?.Dispose();
        foreach (FlowWorker worker in Workers)
        {
            worker.Dispose();
        }

        Collector.Dispose();
        foreach (OutputPublisher publisher in Publishers)
        {
            publisher.Dispose();
        }

        _memory.Dispose();
    }

    private static DecoderOptions DecoderOptionsOf(CollectorOptions options, FlowFieldSet needed, int shares, bool isReplay, HashSet<ExtraPlace> extras)
    {
        // A row of extra values has its places whichever of them are read, and is none at all where none is.
        var customs = new CustomPrimitiveSet(options.CustomPrimitives);
        return DecoderOptionsOf(options, needed, shares, isReplay) with
        {
            CustomFields = [.. customs.Fields.Where(f => extras.Contains(f.Place))],
            ExtraRowBytes = extras.Count == 0 ? 0 : customs.RowBytes,
        };
    }

    private static DecoderOptions DecoderOptionsOf(CollectorOptions options, FlowFieldSet needed, int shares, bool isReplay) => new()
    {
        Fields = needed,
        TakesNetFlow = options.Protocols.HasFlag(FlowProtocols.NetFlow),
        TakesSFlow = options.Protocols.HasFlag(FlowProtocols.SFlow),
        UseIpNextHop = options.UseIpNextHop,
        PeerAs = NetworkPlan.DecodesPeerAs(options),
        NumericCommunities = options.Enrichment.NumericCommunities,
        AsFromExport = options.Enrichment.As is AsSource.Export or AsSource.Longest,
        IgnoreExporterAddress = options.IgnoreExporterAddress,
        AggregateUnknownEtherType = options.AggregateUnknownEtherType,
        SFlowInterfaceIndexes = options.SFlowInterfaceIndexes,
        SFlowIpOctets = options.SFlowIpOctets,
        SFlowOwnAs = options.SFlowOwnAs,
        SFlowEffectiveInterval = options.SFlowEffectiveInterval,
        AccountOptions = options.AccountOptions,
        DisableOptionsScopeCheck = options.DisableOptionsScopeCheck,
        UptimesInSeconds = options.UptimesInSeconds,
        NetFlow5WideSampling = options.NetFlow5WideSampling,
        BinByExportTime = options.TimeExport,
        LateLimit = options.LateLimitSeconds * 1_000_000L,
        FutureLimit = options.FutureLimitSeconds * 1_000_000L,
        ReplaceWrongClock = options.ReplaceWrongClock,
        OrderFlowTimes = options.OrderFlowTimes,
        DiscardWithoutNextHop = options.DiscardWithoutNextHop,
        BothDirections = options.BothDirections,
        Nsel = options.Nsel,
        Pmacct17 = options.Pmacct17,
        MaxSources = Math.Max(1, options.MaxSources / shares),
        MaxTemplatesPerDomain = options.MaxTemplatesPerDomain,
        MaxTemplates = MaxTemplates / shares,
        TemplateLifetime = options.TemplateLifetimeSeconds,
        HoldSeconds = options.TemplateWaitSeconds,
        MaxSavedAge = options.SavedTemplateAgeSeconds,
        DiscardSuspectSets = options.DiscardSuspectSets,

        // In a replay a share of a common limit would make the output depend on the number of workers; each domain has its own.
        MaxHeldBytes = isReplay ? long.MaxValue : MaxHeldBytes / shares,
    };
}
