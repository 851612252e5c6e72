namespace Collector.Configuration;

/// <summary>How the records of an output are tagged and which of them enter; pmacct's keys of plugins with the same meaning. All null by default.</summary>
public sealed record SelectionOptions
{
    /// <summary>pre_tag_map: the map file.</summary>
    public string? PreTagMap { get; init; }

    /// <summary>pre_tag_filter, such as "0, 10-20, -6".</summary>
    public string? TagFilter { get; init; }

    /// <summary>pre_tag2_filter.</summary>
    public string? Tag2Filter { get; init; }

    /// <summary>pre_tag_label_filter, such as "gold, null, -silver".</summary>
    public string? LabelFilter { get; init; }

    /// <summary>aggregate_filter: an expression of pcap-filter(7).</summary>
    public string? Filter { get; init; }

    /// <summary>post_tag: the tag of all rows.</summary>
    public ulong? PostTag { get; init; }

    /// <summary>post_tag2.</summary>
    public ulong? PostTag2 { get; init; }

    /// <summary>ports_file: ports that are told apart; others become 0.</summary>
    public string? PortsFile { get; init; }

    /// <summary>protos_file: protocols that are told apart; others become 255.</summary>
    public string? ProtocolsFile { get; init; }

    /// <summary>tos_file: ToS values that are told apart; others become 255.</summary>
    public string? TosFile { get; init; }

    /// <summary>True when records are looked at or changed before they enter, beyond a map that all outputs share.</summary>
    public bool ChangesRecords => this with { PreTagMap = null } != new SelectionOptions();
}
