namespace Collector.Flows;

/// <summary>What a decoder knows about a record besides its values.</summary>
[Flags]
public enum FlowRecordFlags : byte
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>The exporter gave the source network itself (IE 44, 170), the enricher does not mask the host.</summary>
    SourceNetworkGiven = 1,

    /// <summary>The exporter gave the destination network itself (IE 45, 169).</summary>
    DestinationNetworkGiven = 2,

    /// <summary>The record comes from sFlow: it is always binned by arrival.</summary>
    SFlow = 4,
}
