using Collector.Differential.Comparison;
using Record = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Collector.Differential.Exceptions;

/// <summary>What sfacctd 1.7.7 reads of sampled packets, or does not, other than it is there.</summary>
internal static class SFlowExceptions
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<KnownException> All { get; } =
    [
        // Its upper four bits only.
        new("traffic class of IPv6", "RFC 8200 3, pmacct-compat.md 7.1", "tos")
        {
            AppliesTo = c => HasTrafficClasses(c) && c.Aggregate.Contains("tos"),
            Holds = CanBeIPv6,
            SumsRows = true,
        },
        new("bottom of two labels", "RFC 3032 2.1", "mpls_label_bottom")
        {
            AppliesTo = IsOfTunnels,
            Holds = r => KnownException.Has(r, "mpls_stack_depth", v => v == "2"),
            HoldsForPmacct = r => KnownException.Has(r, "mpls_label_bottom", v => v == "262242"),
            HoldsForCollector = r => KnownException.Has(r, "mpls_label_bottom", v => v == "16"),
        },
        // Two tags, those of 802.1ad, PPPoE and Ethernet over MPLS; all with a segment of TCP over IPv4 within.
        new("frames that 1.7.7 leaves out", "quirks.md X9, C13", "purged_entries", "total_entries")
        {
            AppliesTo = c => c.Capture.Name is "sflow5-headers" or "frm-sflow-mpls-broken",
            Holds = r => KnownException.Has(r, "etype", v => v == "800") && KnownException.Has(r, "ip_proto", v => v is "tcp" or "6"),
            IsLoss = true,
        },
        new("tunnels that 1.7.7 does not read", "quirks.md X9", "tunnel_ip_src", "tunnel_ip_dst", "tunnel_ip_proto", "tunnel_port_src", "tunnel_port_dst")
        {
            AppliesTo = c => IsOfTunnels(c) || c.Capture.Name == "frm-sflow-srv6",
            Holds = r => KnownException.Has(r, "ip_proto", v => v is "gre" or "47" or "ipv6" or "41"),
            SumsRows = true,
        },
    ];

    private static bool HasTrafficClasses(CaseContext c) => c.Capture.Name is "akv-sflow-local-interface" or "sflow2" or "sflow4" or "sflow5-headers" or "sflow5-ovs-vlan" or "sflow5-sfprobe-counters"
        or "sflow5-sfprobe-ipv6-transport" or "sflow5-sfprobe-networks" or "sflow5-sfprobe-tags" or "sflow5-sfprobe-vlan";

    private static bool IsOfTunnels(CaseContext c) => c.Capture.Name is "sflow5-sfprobe-tunnel" or "sflow5-ovs-short-header";

    private static bool CanBeIPv6(Record record) => KnownException.Has(record, "etype", v => v == "86dd")
        && KnownException.Has(record, "ip_src", IsIPv6) && KnownException.Has(record, "ip_dst", IsIPv6);

    private static bool IsIPv6(string address) => address.Contains(':', StringComparison.Ordinal);
}
