using static Collector.Configuration.Yaml.Writing.YamlText;

namespace Collector.Configuration.Yaml.Writing;

/// <summary>The keys at the root of collector.yaml that say how AS numbers, prefixes and attributes of routes are resolved.</summary>
internal static class EnrichmentForm
{
    /// <summary>Those that an output may have for itself, in its section networks.</summary>
    public static YamlForm<NetworkRules> Networks { get; } = new()
    {
        {
            "net_source",
            o => o.Source switch
            {
                NetworkSource.File => "file",
                NetworkSource.Mask => "mask",
                NetworkSource.Bgp => "bgp",
                NetworkSource.Longest => "longest",
                _ => "netflow",
            }
        },
        { "networks_file", o => Of(o.File) },
        { "networks_file_filter", o => Of(o.FileFilter) },
        { "networks_file_no_lpm", o => Of(o.FileNoLpm) },
        { "networks_mask", o => Of(o.Mask) },
        { "networks_no_mask_if_zero", o => Of(o.NoMaskIfZero) },
        { "peer_as", o => Of(o.PeerAs) },
    };

    /// <summary>The keys of the root, besides.</summary>
    public static YamlForm<EnrichmentOptions> All { get; } = new()
    {
        { "as_source", o => o.As switch { AsSource.File => "file", AsSource.Bgp => "bgp", AsSource.Longest => "longest", _ => "netflow" } },
        { "bgp_peer_src_as_type", o => Type(o.PeerSourceAs, "netflow") },
        { "bgp_src_as_path_type", o => FromBgp(o.SourceAsPath) },
        { "bgp_src_std_comm_type", o => FromBgp(o.SourceStandardCommunities) },
        { "bgp_src_ext_comm_type", o => FromBgp(o.SourceExtendedCommunities) },
        { "bgp_src_lrg_comm_type", o => FromBgp(o.SourceLargeCommunities) },
        { "bgp_src_roa_type", o => FromBgp(o.SourceRoa) },
        { "bgp_src_local_pref_type", o => Type(o.SourceLocalPreference, "none") },
        { "bgp_src_med_type", o => Type(o.SourceMed, "none") },
        { "bgp_follow_default", o => Of(o.FollowDefault) },
        { "bgp_follow_nexthop", o => List(o.FollowNextHop.Select(n => n.ToString())) },
        { "bgp_follow_nexthop_external", o => Of(o.FollowNextHopExternal) },
        { "bgp_peer_as_skip_subas", o => Of(o.PeerAsSkipSubAs) },
        { "bgp_aspath_radius", o => Of(o.AsPathRadius) },
        { "bgp_stdcomm_pattern", o => Of(o.StandardCommunityPattern) },
        { "bgp_extcomm_pattern", o => Of(o.ExtendedCommunityPattern) },
        { "bgp_lrgcomm_pattern", o => Of(o.LargeCommunityPattern) },
        { "bgp_stdcomm_pattern_to_asn", o => Of(o.StandardCommunityToAs) },
        { "bgp_lrgcomm_pattern_to_asn", o => Of(o.LargeCommunityToAs) },
        { "bgp_comms_num", o => Of(o.NumericCommunities) },
        { "bgp_disable_router_id_check", o => Of(o.DisableRouterIdCheck) },
        { "rpki_roas_file", o => Of(o.RoasFile) },
        { "geoipv2_file", o => Of(o.GeoIpFile) },
    };

    private static string FromBgp(bool value) => value ? "bgp" : "none";

    private static string Type(SourceAttributeType type, string none) => type switch { SourceAttributeType.Map => "map", SourceAttributeType.Bgp => "bgp", _ => none };
}
