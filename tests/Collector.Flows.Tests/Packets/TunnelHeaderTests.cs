using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;

namespace Collector.Flows.Tests.Packets;

/// <summary>The outer packet is the flow, the inner one goes to the Tunnel fields.</summary>
public sealed class TunnelHeaderTests
{
    private static readonly byte[] Inner4 = IPv4("192.168.0.1", "192.168.0.2", 6, Tcp(1111, 80, 0x12), tos: 4);
    private static readonly byte[] Inner6 = IPv6("2001:db8::1", "2001:db8::2", 17, Udp(53, 54), trafficClass: 4, flowLabel: 9);

    [Fact]
    public void Vxlan_OverIPv4AndIPv6()
    {
        byte[] udp = Udp(5555, 4789, Vxlan(0x1234, Ethernet(0x8100, Tag(3, 100, 0x800, Inner4))));
        foreach (FlowRecord r in new[] { Outer4(17, udp), Outer6(17, udp) })
        {
            Assert.Equal((0x1234u, 5555, 4789, 0), (r.Vxlan, r.SourcePort, r.DestinationPort, r.Vlan));
            AssertInner4(r);
            Assert.False(r.TunnelSourceMac.IsZero);
        }
    }

    [Fact]
    public void Vxlan_WithoutIdentifierFlagOrAsSourcePort_IsNoTunnel()
    {
        byte[] vxlan = Vxlan(0x1234, Ethernet(0x800, Inner4));
        Assert.Equal(0u, Outer4(17, Udp(4789, 5555, vxlan)).Vxlan);
        vxlan[0] = 0;
        FlowRecord r = Outer4(17, Udp(5555, 4789, vxlan));
        Assert.Equal((0u, FlowFamily.None), (r.Vxlan, r.TunnelFamily));
    }

    [Fact]
    public void Vxlan_CutAfterItsHeader_KeepsTheIdentifier()
    {
        FlowRecord r = Outer4(17, Udp(5555, 4789, Vxlan(0x1234, [])));
        Assert.Equal((0x1234u, FlowFamily.None), (r.Vxlan, r.TunnelFamily));
    }

    [Fact]
    public void IpInIp_AllFourWays()
    {
        AssertInner4(Outer4(4, Inner4));
        AssertInner4(Outer6(4, Inner4));
        AssertInner6(Outer4(41, Inner6));
        AssertInner6(Outer6(41, Inner6));
    }

    [Theory]
    [InlineData("00000800")]
    [InlineData("80000800 11112222")]
    [InlineData("20000800 00000007")]
    [InlineData("30000800 00000007 00000001")]
    [InlineData("B0000800 11112222 00000007 00000001")]
    [InlineData("C0000800 11110000 0800000401020304 00000000")]
    [InlineData("70000800 00000000 00000007 00000001 08000004 01020304 08000004 01020304 00000000")]
    public void Gre_WithAnyFlags(string header) => AssertInner4(Outer4(47, [.. Hex(header), .. Inner4]));

    [Theory]
    [InlineData("40000800 00000000 08000004 01020304")]
    [InlineData("40000800 00000000 080000FF 01020304 00000000")]
    [InlineData("20000800 0000")]
    [InlineData("0000")]
    public void Gre_ThatEndsWithinItsHeader_HasNoInnerPacket(string header) => Assert.Equal(FlowFamily.None, Outer4(47, Hex(header)).TunnelFamily);

    [Fact]
    public void Gre_OfOtherVersions_IsNotRead() => Assert.Equal(FlowFamily.None, Outer4(47, [.. Hex("00010800"), .. Inner4]).TunnelFamily);

    [Fact]
    public void Nvgre_GivesTheSubnet()
    {
        FlowRecord r = Outer4(47, [.. Hex("20006558 00123401"), .. Ethernet(0x800, Inner4)]);
        Assert.Equal(0x1234u, r.Nvgre);
        AssertInner4(r);
    }

    [Fact]
    public void Geneve_SkipsItsOptions()
    {
        AssertInner4(Outer4(17, Udp(1, 6081, [.. Hex("02006558 00123400 0000000000000000"), .. Ethernet(0x800, Inner4)])));
        AssertInner6(Outer4(17, Udp(1, 6081, [.. Hex("000086DD 00123400"), .. Inner6])));
    }

    [Fact]
    public void MplsInIpAndGre_GivesLabelsAndInnerPacket()
    {
        FlowRecord r = Outer4(137, Mpls([7], Inner4));
        Assert.Equal(7u, r.MplsLabelTop);
        AssertInner4(r);
        AssertInner6(Outer4(47, [.. Hex("00008847"), .. Mpls([7, 8], Inner6)]));
    }

    [Fact]
    public void SegmentRoutingIPv6_FindsTheInnerPacketBehindTheRoutingHeader()
    {
        byte[] routing = [41, 4, 4, 0, 1, 0, 0, 0, .. new byte[32]];
        FlowRecord r = Outer6(43, [.. routing, .. Inner6]);
        Assert.Equal((41, 0), (r.Protocol, r.SourcePort));
        AssertInner6(r);
    }

    [Fact]
    public void LaterFragment_HasNoInnerPacket()
    {
        byte[] packet = IPv4("1.1.1.1", "2.2.2.2", 4, Inner4, fragment: 5);
        Assert.Equal(FlowFamily.None, SampledHeaderReaderTests.Read(11, packet).TunnelFamily);
    }

    [Theory]
    [InlineData("30FF0000 DEADBEEF")]
    [InlineData("32FF0000 DEADBEEF 00010000")]
    [InlineData("34FF0000 DEADBEEF 00000085 01100985 01100900")]
    [InlineData("37FF0000 DEADBEEF 00000085 02110985 00000000")]
    public void Gtp_GivesTheInnerPacket(string header)
    {
        byte[] gtp = Hex(header);
        FlowRecord r = Outer4(17, Udp(2152, 2152, [.. gtp, .. Inner4]));
        Assert.Equal((17, 2152, 2152), (r.Protocol, r.SourcePort, r.DestinationPort));
        AssertInner4(r);
        AssertInner6(Outer6(17, Udp(2152, 2152, [.. gtp, .. Inner6])));
    }

    [Theory]
    [InlineData("30FE0000 DEADBEEF")]
    [InlineData("50FF0000 DEADBEEF")]
    [InlineData("34FF0000 DEADBEEF 00000085 00000000")]
    public void Gtp_ThatIsNoUserPacket_IsNoTunnel(string header) =>
        Assert.Equal(FlowFamily.None, Outer4(17, Udp(2152, 2152, [.. Hex(header), .. Inner4])).TunnelFamily);

    [Fact]
    public void VxlanGpe_SaysWhatFollows()
    {
        FlowRecord r = Outer4(17, Udp(1, 4790, [.. Hex("0C000001 00123400"), .. Inner4]));
        Assert.Equal(0x1234u, r.Vxlan);
        AssertInner4(r);
        AssertInner6(Outer4(17, Udp(1, 4790, [.. Hex("0C000002 00123400"), .. Inner6])));
        AssertInner4(Outer4(17, Udp(1, 4790, [.. Hex("0C000003 00123400"), .. Ethernet(0x800, Inner4)])));
        AssertInner4(Outer4(17, Udp(1, 4790, [.. Hex("0C000005 00123400"), .. Mpls([7], Inner4)])));
        Assert.Equal(FlowFamily.None, Outer4(17, Udp(1, 4790, [.. Hex("0C000004 00123400"), .. Inner4])).TunnelFamily);
    }

    [Fact]
    public void MplsInUdp_GivesLabelsAndInnerPacket()
    {
        FlowRecord r = Outer4(17, Udp(1, 6635, Mpls([7, 8], Inner4)));
        Assert.Equal((7u, 8u), (r.MplsLabelTop, r.MplsLabelBottom));
        AssertInner4(r);
    }

    [Fact]
    public void FramesInIp_GiveMacsAndInnerPacket()
    {
        byte[] frame = Ethernet(0x8100, Tag(3, 100, 0x800, Inner4));
        foreach (FlowRecord r in new[] { Outer4(97, [0x30, 0, .. frame]), Outer6(143, frame) })
        {
            AssertInner4(r);
            Assert.Equal((false, 0), (r.TunnelSourceMac.IsZero, r.Vlan));
        }
    }

    [Fact]
    public void AuthenticationHeader_InTunnelMode_GivesTheInnerPacketAndStaysTheProtocolInIPv4()
    {
        byte[] header = Hex("04040000 00000001 00000001 000000000000000000000000");
        FlowRecord four = Outer4(51, [.. header, .. Inner4]);
        Assert.Equal((51, 0), (four.Protocol, four.SourcePort));
        AssertInner4(four);
        header[0] = 41;
        FlowRecord six = Outer6(51, [.. header, .. Inner6]);
        Assert.Equal(41, six.Protocol);
        AssertInner6(six);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void C13_EthernetOverMplsWithinATunnel_FindsTheInnerPacket(bool controlWord)
    {
        byte[] frame = Ethernet(0x800, Inner4);
        AssertInner4(Outer4(47, [.. Hex("00008847"), .. Mpls([7, 8], controlWord ? [0, 0, 0, 0, .. frame] : frame)]));
    }

    [Fact]
    public void LabelsOfTheOuterPacket_AreNotReplacedByThoseOfTheInner()
    {
        byte[] packet = IPv4("1.1.1.1", "2.2.2.2", 47, [.. Hex("00008847"), .. Mpls([7, 8, 9], Inner4)]);
        FlowRecord r = SampledHeaderReaderTests.Read(1, Ethernet(0x8847, Mpls([100, 200], packet)));
        Assert.Equal((100u, 200u, 2u), (r.MplsLabelTop, r.MplsLabelBottom, r.MplsStackDepth));
        AssertInner4(r);
    }

    [Fact]
    public void LabelsOfTheInnerPacketAlone_AreShownButDoNotStandBeforeTheOuter()
    {
        FlowRecord r = Outer4(47, [.. Hex("00008847"), .. Mpls([7, 8, 9], Inner4)]);
        Assert.Equal((3u, 0), (r.MplsStackDepth, r.PacketLabels));
    }

    private static FlowRecord Outer4(int protocol, ReadOnlySpan<byte> payload) =>
        SampledHeaderReaderTests.Read(1, Ethernet(0x800, IPv4("1.1.1.1", "2.2.2.2", protocol, payload)));

    private static FlowRecord Outer6(int protocol, ReadOnlySpan<byte> payload) =>
        SampledHeaderReaderTests.Read(1, Ethernet(0x86DD, IPv6("2001:db8::a", "2001:db8::b", protocol, payload)));

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    private static void AssertInner4(in FlowRecord r)
    {
        Assert.True(r.SourceAddress.ToString() is "1.1.1.1" or "2001:db8::a");
        Assert.Equal((FlowFamily.IPv4, "192.168.0.1", "192.168.0.2"), (r.TunnelFamily, r.TunnelSourceAddress.ToString(), r.TunnelDestinationAddress.ToString()));
        Assert.Equal((6, 4, 1111, 80, 0x12), (r.TunnelProtocol, r.TunnelTos, r.TunnelSourcePort, r.TunnelDestinationPort, r.TunnelTcpFlags));
    }

    private static void AssertInner6(in FlowRecord r)
    {
        Assert.True(r.SourceAddress.ToString() is "1.1.1.1" or "2001:db8::a");
        Assert.Equal((FlowFamily.IPv6, "2001:db8::1", "2001:db8::2"), (r.TunnelFamily, r.TunnelSourceAddress.ToString(), r.TunnelDestinationAddress.ToString()));
        Assert.Equal((17, 4, 53, 54, 9u), (r.TunnelProtocol, r.TunnelTos, r.TunnelSourcePort, r.TunnelDestinationPort, r.TunnelFlowLabel));
    }
}
