using Collector.Net;
using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;
using static Collector.Testing.Builders.SFlowBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>One flow sample into one record: which record of the sample feeds which field, and which wins (as sfacctd 1.7.7 does).</summary>
public sealed class FlowSampleTests
{
    private static readonly byte[] Plain = SampledHeader(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80), tos: 4)));
    private static readonly byte[] Tagged =
        SampledHeader(1, Ethernet(0x8100, Tag(3, 100, 0x800, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80)))));
    private static readonly byte[] Plain6 = SampledHeader(1, Ethernet(0x86DD, IPv6("2001:db8::1", "2001:db8::2", 6, Tcp(1111, 80))));
    private static readonly byte[] Ip4Record = SampledIp(55, 6, "3.3.3.3", "4.4.4.4", 10, 20, 0x12, 0x28);

    [Fact]
    public void SampledHeader_FillsCountersAndWhoExported()
    {
        byte[] payload = new SFlowBuilder { SubAgent = 7, Sequence = 99 }.Flow(new SampleHeader(), Plain).Build();
        var run = new SFlowRun();
        FlowRecord record = Assert.Single(run.Feed(payload, time: 123_000_000).Records);

        Assert.Equal((1UL, 1UL, 58UL), (record.Packets, record.Flows, record.Octets));
        Assert.Equal((100u, 100u), (record.SamplingInterval, record.RenormalizationFactor));
        Assert.Equal(("10.77.0.1", 5, 7u, 99u), (record.ExporterAddress.ToString(), record.ExportVersion, record.ExportSystemId, record.ExportSequence));
        Assert.Equal((123_000_000, 0, 0, 0), (record.ArrivalTime, record.StartTime, record.EndTime, record.BinTime));
        Assert.Equal(FlowRecordFlags.SFlow, record.Flags);
        Assert.Equal((1UL, 0u), (record.DatagramNumber, record.RecordNumber));
    }

    [Fact]
    public void IgnoreExporterAddress_TakesTheSocketAddress()
    {
        FlowRecord record = SFlowRun.Single(new SFlowBuilder().Flow(new SampleHeader(), Plain), new DecoderOptions { IgnoreExporterAddress = true });
        Assert.Equal(SFlowRun.Source, record.ExporterAddress);
    }

    [Fact]
    public void X7_AgentIPv6_IsTheExporter()
    {
        FlowRecord record = SFlowRun.Single(new SFlowBuilder { Agent = IpAddress.Parse("2001:db8::7") }.Flow(new SampleHeader(), Plain));
        Assert.Equal("2001:db8::7", record.ExporterAddress.ToString());
        Assert.Equal("10.0.0.1", record.SourceAddress.ToString());
    }

    [Fact]
    public void X1_ExpandedFlow_TakesValuesAndLeavesFormats()
    {
        var header = new SampleHeader { SourceIndex = 0x0100_0005, Input = 29001, Output = 0x0100_0005, InterfaceFormat = 1 };
        FlowRecord record = SFlowRun.Single(new SFlowBuilder().ExpandedFlow(header, Plain));
        Assert.Equal((29001u, 0x0100_0005u), (record.IngressInterface, record.EgressInterface));
        Assert.Equal((byte)'e', record.SamplingDirection);
    }

    [Theory]
    [InlineData(0x8000_0005u)]
    [InlineData(0x4000_0102u)]
    [InlineData(0x3FFF_FFFFu)]
    public void X2_CompactOutput_StaysTheRawWord(uint output)
    {
        FlowRecord record = SFlowRun.Single(new SFlowBuilder().Flow(new SampleHeader { Output = output }, Plain));
        Assert.Equal(output, record.EgressInterface);
    }

    [Theory]
    [InlineData(5, 5, 6, 'i')]
    [InlineData(6, 5, 6, 'e')]
    [InlineData(7, 5, 6, 'u')]
    public void SamplingDirection_ComparesTheDataSource(uint source, uint input, uint output, char direction)
    {
        var header = new SampleHeader { SourceClass = 2, SourceIndex = source, Input = input, Output = output };
        Assert.Equal((byte)direction, SFlowRun.Single(new SFlowBuilder().Flow(header, Plain)).SamplingDirection);
    }

    [Fact]
    public void X8_Octets_AreTheFrameLengthOfTheHeader()
    {
        Assert.Equal(1518UL, SFlowRun.Single(SampledHeader(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 6, [])), 1518)).Octets);
    }

    [Fact]
    public void LastOfHeaderAndSampledIp_Wins()
    {
        FlowRecord record = SFlowRun.Single(Plain, Ip4Record);
        Assert.Equal(("3.3.3.3", "4.4.4.4", 10, 20, 0x28, 0x12, 55UL), Summary(record));
        record = SFlowRun.Single(Ip4Record, Plain);
        Assert.Equal(("10.0.0.1", "10.0.0.2", 1111, 80, 4, 0x18, 58UL), Summary(record));
    }

    [Fact]
    public void SampledIPv6_FillsAllFields()
    {
        FlowRecord record = SFlowRun.Single(SampledIp(66, 6, "2001:db8::1", "2001:db8::2", 10, 20, 0x12, 0x28));
        Assert.Equal(("2001:db8::1", "2001:db8::2", 10, 20, 0x28, 0x12, 66UL), Summary(record));
        Assert.Equal((FlowFamily.IPv6, 0), (record.Family, record.EtherType));
    }

    [Fact]
    public void SampledIp_OfIcmp_HasNeitherPortsNorFlags()
    {
        FlowRecord record = SFlowRun.Single(SampledIp(55, 1, "3.3.3.3", "4.4.4.4", 10, 20, 0x12, 0x28));
        Assert.Equal(("3.3.3.3", "4.4.4.4", 0, 0, 0x28, 0, 55UL), Summary(record));
    }

    [Fact]
    public void SampledEthernet_GivesOctetsOnlyWhenNothingElseDoes()
    {
        byte[] ethernet = SampledEthernet(77, [2, 0, 0, 0, 0, 7], [2, 0, 0, 0, 0, 8], 0x86DD);
        FlowRecord alone = SFlowRun.Single(ethernet);
        Assert.Equal((77UL, FlowFamily.IPv6, "::"), (alone.Octets, alone.Family, alone.SourceAddress.ToString()));
        FlowRecord both = SFlowRun.Single(Plain, ethernet);
        Assert.Equal((58UL, 0x86DD, "10.0.0.1"), (both.Octets, both.EtherType, both.SourceAddress.ToString()));
    }

    [Theory]
    [InlineData(200, 5, 300, 6, 200, 5)]
    [InlineData(0, 0, 300, 6, 300, 6)]
    [InlineData(0, 0, 0, 0, 100, 3)]
    [InlineData(0, 4, 0, 7, 100, 4)]
    [InlineData(0xFFFF_FFFF, 0, 0xFFFF_FFFF, 0, 65535, 3)]
    public void ExtendedSwitch_BeatsTheTag(uint ingress, uint ingressPriority, uint egress, uint egressPriority, int vlan, int cos)
    {
        byte[] extended = Switch(ingress, ingressPriority, egress, egressPriority);
        foreach (FlowRecord record in new[] { SFlowRun.Single(Tagged, extended), SFlowRun.Single(extended, Tagged) })
        {
            Assert.Equal((vlan, cos), (record.Vlan, record.Cos));
            Assert.Equal(((ushort)ingress, (ushort)egress), (record.IngressVlan, record.EgressVlan));
        }
    }

    [Theory]
    [InlineData("9.9.9.9", false, "")]
    [InlineData("9.9.9.9", true, "9.9.9.9")]
    [InlineData("2001:db8::99", false, "2001:db8::99")]
    [InlineData(null, true, "")]
    public void X7_ExtendedRouter_NextHopOfIPv4NeedsUseIpNextHop(string? nextHop, bool use, string expected)
    {
        var options = new DecoderOptions { UseIpNextHop = use };
        FlowRecord record = SFlowRun.Single(new SFlowBuilder().Flow(new SampleHeader(), Plain, Router(nextHop, 24, 200)), options);
        Assert.Equal(expected, record.NextHopFamily == FlowFamily.None ? "" : record.NextHop.ToString());
        Assert.Equal((24, 128), (record.SourceMask, record.DestinationMask));
    }

    [Fact]
    public void X7_NextHop_OfTheGatewayBeatsTheRouters_WhateverTheOrder()
    {
        byte[] gateway = Gateway("8.8.8.8", 1, 2, 3, [(2, [4])], [], 0);
        Assert.Equal("8.8.8.8", SFlowRun.Single(Plain, gateway, Router("2001:db8::99", 24, 16)).NextHop.ToString());
        Assert.Equal("8.8.8.8", SFlowRun.Single(Plain, Router("2001:db8::99", 24, 16), gateway).NextHop.ToString());
        Assert.Equal("2001:db8::99", SFlowRun.Single(Plain, Gateway(null, 1, 2, 3, [], [], 0), Router("2001:db8::99", 24, 16)).NextHop.ToString());
    }

    [Fact]
    public void NextHop_IPv4OfAnIPv6Packet_StaysWhatItIs()
    {
        FlowRecord record = SFlowRun.Single(Plain6, Gateway("8.8.8.8", 1, 2, 3, [(2, [4])], [], 0));
        Assert.Equal((FlowFamily.IPv4, "8.8.8.8"), (record.NextHopFamily, record.NextHop.ToString()));
    }

    [Fact]
    public void ExtendedMpls_GivesTheLabelsThatCameIn()
    {
        byte[] extended = Record(1006, new WireWriter().U32(1, 0x0707_0707, 2, 100 << 12 | 0xFF, 200 << 12 | 0x1FF, 1, 300 << 12 | 0x1FF).ToArray());
        FlowRecord record = SFlowRun.Single(Plain, extended);
        Assert.Equal((100u, 200u, 2u), (record.MplsLabelTop, record.MplsLabelBottom, record.MplsStackDepth));
    }

    [Fact]
    public void PmacctTag_IsRead()
    {
        FlowRecord record = SFlowRun.Single(Plain, Record((43874 << 12) + 2, new WireWriter().U64(5).U64(6).ToArray()));
        Assert.Equal((5UL, 6UL), (record.Tag, record.Tag2));
    }

    [Theory]
    [InlineData(0x88CC, false, false)]
    [InlineData(0x0806, false, true)]
    [InlineData(38, false, true)]
    [InlineData(0x88CC, true, true)]
    public void PacketThatIsNotIp_IsCountedInsteadOfAccounted(int type, bool unknownEtherType, bool accountedByMain)
    {
        byte[] payload = new SFlowBuilder().Flow(new SampleHeader(), SampledHeader(1, Ethernet(type, new byte[40]))).Flow(new SampleHeader(), Plain).Build();
        var old = new SFlowRun(new DecoderOptions { AggregateUnknownEtherType = unknownEtherType }).Feed(payload);
        Assert.Equal((unknownEtherType ? 2 : 1, unknownEtherType ? 0 : 1), (old.Records.Count, (int)old.Counters.UnaccountedSamples));
        var main = new SFlowRun(new DecoderOptions { Pmacct17 = false, AggregateUnknownEtherType = unknownEtherType }).Feed(payload);
        Assert.Equal(accountedByMain ? 2 : 1, main.Records.Count);
    }

    private static (string, string, int, int, int, int, ulong) Summary(in FlowRecord r) =>
        (r.SourceAddress.ToString(), r.DestinationAddress.ToString(), r.SourcePort, r.DestinationPort, r.Tos, r.TcpFlags, r.Octets);
}
