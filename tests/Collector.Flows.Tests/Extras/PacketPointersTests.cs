using Collector.Flows.Extras;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Extras;

/// <summary>Custom primitives of sampled frames (packet_ptr), as sfacctd 1.7.7 reads them.</summary>
public sealed class PacketPointersTests
{
    private const int At = 16;

    private static readonly byte[] Tcp = PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 6, [.. PacketBuilder.Tcp(0x1111, 0x2222), .. "payload"u8]));
    private static readonly byte[] Udp = PacketBuilder.Ethernet(
        0x8100, PacketBuilder.Tag(1, 100, 0x86DD, PacketBuilder.IPv6("2001:db8::1", "2001:db8::2", 17, PacketBuilder.Udp(0x3333, 0x4444, "payload"u8))));
    private static readonly byte[] Mpls = PacketBuilder.Ethernet(0x8847, PacketBuilder.Mpls([24_001, 24_002], PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 17, PacketBuilder.Udp(0x3333, 0x4444, "payload"u8))));

    public static TheoryData<string, PacketLayer, int?, int, string> Places => new()
    {
        { "tcp", PacketLayer.Packet, null, 0, "0200" },
        { "tcp", PacketLayer.Mac, null, 10, "0001" },
        { "tcp", PacketLayer.Vlan, null, 0, "0000" },
        { "tcp", PacketLayer.L3, null, 0, "4500" },
        { "tcp", PacketLayer.L3, 0x800, 8, "4006" },
        { "tcp", PacketLayer.L3, 0x86DD, 8, "0000" },
        { "tcp", PacketLayer.L4, 6, 2, "2222" },
        { "tcp", PacketLayer.L4, 17, 2, "0000" },
        { "tcp", PacketLayer.Payload, null, 0, "7061" },
        { "tcp", PacketLayer.Payload, null, 4, "6F61" },
        { "tcp", PacketLayer.Payload, null, 5, "0000" }, // ends with the sampled bytes
        { "tcp", PacketLayer.Payload, null, 60_000, "0000" },
        { "udp", PacketLayer.Vlan, null, 0, "2064" },
        { "udp", PacketLayer.L3, 0x86DD, 6, "1140" },
        { "udp", PacketLayer.Payload, null, 0, "7061" },
        { "mpls", PacketLayer.Mpls, null, 0, "05DC" },
        { "mpls", PacketLayer.L4, null, 0, "3333" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Place_IsReadFromTheFrame(string frame, PacketLayer layer, int? protocol, int offset, string expected)
    {
        byte[] bytes = frame switch { "udp" => Udp, "mpls" => Mpls, _ => Tcp };
        var pointer = new PacketPointer(layer, (ushort?)protocol, (ushort)offset);
        Assert.Equal(expected, Read(bytes, pointer));
        Assert.Equal(expected, ReadSection(bytes, pointer));
    }

    [Fact]
    public void OfPlacesThatFit_TheLastCounts()
    {
        PacketPointer v4 = new(PacketLayer.L3, 0x800, 0), v6 = new(PacketLayer.L3, 0x86DD, 0), ports = new(PacketLayer.L4, null, 0);
        Assert.Equal(("4500", "6000", "1111"), (Read(Tcp, v4, v6), Read(Udp, v4, v6), Read(Tcp, v4, ports)));
        Assert.Equal("4500", Read(Tcp, ports, v4));
    }

    [Fact]
    public void LaterFragment_GivesNothing()
    {
        byte[] fragment = PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 17, new byte[40], fragment: 0x10));
        Assert.Equal("0000", Read(fragment, new PacketPointer(PacketLayer.Packet, null, 0)));
    }

    [Fact]
    public void FrameCutAnywhere_GivesWhatIsThereOrNothing()
    {
        foreach (byte[] frame in (byte[][])[Tcp, Udp, Mpls])
        {
            foreach (PacketLayer layer in Enum.GetValues<PacketLayer>())
            {
                string whole = Read(frame, new PacketPointer(layer, null, 0));
                for (int length = 0; length < frame.Length; length++)
                {
                    Assert.Contains(Read(frame[..length], new PacketPointer(layer, null, 0)), (string[])["0000", whole]);
                }
            }
        }
    }

    private static string Read(byte[] frame, params PacketPointer[] pointers) =>
        Row(pointers, new SFlowBuilder().Flow(new SampleHeader(), SFlowBuilder.SampledHeader(1, frame)).Build());

    private static string ReadSection(byte[] frame, params PacketPointer[] pointers) =>
        Row(pointers, ExportMessageBuilder.Ipfix().Template(Wire.Template, (315, 65_535)).Data(Wire.Template, [(byte)frame.Length, .. frame]).Build());

    private static string Row(PacketPointer[] pointers, byte[] datagram)
    {
        var field = new CustomField { Place = new ExtraPlace(At, 2, false), Form = CustomForm.Exact, Length = 2, Pointers = pointers };
        DecoderRun run = new DecoderRun(new DecoderOptions { CustomFields = [field], ExtraRowBytes = At + 2, AggregateUnknownEtherType = true }).Feed(datagram);
        return Convert.ToHexString(run.Rows[0].AsSpan(At, 2));
    }
}
