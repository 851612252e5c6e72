using Collector.Flows;
using static Collector.Tests.Dissection.FieldCheck;

namespace Collector.Tests.Dissection;

/// <summary>sFlow v5: tshark's sflow, and its dissectors of Ethernet, MPLS, IP, TCP and UDP for the sampled header.</summary>
internal static class SampleChecks
{
    public static IReadOnlyList<FieldCheck> All { get; } =
    [
        Number("ExportVersion", r => r.ExportVersion, "sflow_245.version"),
        Number("ExportSequence", r => r.ExportSequence, "sflow_245.sequence_number"),
        Number("ExportSystemId", r => r.ExportSystemId, "sflow_245.sub_agent_id"),
        new("ExporterAddress", f => Address(f.First("sflow_245.agent", "sflow_245.agent.v6")), d => d.Record.ExporterAddress.ToString()),
        Number("SamplingInterval", r => r.SamplingInterval, "sflow.flow_sample.sampling_rate"),
        Number("IngressInterface", r => r.IngressInterface, "sflow.flow_sample.input_interface", "sflow.flow_sample.input_interface_value"),
        Number("EgressInterface", r => r.EgressInterface, "sflow.flow_sample.output_interface", "sflow.flow_sample.output_interface_value"),
        Number("Octets", r => r.Octets, "sflow_245.header.frame_length"),
        new("Packets", _ => "1", d => Text(d.Record.Packets)),
        new("SourceMac", f => f.First("eth.src")?.Hex, d => Mac(d.Record.SourceMac)),
        new("DestinationMac", f => f.First("eth.dst")?.Hex, d => Mac(d.Record.DestinationMac)),
        new("Vlan", Vlan, d => Text(d.Record.Vlan)),
        Number("IngressVlan", r => r.IngressVlan, "sflow_245.vlan.in"),
        Number("EgressVlan", r => r.EgressVlan, "sflow_245.vlan.out"),
        new("EtherType", EtherType, d => $"0x{d.Record.EtherType:x4}"),
        new("Family", f => f.First("ip", "ipv6") is null ? null : Outer(f) is { Name: "ip" } ? "4" : "6", d => Text((ulong)d.Record.Family)),
        new("SourceAddress", f => Address(Of(f, "ip.src", "ipv6.src")), d => d.Record.SourceAddress.ToString()),
        new("DestinationAddress", f => Address(Of(f, "ip.dst", "ipv6.dst")), d => d.Record.DestinationAddress.ToString()),
        new("Protocol", f => Protocol(f), d => Text(d.Record.Protocol)),
        new("Tos", f => Of(f, "ip.dsfield", "ipv6.tclass") is { } tos ? Text(tos.Number) : null, d => Text(d.Record.Tos)),
        new("FlowLabel", f => Outer(f) is { Name: "ipv6" } && Of(f, "", "ipv6.flow") is { } label ? Text(label.Number) : null, d => Text(d.Record.FlowLabel)),
        new("SourcePort", f => Port(f, "tcp.srcport", "udp.srcport"), d => Text(d.Record.SourcePort)),
        new("DestinationPort", f => Port(f, "tcp.dstport", "udp.dstport"), d => Text(d.Record.DestinationPort)),
        new("TcpFlags", f => Protocol(f) == "6" && f.First("tcp.flags") is { } flags ? Text(flags.Number & 0xFF) : null, d => Text(d.Record.TcpFlags)),
        new("MplsLabelTop", f => f.First("mpls.label") is { } label ? Text(label.Number) : null, d => Text(d.Record.MplsLabelTop)),
        new("MplsLabelBottom", f => f.All("mpls.bottom").ToList().FindIndex(b => b.Number == 1) is >= 0 and int i ? Text(f.All("mpls.label")[i].Number) : null, d => Text(d.Record.MplsLabelBottom)),
        Number("SourceMask", r => r.SourceMask, "sflow_245.nexthop.src_mask"),
        Number("DestinationMask", r => r.DestinationMask, "sflow_245.nexthop.dst_mask"),
        new("NextHop", f => AddressOrNone(f.Last("sflow_245.nexthop")), d => AddressOrNone(d.Record.NextHop)),
        Number("SourceAs", r => r.SourceAs, "sflow_245.srcAS"),
        Number("PeerSourceAs", r => r.PeerSourceAs, "sflow_245.peerAS"),
        new("DestinationAs", f => Path(f) is { Length: > 0 } path ? Text(path[^1]) : null, d => Text(d.Record.DestinationAs)),
        new("PeerDestinationAs", f => Path(f) is { Length: > 0 } path ? Text(path[0]) : null, d => Text(d.Record.PeerDestinationAs)),
        new("AsPath", f => Path(f) is { Length: > 0 } path ? string.Join('_', path) : null, d => d.Text(d.Record.AsPath)),
        new("StandardCommunities", f => Communities(f) is { Length: > 0 } c ? string.Join('_', c.Select(CommunityName)) : null, d => d.Text(d.Record.StandardCommunities)),
        Number("LocalPreference", r => r.LocalPreference, "sflow_245.localpref"),
    ];

    private static ulong[] Path(DissectedFlow f) => [.. f.All("sflow.as_type").SelectMany(s => s.Children).Where(c => c.Name == "sflow_245.dstAS").Select(c => c.Number)];

    // tshark names communities like the ASes of the path, or not; what stands behind their number is theirs.
    private static ulong[] Communities(DissectedFlow f) => [.. f.All("sflow_245.communityEntries").SelectMany(s => s.Children).Where(c => c.Hex.Length == 8).Select(c => c.Number)];

    // The first IP header is the outer one.
    private static DissectedField? Outer(DissectedFlow f) =>
        f.Flow.Descendants().FirstOrDefault(d => d.Name is "ip" or "ipv6" && d.Children.Count != 0);

    private static DissectedField? Of(DissectedFlow f, string four, string six) =>
        Outer(f) is { } outer ? outer.Children.Find(c => c.Name == (outer.Name == "ip" ? four : six)) : null;

    // Behind extension headers the last one names the protocol.
    private static string? Protocol(DissectedFlow f) => Outer(f) switch
    {
        { Name: "ip" } ip => ip.Children.Find(c => c.Name == "ip.proto") is { } protocol ? Text(protocol.Number) : null,
        { Name: "ipv6" } ip => ip.Descendants().LastOrDefault(c => c.Name.StartsWith("ipv6.", StringComparison.Ordinal) && c.Name.EndsWith(".nxt", StringComparison.Ordinal)
            || c.Name == "ipv6.nxt") is { } next ? Text(next.Number) : null,
        _ => null,
    };

    private static string? Port(DissectedFlow f, string tcp, string udp) => Protocol(f) switch
    {
        "6" => f.First(tcp) is { } port ? Text(port.Number) : null,
        "17" => f.First(udp) is { } port ? Text(port.Number) : null,
        _ => null,
    };

    // pmacct's `vlan`: extended_switch before the tag of the header.
    private static string? Vlan(DissectedFlow f) =>
        new[] { "sflow_245.vlan.in", "sflow_245.vlan.out" }.Select(n => f.Last(n)?.Number ?? 0).FirstOrDefault(n => n != 0) is not 0 and ulong given
            ? Text(given) : (f.First("ieee8021ad.id") ?? f.First("vlan.id")) is { } tag ? Text(tag.Number) : null;

    // pmacct-compat §6.5.
    private static string CommunityName(ulong community) => community switch
    {
        0 => "internet",
        0xFFFF_FF01 => "no-export",
        0xFFFF_FF02 => "no-advertise",
        0xFFFF_FF03 => "local-AS",
        _ => $"{community >> 16}:{community & 0xFFFF}",
    };

    private static string? EtherType(DissectedFlow f) => Outer(f) switch
    {
        { Name: "ip" } => "0x0800",
        { Name: "ipv6" } => "0x86dd",
        _ => null,
    };
}
