namespace Collector.Configuration;

/// <summary>How the objects of messages and table dumps are printed. Immutable.</summary>
public sealed record BgpObjectOptions
{
    /// <summary>Times and the dialect.</summary>
    public TextOptions Text { get; init; } = new();

    /// <summary>bgp_comms_num: numbers instead of the names of well-known communities. Default false.</summary>
    public bool NumericCommunities { get; init; }

    /// <summary>tmp_bgp_daemon_origin_type_int: 0, 1 and 2 instead of i, e and u. Default false.</summary>
    public bool NumericOrigin { get; init; }

    /// <summary>tmp_bgp_lookup_compare_ports: objects of routes name the peer's BGP identifier. Default false.</summary>
    public bool WithPeerId { get; init; }
}
