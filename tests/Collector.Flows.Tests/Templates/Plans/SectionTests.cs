using System.Runtime.InteropServices;
using Collector.Net;
using Collector.Testing;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates.Plans;

/// <summary>Pieces of packets in records (RFC 5477 §8.5, IANA 408 to 410; pmacct-compat §8.5 "frame section").</summary>
public sealed class SectionTests
{
    private static readonly byte[] Packet = PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 6, [.. PacketBuilder.Tcp(1, 2), .. new byte[500]]);
    private static readonly byte[] Frame = PacketBuilder.Ethernet(0x800, Packet);

    [Theory]
    [InlineData(315)]
    [InlineData(104)]
    public void C12_PieceOfAFrame_FillsTheRecord(int element)
    {
        byte[] record = new WireWriter().U32(7).U8(64).Bytes(Frame.AsSpan(0, 64)).ToArray();
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (10, 4), (element, 65_535)).Data(Wire.Template, record));
        Assert.Equal((1ul, 540ul, FlowKind.Flow, 7u), (r.Packets, r.Octets, r.Kind, r.IngressInterface));
        Assert.Equal((FlowFamily.IPv4, 6, 1, 2), (r.Family, r.Protocol, r.SourcePort, r.DestinationPort));
        Assert.Equal(PacketBuilder.SourceMac, MemoryMarshal.AsBytes(new ReadOnlySpan<MacAddress>(in r.SourceMac)));
    }

    // Each property says in its upper six bits which one it is; the exception code is the second.
    [Fact]
    public void C12_JuniperInlineMonitoring_KeepsTheDropCode()
    {
        const uint Juniper = 2636;
        FieldSpecifier[] fields = [new(137, 4, Juniper), new(137, 2, Juniper), new(137, 4, Juniper), (10, 4), (14, 4), (61, 1), (312, 2), (315, 65_535)];
        byte[] record = new WireWriter().U32(0x0400_0000).U16(0x08C3).U32(0x0C0F_FFFF).U32(737, 0).U8(0).U16(118).U8(64).Bytes(Frame.AsSpan(0, 64)).ToArray();
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, fields).Data(Wire.Template, record));
        Assert.Equal((195, 737u, (byte)'i', IpAddress.Parse("10.0.0.1")), (r.DropCode, r.IngressInterface, r.SamplingDirection, r.SourceAddress));
    }

    [Theory]
    [InlineData(65_535)]
    [InlineData(80)]
    public void ExportedOctets_EndTheSection(int length)
    {
        // The addresses are there, the ports behind them are filling.
        byte[] section = [.. Frame.AsSpan(0, 34), .. Enumerable.Repeat((byte)0xEE, 46)];
        WireWriter record = new WireWriter().U16(34);
        _ = length == 80 ? record : record.U8(80);
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (410, 2), (315, length)).Data(Wire.Template, record.Bytes(section).ToArray()));
        Assert.Equal((IpAddress.Parse("10.0.0.1"), 0, 0, 540ul), (r.SourceAddress, r.SourcePort, r.DestinationPort, r.Octets));
    }

    [Fact]
    public void OtherFrameTypesAndLaterPieces_AreCountedAsAPacket_NotRead()
    {
        byte[] record = new WireWriter().U16(2).U16(600).U8(64).Bytes(Frame.AsSpan(0, 64)).ToArray();
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (408, 2), (312, 2), (315, 65_535)).Data(Wire.Template, record).Build());
        Assert.Equal((FlowFamily.None, 1ul, 600ul), (run.Records[0].Family, run.Records[0].Packets, run.Records[0].Octets));
        Assert.Equal(1, run.Counters(10)[DecodeFault.UnknownFormat]);
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (409, 2), (312, 2), (315, 65_535)).Data(Wire.Template, record));
        Assert.Equal((FlowFamily.None, 1ul, 600ul), (r.Family, r.Packets, r.Octets));
        record[1] = 1;
        Assert.Equal(FlowFamily.IPv4, Wire.Decode(ExportMessageBuilder.Ipfix()
            .Template(Wire.Template, (408, 2), (312, 2), (315, 65_535)).Data(Wire.Template, record)).Family);
    }

    [Fact]
    public void PieceOfAPacket_FillsTheRecord()
    {
        byte[] record = new WireWriter().U8(40).Bytes(Packet.AsSpan(0, 40)).ToArray();
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (313, 65_535)).Data(Wire.Template, record));
        Assert.Equal((1ul, 540ul, FlowKind.Flow, (ushort)0x0800), (r.Packets, r.Octets, r.Kind, r.EtherType));
        Assert.Equal((IpAddress.Parse("10.0.0.2"), 6, 1, 2), (r.DestinationAddress, r.Protocol, r.SourcePort, r.DestinationPort));
        byte[] packet6 = PacketBuilder.IPv6("2001:db8::1", "2001:db8::2", 17, PacketBuilder.Udp(53, 1024, new byte[100]));
        r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (313, 60)).Data(Wire.Template, packet6[..60]));
        Assert.Equal((FlowFamily.IPv6, (ushort)0x86DD, 148ul, 53), (r.Family, r.EtherType, r.Octets, r.SourcePort));
    }

    [Theory]
    [InlineData(6, 1, 2, 0x18)]
    [InlineData(17, 1, 2, 0)]
    [InlineData(47, 0, 0, 0)]
    public void PieceOfAPayload_GivesThePortsOfItsProtocol(int protocol, int source, int destination, int flags)
    {
        byte[] record = new WireWriter().Address(IpAddress.Parse("10.0.0.1")).U8(protocol).U8(20).Bytes(PacketBuilder.Tcp(1, 2)).ToArray();
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (8, 4), (4, 1), (314, 65_535)).Data(Wire.Template, record));
        Assert.Equal((source, destination, flags, 1ul, 20ul), (r.SourcePort, r.DestinationPort, r.TcpFlags, r.Packets, r.Octets));
    }

    [Fact]
    public void CountersInTheTemplate_WinOverThoseOfTheFrame()
    {
        byte[] record = new WireWriter().U32(9).U8(64).Bytes(Frame.AsSpan(0, 64)).ToArray();
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (1, 4), (315, 65_535)).Data(Wire.Template, record));
        Assert.Equal((9ul, 0ul, FlowFamily.IPv4), (r.Octets, r.Packets, r.Family));
    }

    [Fact]
    public void Sections_AllocateNothing()
    {
        byte[] record = new WireWriter().U16(64).U8(64).Bytes(Frame.AsSpan(0, 64)).ToArray();
        var run = new DecoderRun();
        run.FeedOnly(ExportMessageBuilder.Ipfix().Template(Wire.Template, (410, 2), (315, 65_535)).Build());
        byte[] datagram = ExportMessageBuilder.Ipfix().Data(Wire.Template, record, record).Build();
        Assert.Equal(2, run.FeedOnly(datagram));
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                run.FeedOnly(datagram);
            }
        }));
    }

    // Sections of every length, cut anywhere, by a variable and by a fixed field.
    [Fact]
    public void SectionCutAnywhere_StaysInItsRecord()
    {
        foreach (int element in (int[])[313, 314, 315, 104])
        {
            for (int length = 0; length < 70; length++)
            {
                byte[] record = new WireWriter().U8(length).Bytes(Frame.AsSpan(0, length)).U16(777).ToArray();
                DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (element, 65_535), (10, 2)).Data(Wire.Template, record, record).Build());
                Assert.Equal([777u, 777u], run.Records.Select(r => r.IngressInterface));
            }
        }
    }
}
