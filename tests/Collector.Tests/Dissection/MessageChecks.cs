using System.Globalization;
using Collector.Flows;
using static Collector.Tests.Dissection.FieldCheck;

namespace Collector.Tests.Dissection;

/// <summary>NetFlow v5, v9 and IPFIX: tshark's cflow.</summary>
internal static class MessageChecks
{
    private const ulong Icmp = 1, Tcp = 6, Udp = 17, IcmpV6 = 58;

    public static IReadOnlyList<FieldCheck> All { get; } =
    [
        Number("ExportVersion", r => r.ExportVersion, "cflow.version"),
        Number("ExportSequence", r => r.ExportSequence, "cflow.sequence"),
        Number("ExportSystemId", r => r.ExportSystemId, "cflow.source_id", "cflow.od_id", "cflow.engine_id"),
        Number("TemplateId", r => r.TemplateId, "cflow.flowset_id"),
        new("ExportTime", ExportTime, d => Time(d.Record.ExportTime)),
        new("SourceAddress", f => Address(Pick(f, "cflow.srcaddr", "cflow.srcaddrv6")), d => d.Record.SourceAddress.ToString()),
        new("DestinationAddress", f => Address(Pick(f, "cflow.dstaddr", "cflow.dstaddrv6")), d => d.Record.DestinationAddress.ToString()),
        new("Family", Family, d => Text((ulong)d.Record.Family)),
        NumberOrZero("Protocol", r => r.Protocol, "cflow.protocol"),
        NumberOrZero("Tos", r => r.Tos, "cflow.tos"),
        new("SourcePort", f => IsV5(f) && Protocol(f) is not (Tcp or Udp) ? "0" : f.Number("cflow.srcport") ?? Zero(f), d => Text(d.Record.SourcePort)),
        new("DestinationPort", f => IsV5(f) && Protocol(f) is not (Tcp or Udp or Icmp or IcmpV6) ? "0" : DestinationPort(f), d => Text(d.Record.DestinationPort)),
        new("TcpFlags", f => IsV5(f) && Protocol(f) != Tcp ? "0" : f.Last("cflow.tcpflags") is { } flags ? Text(flags.Number & 0xFF) : Zero(f), d => Text(d.Record.TcpFlags)),
        Number("Octets", r => r.Octets, "cflow.octets", "cflow.permanent_octets", "cflow.octetsexp", "cflow.layer2_octet_delta_count"),
        Number("Packets", r => r.Packets, "cflow.packets", "cflow.permanent_packets", "cflow.packetsexp"),
        NumberOrZero("IngressInterface", r => r.IngressInterface, "cflow.inputint", "cflow.ingress_physical_interface"),
        NumberOrZero("EgressInterface", r => r.EgressInterface, "cflow.outputint", "cflow.egress_physical_interface"),
        NumberOrZero("SourceAs", r => r.SourceAs, "cflow.srcas"),
        NumberOrZero("DestinationAs", r => r.DestinationAs, "cflow.dstas"),
        NumberOrZero("PeerSourceAs", r => r.PeerSourceAs, "cflow.peer_srcas"),
        NumberOrZero("PeerDestinationAs", r => r.PeerDestinationAs, "cflow.peer_dstas"),
        new("SourceMask", f => Mask(f, "cflow.srcmask", "cflow.srcmaskv6"), d => Text(d.Record.SourceMask)),
        new("DestinationMask", f => Mask(f, "cflow.dstmask", "cflow.dstmaskv6"), d => Text(d.Record.DestinationMask)),
        new("NextHop", NextHop, d => AddressOrNone(d.Record.NextHop)),
        new("SourceMac", f => f.Last("cflow.srcmac", "cflow.post_srcmac")?.Hex, d => Mac(d.Record.SourceMac)),
        new("DestinationMac", f => f.Last("cflow.dstmac", "cflow.post_dstmac")?.Hex, d => Mac(d.Record.DestinationMac)),
        NumberOrZero("IngressVlan", r => r.IngressVlan, "cflow.vlanid", "cflow.dot1q_vlan_id"),
        NumberOrZero("EgressVlan", r => r.EgressVlan, "cflow.post_vlanid", "cflow.post_dot1q_vlan_id"),
        NumberOrZero("IngressCustomerVlan", r => r.IngressCustomerVlan, "cflow.dot1q_customer_vlan_id"),
        NumberOrZero("EgressCustomerVlan", r => r.EgressCustomerVlan, "cflow.post_dot1q_customer_vlan_id"),
        NumberOrZero("Cos", r => r.Cos, "cflow.dot1q_priority"),
        Number("EtherType", r => r.EtherType, "cflow.ethernet_type"),
        NumberOrZero("FlowLabel", r => r.FlowLabel, "cflow.ipv6flowlabel"),
        new("SamplingDirection", f => f.Number("cflow.direction") switch { null => "u", "0" => "i", "1" => "e", _ => "u" }, d => ((char)d.Record.SamplingDirection).ToString()),
        new("ForwardingStatus", f => f.Last("Forwarding Status") is { Hex.Length: > 0 } status ? Text(status.Number & 0xFF) : null, d => Text(d.Record.ForwardingStatus)),
        NumberOrZero("SamplerId", r => r.SamplerId, "cflow.sampler_id", "cflow.selector_id"),
        new("SamplingInterval", f => f.Number("cflow.samplerate", "cflow.sampling_interval") is { } n and not "0" ? n : null, d => Text(d.Record.SamplingInterval)),
        new("MplsLabelTop", f => Labels(f) is { Length: > 0 } l ? Text(l[0] >> 4) : "0", d => Text(d.Record.MplsLabelTop)),
        new("MplsLabelBottom", f => Text(Labels(f).FirstOrDefault(l => (l & 1) != 0) >> 4), d => Text(d.Record.MplsLabelBottom)),
        NumberOrZero("IngressVrfId", r => r.IngressVrfId, "cflow.ingress_vrfid"),
        NumberOrZero("EgressVrfId", r => r.EgressVrfId, "cflow.egress_vrfid"),
        new("RouteDistinguisher", f => f.Last("cflow.mpls_vpn_rd") is { } rd ? Text(rd.Number) : null, d => Text(d.Record.RouteDistinguisher)),
        NumberOrZero("NatEvent", r => r.NatEvent, "cflow.nat_event"),
        NumberOrZero("FirewallEvent", r => r.FirewallEvent, "cflow.firewall_event"),
        NumberOrZero("PostNatSourcePort", r => r.PostNatSourcePort, "cflow.post_napt_source_transport_port"),
        NumberOrZero("PostNatDestinationPort", r => r.PostNatDestinationPort, "cflow.post_napt_destination_transport_port"),
        new("StartTime", f => AbsoluteTime(f, "cflow.abstimestart", "cflow.observation_time_microseconds"), d => Time(d.Record.StartTime)),
        new("EndTime", f => AbsoluteTime(f, "cflow.abstimeend"), d => Time(d.Record.EndTime)),
        new("StartTime by uptime", f => Uptime(f, "cflow.timestart", "cflow.abstimestart"), d => Seconds(d.Record.StartTime)),
        new("EndTime by uptime", f => Uptime(f, "cflow.timeend", "cflow.abstimeend"), d => Seconds(d.Record.EndTime)),
    ];

    private static string? Zero(DissectedFlow f) => f.Has("cflow.data_link_frame_section") ? null : "0";

    private static bool IsV5(DissectedFlow f) => f.Number("cflow.version") == "5";

    private static ulong Protocol(DissectedFlow f) => f.Last("cflow.protocol")!.Number;

    // pmacct-compat §8.5: ICMP type and code of IE 32/139 stand in the destination port where there is none.
    private static string? DestinationPort(DissectedFlow f) =>
        f.Number("cflow.dstport") ?? (f.Has("cflow.icmp_type_code_ipv4", "cflow.icmp_ipv6_type", "cflow.icmp_ipv4_type") ? null : Zero(f));

    // With both families in a template the record says which it uses: by IE 60, else by the address that is not empty.
    private static DissectedField? Pick(DissectedFlow f, string four, string six)
    {
        DissectedField? v4 = f.Last(four), v6 = f.Last(six);
        return v4 is null || v6 is null ? v4 ?? v6
            : f.Number("cflow.ip_version") is { } version ? (version == "4" ? v4 : v6)
            : v4.Number != 0 ? v4 : v6;
    }

    private static string? Family(DissectedFlow f) =>
        (Pick(f, "cflow.srcaddr", "cflow.srcaddrv6") ?? Pick(f, "cflow.dstaddr", "cflow.dstaddrv6")) is { } address ? (address.Hex.Length == 8 ? "4" : "6") : null;

    private static string? Mask(DissectedFlow f, string four, string six) => Family(f) is "6" ? f.Number(six) ?? "0" : f.Number(four) ?? "0";

    // BGP's next hop before the router's (pmacct-compat §8.5).
    private static string? NextHop(DissectedFlow f) =>
        AddressOrNone(f.Last(Family(f) is "6" ? ["cflow.bgpnexthopv6", "cflow.bgpnexthop", "cflow.nexthopv6", "cflow.nexthop"] : ["cflow.bgpnexthop", "cflow.bgpnexthopv6", "cflow.nexthop", "cflow.nexthopv6"]));

    private static ulong[] Labels(DissectedFlow f) =>
        [.. Enumerable.Range(1, 10).Select(i => f.Last($"MPLS-Label{i}")).OfType<DissectedField>().Select(l => l.Number)];

    private static string? ExportTime(DissectedFlow f) =>
        f.Last("cflow.unix_secs", "cflow.exporttime") is { } seconds ? Time(((long)seconds.Number * 1_000_000) + ((long)(f.Last("cflow.unix_nsecs")?.Number ?? 0) / 1_000)) : null;

    // What tshark made of seconds, milliseconds or NTP's fractions. An NTP second is divided differently by the last microsecond.
    private static string? AbsoluteTime(DissectedFlow f, params string[] names)
    {
        if (f.Last(names) is not { } field || IsUptimeOfZero(field))
        {
            return null;
        }

        string text = string.Join(' ', field.Show.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        string[] parts = text.Replace(" UTC", "", StringComparison.Ordinal).Split('.');
        long seconds = new DateTimeOffset(DateTime.ParseExact(parts[0], "MMM d, yyyy HH:mm:ss", CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeSeconds();
        return Time((seconds * 1_000_000) + (long.Parse(parts[1], CultureInfo.InvariantCulture) / 1_000));
    }

    // tshark takes an uptime of 0 for no uptime and shows it as 1970.
    private static bool IsUptimeOfZero(DissectedField field) => field.Hex == "00000000";

    // pmacct counts whole seconds of the difference between two uptimes, so the second is what can be compared (pmacct-compat §2.3).
    private static string? Uptime(DissectedFlow f, string name, string absoluteName)
    {
        if ((f.Last(name) ?? (f.Last(absoluteName) is { } zero && IsUptimeOfZero(zero) ? zero : null)) is not { Hex.Length: 8 } uptime || f.Last("cflow.sysuptime") is not { } header || f.Last("cflow.unix_secs") is not { } seconds)
        {
            return null;
        }

        int ago = (int)((uint)header.Number - (uint)uptime.Number);
        return Text((ulong)Math.Max(0, (long)seconds.Number - (ago / 1_000)));
    }

    private static string Time(long microseconds) => microseconds.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(long microseconds) => ((microseconds + 999_999) / 1_000_000).ToString(CultureInfo.InvariantCulture);
}
