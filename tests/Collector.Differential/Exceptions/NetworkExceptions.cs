namespace Collector.Differential.Exceptions;

/// <summary>Where the collector means to differ from 1.7.7 in networks and next hops.</summary>
internal static class NetworkExceptions
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<KnownException> All { get; } =
    [
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
            AppliesTo = c => c.Capture.Name is "pma-100" or "pma-403" && c.Aggregate.Contains("peer_dst_ip"),
            HoldsForPmacct = r => KnownException.Has(r, "peer_ip_dst", v => v == "::ffff:0.0.0.0"),
            HoldsForCollector = r => KnownException.Has(r, "peer_ip_dst", v => v.Contains(':', StringComparison.Ordinal)),
            SumsRows = true,
        },
    ];

    private static string[] Addresses(IReadOnlyList<KeyValuePair<string, string>> record) =>
        [.. record.Where(m => m.Key is "ip_src" or "ip_dst" or "net_src" or "net_dst" or "SRC_IP" or "DST_IP" or "SRC_NET" or "DST_NET").Select(m => m.Value)];
}
