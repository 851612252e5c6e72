using Collector.Net;
using Collector.Testing.Builders;

namespace Collector.Flows.Fuzz;

/// <summary>Datagrams that no capture has: many elements in every size, options, variable lengths, structured data, all sFlow records, deep packets.</summary>
internal static class BuiltSeeds
{
    public const long Time = 1_700_000_000_000_000;

    public static IpAddress Source { get; } = IpAddress.Parse("192.0.2.1");

    public static IEnumerable<FuzzSeed> All() => Payloads().Select(p => new FuzzSeed(p, Source, 50_000, Time));

    private static IEnumerable<byte[]> Payloads()
    {
        int[] versions = [9, 10];
        foreach (int version in versions)
        {
            yield return Everything(version);
            yield return Options(version);
            yield return Withdrawals(version);
            foreach (byte[] message in ElementByElement(version))
            {
                yield return message;
            }
        }

        yield return Variable();
        yield return Structured();
        yield return Sections();
        yield return Biflow();
        yield return Nsel();
        foreach (int version in (int[])[1, 5, 7])
        {
            var builder = new NetFlow5Builder { Version = version, Sampling = 0x4064 };
            yield return builder.Record(new NetFlow5Record(Source, Source, 6, 1, 2)).Record(new NetFlow5Record(Source, Source, 1, 0, 0x800)).Build();
        }

        foreach (byte[] datagram in SFlow())
        {
            yield return datagram;
        }

        // Versions 1 and 7: a count, a header, records.
        yield return [0, 1, 0, 2, .. Bytes(12 + (2 * 48))];
        yield return [0, 7, 0, 2, .. Bytes(20 + (2 * 52))];
        yield return [0, 1];
        yield return [];
    }

    private static byte[] Everything(int version)
    {
        FieldSpecifier[] fields =
        [
            (8, 4), (12, 4), (27, 16), (28, 16), (7, 2), (11, 2), (4, 1), (5, 1), (6, 1), (10, 4), (14, 4), (16, 4), (17, 4), (9, 1), (13, 1), (1, 8), (2, 8),
            (21, 4), (22, 4), (61, 1), (18, 4), (89, 1), (48, 1), (70, 3), (71, 3), (95, 4), (234, 4), (225, 4), (226, 4), (227, 2), (228, 2), (230, 1), (233, 1),
        ];
        return new ExportMessageBuilder(version).Template(300, fields).Data(300, Bytes(fields.Sum(f => f.Length)), Bytes(fields.Sum(f => f.Length))).Build();
    }

    private static byte[] Options(int version) => new ExportMessageBuilder(version)
        .OptionsTemplate(400, [(1, 4)], (10, 4), (82, 8)).Data(400, Bytes(16), Bytes(16))
        .OptionsTemplate(401, [(1, 4)], (48, 1), (34, 4), (50, 4), (49, 1)).Data(401, Bytes(14), Bytes(14))
        .OptionsTemplate(402, [(1, 4)], (95, 4), (96, 6)).Data(402, Bytes(14))
        .OptionsTemplate(403, [(346, 4)], (302, 4), (304, 2), (305, 4), (306, 4)).Data(403, Bytes(18))
        .OptionsTemplate(404, [(234, 4)], (90, 8), (236, 12)).Data(404, Bytes(24))
        .OptionsTemplate(405, [(149, 4)], (160, 8), (130, 4), (131, 16), (309, 1), (310, 4)).Data(405, Bytes(37))
        .Build();

    private static byte[] Withdrawals(int version) => new ExportMessageBuilder(version)
        .Template(300, (1, 4)).Set(version == 9 ? 0 : 2, new WireWriter().U16(300).U16(0).U16(2).U16(0).ToArray())
        .Set(version == 9 ? 1 : 3, new WireWriter().U16(3).U16(0).U16(0).ToArray()).Set(300, Bytes(8)).Build();

    // Every element up to 500 in a usual and in an unusual size, eight to a template.
    private static IEnumerable<byte[]> ElementByElement(int version)
    {
        int[] sizes = [1, 2, 4, 8, 16, 6, 3, 5];
        for (int first = 1; first < 500; first += 8)
        {
            FieldSpecifier[] fields = [.. Enumerable.Range(first, 8).Select(id => new FieldSpecifier(id, sizes[(id / 8 + id) % sizes.Length]))];
            int length = fields.Sum(f => f.Length);
            yield return new ExportMessageBuilder(version) { Domain = 7 }.Template(256 + first, fields).Data(256 + first, Bytes(length), Bytes(length)).Build();
        }
    }

    private static byte[] Variable() => new ExportMessageBuilder(10)
        .Template(301, (82, 65_535), new FieldSpecifier(3, 65_535, 43_874), (1, 4), (83, 65_535), (8, 4))
        .Data(301, new WireWriter().U8(4).Bytes("eth0"u8).U8(255).U16(3).Bytes("a,b"u8).U32(5).U8(0).U32(1).ToArray())
        .Build();

    // RFC 6313: a basicList, a subTemplateList and a subTemplateMultiList.
    private static byte[] Structured() => new ExportMessageBuilder(10)
        .Template(310, (8, 4), (12, 4)).Template(311, (8, 4), (291, 65_535), (292, 65_535), (293, 65_535), (1, 4))
        .Data(311, new WireWriter().U32(0x0A000001).U8(13).U8(3).U16(10).U16(4).U32(1, 2)
            .U8(11).U8(3).U16(310).U32(1, 2)
            .U8(13).U8(3).U16(310).U16(12).U32(3, 4)
            .U32(99).ToArray())
        .Build();

    private static byte[] Biflow()
    {
        FieldSpecifier[] fields = [(8, 4), (12, 4), (7, 2), (11, 2), (1, 8), (2, 8), new(1, 8, 29_305), new(2, 4, 29_305), new(6, 1, 29_305), (94, 65_535)];
        byte[] record = [.. Bytes(41), 3, 1, 2, 3];
        return new ExportMessageBuilder(10).Template(305, fields).Data(305, record, record).Build();
    }

    private static byte[] Nsel() => new ExportMessageBuilder(9)
        .Template(306, (8, 4), (12, 4), (7, 2), (11, 2), (233, 1), (33_002, 2), (231, 4), (232, 4), (298, 4), (299, 4)).Data(306, Bytes(31), Bytes(31)).Build();

    private static byte[] Sections()
    {
        byte[] frame = PacketBuilder.Ethernet(0x8100, PacketBuilder.Tag(1, 7, 0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 17, PacketBuilder.Udp(1, 4789,
            PacketBuilder.Vxlan(7, PacketBuilder.Ethernet(0x86DD, PacketBuilder.IPv6("2001:db8::1", "2001:db8::2", 6, PacketBuilder.Tcp(5, 6))))))));
        return new ExportMessageBuilder(10)
            .Template(302, (10, 4), (315, 65_535)).Data(302, new WireWriter().U32(1).U8(frame.Length).Bytes(frame).ToArray())
            .Template(303, (104, frame.Length), (312, 2)).Data(303, new WireWriter().Bytes(frame).U16(1500).ToArray())
            .Template(304, (313, 65_535)).Data(304, new WireWriter().U8(frame.Length - 18).Bytes(frame.AsSpan(18)).ToArray())
            .Build();
    }

    private static IEnumerable<byte[]> SFlow()
    {
        byte[] tcp = PacketBuilder.IPv4("10.0.0.1", "192.0.2.1", 6, PacketBuilder.Tcp(1111, 80));
        byte[] six = PacketBuilder.IPv6("2001:db8::1", "2001:db8::2", 43, [6, 4, 4, 1, 1, 0, 0, 0, .. new byte[32], .. PacketBuilder.Tcp(1, 2)]);
        byte[][] frames =
        [
            PacketBuilder.Ethernet(0x800, tcp), PacketBuilder.Ethernet(0x86DD, six), PacketBuilder.Ethernet(0x88A8, PacketBuilder.Tag(1, 2, 0x8100, PacketBuilder.Tag(3, 4, 0x800, tcp))),
            PacketBuilder.Ethernet(0x8847, PacketBuilder.Mpls([16, 17, 18], tcp)), PacketBuilder.Ethernet(0x8847, PacketBuilder.Mpls([16], [0, 0, 0, 0, .. PacketBuilder.Ethernet(0x800, tcp)])),
            PacketBuilder.Ethernet(0x8864, PacketBuilder.Pppoe(0x21, tcp)), PacketBuilder.Ethernet(60, PacketBuilder.Snap(0x800, tcp)),
            PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 47, [0x30, 0, 8, 0, 0, 0, 0, 1, 0, 0, 0, 2, .. tcp])),
            PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 47, [0, 0, 0x65, 0x58, .. PacketBuilder.Ethernet(0x800, tcp)])),
            PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 4, tcp)), PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 41, six)),
            PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 17, PacketBuilder.Udp(1, 4789, PacketBuilder.Vxlan(9, PacketBuilder.Ethernet(0x800, tcp))))),
            PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 17, PacketBuilder.Udp(1, 6081, [0x02, 0, 0x65, 0x58, 0, 0, 9, 0, 0, 0, 0, 1, 0, 0, 0, 1, .. PacketBuilder.Ethernet(0x800, tcp)]))),
            PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 6, PacketBuilder.Tcp(1, 2), fragment: 0x2010, options: [7, 4, 4, 0])),
        ];
        foreach (byte[] frame in frames)
        {
            yield return new SFlowBuilder().Flow(new SampleHeader(), SFlowBuilder.SampledHeader(1, frame)).Build();
        }

        byte[][] records =
        [
            SFlowBuilder.SampledEthernet(100, PacketBuilder.SourceMac, PacketBuilder.DestinationMac, 0x800), SFlowBuilder.SampledIp(100, 6, "10.0.0.1", "10.0.0.2", 1, 2, 3, 4),
            SFlowBuilder.SampledIp(100, 17, "2001:db8::1", "2001:db8::2", 1, 2, 3, 4), SFlowBuilder.Switch(1, 2, 3, 4), SFlowBuilder.Router("10.0.0.9", 24, 16),
            SFlowBuilder.Gateway("2001:db8::9", 1, 2, 3, [(2, [4, 5]), (1, [6, 7])], [0x00010002, 0x00030004], 100),
        ];
        yield return new SFlowBuilder().ExpandedFlow(new SampleHeader { InterfaceFormat = 0, Input = 5, Output = 0x3FFF_FFFF }, records).Build();
        yield return new SFlowBuilder { Agent = IpAddress.Parse("2001:db8::7") }.Flow(new SampleHeader(), [SFlowBuilder.SampledHeader(11, tcp), .. records]).Build();
        for (uint format = 1004; format <= 1045; format++)
        {
            yield return new SFlowBuilder().Flow(new SampleHeader(), SFlowBuilder.SampledHeader(1, frames[0]), SFlowBuilder.Record(format, Bytes(32))).Build();
        }

        uint[] counters = [1, 2, 3, 4, 5, 7, 1001, 1002, 1003, 1004, 2000, 2003];
        foreach (uint format in counters)
        {
            byte[] record = SFlowBuilder.Record(format, Bytes(88));
            yield return new SFlowBuilder().Sample(2, new WireWriter().U32(1, 2, 1).Bytes(record).ToArray()).Sample(4, new WireWriter().U32(1, 0, 2, 1).Bytes(record).ToArray()).Build();
        }

        yield return new SFlowBuilder().Sample(5, new WireWriter().U32(1, 0, 2, 3, 4, 5, 6, 1).Bytes(SFlowBuilder.SampledHeader(1, frames[0])).ToArray()).Build();
        uint[] oldVersions = [2, 4];
        foreach (uint version in oldVersions)
        {
            byte[] gateway = version == 2 ? OldSFlowBuilder.Gateway2(1, 2, 3, 4, 5) : OldSFlowBuilder.Gateway4(records[^1]);
            yield return new OldSFlowBuilder(version).Flow(new SampleHeader(), OldSFlowBuilder.Header(1, frames[0]), OldSFlowBuilder.Like(1, records[3]), OldSFlowBuilder.Like(2, records[4]), gateway)
                .Counters(1, Bytes(88)).Flow(new SampleHeader(), OldSFlowBuilder.Like(2, records[1]), OldSFlowBuilder.User("a", "bc"), OldSFlowBuilder.Url("http://x/")).Build();
        }
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
