using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;
using static Collector.Testing.Builders.SFlowBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>The named options where a better value than pmacct's is to be had.</summary>
public sealed class BetterValueTests
{
    private static readonly byte[] Plain = SampledHeader(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80))));

    [Theory]
    [InlineData(0x0000_0005u, 5u, 0)]
    [InlineData(0x8000_0005u, 0u, 0x40)]
    [InlineData(0x4000_0102u, 0u, 130)]
    [InlineData(0x4000_0101u, 0u, 137)]
    [InlineData(0x4000_0100u, 0u, 128)]
    [InlineData(0x3FFF_FFFFu, 0u, 0)]
    [InlineData(0xC000_0005u, 0u, 0)]
    public void X2_InterfaceIndexes_TellTheMeaningApart(uint output, uint index, int status)
    {
        var options = new DecoderOptions { SFlowInterfaceIndexes = true };
        FlowRecord compact = SFlowRun.Single(new SFlowBuilder().Flow(new SampleHeader { Input = 7, Output = output }, Plain), options);
        var header = new SampleHeader { Input = 0, Output = output & 0x3FFF_FFFF, InterfaceFormat = output >> 30 };
        FlowRecord expanded = SFlowRun.Single(new SFlowBuilder().ExpandedFlow(header, Plain), options);
        Assert.Equal((7u, index, status), (compact.IngressInterface, compact.EgressInterface, compact.ForwardingStatus));
        Assert.Equal((0u, index, status), (expanded.IngressInterface, expanded.EgressInterface, expanded.ForwardingStatus));
    }

    [Theory]
    [InlineData(false, 0, 0)]
    [InlineData(true, 65001, 65001)]
    public void X6_OwnAs_StandsForAnEmptyPathAndNoSourceAs(bool own, int source, int destination)
    {
        var options = new DecoderOptions { SFlowOwnAs = own };
        FlowRecord r = SFlowRun.Single(new SFlowBuilder().Flow(new SampleHeader(), Plain, Gateway("8.8.8.8", 65001, 0, 0, [], [], 0)), options);
        Assert.Equal(((uint)source, (uint)destination, 0u), (r.SourceAs, r.DestinationAs, r.PeerDestinationAs));
        r = SFlowRun.Single(new SFlowBuilder().Flow(new SampleHeader(), Plain, Gateway("8.8.8.8", 65001, 2, 3, [(2, [4, 5])], [], 0)), options);
        Assert.Equal((2u, 5u), (r.SourceAs, r.DestinationAs));
    }

    [Fact]
    public void X8_IpOctets_AreThoseOfTheIpPacket()
    {
        var options = new DecoderOptions { SFlowIpOctets = true };
        byte[] four = IPv4("10.0.0.1", "10.0.0.2", 6, [.. Tcp(1, 2), .. new byte[1000]]);
        byte[] six = IPv6("2001:db8::1", "2001:db8::2", 6, [.. Tcp(1, 2), .. new byte[1000]]);
        Assert.Equal(1040UL, Octets(Ethernet(0x8100, Tag(0, 5, 0x800, four)), 1062, 4, options));
        Assert.Equal(1060UL, Octets(Ethernet(0x86DD, six), 1078, 4, options));
        Assert.Equal(1040UL, Octets(Ethernet(0x8847, Mpls([7], four)), 1062, 4, options));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(4, 96)]
    [InlineData(8, 92)]
    [InlineData(200, 0)]
    public void X8_IpOctets_WithoutIp_AreTheFrameWithoutWhatWasStripped(int stripped, int octets)
    {
        var options = new DecoderOptions { SFlowIpOctets = true, AggregateUnknownEtherType = true };
        Assert.Equal((ulong)octets, Octets(Ethernet(0x88CC, new byte[40]), 100, (uint)stripped, options));
        byte[] offloaded = IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1, 2));
        offloaded[2] = offloaded[3] = 0;
        Assert.Equal((ulong)octets, Octets(Ethernet(0x800, offloaded), 100, (uint)stripped, options));
        Assert.Equal(100UL, Octets(Ethernet(0x800, offloaded), 100, (uint)stripped, new DecoderOptions()));
    }

    [Fact]
    public void S17_EffectiveInterval_IsThatOfThePool()
    {
        byte[] payload = new SFlowBuilder().Flow(new SampleHeader { Sequence = 1, Pool = 1000 }, Plain)
            .Flow(new SampleHeader { Sequence = 3, Pool = 1800 }, Plain).Build();
        Assert.Equal([100u, 100u], new SFlowRun().Feed(payload).Records.Select(r => r.SamplingInterval));
        var effective = new SFlowRun(new DecoderOptions { SFlowEffectiveInterval = true }).Feed(payload);
        Assert.Equal([100u, 400u], effective.Records.Select(r => r.SamplingInterval));
    }

    private static ulong Octets(byte[] frame, uint frameLength, uint stripped, DecoderOptions options)
    {
        byte[] record = Record(1, new WireWriter().U32(1, frameLength, stripped, (uint)frame.Length).Bytes(frame).Pad4().ToArray());
        return SFlowRun.Single(new SFlowBuilder().Flow(new SampleHeader(), record), options).Octets;
    }
}
