using Collector.Testing;
using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.OldSFlowBuilder;
using static Collector.Testing.Builders.PacketBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>sFlow versions 2 and 4. What sfacctd 1.7.7 prints for such samples is in pcaps/sflow2-made and sflow4-made.</summary>
public sealed class OldVersionTests
{
    private static readonly byte[] Plain = Header(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 17, Udp(1111, 80, new byte[3]), tos: 4)));
    private static readonly byte[] Switch = Like(1, SFlowBuilder.Switch(200, 5, 300, 6));
    private static readonly byte[] Router = Like(2, SFlowBuilder.Router("9.9.9.9", 24, 16));
    private static readonly byte[] RouterIPv6 = Like(2, SFlowBuilder.Router("2001:db8::9", 48, 32));
    private static readonly byte[] Path4 = Gateway4(SFlowBuilder.Gateway(null, 1, 65002, 65003, [(2, [65010, 65011]), (1, [65020])], [65000u << 16 | 1], 150));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void X11_FlowSample_IsDecodedWithAllItsExtensions(uint version)
    {
        byte[] gateway = version == 2 ? Gateway2(1, 65002, 65003, 65010, 65011) : Path4;
        var run = new SFlowRun().Feed(new OldSFlowBuilder(version) { Sequence = 77 }
            .Flow(new SampleHeader { Input = 5, Output = 6 }, Plain, Switch, Router, gateway, User("alice", "bob"), Url("http://a/"))
            .Flow(new SampleHeader { Input = 7 }, Plain).Build());
        FlowRecord r = run.Records[0];
        Assert.Equal((version, 77u, "10.77.0.1"), (r.ExportVersion, r.ExportSequence, r.ExporterAddress.ToString()));
        Assert.Equal(("10.0.0.1", 1111, 80, 4, 49UL, 100u), (r.SourceAddress.ToString(), r.SourcePort, r.DestinationPort, r.Tos, r.Octets, r.SamplingInterval));
        Assert.Equal((5u, 6u, 200, 5, 24, 16), (r.IngressInterface, r.EgressInterface, r.Vlan, r.Cos, r.SourceMask, r.DestinationMask));
        Assert.Equal((65002u, 65003u, 65010u), (r.SourceAs, r.PeerSourceAs, r.PeerDestinationAs));
        Assert.Equal(
            version == 2 ? (65011u, "65010_65011", "", 0u) : (65020u, "65010_65011_65020", "65000:1", 150u),
            (r.DestinationAs, run.Text(r.AsPath), run.Text(r.StandardCommunities), r.LocalPreference));
        Assert.Equal(7u, run.Records[1].IngressInterface);
        Assert.Equal((2, 1), (Counters(run, version).Records, Counters(run, version).Datagrams));
        Assert.All(Enum.GetValues<DecodeFault>(), f => Assert.Equal(0, Counters(run, version)[f]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void X11_SampledIp_IsDecoded(uint version)
    {
        byte[] four = Like(2, SFlowBuilder.SampledIp(55, 6, "3.3.3.3", "4.4.4.4", 10, 20, 0x12, 0x28));
        byte[] six = Like(3, SFlowBuilder.SampledIp(66, 17, "2001:db8::1", "2001:db8::2", 10, 20, 0, 0x28));
        var run = new SFlowRun().Feed(new OldSFlowBuilder(version) { Agent = Net.IpAddress.Parse("2001:db8::7") }
            .Flow(new SampleHeader(), four).Flow(new SampleHeader(), six, RouterIPv6).Build());
        Assert.Equal(["3.3.3.3", "2001:db8::1"], run.Records.Select(r => r.SourceAddress.ToString()));
        Assert.Equal([55UL, 66UL], run.Records.Select(r => r.Octets));
        Assert.Equal((48, "2001:db8::9", "2001:db8::7"), (run.Records[1].SourceMask, run.Records[1].NextHop.ToString(), run.Records[1].ExporterAddress.ToString()));
    }

    [Theory]
    [InlineData(1, 88)]
    [InlineData(2, 140)]
    [InlineData(3, 160)]
    [InlineData(4, 88)]
    [InlineData(5, 168)]
    [InlineData(6, 88)]
    [InlineData(7, 28)]
    public void X11_CounterSample_IsPassedOver(uint type, int length)
    {
        var run = new SFlowRun().Feed(new OldSFlowBuilder(4).Counters(type, new byte[length]).Flow(new SampleHeader { Input = 7 }, Plain).Build());
        Assert.Equal(7u, Assert.Single(run.Records).IngressInterface);
        Assert.Equal((1, 0), (Counters(run, 4).OtherSamples, Counters(run, 4)[DecodeFault.Truncated]));
    }

    [Fact]
    public void X11_SampleOfUnknownLength_EndsTheDatagramAndKeepsWhatCameBefore()
    {
        byte[] unknown = new WireWriter().U32(99, 1, 2, 3).ToArray();
        foreach (OldSFlowBuilder end in new[]
        {
            new OldSFlowBuilder(4).Flow(new SampleHeader(), Plain).Sample(unknown),
            new OldSFlowBuilder(4).Flow(new SampleHeader(), Plain).Counters(99, new byte[88]),
            new OldSFlowBuilder(4).Flow(new SampleHeader(), Plain, unknown),
            new OldSFlowBuilder(4).Flow(new SampleHeader(), Plain, Like(2, new WireWriter().U32(0, 0, 7, 0, 0, 0, 0).ToArray())),
        })
        {
            var run = new SFlowRun().Feed(end.Flow(new SampleHeader(), Plain).Build());
            Assert.Equal("10.0.0.1", Assert.Single(run.Records).SourceAddress.ToString());
            Assert.Equal(1, Counters(run, 4)[DecodeFault.Truncated]);
        }
    }

    [Fact]
    public void F8_EveryWordOfAllOnes_IsBounded()
    {
        foreach (uint version in (uint[])[2, 4])
        {
            byte[] payload = Rich(version);
            for (int offset = 8; offset + 4 <= payload.Length; offset += 4)
            {
                byte[] changed = [.. payload];
                changed.AsSpan(offset, 4).Fill(0xFF);
                Assert.InRange(new SFlowRun().Feed(changed).Records.Count, 0, 2);
            }
        }
    }

    [Fact]
    public void F8_CutAtAnyByte_NeverGivesMoreThanTheWhole()
    {
        foreach (uint version in (uint[])[2, 4])
        {
            byte[] payload = Rich(version);
            FlowRecord[] whole = [.. new SFlowRun().Feed(payload).Records];
            for (int length = 0; length < payload.Length; length++)
            {
                var run = new SFlowRun().Feed(payload[..length]);
                Assert.InRange(run.Records.Count, 0, whole.Length);
                Assert.All(run.Records.Zip(whole), pair => Assert.True(pair.First.SourcePort is 0 || pair.First.SourcePort == pair.Second.SourcePort));
            }
        }
    }

    [Fact]
    public void BatchOfOne_GivesTheSameRecordsAsALargeOne() =>
        Assert.Equal(new SFlowRun().Feed(Rich(4)).Records, new SFlowRun(batchCapacity: 1).Feed(Rich(4)).Records);

    [Fact]
    public void KnownDatagram_AllocatesNothing()
    {
        var run = new SFlowRun();
        byte[][] payloads = [Rich(2), Rich(4)];
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                run.FeedOnly(payloads[i & 1]);
            }
        }));
    }

    internal static byte[] Rich(uint version) => new OldSFlowBuilder(version)
        .Flow(new SampleHeader(), Plain, Switch, Router, version == 2 ? Gateway2(1, 2, 3, 4, 5) : Path4, User("alice", "bob"), Url("http://a/"))
        .Counters(2, new byte[140]).Counters(7, new byte[28])
        .Flow(new SampleHeader { Sequence = 2 }, Like(3, SFlowBuilder.SampledIp(66, 17, "2001:db8::1", "2001:db8::2", 10, 20, 0, 0x28)), RouterIPv6)
        .Build();

    private static SourceCounters Counters(SFlowRun run, uint version) => run.Sources[SFlowRun.Source, (ushort)version, 0, true];
}
