using Collector.Bgp.PathAttributes;
using Collector.Net;

namespace Collector.Configuration.Yaml;

/// <summary>The keys at the root of collector.yaml that say how AS numbers, prefixes and attributes of routes are resolved.</summary>
internal static class EnrichmentKeys
{
    /// <summary>Those that an output may have for itself, in its section networks.</summary>
    public static YamlKeys<NetworkRules> Networks { get; } = new()
    {
        {
            "net_source",
            (o, v) => o with
            {
                Source = v.Choice(
                    o.Source,
                    ("netflow", NetworkSource.Export),
                    ("sflow", NetworkSource.Export),
                    ("file", NetworkSource.File),
                    ("mask", NetworkSource.Mask),
                    ("bgp", NetworkSource.Bgp),
                    ("longest", NetworkSource.Longest)),
            }
        },
        { "networks_file", (o, v) => o with { File = v.OptionalText(o.File) } },
        { "networks_file_filter", (o, v) => o with { FileFilter = v.Boolean(o.FileFilter) } },
        { "networks_file_no_lpm", (o, v) => o with { FileNoLpm = v.Boolean(o.FileNoLpm) } },
        { "networks_mask", (o, v) => o with { Mask = (byte)v.Integer(o.Mask, 0, 128) } },
        { "networks_no_mask_if_zero", (o, v) => o with { NoMaskIfZero = v.Boolean(o.NoMaskIfZero) } },
        { "peer_as", (o, v) => o with { PeerAs = v.Boolean(o.PeerAs) } },
    };

    /// <summary>The keys of the root, besides.</summary>
    public static YamlKeys<EnrichmentOptions> All { get; } = new()
    {
        {
            "as_source",
            (o, v) => o with
            {
                As = v.Choice(
                    o.As,
                    ("netflow", AsSource.Export),
                    ("sflow", AsSource.Export),
                    ("file", AsSource.File),
                    ("bgp", AsSource.Bgp),
                    ("longest", AsSource.Longest)),
            }
        },
        {
            "bgp_peer_src_as_type",
            (o, v) => o with
            {
                PeerSourceAs = v.Choice(
                    o.PeerSourceAs,
                    ("netflow", SourceAttributeType.None),
                    ("sflow", SourceAttributeType.None),
                    ("map", SourceAttributeType.Map),
                    ("bgp", SourceAttributeType.Bgp)),
            }
        },
        { "bgp_src_as_path_type", (o, v) => o with { SourceAsPath = FromBgp(v, o.SourceAsPath) } },
        { "bgp_src_std_comm_type", (o, v) => o with { SourceStandardCommunities = FromBgp(v, o.SourceStandardCommunities) } },
        { "bgp_src_ext_comm_type", (o, v) => o with { SourceExtendedCommunities = FromBgp(v, o.SourceExtendedCommunities) } },
        { "bgp_src_lrg_comm_type", (o, v) => o with { SourceLargeCommunities = FromBgp(v, o.SourceLargeCommunities) } },
        { "bgp_src_roa_type", (o, v) => o with { SourceRoa = FromBgp(v, o.SourceRoa) } },
        { "bgp_src_local_pref_type", (o, v) => o with { SourceLocalPreference = MapOrBgp(v, o.SourceLocalPreference) } },
        { "bgp_src_med_type", (o, v) => o with { SourceMed = MapOrBgp(v, o.SourceMed) } },
        { "bgp_follow_default", (o, v) => o with { FollowDefault = v.Integer(o.FollowDefault, 0, 20) } },
        { "bgp_follow_nexthop", (o, v) => o with { FollowNextHop = Prefixes(v) } },
        { "bgp_follow_nexthop_external", (o, v) => o with { FollowNextHopExternal = v.Boolean(o.FollowNextHopExternal) } },
        { "bgp_peer_as_skip_subas", (o, v) => o with { PeerAsSkipSubAs = v.Boolean(o.PeerAsSkipSubAs) } },
        { "bgp_aspath_radius", (o, v) => o with { AsPathRadius = v.Integer(o.AsPathRadius, 0, 255) } },
        { "bgp_stdcomm_pattern", (o, v) => o with { StandardCommunityPattern = Pattern(v) } },
        { "bgp_extcomm_pattern", (o, v) => o with { ExtendedCommunityPattern = Pattern(v) } },
        { "bgp_lrgcomm_pattern", (o, v) => o with { LargeCommunityPattern = Pattern(v) } },
        { "bgp_stdcomm_pattern_to_asn", (o, v) => o with { StandardCommunityToAs = Pattern(v) } },
        { "bgp_lrgcomm_pattern_to_asn", (o, v) => o with { LargeCommunityToAs = Pattern(v) } },
        { "bgp_comms_num", (o, v) => o with { NumericCommunities = v.Boolean(o.NumericCommunities) } },
        { "bgp_disable_router_id_check", (o, v) => o with { DisableRouterIdCheck = v.Boolean(o.DisableRouterIdCheck) } },
        { "rpki_roas_file", (o, v) => o with { RoasFile = v.OptionalText(o.RoasFile) } },
        { "geoipv2_file", (o, v) => o with { GeoIpFile = v.OptionalText(o.GeoIpFile) } },
    };

    private static bool FromBgp(YamlValue value, bool fallback) => value.Choice(fallback, ("none", false), ("bgp", true));

    private static SourceAttributeType MapOrBgp(YamlValue value, SourceAttributeType fallback) =>
        value.Choice(fallback, ("none", SourceAttributeType.None), ("map", SourceAttributeType.Map), ("bgp", SourceAttributeType.Bgp));

    private static IReadOnlyList<IpPrefix> Prefixes(YamlValue value)
    {
        List<IpPrefix> networks = [];
        foreach ((string text, int line) in value.Words())
        {
            if (IpPrefix.TryParse(text, out IpPrefix network))
            {
                networks.Add(network);
            }
            else
            {
                value.Findings.Error(line, $"{value.Path}: '{text}' is no network; write 192.0.2.0/24 or \"2001:db8::/32\"");
            }
        }

        return networks.Count == 0 ? [] : networks;
    }

    private static string? Pattern(YamlValue value)
    {
        string? text = value.OptionalText(null);
        if (text is null || CommunityPatterns.TryParse(text, out _))
        {
            return text;
        }

        value.Refuse($"up to {CommunityPatterns.MaxCount} patterns with commas between them");
        return null;
    }
}
