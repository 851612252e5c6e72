using Collector.Differential.Comparison;

namespace Collector.Differential.Exceptions;

/// <summary>Where the collector means to differ from pmacct 1.7.7 in the matrix. A row that no case needs is an error.</summary>
internal static class KnownExceptions
{
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
        .. OptionsExceptions.All,
        .. SamplingExceptions.All,
        .. TagExceptions.All,
        new("bin of a late flow on a boundary", "pmacct-compat.md 11.3, 1", "stamp_inserted", "file", "headings", "purged_entries", "total_entries")
        {
            AppliesTo = c => c.HasHistory && !c.BinsByArrival && !OptionsExceptions.MisreadsTimes(c),
            SumsRows = true,
        },
        new("name of fw_event", "pmacct-compat.md 1.2, 68", "fw_event", "nat_event", "headings") { AppliesTo = c => c.Aggregate.Contains("fw_event") },
        new("traffic class of IPv6", "RFC 8200 3, pmacct-compat.md 7.1", "tos") { AppliesTo = c => c.Daemon == "sfacctd", SumsRows = true },
        new("bottom of two labels", "RFC 3032 2.1", "mpls_label_bottom") { AppliesTo = c => Of(c, "sflow5-sfprobe-tunnel", "sflow5-ovs-short-header", "frm-sflow-mpls"), SumsRows = true },
        new("TCP flags of two bytes", "RFC 7125 3, pmacct-compat.md 8.5", "tcp_flags") { AppliesTo = c => Of(c, "akv-ipfix-physical-interfaces", "pma-111", "pma-403", "pma-500") },
        new("frames that 1.7.7 leaves out", "quirks.md X9, C13", []) { AppliesTo = c => Of(c, "sflow5-headers", "frm-sflow-mpls-broken"), IsLoss = true },
        new("tunnels that 1.7.7 does not read", "quirks.md X9", "tunnel_mac_src", "tunnel_mac_dst", "tunnel_ip_src", "tunnel_ip_dst", "tunnel_ip_proto", "tunnel_tos", "tunnel_port_src", "tunnel_port_dst")
        {
            AppliesTo = c => c.Daemon == "sfacctd",
            SumsRows = true,
        },
        // 1.7.7 makes networks of networks_mask only where the list has masks too, and sum_net stands alone: all hosts are in 0.0.0.0.
        new("sum_net of one mask", "pmacct-compat.md 1.1, 4.1", "net_src")
        {
            AppliesTo = c => c.Aggregate.Contains("sum_net") && c.ValueOf($"{c.Daemon}_net", "pmacctd_net", "uacctd_net") == "mask",
            HoldsForPmacct = r => KnownException.Has(r, "net_src", v => v is "0.0.0.0" or "::"),
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
            HoldsForPmacct = r => KnownException.Has(r, "peer_ip_dst", v => v == "::ffff:0.0.0.0"),
            HoldsForCollector = r => KnownException.Has(r, "peer_ip_dst", v => v.Contains(':', StringComparison.Ordinal)),
            SumsRows = true,
        },
    ];

    private static string[] Addresses(IReadOnlyList<KeyValuePair<string, string>> record) =>
        [.. record.Where(m => m.Key is "ip_src" or "ip_dst" or "net_src" or "net_dst" or "SRC_IP" or "DST_IP" or "SRC_NET" or "DST_NET").Select(m => m.Value)];

    private static bool Of(CaseContext context, params string[] captures) => captures.Any(n => context.Capture.Name.StartsWith(n, StringComparison.Ordinal));
}
