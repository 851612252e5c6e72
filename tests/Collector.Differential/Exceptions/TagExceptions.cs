using Collector.Differential.Comparison;

namespace Collector.Differential.Exceptions;

/// <summary>Where the collector means to differ from 1.7.7 in tags and labels: those that it loses to other maps, and keys of maps that it does not read.</summary>
internal static class TagExceptions
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<KnownException> All { get; } =
    [
        // Seen with every map: each record that sampling_map is asked for (all, where it has in or out; else the first of each exporter) loses what it had.
        new("label lost to sampling_map", "pmacct-compat.md 5.3", "label") { AppliesTo = c => c.Daemon == "nfacctd" && AsksSamplingMap(c) && HasTagMap(c), SumsRows = true },
        new("tags of sFlow lost to sampling_map", "pmacct-compat.md 5.3", "tag", "tag2", "label")
        {
            AppliesTo = c => c.Daemon == "sfacctd" && AsksSamplingMap(c) && (HasTagMap(c) || Of(c, "sflow5-sfprobe-tags")),
            SumsRows = true,
        },
        // The tag that the exporter sent becomes 0 where a line of the map fits.
        new("tag of sFlow lost to flow_to_rd_map", "pmacct-compat.md 5.3", "tag") { AppliesTo = c => c.ValueOf("flow_to_rd_map") is not null && !HasTagMap(c) && Of(c, "sflow5-sfprobe-tags"), SumsRows = true },
        // ipNextHopIPv6Address is never compared: any nexthop= fits, no nexthop=- does.
        new("next hop of IPv6 flows in a map", "pmacct-compat.md 5.2", "tag", "tag2", "label") { AppliesTo = c => HasTagMap(c, "nexthop=") && Of(c, "pma-100", "lsc-ipfix-mikrotik"), SumsRows = true },
        // Of a record whose addresses come from a sampled frame no src_net= fits, not even ::/0, and each src_net=- does.
        new("networks of sampled frames in a map", "pmacct-compat.md 5.2", "tag", "tag2", "label") { AppliesTo = c => HasTagMap(c, "src_net=", "dst_net=") && Of(c, "ipfix-softflowd-psamp"), SumsRows = true },
        // What a map of one output sets is 0 in the other outputs, instead of what the exporter sent.
        new("tags of sFlow lost to another output's map", "pmacct-compat.md 5.2", "tag", "tag2")
        {
            AppliesTo = c => Of(c, "sflow5-sfprobe-tags") && !HasTagMap(c) && c.Configuration.Lines.Any(l => l.Key == "pre_tag_map"),
            SumsRows = true,
        },
        // Two labels have a comma between them: the collector quotes such a text.
        // Options have no packet: filters of 1.7.7 look at the one that it made up for the flow before (151 of 324 records here are "udp").
        new("options filtered by the packet of the flow before", "pmacct-compat.md 5.2", "tag", "tag2", "label")
        {
            AppliesTo = c => c.IsOn("nfacctd_account_options") && HasTagMap(c, "filter=") && c.Capture.Name == "pma-403",
            HoldsForPmacct = r => KnownException.Has(r, "ip_src", v => v.Length == 0),
            HoldsForCollector = r => KnownException.Has(r, "ip_src", v => v.Length == 0),
            SumsRows = true,
        },
        new("labels quoted in CSV", "RFC 4180 2", "column 3 of 17", "column 4 of 17") { AppliesTo = c => c.IsCsv && c.Separator == "," && HasTagMap(c, "set_label=") },
    ];

    // Lines of the output's map have one of the keys; without keys: it has a map.
    private static bool HasTagMap(CaseContext context, params string[] keys) => context.TagMap is { } map && (keys.Length == 0 || keys.Any(k => map.Contains(k, StringComparison.Ordinal)));

    // What 1.7.7 asks the map for: the factor, and the member. It overwrites what a record has of tags then.
    private static bool AsksSamplingMap(CaseContext context) => context.ValueOf("sampling_map") is not null
        && (context.IsOn($"{context.Daemon}_renormalize") || context.Configuration.Outputs.Any(o => o.AggregateOf(context.Daemon).Contains("sampling_rate")));

    private static bool Of(CaseContext context, params string[] captures) => captures.Any(n => context.Capture.Name.StartsWith(n, StringComparison.Ordinal));
}
