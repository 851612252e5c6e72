using Collector.Flows;

namespace Collector.Aggregation;

/// <summary>pmacct's sum_* primitives: each record is counted twice, under its source and under its destination, both in the source column.</summary>
public enum SumKind
{
    /// <summary>No sum_* primitive: a record is counted once.</summary>
    None,

    /// <summary>sum_host.</summary>
    Host,

    /// <summary>sum_net.</summary>
    Network,

    /// <summary>sum_as.</summary>
    As,

    /// <summary>sum_port.</summary>
    Port,

    /// <summary>sum_mac.</summary>
    Mac,
}

/// <summary>Which fields of a record a <see cref="SumKind"/> exchanges.</summary>
public static class SumKindFields
{
    /// <summary>The field that is in the key, and the one whose value takes its place when the record is counted the second time.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="SumKind.None"/> exchanges nothing.</exception>
    public static (FlowField Source, FlowField Destination) Fields(this SumKind kind) => kind switch
    {
        SumKind.Host => (FlowField.SourceAddress, FlowField.DestinationAddress),
        SumKind.Network => (FlowField.SourceNetwork, FlowField.DestinationNetwork),
        SumKind.As => (FlowField.SourceAs, FlowField.DestinationAs),
        SumKind.Port => (FlowField.SourcePort, FlowField.DestinationPort),
        SumKind.Mac => (FlowField.SourceMac, FlowField.DestinationMac),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no sum_* primitive"),
    };
}
