using Collector.Net;

namespace Collector.Configuration;

/// <summary>Where AS numbers are taken from (pmacct-compat §4.2).</summary>
public enum AsSource
{
    /// <summary>netflow or sflow: from the datagram.</summary>
    Export,

    /// <summary>file: from networks_file.</summary>
    File,

    /// <summary>bgp: from the routes of the exporter's BGP peer.</summary>
    Bgp,

    /// <summary>longest: from the datagram, BGP or networks_file, whichever knows the longest prefix.</summary>
    Longest,
}

/// <summary>Where prefixes and next hops are taken from (pmacct-compat §4.2).</summary>
public enum NetworkSource
{
    /// <summary>netflow or sflow: from the datagram.</summary>
    Export,

    /// <summary>file: from networks_file.</summary>
    File,

    /// <summary>mask: networks_mask for all.</summary>
    Mask,

    /// <summary>bgp: from the routes of the exporter's BGP peer.</summary>
    Bgp,

    /// <summary>longest: the longest prefix of all three.</summary>
    Longest,
}

/// <summary>Where an attribute of the source is taken from (pmacct-compat §4.4).</summary>
public enum SourceAttributeType
{
    /// <summary>Nowhere; for peer_src_as: from the datagram.</summary>
    None,

    /// <summary>From a map.</summary>
    Map,

    /// <summary>From the route of the source.</summary>
    Bgp,
}

/// <summary>How AS numbers, prefixes and the attributes of routes are resolved. Immutable.</summary>
public sealed record EnrichmentOptions
{
    /// <summary>as_source (nfacctd_as). Default export.</summary>
    public AsSource As { get; init; }

    /// <summary>net_source (nfacctd_net). Default export.</summary>
    public NetworkSource Network { get; init; }

    /// <summary>networks_file; null: none. Default null.</summary>
    public string? NetworksFile { get; init; }

    /// <summary>networks_file_filter: hosts and networks outside the file become zero. Default false.</summary>
    public bool NetworksFileFilter { get; init; }

    /// <summary>networks_file_no_lpm: with longest, a match in the file wins whatever its length. Default false.</summary>
    public bool NetworksFileNoLpm { get; init; }

    /// <summary>networks_mask, the length for net_source mask; 0 to 128. Default 0.</summary>
    public byte NetworksMask { get; init; }

    /// <summary>networks_no_mask_if_zero: where the length is 0 the network is the host itself. Default false.</summary>
    public bool NetworksNoMaskIfZero { get; init; }

    /// <summary>bgp_peer_src_as_type. Default none: from the datagram.</summary>
    public SourceAttributeType PeerSourceAs { get; init; }

    /// <summary>bgp_src_as_path_type: bgp. Default false.</summary>
    public bool SourceAsPath { get; init; }

    /// <summary>bgp_src_std_comm_type: bgp. Default false.</summary>
    public bool SourceStandardCommunities { get; init; }

    /// <summary>bgp_src_ext_comm_type: bgp. Default false.</summary>
    public bool SourceExtendedCommunities { get; init; }

    /// <summary>bgp_src_lrg_comm_type: bgp. Default false.</summary>
    public bool SourceLargeCommunities { get; init; }

    /// <summary>bgp_src_roa_type: bgp. Default false.</summary>
    public bool SourceRoa { get; init; }

    /// <summary>bgp_src_local_pref_type. Default none.</summary>
    public SourceAttributeType SourceLocalPreference { get; init; }

    /// <summary>bgp_src_med_type. Default none.</summary>
    public SourceAttributeType SourceMed { get; init; }

    /// <summary>bgp_follow_default: how often a default route is followed to the peer that it names as next hop. Default 0.</summary>
    public int FollowDefault { get; init; }

    /// <summary>bgp_follow_nexthop: next hops in these networks are followed from peer to peer. Default none.</summary>
    public IReadOnlyList<IpPrefix> FollowNextHop { get; init; } = [];

    /// <summary>bgp_follow_nexthop_external: peer_dst_ip is the first next hop outside those networks. Default false.</summary>
    public bool FollowNextHopExternal { get; init; }

    /// <summary>bgp_peer_as_skip_subas: member ASes of a confederation are no peer ASes. Default false.</summary>
    public bool PeerAsSkipSubAs { get; init; }

    /// <summary>bgp_aspath_radius: hops that as_path and src_as_path keep; 0 all. Default 0.</summary>
    public int AsPathRadius { get; init; }

    /// <summary>bgp_stdcomm_pattern; null: all. Default null.</summary>
    public string? StandardCommunityPattern { get; init; }

    /// <summary>bgp_extcomm_pattern; null: all. Default null.</summary>
    public string? ExtendedCommunityPattern { get; init; }

    /// <summary>bgp_lrgcomm_pattern; null: all. Default null.</summary>
    public string? LargeCommunityPattern { get; init; }

    /// <summary>bgp_stdcomm_pattern_to_asn: for routes with an empty AS path, a community X:Y that fits gives peer AS X and origin AS Y. Default null.</summary>
    public string? StandardCommunityToAs { get; init; }

    /// <summary>bgp_lrgcomm_pattern_to_asn: the same with X:Y:Z. Default null.</summary>
    public string? LargeCommunityToAs { get; init; }

    /// <summary>bgp_comms_num: numbers instead of names of communities. Default false.</summary>
    public bool NumericCommunities { get; init; }

    /// <summary>bgp_disable_router_id_check: an exporter is matched with the address of the session only. Default false.</summary>
    public bool DisableRouterIdCheck { get; init; }

    /// <summary>rpki_roas_file: ROAs as JSON; null: none. Default null.</summary>
    public string? RoasFile { get; init; }

    /// <summary>geoipv2_file: a database in MaxMind's format that tells countries and places of hosts; null: none. Default null.</summary>
    public string? GeoIpFile { get; init; }
}
