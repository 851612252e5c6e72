using Collector.Configuration;
using Collector.Flows;
using Collector.Maps;
using Collector.Maps.PreTag;

namespace Collector.Enrichment.Networks;

/// <summary>Where networks are resolved. Compiled once, shared by all workers.</summary>
/// <remarks>
/// Seen with 1.7.7: plugins resolve networks, behind the maps and filters of the core. Where nothing between looks at what is changed, and outputs do
/// not differ, one resolution in the enricher serves all of them.
/// </remarks>
internal sealed class NetworkPlan
{
    private readonly NetworkNeeds[] _outputs;
    private readonly FlowFieldSet _needed;
    private readonly bool _pmacct17;

    /// <param name="options">The configuration.</param>
    /// <param name="outputs">The outputs that run, each with the fields that it reads and those that it prints.</param>
    /// <param name="maps">The maps.</param>
    public NetworkPlan(CollectorOptions options, IReadOnlyList<(OutputOptions Options, FlowFieldSet Needed, FlowFieldSet Printed)> outputs, MapSet maps)
    {
        bool decodesPeerAs = DecodesPeerAs(options);
        _pmacct17 = options.Pmacct17;
        _outputs = [.. outputs.Select(o =>
        {
            NetworkRules rules = options.NetworksOf(o.Options);
            return NetworkNeeds.Of(options.Enrichment, o.Needed, rules, rules.PeerAs && !decodesPeerAs, o.Printed);
        })];
        _needed = outputs.Aggregate(FlowFieldSet.Of(), (set, o) => set.Union(o.Needed));
        Common = _outputs.Skip(1).Aggregate((NetworkNeeds?)_outputs[0], (joined, next) => joined?.Join(next));
        bool looksBetween = Enumerable.Range(0, _outputs.Length).Any(i => LooksAtRecords(maps.ForOutput(i), _outputs[i]));
        Place = Common is { IsActive: false } ? NetworkPlace.Nowhere
            : Common is null || looksBetween ? NetworkPlace.Outputs
            : maps.PreTag is null || !Common.ChangesWhatMapsRead ? NetworkPlace.Enricher : NetworkPlace.BehindTags;
    }

    /// <summary>Where.</summary>
    public NetworkPlace Place { get; }

    /// <summary>What serves all outputs; null when they differ.</summary>
    public NetworkNeeds? Common { get; }

    /// <summary>True when the decoder takes the AS numbers of the datagram for those of peers: when all outputs do.</summary>
    public static bool DecodesPeerAs(CollectorOptions options) => options.Outputs.Count == 0 ? options.PeerAs : options.Outputs.All(o => options.NetworksOf(o).PeerAs);

    /// <summary>The stage for all outputs behind the map that they share; null: it is elsewhere.</summary>
    public NetworkStage? Behind(EnrichmentSources sources, AsZeroCounters asZero) =>
        Place == NetworkPlace.BehindTags ? Make(Common!, sources, asZero) : null;

    /// <summary>The stage of one output; null: it is elsewhere, or there is nothing to do.</summary>
    /// <remarks>Records are counted by the first output alone: each is one record however many outputs take it.</remarks>
    public NetworkStage? Of(int output, EnrichmentSources sources, AsZeroCounters asZero) =>
        Place == NetworkPlace.Outputs && (output == 0 || _outputs[output].IsActive) ? Make(_outputs[output], sources, output == 0 ? asZero : null) : null;

    private NetworkStage Make(NetworkNeeds needs, EnrichmentSources sources, AsZeroCounters? asZero) => new(
        new NetworkEnricher(needs, _pmacct17), sources.NetworksOf(needs.Rules.File), asZero, (_needed.Contains(FlowField.SourceAs), _needed.Contains(FlowField.DestinationAs)));

    // A filter of packets reads addresses, which only networks_file_filter changes; a map may read all that the file says.
    private static bool LooksAtRecords(OutputMaps? maps, NetworkNeeds needs) =>
        maps is not null && needs.ChangesWhatMapsRead && (maps.PreTag is not null || (maps.Filter is not null && needs.Rules.FileFilter));
}
