using Collector.Bgp.PathAttributes;
using Collector.Net;

namespace Collector.Configuration.Pmacct;

/// <summary>The keys of nfacctd.conf that say how AS numbers, prefixes and attributes of routes are resolved (pmacct-compat §4).</summary>
internal static class PmacctEnrichment
{
    /// <summary>Adds the keys of the daemon.</summary>
    public static void AddTo(Dictionary<string, Action<PmacctCore, PmacctValue>> keys)
    {
        foreach (string name in new[] { "nfacctd_as", "sfacctd_as", "pmacctd_as", "uacctd_as", "nfacctd_as_new", "sfacctd_as_new" })
        {
            Set(name, (o, v) => o with { As = As(v, o.As) });
        }

        Set("bgp_peer_src_as_type", (o, v) => o with
        {
            PeerSourceAs = v.Choice(
                o.PeerSourceAs,
                ("netflow", SourceAttributeType.None),
                ("sflow", SourceAttributeType.None),
                ("map", SourceAttributeType.Map),
                ("bgp", SourceAttributeType.Bgp)),
        });
        Set("bgp_src_as_path_type", (o, v) => o with { SourceAsPath = FromBgp(v) });
        Set("bgp_src_std_comm_type", (o, v) => o with { SourceStandardCommunities = FromBgp(v) });
        Set("bgp_src_ext_comm_type", (o, v) => o with { SourceExtendedCommunities = FromBgp(v) });
        Set("bgp_src_lrg_comm_type", (o, v) => o with { SourceLargeCommunities = FromBgp(v) });
        Set("bgp_src_roa_type", (o, v) => o with { SourceRoa = FromBgp(v) });
        Set("bgp_src_local_pref_type", (o, v) => o with { SourceLocalPreference = MapOrBgp(v) });
        Set("bgp_src_med_type", (o, v) => o with { SourceMed = MapOrBgp(v) });
        Set("bgp_follow_default", (o, v) => o with { FollowDefault = v.Integer(o.FollowDefault, 0, 20) });
        Set("bgp_follow_nexthop", (o, v) => o with { FollowNextHop = Networks(v) });
        Set("bgp_follow_nexthop_external", (o, v) => o with { FollowNextHopExternal = v.Boolean(false) });
        Set("bgp_peer_as_skip_subas", (o, v) => o with { PeerAsSkipSubAs = v.Boolean(false) });
        Set("bgp_aspath_radius", (o, v) => o with { AsPathRadius = v.Integer(o.AsPathRadius, 1, 255) });
        Set("bgp_stdcomm_pattern", (o, v) => o with { StandardCommunityPattern = Pattern(v) });
        Set("bgp_extcomm_pattern", (o, v) => o with { ExtendedCommunityPattern = Pattern(v) });
        Set("bgp_lrgcomm_pattern", (o, v) => o with { LargeCommunityPattern = Pattern(v) });
        Set("bgp_stdcomm_pattern_to_asn", (o, v) => o with { StandardCommunityToAs = Pattern(v) });
        Set("bgp_lrgcomm_pattern_to_asn", (o, v) => o with { LargeCommunityToAs = Pattern(v) });
        Set("bgp_disable_router_id_check", (o, v) => o with { DisableRouterIdCheck = v.Boolean(false) });
        Set("rpki_roas_file", (o, v) => o with { RoasFile = v.NotEmpty("") });
        Set("geoipv2_file", (o, v) => o with { GeoIpFile = v.NotEmpty("") });

        void Set(string name, Func<EnrichmentOptions, PmacctValue, EnrichmentOptions> change) =>
            keys[name] = (c, v) => c.Options = c.Options with { Enrichment = change(c.Options.Enrichment, v) };
    }

    /// <summary>Adds the keys that pmacct lets every plugin have its own of.</summary>
    public static void AddTo(Dictionary<string, Action<PmacctPlugin, PmacctValue>> keys)
    {
        foreach (string name in new[] { "nfacctd_net", "sfacctd_net", "pmacctd_net", "uacctd_net" })
        {
            Set(name, (o, v) => o with { Network = Network(v, o.Network) });
        }

        Set("networks_file", (o, v) => o with { NetworksFile = v.NotEmpty("") });
        Set("networks_file_filter", (o, v) => o with { NetworksFileFilter = v.Boolean(false) });
        Set("networks_file_no_lpm", (o, v) => o with { NetworksFileNoLpm = v.Boolean(false) });
        Set("networks_mask", (o, v) => o with { NetworksMask = (byte)v.Integer(0, 1, 128) });
        Set("networks_no_mask_if_zero", (o, v) => o with { NetworksNoMaskIfZero = v.Boolean(false) });
        Set("bgp_comms_num", (o, v) => o with { NumericCommunities = v.Boolean(false) });

        void Set(string name, Func<EnrichmentOptions, PmacctValue, EnrichmentOptions> change) => keys[name] = (p, v) => p.Enrichment = change(p.Enrichment, v);
    }

    /// <summary>True for keys that plugins may have for themselves and that the core, for its maps, takes from the lines without brackets.</summary>
    public static bool IsOfNetworks(string key) => key.StartsWith("networks_", StringComparison.Ordinal) || key.EndsWith("_net", StringComparison.Ordinal) || key.EndsWith("_peer_as", StringComparison.Ordinal);

    /// <summary>Joins what the plugins and the daemon say: what they have in common, else what stands without brackets, is of the root.</summary>
    public static CollectorOptions Join(PmacctCore core, IReadOnlyList<PmacctPlugin> plugins, PmacctReport report)
    {
        if (plugins.Select(p => p.Enrichment.NumericCommunities).Distinct().Count() > 1)
        {
            report.Findings.Error(plugins[0].Line, "bgp_comms_num must be the same for all plugins; write it once, without brackets");
        }

        NetworkRules[] all = [.. plugins.Select(Rules).Distinct()];
        NetworkRules root = all.Length == 1 ? all[0] : Rules(core.Unbound);
        foreach (PmacctPlugin plugin in plugins)
        {
            plugin.Output = plugin.Output with { Networks = Rules(plugin) is var own && own == root ? null : own };
        }

        return core.Options with
        {
            PeerAs = root.PeerAs,
            Enrichment = root.Over(core.Options.Enrichment) with { NumericCommunities = plugins.Any(p => p.Enrichment.NumericCommunities) },
        };
    }

    /// <summary>What the joined options lack, reported at the line that asks for it.</summary>
    public static void Check(CollectorOptions options, IReadOnlyList<PmacctLine> lines, PmacctReport report)
    {
        foreach (OutputFault fault in EnrichmentRules.Check(options))
        {
            Tell(fault, "", _ => true);
        }

        foreach ((int output, OutputFault fault) in EnrichmentRules.CheckOutputs(options))
        {
            string name = options.Outputs[output].Name;
            Tell(fault, $"plugin '{name}': ", l => l.Plugin is null || l.Plugin == name);
        }

        void Tell(OutputFault fault, string place, Func<PmacctLine, bool> concerns)
        {
            string suffix = fault.Key switch { "as_source" => "_as", "net_source" => "_net", _ => fault.Key };
            PmacctLine? line = lines.LastOrDefault(l => concerns(l) && (l.Key.EndsWith(suffix, StringComparison.Ordinal) || l.Key.EndsWith(suffix + "_new", StringComparison.Ordinal)));
            report.Findings.Error(line?.Number ?? 0, place + (line is null ? fault.Text : $"{line.Key}: {fault.Text}"));
        }
    }

    private static NetworkRules Rules(PmacctPlugin plugin) => NetworkRules.Of(new CollectorOptions { Enrichment = plugin.Enrichment, PeerAs = plugin.PeerAs });

    private static AsSource As(PmacctValue value, AsSource fallback) => value.Text.ToLowerInvariant() switch
    {
        "netflow" or "sflow" or "false" => AsSource.Export,
        "file" or "true" => AsSource.File,
        "bgp" => AsSource.Bgp,
        "longest" or "fallback" => AsSource.Longest,
        "bmp" => Unsupported(value, fallback),
        _ => value.Refuse("netflow, sflow, file, bgp or longest", fallback),
    };

    private static NetworkSource Network(PmacctValue value, NetworkSource fallback) => value.Text.ToLowerInvariant() switch
    {
        "netflow" or "sflow" => NetworkSource.Export,
        "file" => NetworkSource.File,
        "mask" => NetworkSource.Mask,
        "bgp" => NetworkSource.Bgp,
        "longest" or "fallback" => NetworkSource.Longest,
        "bmp" or "igp" or "bgp-ls" => Unsupported(value, fallback),
        _ => value.Refuse("netflow, sflow, file, mask, bgp or longest", fallback),
    };

    private static T Unsupported<T>(PmacctValue value, T fallback)
    {
        value.Report.Refuse(value.Line, $"{value.Key}: {value.Text} is not supported yet; write netflow, sflow, file, bgp or longest");
        return fallback;
    }

    private static bool FromBgp(PmacctValue value) => value.Choice(false, ("bgp", true));

    private static SourceAttributeType MapOrBgp(PmacctValue value) =>
        value.Choice(SourceAttributeType.None, ("map", SourceAttributeType.Map), ("bgp", SourceAttributeType.Bgp));

    private static IReadOnlyList<IpPrefix> Networks(PmacctValue value)
    {
        List<IpPrefix> networks = [];
        foreach (string text in value.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IpPrefix.TryParse(text, out IpPrefix network))
            {
                networks.Add(network);
            }
            else
            {
                value.Report.Refuse(value.Line, $"{value.Key}: '{text}' is no network; write 192.0.2.0/24 or 2001:db8::/32");
            }
        }

        return networks;
    }

    private static string? Pattern(PmacctValue value) => CommunityPatterns.TryParse(value.Text, out _)
        ? value.Text
        : value.Refuse<string?>($"up to {CommunityPatterns.MaxCount} patterns with commas between them", null);
}
