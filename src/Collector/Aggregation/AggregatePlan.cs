using Collector.Flows;
using Collector.Flows.Extras;

namespace Collector.Aggregation;

/// <summary>How one output aggregates, compiled once from its configuration. Immutable, shared by all workers.</summary>
public sealed class AggregatePlan
{
    private static readonly FlowField[] HandleFields =
    [
        FlowField.ClassName, FlowField.IngressInterfaceName, FlowField.EgressInterfaceName, FlowField.IngressVrfName, FlowField.EgressVrfName,
        FlowField.AsPath, FlowField.StandardCommunities, FlowField.ExtendedCommunities, FlowField.LargeCommunities, FlowField.SourceAsPath,
        FlowField.SourceStandardCommunities, FlowField.SourceExtendedCommunities, FlowField.SourceLargeCommunities, FlowField.Label, FlowField.Srv6Segments, FlowField.MplsLabelStack,
    ];

    /// <summary>Compiles the plan.</summary>
    /// <param name="keyFields">Fields that make the key.</param>
    /// <param name="sum">Whether records enter twice.</param>
    /// <param name="timesInSeconds">timestamps_secs.</param>
    /// <param name="proRates">nfacctd_pro_rating: flows are divided among the bins that they touch.</param>
    /// <param name="stitches">nfacctd_stitching: entries keep <see cref="StitchTimes"/>.</param>
    /// <param name="extras">Extra values that are part of the key.</param>
    public AggregatePlan(
        IEnumerable<FlowField> keyFields, SumKind sum = SumKind.None, bool timesInSeconds = false, bool proRates = false, bool stitches = false, IEnumerable<ExtraPlace>? extras = null)
    {
        ProRates = proRates;
        Stitches = stitches;
        Layout = new KeyLayout(keyFields, extras);
        Builder = new KeyBuilder(Layout, timesInSeconds);
        Sum = sum;
        HandleOffsets = [.. HandleFields.Where(Layout.Contains).Select(Layout.OffsetOf), .. Layout.Extras.Where(e => e.IsHandle).Select(Layout.OffsetOf)];
    }

    /// <summary>The fields of the key and their places.</summary>
    public KeyLayout Layout { get; }

    /// <summary>Builds keys.</summary>
    public KeyBuilder Builder { get; }

    /// <summary>Whether records enter twice.</summary>
    public SumKind Sum { get; }

    /// <summary>Whether flows are divided among the bins that they touch.</summary>
    public bool ProRates { get; }

    /// <summary>Whether entries keep the start of the first record and the latest end.</summary>
    public bool Stitches { get; }

    /// <summary>Where in the key handles of a <see cref="ValueTable"/> lie: only these need translation when tables of two workers are merged.</summary>
    public IReadOnlyList<int> HandleOffsets { get; }
}
