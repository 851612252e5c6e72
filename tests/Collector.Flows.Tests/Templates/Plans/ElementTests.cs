using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates.Plans;

/// <summary>Which element fills which field, and which wins (pmacct-compat §8.5).</summary>
public sealed class ElementTests
{
    private static readonly ulong Client = Wire.IPv4("10.1.2.3"), Server = Wire.IPv4("192.168.5.47");

    public static TheoryData<int, int, ulong, FlowField, ulong> Numbers => new()
    {
        { 1, 1, 200, FlowField.Octets, 200 },
        { 1, 3, 0x123456, FlowField.Octets, 0x123456 },
        { 1, 4, uint.MaxValue, FlowField.Octets, uint.MaxValue },
        { 1, 5, 0x12_3456_789A, FlowField.Octets, 0x12_3456_789A },
        { 1, 7, 0x12_3456_789A_BCDE, FlowField.Octets, 0x12_3456_789A_BCDE },
        { 1, 8, ulong.MaxValue, FlowField.Octets, ulong.MaxValue },
        { 1, 16, 12345, FlowField.Octets, 12345 },
        { 85, 8, 77, FlowField.Octets, 77 },
        { 352, 8, 78, FlowField.Octets, 78 },
        { 2, 6, 0x1234_5678_9ABC, FlowField.Packets, 0x1234_5678_9ABC },
        { 86, 8, 9, FlowField.Packets, 9 },
        { 24, 4, 8, FlowField.Packets, 8 },
        { 3, 4, 5, FlowField.Flows, 5 },
        { 10, 2, 700, FlowField.IngressInterface, 700 },
        { 10, 3, 70_000, FlowField.IngressInterface, 70_000 },
        { 252, 4, 0x5000_000B, FlowField.IngressInterface, 0x5000_000B },
        { 253, 4, 3, FlowField.EgressInterface, 3 },
        { 16, 2, 65_001, FlowField.SourceAs, 65_001 },
        { 17, 4, 4_200_000_001, FlowField.DestinationAs, 4_200_000_001 },
        { 129, 4, 4_200_000_002, FlowField.PeerSourceAs, 4_200_000_002 },
        { 128, 2, 23_456, FlowField.PeerDestinationAs, 23_456 },
        { 180, 2, 53, FlowField.SourcePort, 53 },
        { 183, 2, 443, FlowField.DestinationPort, 443 },
        { 11, 2, 0x0800, FlowField.DestinationPort, 0x0800 },
        { 5, 1, 184, FlowField.Tos, 184 },
        { 89, 1, 64, FlowField.ForwardingStatus, 64 },
        { 89, 4, 195, FlowField.ForwardingStatus, 195 },
        { 89, 4, 0x40000000, FlowField.ForwardingStatus, 0 },
        { 61, 1, 0, FlowField.SamplingDirection, 'i' },
        { 61, 1, 1, FlowField.SamplingDirection, 'e' },
        { 61, 1, 255, FlowField.SamplingDirection, 'u' },
        { 58, 2, 700, FlowField.Vlan, 700 },
        { 254, 2, 701, FlowField.EgressVlan, 701 },
        { 245, 2, 702, FlowField.IngressCustomerVlan, 702 },
        { 244, 1, 5, FlowField.Cos, 5 },
        { 256, 2, 0x0806, FlowField.EtherType, 0x0806 },
        { 31, 4, 0xABCDE, FlowField.FlowLabel, 0xABCDE },
        { 31, 3, 0xABCDE, FlowField.FlowLabel, 0xABCDE },
        { 230, 1, 1, FlowField.NatEvent, 1 },
        { 40005, 1, 2, FlowField.NatEvent, 2 },
        { 227, 2, 1024, FlowField.PostNatSourcePort, 1024 },
        { 40004, 2, 1025, FlowField.PostNatDestinationPort, 1025 },
        { 233, 1, 3, FlowField.FirewallEvent, 3 },
        { 234, 4, 0x60000000, FlowField.IngressVrfId, 0x60000000 },
        { 249, 4, 99, FlowField.MplsPseudowireId, 99 },
        { 90, 8, 0x0000_FDE8_0000_0001, FlowField.RouteDistinguisher, 0x0000_FDE8_0000_0001 },
        { 351, 8, 0x0100_0000_0000_1234, FlowField.Vxlan, 0x1234 },
        { 351, 8, 0x0200_0000_0000_1235, FlowField.Nvgre, 0x1235 },
        { 601, 4, 12, FlowField.PathDelayMinimum, 12 },
        { 48, 1, 3, FlowField.SamplerId, 3 },
        { 302, 8, 4, FlowField.SamplerId, 4 },
        { 29, 1, 48, FlowField.SourceMask, 0 },
        { 9, 1, 24, FlowField.SourceMask, 24 },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void P10_NumberOfAnyLength_LandsInItsField(int id, int length, ulong sent, FlowField field, ulong expected)
    {
        Assert.Equal(expected, Read(Wire.Decode(9, [((id, length), sent)]), field));
        if (id < 0x8000)
        {
            Assert.Equal(expected, Read(Wire.Decode(10, [((id, length), sent)]), field));
        }
    }

    [Theory]
    [InlineData(1, FlowField.Tag)]
    [InlineData(2, FlowField.Tag2)]
    public void P12_EnterpriseElement_IsToldFromIanasNumber(int id, FlowField field)
    {
        FlowRecord r = Wire.Decode(10, [(new FieldSpecifier(id, 8, 43874), 4711)]);
        Assert.Equal((4711ul, 0ul, 0ul), (Read(r, field), r.Octets, r.Packets));
    }

    [Fact]
    public void P12_TypeAbove32767InNetFlow9_HasNoEnterpriseNumber() =>
        Assert.Equal(9ul, Wire.Decode(9, [((40001, 4), Client), ((2, 4), 9)]).Packets);

    [Theory]
    [InlineData(1, 85, 23)]
    [InlineData(85, 23, 352)]
    [InlineData(2, 86, 24)]
    public void FirstPresentElement_Wins_WhereverItStands(int first, int second, int third)
    {
        FlowRecord r = Wire.Decode(9, [((third, 4), 3), ((first, 4), 1), ((second, 4), 2)]);
        Assert.Equal(1ul, first == 2 ? r.Packets : r.Octets);
    }

    [Fact]
    public void C1_ZeroOutCounters_NeverOverwrite()
    {
        FlowRecord r = Wire.Decode(9, [((2, 4), 7), ((1, 4), 700), ((24, 4), 0), ((23, 4), 0)]);
        Assert.Equal((7ul, 700ul), (r.Packets, r.Octets));
    }

    // FortiGate counts before and after its work, both in one record.
    [Fact]
    public void C2_CountersBeforeAndAfter_AreNotAdded()
    {
        FlowRecord r = Wire.Decode(9, [((1, 4), 700), ((23, 4), 700), ((2, 4), 7), ((24, 4), 7)]);
        Assert.Equal((700ul, 7ul), (r.Octets, r.Packets));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void C3_Totals_CountWhereThereAreNoDeltas(int length)
    {
        FlowRecord r = Wire.Decode(9, [((85, length), 700), ((86, length), 7)]);
        Assert.Equal((700ul, 7ul, FlowKind.Flow), (r.Octets, r.Packets, r.Kind));
        r = Wire.Decode(9, [((85, length), 700), ((86, length), 7), ((1, 4), 100), ((2, 4), 1)]);
        Assert.Equal((100ul, 1ul), (r.Octets, r.Packets));
    }

    // Type and code of ICMP have elements of their own, which fill no port; ports are taken as they are sent (pmacct-compat §8.5).
    [Theory]
    [InlineData(32, 0)]
    [InlineData(139, 0)]
    [InlineData(11, 0x0803)]
    public void C8_IcmpTypeAndCode_InventNoPorts(int element, int port)
    {
        FlowRecord r = Wire.Decode(10, [((4, 1), 1), ((element, 2), 0x0803), ((1, 4), 1)]);
        Assert.Equal((0, port), (r.SourcePort, r.DestinationPort));
    }

    [Fact]
    public void C9_PhysicalInterfaces_StandInForMissingOnes()
    {
        FlowRecord r = Wire.Decode(10, [((252, 4), 7), ((253, 4), 8), ((1, 4), 1)]);
        Assert.Equal((7u, 8u), (r.IngressInterface, r.EgressInterface));
        r = Wire.Decode(10, [((252, 4), 7), ((253, 4), 8), ((10, 4), 17), ((14, 4), 18), ((1, 4), 1)]);
        Assert.Equal((17u, 18u), (r.IngressInterface, r.EgressInterface));
    }

    // Nokia sends its own numbers of interfaces; they stay what they are.
    [Fact]
    public void C10_InterfaceNumbers_AreNotReadAsAnythingElse() =>
        Assert.Equal(0x5000_000Bu, Wire.Decode(10, [((10, 4), 0x5000_000B), ((1, 4), 1)]).IngressInterface);

    [Fact]
    public void C11_DirectionOf255_IsUnknown()
    {
        FlowRecord r = Wire.Decode(9, [((61, 1), 255), ((14, 4), 0), ((15, 4), 0), ((18, 4), Server), ((1, 4), 1)]);
        Assert.Equal(((byte)'u', 0u, 0, IpAddress.Parse("192.168.5.47")), (r.SamplingDirection, r.EgressInterface, r.ForwardingStatus, r.NextHop));
    }

    [Theory]
    [InlineData(0, 0, 128)]
    [InlineData(7, 0, 0)]
    [InlineData(0, 1, 0)]
    public void C11_NeitherInterfaceNorNextHop_IsADiscardOnRequest(int egress, int hop, int status)
    {
        (FieldSpecifier, ulong)[] fields = [((14, 4), (ulong)egress), ((15, 4), (ulong)hop), ((18, 4), Server), ((1, 4), 1)];
        Assert.Equal(status, Wire.Decode(9, fields, new DecoderOptions { DiscardWithoutNextHop = true }).ForwardingStatus);
        Assert.Equal(0, Wire.Decode(9, fields).ForwardingStatus);
        Assert.Equal(64, Wire.Decode(9, [.. fields, ((89, 1), 64)], new DecoderOptions { DiscardWithoutNextHop = true }).ForwardingStatus);
    }

    [Theory]
    [InlineData(4, 65_001)]
    [InlineData(2, 65_001)]
    [InlineData(4, 23_456)]
    [InlineData(4, 4_200_000_000)]
    [InlineData(4, 4_294_967_295)]
    public void C14_AsNumbers_HaveThirtyTwoBitsWithoutASign(int length, uint number)
    {
        FlowRecord r = Wire.Decode(9, [((16, length), number), ((17, length), number), ((128, length), number), ((129, length), number), ((1, 4), 1)]);
        Assert.Equal((number, number, number, number), (r.SourceAs, r.DestinationAs, r.PeerDestinationAs, r.PeerSourceAs));
    }

    // The exporter's mapped address is its IPv4 address; in a flow the family of the element decides how it is printed.
    [Fact]
    public void C15_MappedAddresses_EqualTheirIPv4()
    {
        byte[] record = new WireWriter().Bytes(new byte[10]).U16(0xFFFF).Address(IpAddress.Parse("10.1.2.3")).Bytes(new byte[10]).U16(0xFFFF)
            .Address(IpAddress.Parse("192.168.5.47")).U32(1).ToArray();
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (131, 16), (27, 16), (1, 4)).Data(Wire.Template, record));
        Assert.Equal((IpAddress.Parse("10.1.2.3"), IpAddress.Parse("192.168.5.47")), (r.ExporterAddress, r.SourceAddress));
        Assert.True(r.ExporterAddress.IsIPv4);
        Assert.Equal(FlowFamily.IPv6, r.Family);
    }

    [Fact]
    public void C16_PeerAndOriginAses_AreApart()
    {
        FlowRecord r = Wire.Decode(9, [((16, 4), 1), ((17, 4), 2), ((128, 4), 4), ((129, 4), 3), ((1, 4), 1)]);
        Assert.Equal((1u, 2u, 3u, 4u), (r.SourceAs, r.DestinationAs, r.PeerSourceAs, r.PeerDestinationAs));
    }

    [Theory]
    [InlineData(0x8000_0000_0000_0000)]
    [InlineData(ulong.MaxValue)]
    public void C18_CountersOfSixtyFourBits_HaveNoSign(ulong count)
    {
        FlowRecord r = Wire.Decode(10, [((1, 8), count), ((2, 8), count)]);
        Assert.Equal((count, count), (r.Octets, r.Packets));
    }

    [Fact]
    public void P6_PaddingOctetsOfTwoLengths_AreCountedAtTheirPlaces()
    {
        FlowRecord r = Wire.Decode(9, [((210, 3), 1), ((7, 2), 53), ((210, 1), 2), ((11, 2), 443), ((210, 6), 3), ((1, 4), 100)]);
        Assert.Equal((53, 443, 100ul), (r.SourcePort, r.DestinationPort, r.Octets));
    }

    // The last one counts, as in pmacct, and the others keep their places (pmacct-compat §8.1).
    [Fact]
    public void P13_RepeatedElement_TheLastCounts()
    {
        FlowRecord r = Wire.Decode(9, [((210, 3), 0), ((7, 2), 1), ((7, 2), 2), ((210, 1), 0), ((1, 4), 100)]);
        Assert.Equal((2, 100ul), (r.SourcePort, r.Octets));
        r = Wire.Decode(9, [((8, 4), Client), ((10, 4), 7), ((10, 2), 8), ((8, 4), Server), ((2, 8), 1), ((2, 4), 2)]);
        Assert.Equal((IpAddress.Parse("192.168.5.47"), 8u, 2ul), (r.SourceAddress, r.IngressInterface, r.Packets));
    }

    [Theory]
    [InlineData(230, 1)]
    [InlineData(233, 4)]
    public void EventElements_MakeAnEvent_NatEvenWithCounters(int id, int counter) =>
        Assert.Equal(FlowKind.Event, Wire.Decode(9, [((id, 1), 1), ((id == 230 ? counter : 8, 4), 1)]).Kind);

    [Theory]
    [InlineData(8, 12, FlowFamily.IPv4)]
    [InlineData(44, 45, FlowFamily.IPv4)]
    [InlineData(366, 12, FlowFamily.IPv4)]
    public void IPv4Addresses_GiveFamilyAndEtherType(int source, int destination, FlowFamily family)
    {
        FlowRecord r = Wire.Decode(9, [((source, 4), Client), ((destination, 4), Server), ((9, 1), 24), ((13, 1), 27)]);
        Assert.Equal((IpAddress.Parse("10.1.2.3"), IpAddress.Parse("192.168.5.47")), (r.SourceAddress, r.DestinationAddress));
        Assert.Equal((family, (ushort)0x0800, 24, 27), (r.Family, r.EtherType, r.SourceMask, r.DestinationMask));
        bool given = source == 44;
        Assert.Equal(given, (r.Flags & FlowRecordFlags.SourceNetworkGiven) != 0);
        Assert.Equal(given ? r.SourceAddress : default, r.SourceNetwork);
    }

    [Fact]
    public void IPv6Addresses_TakeTheirOwnMasks()
    {
        FlowRecord r = Both(default, default, IpAddress.Parse("2001:db8::1"), IpAddress.Parse("2001:db8::2"), only: 6);
        Assert.Equal((IpAddress.Parse("2001:db8::1"), IpAddress.Parse("2001:db8::2")), (r.SourceAddress, r.DestinationAddress));
        Assert.Equal((FlowFamily.IPv6, (ushort)0x86DD, 48, 64), (r.Family, r.EtherType, r.SourceMask, r.DestinationMask));
    }

    [Theory]
    [InlineData(0, "10.0.0.1", "::", FlowFamily.IPv4)]
    [InlineData(0, "0.0.0.0", "2001:db8::1", FlowFamily.IPv6)]
    [InlineData(0, "0.0.0.0", "::", FlowFamily.IPv4)]
    [InlineData(6, "10.0.0.1", "2001:db8::1", FlowFamily.IPv6)]
    [InlineData(4, "0.0.0.0", "2001:db8::1", FlowFamily.IPv4)]
    [InlineData(9, "10.0.0.1", "2001:db8::1", FlowFamily.IPv4)]
    public void P14_BothFamiliesInATemplate_EachRecordDecides(int version, string ipv4, string ipv6, FlowFamily family)
    {
        FlowRecord r = Both(IpAddress.Parse(ipv4), IpAddress.Parse(ipv4), IpAddress.Parse(ipv6), IpAddress.Parse(ipv6), version: version);
        Assert.Equal((family, IpAddress.Parse(family == FlowFamily.IPv4 ? ipv4 : ipv6)), (r.Family, r.SourceAddress));
        Assert.Equal(family == FlowFamily.IPv4 ? (0x0800, 24, 27) : (0x86DD, 48, 64), (r.EtherType, r.SourceMask, r.DestinationMask));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(2)]
    [InlineData(128)]
    public void F6_AddressOfAbsurdLength_IsPassedOver(int length)
    {
        FlowRecord r = Wire.Decode(9, [((8, length), 1), ((12, 4), Server), ((1, 4), 100)]);
        Assert.Equal((default, IpAddress.Parse("192.168.5.47"), 100ul), (r.SourceAddress, r.DestinationAddress, r.Octets));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 20)]
    [InlineData(255, 0)]
    public void Vlan_FollowsTheDirection(int direction, int vlan) =>
        Assert.Equal(vlan, Wire.Decode(9, [((58, 2), 10), ((59, 2), 20), ((61, 1), (ulong)direction)]).Vlan);

    [Fact]
    public void Vlan_OfADirectionWithoutItsElement_IsNone() => Assert.Equal(0, Wire.Decode(9, [((58, 2), 10), ((61, 1), 1)]).Vlan);

    // nfacctd 1.7.7 keeps flags of one byte for every protocol, and loses those of two bytes.
    [Theory]
    [InlineData(6, 1, 0x12)]
    [InlineData(1, 1, 0x12)]
    [InlineData(6, 2, 0x0112)]
    [InlineData(17, 2, 0x12)]
    public void TcpFlags_AreTheLowByte_WhateverTheProtocol(int protocol, int length, ulong sent) =>
        Assert.Equal(0x12, Wire.Decode(10, [((6, length), sent), ((4, 1), (ulong)protocol)]).TcpFlags);

    [Theory]
    [InlineData(false, "10.0.0.47")]
    [InlineData(true, "10.0.0.47")]
    public void NextHop_BgpBeforePlainRouting(bool useIpNextHop, string expected)
    {
        FlowRecord r = Wire.Decode(9, [((15, 4), Client), ((47, 4), Wire.IPv4("10.0.0.47"))], new DecoderOptions { UseIpNextHop = useIpNextHop });
        Assert.Equal((IpAddress.Parse(expected), FlowFamily.IPv4), (r.NextHop, r.NextHopFamily));
    }

    [Fact]
    public void NextHopOfPlainRouting_OnlyOnRequest()
    {
        (FieldSpecifier, ulong)[] fields = [((15, 4), Client)];
        Assert.Equal(FlowFamily.None, Wire.Decode(9, fields).NextHopFamily);
        Assert.Equal(IpAddress.Parse("10.1.2.3"), Wire.Decode(9, fields, new DecoderOptions { UseIpNextHop = true }).NextHop);
    }

    [Theory]
    [InlineData(4, "0.0.0.0")]
    [InlineData(6, "2001:db8::63")]
    public void NextHopsOfBothFamilies_TheFlowsOwnWhereTheOtherIsNone(int version, string expected)
    {
        byte[] record = new WireWriter().U8(version).Bytes(new byte[4]).Address(IpAddress.Parse("2001:db8::63")).Bytes(new byte[20]).ToArray();
        FlowRecord r = Wire.Decode(ExportMessageBuilder.NetFlow9()
            .Template(Wire.Template, (60, 1), (18, 4), (63, 16), (8, 4), (27, 16)).Data(Wire.Template, record));
        Assert.Equal(IpAddress.Parse(expected), r.NextHop);
    }

    [Fact]
    public void C16_OriginAses_ArePeerAsesOnRequest()
    {
        (FieldSpecifier, ulong)[] fields = [((16, 4), 1), ((17, 4), 2)];
        FlowRecord r = Wire.Decode(9, fields, new DecoderOptions { PeerAs = true });
        Assert.Equal((1u, 2u, 0u, 0u), (r.PeerSourceAs, r.PeerDestinationAs, r.SourceAs, r.DestinationAs));
        Assert.Equal((0u, 0u), (Wire.Decode(9, fields).PeerSourceAs, Wire.Decode(9, fields, new DecoderOptions { AsFromExport = false }).SourceAs));
    }

    [Fact]
    public void C17_ExporterInTheRecord_UnlessIgnored()
    {
        (FieldSpecifier, ulong)[] fields = [((130, 4), Client)];
        Assert.Equal(IpAddress.Parse("10.1.2.3"), Wire.Decode(10, fields).ExporterAddress);
        Assert.Equal(DecoderRun.Source, Wire.Decode(10, fields, new DecoderOptions { IgnoreExporterAddress = true }).ExporterAddress);
        Assert.Equal(DecoderRun.Source, Wire.Decode(10, [((130, 4), 0)]).ExporterAddress);
    }

    // nfacctd 1.7.7, with filters of mpls and mpls, looks behind as many labels as the template has fields.
    [Fact]
    public void LabelsOfThePacket_AreTheFieldsUpToTheBottom()
    {
        Assert.Equal(2, Wire.Decode(9, [((70, 3), 0), ((71, 3), 0), ((1, 4), 1)]).PacketLabels);
        Assert.Equal(2, Wire.Decode(9, [((70, 3), 17 << 4), ((71, 3), 0), ((1, 4), 1)]).PacketLabels);
        Assert.Equal(1, Wire.Decode(9, [((70, 3), (17 << 4) | 1), ((71, 3), 0), ((1, 4), 1)]).PacketLabels);
        Assert.Equal(0, Wire.Decode(9, [((1, 4), 1)]).PacketLabels);
    }

    [Fact]
    public void MplsLabels_EndAtTheBottomOfTheStack()
    {
        FlowRecord r = Wire.Decode(9, [((70, 3), 24001 << 4), ((71, 3), (24010 << 4) | 1), ((72, 3), 99 << 4), ((1, 4), 1)]);
        Assert.Equal((24001u, 24010u, 2u), (r.MplsLabelTop, r.MplsLabelBottom, r.MplsStackDepth));
        r = Wire.Decode(9, [((70, 3), (16 << 4) | 1), ((71, 3), 0), ((1, 4), 1)]);
        Assert.Equal((16u, 16u, 1u), (r.MplsLabelTop, r.MplsLabelBottom, r.MplsStackDepth));
        r = Wire.Decode(9, [((70, 3), 16 << 4), ((71, 3), 0), ((72, 3), 0), ((1, 4), 1)]);
        Assert.Equal((16u, 0u, 1u), (r.MplsLabelTop, r.MplsLabelBottom, r.MplsStackDepth));
        r = Wire.Decode(9, [((70, 3), 0), ((71, 3), (99 << 4) | 1), ((1, 4), 1)]);
        Assert.Equal((0u, 99u, 2u), (r.MplsLabelTop, r.MplsLabelBottom, r.MplsStackDepth));
    }

    [Fact]
    public void Srv6_OuterHeaderIsTheTunnel()
    {
        FieldSpecifier[] fields = [(27, 16), (28, 16), (4, 1), (5, 1), (8, 4), (12, 4), (4, 1), (7, 2), (1, 4)];
        byte[] record = new WireWriter().Address(IpAddress.Parse("fc00::1")).Address(IpAddress.Parse("fc00::2")).U8(4).U8(8)
            .Address(IpAddress.Parse("10.1.2.3")).Address(IpAddress.Parse("192.168.5.47")).U8(17).U16(53).U32(100).ToArray();
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, fields).Data(Wire.Template, record));
        Assert.Equal((FlowFamily.IPv4, IpAddress.Parse("10.1.2.3"), 17, 53), (r.Family, r.SourceAddress, r.Protocol, r.SourcePort));
        Assert.Equal((FlowFamily.IPv6, IpAddress.Parse("fc00::1"), 4, 8), (r.TunnelFamily, r.TunnelSourceAddress, r.TunnelProtocol, r.TunnelTos));
        record[32] = 58;
        r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, fields).Data(Wire.Template, record));
        Assert.Equal((FlowFamily.None, default, 0), (r.TunnelFamily, r.TunnelSourceAddress, r.TunnelProtocol));
    }

    [Fact]
    public void FieldsThatNobodyReads_AreNotDecoded()
    {
        FlowRecord r = Wire.Decode(9, [((8, 4), Client), ((7, 2), 53), ((1, 4), 100)], new DecoderOptions { Fields = FlowFieldSet.Of(FlowField.SourcePort) });
        Assert.Equal((default, 53, 100ul, FlowFamily.IPv4), (r.SourceAddress, r.SourcePort, r.Octets, r.Family));
    }

    private static FlowRecord Both(IpAddress source4, IpAddress destination4, IpAddress source6, IpAddress destination6, int version = 0, int only = 0)
    {
        var fields = new List<FieldSpecifier>();
        var record = new WireWriter();
        void Add(int id, int length, Action write)
        {
            fields.Add((id, length));
            write();
        }

        Add(27, 16, () => record.Address(source6 == default ? default : source6));
        Add(28, 16, () => record.Address(destination6));
        Add(29, 1, () => record.U8(48));
        Add(30, 1, () => record.U8(64));
        if (only == 0)
        {
            Add(8, 4, () => record.Address(source4));
            Add(12, 4, () => record.Address(destination4));
            Add(9, 1, () => record.U8(24));
            Add(13, 1, () => record.U8(27));
        }

        if (version != 0)
        {
            Add(60, 1, () => record.U8(version));
        }

        return Wire.Decode(ExportMessageBuilder.NetFlow9().Template(Wire.Template, [.. fields]).Data(Wire.Template, record.ToArray()));
    }

    private static unsafe ulong Read(FlowRecord record, FlowField field)
    {
        byte* place = (byte*)&record + FlowRecordLayout.OffsetOf(field);
        return FlowRecordLayout.SizeOf(field) switch
        {
            1 => *place,
            2 => *(ushort*)place,
            4 => *(uint*)place,
            _ => *(ulong*)place,
        };
    }
}
