using Collector.Differential.Comparison;

namespace Collector.Differential.Exceptions;

/// <summary>Where the collector means to differ from pmacct 1.7.7 in the matrix. A row that no case needs is an error.</summary>
internal static class KnownExceptions
{
    private static readonly string[] Times = ["timestamp_start", "timestamp_end", "stamp_inserted", "file", "headings", "purged_entries", "total_entries"];

    private static readonly string[] OfPlaces =
        ["src_host_country", "dst_host_country", "src_host_pocode", "dst_host_pocode", "src_host_coords", "dst_host_coords"];

    /// <summary>Where nothing can be compared: the core looks for the place of an address in the packet that it makes up, which behind labels only filters make it finish.</summary>
    public static KnownException Crash { get; } = new("1.7.7 crashes at places behind MPLS labels", "DESIGN.md 4")
    {
        AppliesTo = c => !c.Configuration.HasFilter && c.Configuration.Outputs.Any(o => o.AggregateOf(c.Daemon).Any(OfPlaces.Contains))
            && Of(c, "ipfix-nfprobe-mpls", "ipfix-softflowd-mpls", "pma-100", "pma-111", "pma-403", "sflow5-headers", "sflow5-sfprobe-tunnel", "sflow5-ovs-short-header", "frm-sflow-cut-in-l4", "frm-sflow-mpls-one-label"),
    };

    /// <summary>All rows.</summary>
    public static IReadOnlyList<KnownException> All { get; } =
    [
        Crash,
        new("bin of a late flow on a boundary", "pmacct-compat.md 11.3, 1", "stamp_inserted", "file", "headings", "purged_entries", "total_entries")
        {
            AppliesTo = c => c.HasHistory && !c.BinsByArrival,
            SumsRows = true,
        },
        new("name of fw_event", "pmacct-compat.md 1.2, 68", "fw_event", "nat_event", "headings") { AppliesTo = c => c.Aggregate.Contains("fw_event") },
        new("systemInitTimeMilliseconds of options", "pmacct-compat.md 8.1, 8.5", Times)
        {
            AppliesTo = c => Of(c, "ipfix-softflowd-", "lsc-ipfix", "pma-403", "pma-500") && !Of(c, "ipfix-softflowd-mi", "ipfix-softflowd-na", "ipfix-softflowd-psamp"),
            SumsRows = true,
        },
        new("NTP form of times", "RFC 7011 6.1.9, pmacct-compat.md 8.5", Times)
        {
            AppliesTo = c => Of(c, "ipfix-softflowd-microseconds", "ipfix-softflowd-nanoseconds", "akv-ipfix-physical-interfaces", "pma-100"),
            SumsRows = true,
        },
        new("first uptime beyond the header's", "quirks.md D2", Times) { AppliesTo = c => Of(c, "lsc-netflow-9-fortigate"), SumsRows = true },
        new("traffic class of IPv6", "RFC 8200 3, pmacct-compat.md 7.1", "tos") { AppliesTo = c => c.Daemon == "sfacctd", SumsRows = true },
        new("bottom of two labels", "RFC 3032 2.1", "mpls_label_bottom") { AppliesTo = c => Of(c, "sflow5-sfprobe-tunnel", "sflow5-ovs-short-header", "frm-sflow-mpls"), SumsRows = true },
        new("TCP flags of two bytes", "RFC 7125 3, pmacct-compat.md 8.5", "tcp_flags") { AppliesTo = c => Of(c, "akv-ipfix-physical-interfaces", "pma-111", "pma-403", "pma-500") },
        new("rate of 0 multiplied", "pmacct-compat.md 8.3", "packets", "bytes") { AppliesTo = c => Of(c, "pma-403", "pma-500", "lsc-netflow-9-h3c"), SumsRows = true },
        new("frames that 1.7.7 leaves out", "quirks.md X9, C13", []) { AppliesTo = c => Of(c, "sflow5-headers", "frm-sflow-mpls-broken"), IsLoss = true },
        new("tunnels that 1.7.7 does not read", "quirks.md X9", "tunnel_mac_src", "tunnel_mac_dst", "tunnel_ip_src", "tunnel_ip_dst", "tunnel_ip_proto", "tunnel_tos", "tunnel_port_src", "tunnel_port_dst")
        {
            AppliesTo = c => c.Daemon == "sfacctd",
            SumsRows = true,
        },
        new("counters of options in CSV", "DESIGN.md 4", "packets", "bytes", "flows") { AppliesTo = c => c.IsCsv && c.IsOn("nfacctd_account_options") },
        new("distinguisher of options", "pmacct-compat.md 8.5", "mpls_vpn_rd") { AppliesTo = c => Of(c, "pma-403", "pma-500"), SumsRows = true },
        new("sum_net of one mask", "DESIGN.md 4", "net_src") { AppliesTo = c => c.Aggregate.Contains("sum_net") && c.ValueOf("networks_mask") is not null, SumsRows = true },
        new("peer AS of the file without AS", "pmacct-compat.md 4.3", "peer_as_src", "peer_as_dst")
        {
            AppliesTo = c => c.ValueOf("networks_file") is not null && !c.Aggregate.Any(p => p is "src_as" or "dst_as"),
            SumsRows = true,
        },
        new("filter by a file without networks of IPv6", "pmacct-compat.md 4.1", "ip_src", "ip_dst", "net_src", "net_dst", "mask_src", "mask_dst", "peer_ip_dst")
        {
            AppliesTo = c => c.IsOn("networks_file_filter"),
            SumsRows = true,
        },
        new("next hop of the file for version 5", "pmacct-compat.md 11.1", "peer_ip_dst") { AppliesTo = c => c.ValueOf("networks_file") is not null && c.Capture.Name.Contains("5", StringComparison.Ordinal), SumsRows = true },
        new("label lost to sampling_map", "pmacct-compat.md 5.3", "label") { AppliesTo = c => c.Daemon == "nfacctd" && AsksSamplingMap(c) && HasTagMap(c), SumsRows = true },
        new("tags of sFlow lost to sampling_map", "pmacct-compat.md 5.3", "tag", "tag2", "label")
        {
            AppliesTo = c => c.Daemon == "sfacctd" && AsksSamplingMap(c) && (HasTagMap(c) || Of(c, "sflow5-sfprobe-tags")),
            SumsRows = true,
        },
        new("tag of sFlow lost to flow_to_rd_map", "pmacct-compat.md 5.3", "tag") { AppliesTo = c => c.ValueOf("flow_to_rd_map") is not null && !HasTagMap(c) && Of(c, "sflow5-sfprobe-tags"), SumsRows = true },
        new("next hop of IPv6 flows in a map", "pmacct-compat.md 5.2", "tag", "tag2", "label") { AppliesTo = c => HasTagMap(c, "nexthop=") && Of(c, "pma-100", "lsc-ipfix-mikrotik"), SumsRows = true },
        new("networks of sampled frames in a map", "pmacct-compat.md 5.2", "tag", "tag2", "label") { AppliesTo = c => HasTagMap(c, "src_net=", "dst_net=") && Of(c, "ipfix-softflowd-psamp"), SumsRows = true },
        new("AS 0 in a map under longest, filtered", "pmacct-compat.md 5.2", [])
        {
            AppliesTo = c => c.Daemon == "nfacctd" && c.IsLongestAs && HasTagMap(c, "src_as=0", "dst_as=0") && c.ValueOf("pre_tag_filter", "pre_tag2_filter") is not null,
            IsLoss = true,
        },
        new("tags of sFlow lost to another output's map", "pmacct-compat.md 5.2", "tag", "tag2") { AppliesTo = c => Of(c, "sflow5-sfprobe-tags") && !HasTagMap(c) && c.Configuration.Lines.Any(l => l.Key == "pre_tag_map"), SumsRows = true },
        new("labels quoted in CSV", "RFC 4180 2", "column 3 of 17", "column 4 of 17") { AppliesTo = c => c.IsCsv && c.Separator == "," && HasTagMap(c, "set_label=") },
    ];

    // Lines of the output's map have one of the keys; without keys: it has a map.
    private static bool HasTagMap(CaseContext context, params string[] keys) => context.TagMap is { } map && (keys.Length == 0 || keys.Any(k => map.Contains(k, StringComparison.Ordinal)));

    // What 1.7.7 asks the map for: the factor, and the member. It overwrites what a record has of tags then.
    private static bool AsksSamplingMap(CaseContext context) => context.ValueOf("sampling_map") is not null
        && (context.IsOn($"{context.Daemon}_renormalize") || context.Configuration.Outputs.Any(o => o.AggregateOf(context.Daemon).Contains("sampling_rate")));

    private static bool Of(CaseContext context, params string[] captures) => captures.Any(n => context.Capture.Name.StartsWith(n, StringComparison.Ordinal));
}
