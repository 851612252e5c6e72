using Collector.Maps.Filters;

namespace Collector.Maps.PreTag;

/// <summary>What one output asks of records before they enter, compiled. Immutable but for the files' contents; shared by all workers.</summary>
internal sealed record OutputMaps
{
    /// <summary>A map of its own; null when all outputs share one, or there is none.</summary>
    public MapFile<PreTagMap>? PreTag { get; init; }

    /// <summary>pre_tag_filter.</summary>
    public TagFilter? TagFilter { get; init; }

    /// <summary>pre_tag2_filter.</summary>
    public TagFilter? Tag2Filter { get; init; }

    /// <summary>pre_tag_label_filter.</summary>
    public LabelFilter? LabelFilter { get; init; }

    /// <summary>aggregate_filter.</summary>
    public FilterExpression? Filter { get; init; }

    /// <summary>post_tag.</summary>
    public ulong? PostTag { get; init; }

    /// <summary>post_tag2.</summary>
    public ulong? PostTag2 { get; init; }

    /// <summary>ports_file.</summary>
    public MapFile<NumberList>? Ports { get; init; }

    /// <summary>protos_file.</summary>
    public MapFile<NumberList>? Protocols { get; init; }

    /// <summary>tos_file.</summary>
    public MapFile<NumberList>? Tos { get; init; }

    /// <summary>tos_encode_as_dscp: the type of service loses its lower two bits, before tos_file is asked and before records add up.</summary>
    public bool TosAsDscp { get; init; }

    /// <summary>True when records have to be copied before they enter, because this output alone changes them.</summary>
    public bool ChangesRecords => PreTag is not null || PostTag is not null || PostTag2 is not null || Ports is not null || Protocols is not null || Tos is not null || TosAsDscp;

    /// <summary>True when some records may not enter.</summary>
    public bool Filters => TagFilter is not null || Tag2Filter is not null || LabelFilter is not null || Filter is not null;
}
