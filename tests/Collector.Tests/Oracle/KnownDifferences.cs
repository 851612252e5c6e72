namespace Collector.Tests.Oracle;

/// <summary>Where the collector means to differ from pmacct 1.7.7, and where 1.7.7 fails: every row is checked to be still so.</summary>
internal static class KnownDifferences
{
    private const string BootTime = "nfacctd ignores systemInitTimeMilliseconds (160) of options and prints the export time and no end: pmacct-compat.md 8.1, 8.5";
    private const string NtpTime = "nfacctd does not read the 8-byte NTP form: RFC 7011 6.1.9 and 6.1.10, pmacct-compat.md 8.5";
    private const string TrafficClass = "sfacctd prints the upper four bits of an IPv6 traffic class: RFC 8200 3, pmacct-compat.md 7.1";
    private const string TwoLabels = "sfacctd prints nonsense for the bottom of two labels: RFC 3032 2.1";
    private const string Fragments = "pcap_savefile does not reassemble: RFC 791 3.2, RFC 8200 4.5";
    private const string WideFlags = "nfacctd prints 0 for tcpControlBits of 2 bytes: RFC 7125 3, pmacct-compat.md 8.5 (low byte kept)";
    private const string ZeroRate = "nfacctd multiplies by a rate of 0 (interval 0 in the record, or a rate of 1 that it misread), which means no rate: pmacct-compat.md 8.3";
    private const string FirewallEvent = "nfacctd prints fw_event under the name nat_event: pmacct-compat.md 1.2 row 68";

    private const string SumNet = "1.7.7 counts a record twice under the network of its source, never under that of its destination: pmacct-compat.md 1.1";
    private const string Gre = "sfacctd does not look into GRE: README, sFlow";
    private const string NoDirection = "sfacctd prints an empty direction, and 0 packets and octets besides: pmacct-compat.md 1.2 row 62";

    public static IReadOnlyList<KnownDifference> OfPcaps { get; } =
    [
        .. Times("ipfix-softflowd-ipv4", BootTime),
        .. Times("ipfix-softflowd-ipv6", BootTime),
        .. Times("ipfix-softflowd-sampling", BootTime),
        .. Times("ipfix-softflowd-bidirectional", BootTime),
        .. Times("ipfix-softflowd-cooked-sll", BootTime),
        .. Times("ipfix-softflowd-mpls", BootTime),
        .. Times("ipfix-softflowd-microseconds", NtpTime),
        .. Times("ipfix-softflowd-nanoseconds", NtpTime),
        .. Times("ipfix-softflowd-fragments-ipv4", BootTime),
        new("ipfix-softflowd-fragments-ipv4", KnownDifference.Lost, Fragments),
        .. Times("ipfix-softflowd-fragments-ipv6", BootTime),
        new("ipfix-softflowd-fragments-ipv6", KnownDifference.Lost, Fragments),
        new("netflow9-softflowd-cooked-sll2", KnownDifference.Unreadable, "pcap_savefile refuses LINKTYPE_LINUX_SLL2: pmacct-compat.md 8.2"),
        new("sflow5-sfprobe-vlan", "tos", TrafficClass),
        new("sflow5-sfprobe-networks", "tos", TrafficClass),
        new("sflow5-sfprobe-tags", "tos", TrafficClass),
        new("sflow5-sfprobe-ipv6-transport", "tos", TrafficClass),
        new("sflow5-sfprobe-counters", "tos", TrafficClass),
        new("sflow5-ovs-vlan", "tos", TrafficClass),
        new("sflow5-sfprobe-tunnel", "mpls_label_bottom", TwoLabels),
        new("sflow5-ovs-short-header", "mpls_label_bottom", TwoLabels),
    ];

    public static IReadOnlyList<KnownDifference> OfMade { get; } =
    [
        new("sflow2", "tos", TrafficClass),
        new("sflow4", "tos", TrafficClass),
        new("sflow5-headers", "tos", TrafficClass),
        new("sflow5-headers", KnownDifference.Lost, "sfacctd leaves out frames with two tags, with tags of 802.1ad, 0x9100 and 0x9300, PPPoE and Ethernet over MPLS: quirks X9, C13"),
    ];

    public static IReadOnlyList<KnownDifference> OfSharedCaptures { get; } =
    [
        new("akv-ipfix-physical-interfaces", "tcp_flags", WideFlags),
        new("pma-111", "tcp_flags", WideFlags),
        new("pma-403", "tcp_flags", WideFlags),
        new("pma-500", "tcp_flags", WideFlags),
        new("pma-403", "peer_ip_dst", "nfacctd prints ::ffff:0.0.0.0 for an IPv6 flow whose IPv4 next hop (18) is empty; the IPv6 one (63) is taken: pmacct-compat.md 8.5"),
        new("pma-403", "sampling_rate", "nfacctd finds no rate in interval 1 (305), size 1 of population 1 (309, 310): pmacct-compat.md 8.3"),
        .. Counters("pma-403"),
        .. Counters("pma-500"),
        .. Counters("lsc-netflow-9-h3c"),
        .. Names("lsc-netflow-9-palo-alto-pan-os-with-app-id"),
        .. Names("lsc-ipfix-barracuda-extended-uniflow-template"),
        .. Names("tpl-ipfix-per-domain"),
        new("akv-sflow-local-interface", "tos", TrafficClass),
    ];

    public static IReadOnlyList<KnownDifference> OfPrimitives { get; } =
    [
        new("nfacctd sum_net", "net_src", SumNet),
        new("sfacctd sum_net", "net_src", SumNet),
        new("sfacctd tos", "tos", TrafficClass),
        new("sfacctd mpls_label_bottom", "mpls_label_bottom", TwoLabels),
        new("sfacctd tunnel_src_host", "tunnel_ip_src", Gre),
        new("sfacctd tunnel_dst_host", "tunnel_ip_dst", Gre),
        new("sfacctd tunnel_proto", "tunnel_ip_proto", Gre),
        new("sfacctd tunnel_src_port", "tunnel_port_src", Gre),
        new("sfacctd tunnel_dst_port", "tunnel_port_dst", Gre),
        new("sfacctd sampling_direction", "sampling_direction", NoDirection),
        new("sfacctd sampling_direction", "packets", NoDirection),
        new("sfacctd sampling_direction", "bytes", NoDirection),
        new("sfacctd numbers of protocols", "tunnel_ip_proto", Gre),
    ];

    public static IReadOnlyList<KnownDifference> OfMaps { get; } =
    [
        new("pre_tag_label_filter, the second label", KnownDifference.Lost, "1.7.7 compares the first of several labels only: pmacct-compat.md 5.2 compares each"),
    ];

    private static IEnumerable<KnownDifference> Times(string name, string reason) => [new(name, "timestamp_start", reason), new(name, "timestamp_end", reason)];

    private static IEnumerable<KnownDifference> Counters(string name) => [new(name, "packets", ZeroRate), new(name, "bytes", ZeroRate)];

    private static IEnumerable<KnownDifference> Names(string name) => [new(name, "fw_event", FirewallEvent), new(name, "nat_event", FirewallEvent)];
}
