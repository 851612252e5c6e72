using Collector.Flows.Packets;
using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;

namespace Collector.Flows.Tests.Packets;

/// <summary>Link layers, IP headers and what is left of them when they are cut.</summary>
public sealed class SampledHeaderReaderTests
{
    private static readonly byte[] Ip4 = IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80), tos: 0x28);
    private static readonly byte[] Ip6 = IPv6("2001:db8::1", "2001:db8::2", 6, Tcp(1111, 80), trafficClass: 0x28, flowLabel: 0x12345);

    [Fact]
    public void EthernetIPv4_FillsAllLayers()
    {
        FlowRecord r = Read(1, Ethernet(0x800, Ip4));
        byte[] macs = new byte[12];
        r.SourceMac.WriteTo(macs);
        r.DestinationMac.WriteTo(macs.AsSpan(6));
        Assert.Equal([.. SourceMac, .. DestinationMac], macs);
        Assert.Equal((0x800, FlowFamily.IPv4, "10.0.0.1", "10.0.0.2"), (r.EtherType, r.Family, r.SourceAddress.ToString(), r.DestinationAddress.ToString()));
        Assert.Equal((6, 0x28, 1111, 80, 0x18), (r.Protocol, r.Tos, r.SourcePort, r.DestinationPort, r.TcpFlags));
    }

    [Fact]
    public void EthernetIPv6_FillsAllLayers()
    {
        FlowRecord r = Read(1, Ethernet(0x86DD, Ip6));
        Assert.Equal((0x86DD, FlowFamily.IPv6, "2001:db8::1", "2001:db8::2"), (r.EtherType, r.Family, r.SourceAddress.ToString(), r.DestinationAddress.ToString()));
        Assert.Equal((6, 0x28, 0x12345u, 1111, 80, 0x18), (r.Protocol, r.Tos, r.FlowLabel, r.SourcePort, r.DestinationPort, r.TcpFlags));
    }

    [Theory]
    [InlineData(0x8100)]
    [InlineData(0x88A8)]
    [InlineData(0x9100)]
    [InlineData(0x9200)]
    [InlineData(0x9300)]
    public void X9_AnyTagProtocol_AloneAndStacked(int type)
    {
        FlowRecord one = Read(1, Ethernet(type, Tag(5, 100, 0x800, Ip4)));
        Assert.Equal((100, 5, 0, 0x800, 80), (one.Vlan, one.Cos, one.IngressCustomerVlan, one.EtherType, one.DestinationPort));
        FlowRecord three = Read(1, Ethernet(type, Tag(5, 100, 0x8100, Tag(3, 200, 0x8100, Tag(1, 300, 0x86DD, Ip6)))));
        Assert.Equal((100, 5, 200, 0x86DD, 80), (three.Vlan, three.Cos, three.IngressCustomerVlan, three.EtherType, three.DestinationPort));
    }

    [Theory]
    [InlineData(0x21)]
    [InlineData(0x57)]
    [InlineData(0x281)]
    public void X9_Pppoe(int protocol)
    {
        byte[] payload = protocol switch { 0x21 => Ip4, 0x57 => Ip6, _ => Mpls([100], Ip4) };
        FlowRecord r = Read(1, Ethernet(0x8100, Tag(0, 7, 0x8864, Pppoe(protocol, payload))));
        Assert.Equal((7, protocol == 0x57 ? 0x86DD : 0x800, 80), (r.Vlan, r.EtherType, r.DestinationPort));
    }

    [Fact]
    public void X9_LlcAndSnap()
    {
        Assert.Equal(80, Read(1, Ethernet(8 + Ip4.Length, Snap(0x800, Ip4))).DestinationPort);
        Assert.Equal(80, Read(1, Ethernet(0x8100, Tag(0, 7, 8 + Ip6.Length, Snap(0x86DD, Ip6)))).DestinationPort);
        Assert.Equal(80, Read(1, Ethernet(3 + Ip4.Length, [6, 6, 3, .. Ip4])).DestinationPort);
        Assert.Equal((0, FlowFamily.None), (Read(1, Ethernet(38, new byte[38])).EtherType, Read(1, Ethernet(38, new byte[38])).Family));
    }

    [Fact]
    public void X9_MplsToIPv4AndIPv6()
    {
        FlowRecord two = Read(1, Ethernet(0x8847, Mpls([100, 200], Ip4)));
        Assert.Equal((100u, 200u, 2u, 0x800, 80), (two.MplsLabelTop, two.MplsLabelBottom, two.MplsStackDepth, two.EtherType, two.DestinationPort));
        FlowRecord three = Read(1, Ethernet(0x8100, Tag(0, 9, 0x8848, Mpls([100, 200, 2], Ip6))));
        Assert.Equal((9, 2u, 3u, 0x86DD, 80), (three.Vlan, three.MplsLabelBottom, three.MplsStackDepth, three.EtherType, three.DestinationPort));
        Assert.Equal((2, 3), (two.PacketLabels, three.PacketLabels));
    }

    [Fact]
    public void X9_SnapNamesATag_TheStackGoesOn()
    {
        FlowRecord r = Read(1, Ethernet(100, Snap(0x8100, Tag(5, 100, 0x8100, Tag(0, 200, 0x800, Ip4)))));
        Assert.Equal((100, 5, 200, 0x800, 80), (r.Vlan, r.Cos, r.IngressCustomerVlan, r.EtherType, r.DestinationPort));
    }

    [Fact]
    public void X9_JumboFrame_IsReadLikeAnyOther()
    {
        FlowRecord r = Read(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 6, [.. Tcp(1111, 80), .. new byte[8960]])).AsSpan(0, 128));
        Assert.Equal(("10.0.0.1", 1111, 80), (r.SourceAddress.ToString(), r.SourcePort, r.DestinationPort));
    }

    [Fact]
    public void MplsStack_IsKeptAsValues()
    {
        var values = new ValueTable();
        FlowRecord record = default;
        SampledHeaderReader.Read(1, Ethernet(0x8847, Mpls([100, 70_000], Ip4)), values, ref record);
        Assert.Equal(new WireWriter().U32(100, 70_000).ToArray(), values.Snapshot[record.MplsLabelStack].ToArray());
    }

    [Fact]
    public void MplsStackDeeperThanTheLimit_IsCountedAndFollowed()
    {
        uint[] labels = [.. Enumerable.Range(1, MplsStack.MaxLabels + 9).Select(i => (uint)i)];
        FlowRecord r = Read(1, Ethernet(0x8847, Mpls(labels, Ip4)));
        Assert.Equal((1u, (uint)labels.Length, (uint)labels.Length, 80), (r.MplsLabelTop, r.MplsLabelBottom, r.MplsStackDepth, r.DestinationPort));
    }

    [Theory]
    [InlineData(false, 0x02)]
    [InlineData(true, 0x02)]
    [InlineData(false, 0x40)]
    [InlineData(false, 0x60)]
    [InlineData(true, 0x60)]
    [InlineData(false, 0x00)]
    public void C13_EthernetOverMpls_FindsTheInnerPacket(bool controlWord, byte firstByte)
    {
        byte[] frame = Ethernet(0x8100, Tag(0, 5, 0x800, Ip4));
        frame[0] = firstByte;
        FlowRecord r = Read(1, Ethernet(0x8847, Mpls([100, 200], controlWord ? [0, 0, 0, 0, .. frame] : frame)));
        Assert.Equal((200u, 0x800, "10.0.0.1", 80, 0), (r.MplsLabelBottom, r.EtherType, r.SourceAddress.ToString(), r.DestinationPort, r.Vlan));
        Assert.False(r.TunnelSourceMac.IsZero);
    }

    [Fact]
    public void IPv6AddressThatLooksLikeAFrameUnderMpls_IsIPv6()
    {
        FlowRecord r = Read(1, Ethernet(0x8847, Mpls([100], IPv6("2001:db8:800::1", "2001:db8::2", 6, Tcp(1111, 80)))));
        Assert.Equal(("2001:db8:800::1", 80), (r.SourceAddress.ToString(), r.DestinationPort));
    }

    [Fact]
    public void RawProtocols_LeaveTheEtherTypeUnknown()
    {
        FlowRecord four = Read(11, Ip4);
        Assert.Equal((0, FlowFamily.IPv4, 80), (four.EtherType, four.Family, four.DestinationPort));
        FlowRecord six = Read(12, Ip6);
        Assert.Equal((0, FlowFamily.IPv6, 80), (six.EtherType, six.Family, six.DestinationPort));
        FlowRecord mpls = Read(13, Mpls([100], Ip4));
        Assert.Equal((0x800, 100u, 80), (mpls.EtherType, mpls.MplsLabelTop, mpls.DestinationPort));
    }

    [Theory]
    [InlineData("FF030021", 7)]
    [InlineData("0021", 7)]
    [InlineData("21", 7)]
    [InlineData("FF0321", 7)]
    [InlineData("FF030021", 14)]
    public void Ppp_WithAndWithoutCompression(string prefix, uint protocol)
    {
        FlowRecord r = Read(protocol, [.. Convert.FromHexString(prefix), .. Ip4]);
        Assert.Equal((0x800, 80), (r.EtherType, r.DestinationPort));
    }

    [Theory]
    [InlineData(2u)]
    [InlineData(4u)]
    [InlineData(0xFFFF_FFFFu)]
    public void OtherProtocols_AreRefusedByName(uint protocol)
    {
        FlowRecord record = default;
        Assert.Equal(DecodeFault.UnknownFormat, SampledHeaderReader.Read(protocol, Ethernet(0x800, Ip4), new ValueTable(), ref record));
        Assert.Equal(FlowFamily.None, record.Family);
    }

    [Fact]
    public void IPv4OptionsAndFragments()
    {
        Assert.Equal(80, Read(11, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80), options: new byte[8])).DestinationPort);
        Assert.Equal(80, Read(11, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80), fragment: 0x2000)).DestinationPort);
        FlowRecord later = Read(11, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80), fragment: 0x2010));
        Assert.Equal((6, 0, 0, 0), (later.Protocol, later.SourcePort, later.DestinationPort, later.TcpFlags));
    }

    [Fact]
    public void IPv4HeaderLengthBelowFive_GivesNoPorts()
    {
        byte[] packet = [.. Ip4];
        packet[0] = 0x44;
        FlowRecord r = Read(11, packet);
        Assert.Equal(("10.0.0.1", 6, 0), (r.SourceAddress.ToString(), r.Protocol, r.SourcePort));
    }

    [Theory]
    [InlineData(0, "06000000 00000000")]
    [InlineData(60, "06010000 00000000 00000000 00000000")]
    [InlineData(43, "06020401 00000000 00000000 00000000 00000000 00000000")]
    [InlineData(44, "06000001 00000007")]
    [InlineData(51, "06040000 00000000 00000000 00000000 00000000 00000000")]
    [InlineData(135, "06000000 00000000")]
    [InlineData(0, "3C000000 00000000 2B000000 00000000 2C000000 00000000 06000001 00000007")]
    public void IPv6ExtensionHeaders_LeadToThePorts(int first, string headers)
    {
        byte[] extensions = Convert.FromHexString(headers.Replace(" ", "", StringComparison.Ordinal));
        FlowRecord r = Read(1, Ethernet(0x86DD, IPv6("2001:db8::1", "2001:db8::2", first, [.. extensions, .. Tcp(1111, 80)])));
        Assert.Equal((6, 1111, 80, 0x18), (r.Protocol, r.SourcePort, r.DestinationPort, r.TcpFlags));
    }

    [Fact]
    public void IPv6LaterFragment_HasAProtocolButNoPorts()
    {
        FlowRecord r = Read(12, IPv6("2001:db8::1", "2001:db8::2", 44, [6, 0, 0x10, 1, 0, 0, 0, 7, .. Tcp(1111, 80)]));
        Assert.Equal((6, 0, 0, 0), (r.Protocol, r.SourcePort, r.DestinationPort, r.TcpFlags));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(58)]
    [InlineData(132)]
    [InlineData(50)]
    public void ProtocolsOtherThanTcpAndUdp_HaveNoPorts(int protocol)
    {
        FlowRecord r = Read(11, IPv4("10.0.0.1", "10.0.0.2", protocol, Tcp(1111, 80)));
        Assert.Equal((protocol, 0, 0, 0), (r.Protocol, r.SourcePort, r.DestinationPort, r.TcpFlags));
    }

    [Fact]
    public void X5_HuaweiCut_FiftyTwoBytes_StillHasPortsAndFlags()
    {
        byte[] frame = Ethernet(0x8100, Tag(0, 7, 0x800, Ip4)).AsSpan(0, 52).ToArray();
        FlowRecord r = Read(1, frame);
        Assert.Equal((7, 1111, 80, 0x18), (r.Vlan, r.SourcePort, r.DestinationPort, r.TcpFlags));
    }

    [Theory]
    [InlineData(3, 0, 0, 0)]
    [InlineData(4, 1111, 80, 0)]
    [InlineData(13, 1111, 80, 0)]
    [InlineData(14, 1111, 80, 0x18)]
    public void CutTcp_GivesWhatIsThere(int bytes, int source, int destination, int flags)
    {
        FlowRecord r = Read(11, Ip4.AsSpan(0, 20 + bytes));
        Assert.Equal((source, destination, flags), (r.SourcePort, r.DestinationPort, r.TcpFlags));
    }

    [Theory]
    [InlineData(0x800, 19)]
    [InlineData(0x86DD, 39)]
    [InlineData(0x800, 0)]
    public void CutBeforeTheAddresses_KeepsTheFamilyAndIsAFault(int type, int bytes)
    {
        FlowRecord record = default;
        byte[] frame = Ethernet(type, (type == 0x800 ? Ip4 : Ip6).AsSpan(0, bytes));
        Assert.Equal(DecodeFault.BadSampledHeader, SampledHeaderReader.Read(1, frame, new ValueTable(), ref record));
        Assert.Equal(type == 0x800 ? FlowFamily.IPv4 : FlowFamily.IPv6, record.Family);
        Assert.Equal((type == 0x800 ? "0.0.0.0" : "::", type), (record.SourceAddress.ToString(), record.EtherType));
    }

    [Fact]
    public void VersionThatContradictsTheType_IsAFault()
    {
        FlowRecord record = default;
        Assert.Equal(DecodeFault.BadSampledHeader, SampledHeaderReader.Read(1, Ethernet(0x800, Ip6), new ValueTable(), ref record));
        Assert.Equal(("0.0.0.0", 0), (record.SourceAddress.ToString(), record.Protocol));
    }

    [Fact]
    public void CutAnywhere_NeverInventsALaterLayer()
    {
        byte[] frame = Ethernet(0x88A8, Tag(1, 5, 0x8100, Tag(0, 6, 0x8847, Mpls([100, 200], Ip6))));
        FlowRecord whole = Read(1, frame);
        for (int length = 0; length < frame.Length; length++)
        {
            FlowRecord r = Read(1, frame.AsSpan(0, length));
            Assert.True(r.SourcePort is 0 || r.SourcePort == whole.SourcePort);
            Assert.True(r.Vlan is 0 || r.Vlan == whole.Vlan);
            Assert.True(r.EtherType is 0 or 0x8847 or 0x86DD);
            Assert.True(r.SourceAddress == whole.SourceAddress || r.SourceAddress.IsUnspecified);
        }
    }

    internal static FlowRecord Read(uint protocol, ReadOnlySpan<byte> header)
    {
        FlowRecord record = default;
        SampledHeaderReader.Read(protocol, header, new ValueTable(), ref record);
        return record;
    }
}
