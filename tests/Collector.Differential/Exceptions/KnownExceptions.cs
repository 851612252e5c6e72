using Collector.Differential.Comparison;

namespace Collector.Differential.Exceptions;

/// <summary>Where the collector means to differ from pmacct 1.7.7 in the matrix. A row that no case needs is an error.</summary>
internal static class KnownExceptions
{
    private static readonly string[] Times = ["timestamp_start", "timestamp_end", "stamp_inserted", "file", "headings", "purged_entries", "total_entries"];

    /// <summary>Where nothing can be compared.</summary>
    public static KnownException Crash { get; } = new("1.7.7 crashes at MPLS labels", "DESIGN.md 4")
    {
        AppliesTo = c => Of(c, "sflow5-headers", "sflow5-sfprobe-tunnel", "sflow5-ovs-short-header", "frm-sflow", "ipfix-nfprobe-mpls", "ipfix-softflowd-mpls", "pma-403", "pma-111"),
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
        // 1.7.7 makes networks of networks_mask only where the list has masks too, and sum_net stands alone: all hosts are in 0.0.0.0.
        new("sum_net of one mask", "pmacct-compat.md 1.1, 4.1", "net_src")
        {
            AppliesTo = c => c.Aggregate.Contains("sum_net") && c.ValueOf($"{c.Daemon}_net", "pmacctd_net", "uacctd_net") == "mask",
            SumsRows = true,
        },
        // With networks of IPv4 alone 1.7.7 lets IPv6 hosts pass, which are in none of them; with none at all it does not.
        new("filter by a file without networks of IPv6", "pmacct-compat.md 4.1, 4.3", "ip_src", "ip_dst", "net_src", "net_dst", "mask_src", "mask_dst", "peer_ip_dst")
        {
            AppliesTo = c => c.IsOn("networks_file_filter"),
            Holds = r => Addresses(r) is var addresses && (addresses.Length == 0 || addresses.Any(a => a.Contains(':', StringComparison.Ordinal))),
            SumsRows = true,
        },
        // The first next hop of the template is an IPv4 one and empty; the flow's is the IPv6 one behind it.
        new("empty next hop of IPv4 in an IPv6 flow", "pmacct-compat.md 8.5", "peer_ip_dst")
        {
            AppliesTo = c => Of(c, "pma-100", "pma-403") && c.Aggregate.Contains("peer_dst_ip"),
            Holds = r => r.Any(m => m.Key is "peer_ip_dst" or "PEER_DST_IP" && m.Value.Contains(':', StringComparison.Ordinal)),
            SumsRows = true,
        },
    ];

    private static string[] Addresses(IReadOnlyList<KeyValuePair<string, string>> record) =>
        [.. record.Where(m => m.Key is "ip_src" or "ip_dst" or "net_src" or "net_dst" or "SRC_IP" or "DST_IP" or "SRC_NET" or "DST_NET").Select(m => m.Value)];

    private static bool Of(CaseContext context, params string[] captures) => captures.Any(n => context.Capture.Name.StartsWith(n, StringComparison.Ordinal));
}
