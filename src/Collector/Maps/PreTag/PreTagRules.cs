namespace Collector.Maps.PreTag;

/// <summary>What the rest of a configuration says about how pre_tag_map is read.</summary>
internal readonly record struct PreTagRules
{
    /// <summary>pre_tag_label_encode_as_map: every element of a label must be key%value.</summary>
    public bool LabelsAreMaps { get; init; }

    /// <summary>pre_tag_map_dont_recirculate: lines without ip are for IPv4 exporters only.</summary>
    public bool DontRecirculate { get; init; }

    /// <summary>peer_as where AS numbers are the exporter's: records hold them as those of peers, src_as and dst_as of a map still mean what was sent (seen with 1.7.7).</summary>
    public bool OriginsArePeers { get; init; }
}
