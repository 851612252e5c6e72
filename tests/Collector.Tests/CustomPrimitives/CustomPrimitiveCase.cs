using System.Text;
using Collector.Net;
using Collector.Testing.Builders;
using Collector.Tests.Oracle;
using Collector.Tests.Replay;

namespace Collector.Tests.CustomPrimitives;

/// <summary>Definitions of custom primitives, and datagrams whose rows both programs print.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Definitions">The file.</param>
/// <param name="Aggregate">What stands behind src_host.</param>
/// <param name="Datagrams">The datagrams.</param>
/// <param name="Settings">Further lines.</param>
internal sealed record CustomPrimitiveCase(string Name, string Definitions, string Aggregate, IReadOnlyList<byte[]> Datagrams, params string[] Settings)
{
    private const int Element = 1_000;

    private static readonly byte[][] Values =
    [
        [0x81], [0x81, 2], [1, 2, 3], [0x81, 2, 3, 4], "abcd"u8.ToArray(), "ab\0d"u8.ToArray(), [0, 0, 0, 0], [1, 2, 3, 4, 5, 6], [0x81, 2, 3, 4, 5, 6, 7, 8],
        "abc\0\0\0\0\0\0"u8.ToArray(), "abcdefghi"u8.ToArray(), Encoding.ASCII.GetBytes(" !\"#$%&'()*+,-./"), [0xFF, 0xFE, 0x61, 0x62], "a\"b\\c\n"u8.ToArray(),
    ];

    private static readonly int[] Variable = [0, 1, 4, 9, 254, 255, 256, 2_000];

    /// <summary>Each semantics with each length, by fields of fixed and of variable length, in both protocols; then what is particular.</summary>
    public static IReadOnlyList<CustomPrimitiveCase> All { get; } =
    [
        .. (from version in (int[])[9, 10]
            from kind in (string[])["u_int 1", "u_int 2", "u_int 4", "u_int 8", "hex 1", "hex 4", "hex 8", "ip 4", "ip 16", "mac 6", "str 4", "str 9", "raw 12", "str vlen", "raw vlen"]
            select Of(version, kind.Split(' ')[0], kind.Split(' ')[1])),
        new("known elements, repeated", "name=a field_type=91 len=1 semantics=u_int\nname=b field_type=383 len=1 semantics=hex", "a, b", Message([(91, 1), (91, 1), (383, 1), (383, 1)], [1, 2, 3, 4])),
        new("other elements, repeated", "name=a field_type=384 len=1 semantics=u_int\nname=b field_type=384 len=1 semantics=hex", "b, a", Message([(384, 1), (384, 1)], [10, 20])),
        new("built-in and custom", "name=port field_type=7 len=2 semantics=hex\nname=from field_type=8 len=4 semantics=ip\nname=n field_type=1 len=4 semantics=u_int", "src_port, n, from, port", Message([(7, 2)], [0x12, 0x34])),
        new("enterprise", "name=a field_type=4444:7 len=2 semantics=u_int\nname=b field_type=7 len=2 semantics=u_int", "a, b, src_port", Message([new(7, 2, 4_444), (7, 2)], [1, 2, 3, 4])),
        new("bytes behind NUL are part of the key", "name=a field_type=1000 len=8 semantics=str\nname=b field_type=1001 len=vlen semantics=str", "a, b", [.. Message([(Element, 8), (1_001, 65_535)], [.. "ab\0cdefg"u8, 4, .. "ab\0c"u8]), .. Message([(Element, 8), (1_001, 65_535)], [.. "ab\0\0\0\0\0\0"u8, 2, .. "ab"u8])]),
        new("options of IPFIX", "name=scope field_type=149 len=4 semantics=u_int\nname=a field_type=9:7 len=2 semantics=u_int", "scope, a", [ExportMessageBuilder.Ipfix().OptionsTemplate(400, [(149, 4)], new FieldSpecifier(7, 2, 9), (91, 1)).Data(400, [0, 0, 0, 77, 1, 2, 9]).Build()], "nfacctd_account_options: true"),
        new("options of NetFlow v9", "name=scope field_type=1 len=4 semantics=u_int\nname=a field_type=91 len=1 semantics=u_int", "scope, a", [ExportMessageBuilder.NetFlow9().OptionsTemplate(400, [(1, 4)], (91, 1)).Data(400, [0, 0, 0, 77, 9]).Build()], "nfacctd_account_options: true"),
        new("options that tell sampling", "name=a field_type=91 len=1 semantics=u_int", "a", [ExportMessageBuilder.NetFlow9().OptionsTemplate(400, [(1, 4)], (48, 1), (50, 4), (91, 1)).Data(400, [0, 0, 0, 77, 1, 0, 0, 0, 5, 9]).Build()], "nfacctd_account_options: true"),
        new("options that tell names", "name=a field_type=91 len=1 semantics=u_int", "a", [ExportMessageBuilder.NetFlow9().OptionsTemplate(400, [(1, 4)], (10, 4), (82, 4), (91, 1)).Data(400, [0, 0, 0, 77, 0, 0, 0, 5, 97, 98, 99, 100, 9]).Build()], "nfacctd_account_options: true"),
        new("frames of sFlow", FrameDefinitions, FrameNames, [.. Frames.Select(f => new SFlowBuilder().Flow(new SampleHeader(), SFlowBuilder.SampledHeader(1, f)).Build())], "sfacctd_as: sflow"),
        new("frames of IPFIX", FrameDefinitions, FrameNames, [.. Frames.SelectMany(f => Message([(315, f.Length)], f, withCounters: false))]),
        new("frames beside other elements", FrameDefinitions, FrameNames + ", src_port, tos, src_mac", [.. Frames.Take(2).SelectMany(f => Message([(7, 2), (315, f.Length)], [0, 7, .. f]))]),
    ];

    private static string FrameDefinitions => """
        name=dst packet_ptr=packet:+0 len=6 semantics=mac
        name=src packet_ptr=mac:+6 len=6 semantics=mac
        name=tci packet_ptr=vlan:+0 len=2 semantics=hex
        name=lse packet_ptr=mpls:+0 len=4 semantics=hex
        name=ttl packet_ptr=l3:0x800+8 packet_ptr=l3:0x86dd+7 len=1 semantics=u_int
        name=ulen packet_ptr=l4:17+4 len=2 semantics=u_int
        name=win packet_ptr=l4:6+14 len=2 semantics=hex
        name=either packet_ptr=l4:+0 packet_ptr=l3:+0 len=2 semantics=raw
        name=begin packet_ptr=payload:+0 len=7 semantics=raw
        name=far packet_ptr=payload:+200 len=4 semantics=raw
        """;

    private const string FrameNames = "dst, src, tci, lse, ttl, ulen, win, either, begin, far";

    private static IReadOnlyList<byte[]> Frames =>
    [
        PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.9", 6, [.. PacketBuilder.Tcp(1, 2), .. "payload!"u8])),
        PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.2", "10.0.0.9", 17, PacketBuilder.Udp(1, 2, "payload"u8))),
        PacketBuilder.Ethernet(0x8100, PacketBuilder.Tag(1, 100, 0x800, PacketBuilder.IPv4("10.0.0.3", "10.0.0.9", 17, PacketBuilder.Udp(1, 2, "payload!"u8), options: [1, 1, 1, 1]))),
        PacketBuilder.Ethernet(0x86DD, PacketBuilder.IPv6("2001:db8::4", "2001:db8::9", 6, [.. PacketBuilder.Tcp(1, 2), .. "payload!"u8])),
        PacketBuilder.Ethernet(0x8847, PacketBuilder.Mpls([24_001], PacketBuilder.IPv4("10.0.0.5", "10.0.0.9", 17, PacketBuilder.Udp(1, 2, "payload!"u8)))),
        PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.6", "10.0.0.9", 17, new byte[40], fragment: 0x10)),
        PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.7", "10.0.0.9", 1, "12345678payload!"u8)),
    ];

    /// <summary>The case with its files in a folder.</summary>
    public OracleCase ToOracle(string folder, int number)
    {
        string definitions = Path.Combine(folder, $"{number}.lst"), capture = Path.Combine(folder, $"{number}.pcap");
        File.WriteAllText(definitions, Definitions + "\n");
        var pcap = new PcapBytes();
        foreach (byte[] datagram in Datagrams)
        {
            pcap.Add(PacketBytes.Frame(datagram));
        }

        File.WriteAllBytes(capture, pcap.ToArray());
        return new OracleCase(
            Name, [capture], ["plugins: print", "print_output: json", $"aggregate: src_host, {Aggregate}, flows", $"aggregate_primitives: {definitions}", .. Settings], []);
    }

    private static CustomPrimitiveCase Of(int version, string semantics, string length)
    {
        List<byte[]> datagrams = [];
        int host = 0;

        // pmacct dies of a raw value that is longer than its primitive.
        foreach (byte[] value in Values.Where(v => semantics != "raw" || length == "vlen" || v.Length <= 12))
        {
            datagrams.AddRange(Message([(Element, value.Length)], value, version, ++host));
        }

        foreach (int size in Variable.Where(s => semantics != "raw" || length == "vlen" || s <= 12))
        {
            byte[] prefix = size < 255 ? [(byte)size] : [255, (byte)(size >> 8), (byte)size];
            datagrams.AddRange(Message([(Element, 65_535)], [.. prefix, .. Enumerable.Repeat((byte)'x', size)], version, ++host));
        }

        datagrams.AddRange(Message([], [], version, ++host));
        return new($"{semantics} {length}, version {version}", $"name=a field_type={Element} len={length} semantics={semantics}", "a", datagrams);
    }

    private static IReadOnlyList<byte[]> Message(FieldSpecifier[] fields, byte[] values, int version = 10, int host = 1, bool withCounters = true)
    {
        FieldSpecifier[] before = withCounters ? [(8, 4), (12, 4), (1, 4), (2, 4)] : [];
        WireWriter record = withCounters ? new WireWriter().Address(IpAddress.Parse($"10.0.0.{host}")).Address(IpAddress.Parse("192.0.2.1")).U32(100, 1) : new WireWriter();
        int template = 300 + host;
        return [new ExportMessageBuilder(version) { Domain = (uint)(host * 100_000 + values.Length) }.Template(template, [.. before, .. fields]).Data(template, record.Bytes(values).ToArray()).Build()];
    }
}
