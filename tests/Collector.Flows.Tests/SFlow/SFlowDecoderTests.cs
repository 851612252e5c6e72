using Collector.Net;
using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;
using static Collector.Testing.Builders.SFlowBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>Datagrams and samples: what is skipped, counted and resynchronised.</summary>
public sealed class SFlowDecoderTests
{
    private static readonly byte[] Plain = SampledHeader(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80))));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(27)]
    public void F1_ShortDatagram_IsCounted(int length)
    {
        var run = new SFlowRun().Feed(new SFlowBuilder().Flow(new SampleHeader(), Plain).Build().AsSpan(0, length));
        Assert.Empty(run.Records);
        Assert.Equal(1, Total(run, DecodeFault.ShortDatagram));
        Assert.Equal(1, run.Sources.Snapshot.ToArray().Sum(c => c.Datagrams));
    }

    [Fact]
    public void X11_OlderVersions_AreCountedByVersion()
    {
        var run = new SFlowRun();
        foreach (uint version in (uint[])[2, 4, 4, 3])
        {
            run.Feed(new SFlowBuilder { Version = version }.Build());
        }

        Assert.Equal([0, 1, 0, 2], new ushort[] { 5, 2, 3, 4 }.Select(v => (int)run.Sources[SFlowRun.Source, v, 0, true].Datagrams));
        Assert.Equal(1, Total(run, DecodeFault.UnknownVersion));
    }

    [Fact]
    public void X7_AgentOfUnknownType_TakesTheSourceAsExporter()
    {
        byte[] sample = Record(1, new SampleHeader().Compact(Plain));
        var run = new SFlowRun().Feed(new WireWriter().U32(5, 0, 0, 1, 1000, 1).Bytes(sample).ToArray());
        Assert.Equal(SFlowRun.Source, Assert.Single(run.Records).ExporterAddress);
    }

    [Fact]
    public void X7_AgentOfUndefinedType_LosesTheDatagramUnderAName()
    {
        var run = new SFlowRun().Feed(new WireWriter().U32(5, 7, 0, 1, 1000, 1, 0, 0, 0, 0, 0).ToArray());
        Assert.Empty(run.Records);
        Assert.Equal(1, run.Counters[DecodeFault.UnknownAddressType]);
    }

    [Fact]
    public void X1_X12_OtherSamples_AreSkippedByLengthAndCounted()
    {
        byte[] body = new byte[40];
        var run = new SFlowRun().Feed(new SFlowBuilder()
            .Sample(2, body).Sample(4, body).Sample(5, new byte[32]).Sample(6, body).Sample(1991 << 12 | 1, body)
            .Flow(new SampleHeader(), Record(4413 << 12 | 1, body), Plain, Record(1004, body)).Build());
        Assert.Single(run.Records);
        Assert.Equal((3, 3, 1), (run.Counters.OtherSamples, run.Counters[DecodeFault.UnknownFormat], run.Counters.Records));
        Assert.Equal(0, run.Counters[DecodeFault.BadSample]);
    }

    [Fact]
    public void BatchOfOne_GivesTheSameRecordsAsALargeOne()
    {
        var builder = new SFlowBuilder();
        for (uint i = 1; i <= 9; i++)
        {
            builder.Flow(new SampleHeader { Sequence = i, Input = i }, Plain).Sample(2, new byte[12]);
        }

        var one = new SFlowRun(batchCapacity: 1).Feed(builder.Build());
        var many = new SFlowRun().Feed(builder.Build());
        Assert.Equal(9, one.Records.Count);
        Assert.Equal(many.Records, one.Records);
        Assert.Equal(Enumerable.Range(0, 9).Select(i => (uint)i), one.Records.Select(r => r.RecordNumber));
        Assert.Equal(9, one.Counters.OtherSamples);
    }

    [Fact]
    public void BatchThatFillsWithTheLastSample_HasNoMore()
    {
        var sources = new SourceTable();
        var decoder = new Flows.SFlow.SFlowDecoder(new DecoderOptions(), new ValueTable(), sources);
        var batch = new FlowBatch(1);
        var datagram = new Datagram
        {
            Payload = new SFlowBuilder().Flow(new SampleHeader(), Plain).Build(),
            Source = SFlowRun.Source,
            SourcePort = 1,
            ArrivalTime = 1,
        };
        decoder.Begin(datagram);
        Assert.False(decoder.Continue(datagram, batch));
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public void X10_SubAgents_AreCountedApart()
    {
        var run = new SFlowRun();
        run.Feed(new SFlowBuilder { SubAgent = 1 }.Flow(new SampleHeader(), Plain).Build());
        run.Feed(new SFlowBuilder { SubAgent = 2 }.Flow(new SampleHeader(), Plain).Flow(new SampleHeader(), Plain).Build(), time: 7);
        SourceCounters second = run.CountersOf(2);
        Assert.Equal((1, 2, 7), (second.Datagrams, second.Records, second.LastSeen));
        Assert.Equal(1, run.CountersOf(1).Records);
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(-3)]
    [InlineData(-2)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(4)]
    public void X3_SampleLengthOffByAFew_DoesNotCostTheNext(int error)
    {
        byte[] body = new SampleHeader { Input = 7 }.Compact(Plain, Switch(0, 0, 0, 0));
        var run = new SFlowRun().Feed(new SFlowBuilder()
            .Sample(1, body, (uint)(body.Length + error)).Flow(new SampleHeader { Input = 8 }, Plain).Sample(2, new byte[12]).Build());
        Assert.Equal([7u, 8u], run.Records.Select(r => r.IngressInterface));
        Assert.Equal(1, run.Counters.OtherSamples);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void X3_SampleLengthNotAMultipleOfFour_WithAndWithoutPadding(bool padded)
    {
        byte[] odd = new SampleHeader { Input = 7 }.Compact(Record(1, new WireWriter().U32(1, 64, 4, 61)
            .Bytes(Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 17, Udp(1, 2, new byte[19])))).ToArray()));
        byte[] sample = new WireWriter().U32(1, (uint)odd.Length).Bytes(odd).ToArray();
        byte[] next = Record(1, new SampleHeader { Input = 8 }.Compact(Plain));
        var run = new SFlowRun().Feed(new WireWriter().U32(5, 1, 0x0A4D_0001, 0, 1, 1000, 2)
            .Bytes(sample).Bytes(padded ? new byte[-odd.Length & 3] : []).Bytes(next).ToArray());
        Assert.Equal([7u, 8u], run.Records.Select(r => r.IngressInterface));
        Assert.Equal((1, 2), (run.Records[0].SourcePort, run.Records[0].DestinationPort));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void X3_HeaderOfOddLength_WithAndWithoutPadding(bool padded)
    {
        byte[] frame = Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 17, Udp(1, 2, new byte[19])));
        Assert.Equal(61, frame.Length);
        byte[] header = new WireWriter().U32(1, 77, 1, 64, 4, 61).Bytes(frame).ToArray();
        byte[] pad = padded ? new byte[3] : [];
        var run = new SFlowRun().Feed(new SFlowBuilder()
            .Sample(1, new SampleHeader { RecordCount = 2 }.Compact([.. header, .. pad, .. Switch(200, 0, 300, 0)]))
            .Flow(new SampleHeader { Input = 8 }, Plain).Build());
        Assert.Equal([200, 0], run.Records.Select(r => (int)r.Vlan));
        Assert.Equal([1u, 8u], run.Records.Select(r => r.IngressInterface));
    }

    [Fact]
    public void X4_RecordLongerThanItsFields_IsReadAndSkipped()
    {
        byte[] router = Record(1002, new WireWriter().U32(1, 0x0909_0909, 24, 16, 1, 2).ToArray());
        FlowRecord record = SFlowRun.Single(router, Plain, Record(1001, new WireWriter().U32(200, 5, 300, 6, 99).ToArray()));
        Assert.Equal((24, 16, 200, "10.0.0.1"), (record.SourceMask, record.DestinationMask, record.Vlan, record.SourceAddress.ToString()));
    }

    [Fact]
    public void RecordBeyondItsSample_CostsOnlyItself()
    {
        byte[] lying = Record(1002, new WireWriter().U32(1, 0x0909_0909, 24, 16).ToArray(), declaredLength: 0xFFFF_FFFF);
        var run = new SFlowRun().Feed(new SFlowBuilder()
            .Flow(new SampleHeader(), Plain, lying).Flow(new SampleHeader { Input = 8 }, Plain).Build());
        Assert.Equal([1u, 8u], run.Records.Select(r => r.IngressInterface));
        Assert.Equal(1, run.Counters[DecodeFault.BadSample]);
    }

    [Fact]
    public void SampleBeyondTheDatagram_KeepsWhatIsThere()
    {
        byte[] payload = new SFlowBuilder().Flow(new SampleHeader { Input = 7 }, Plain).Flow(new SampleHeader { Input = 8 }, Plain, Switch(1, 1, 1, 1)).Build();
        var run = new SFlowRun().Feed(payload.AsSpan(0, payload.Length - 10));
        Assert.Equal([7u, 8u], run.Records.Select(r => r.IngressInterface));
        Assert.Equal(1, run.Counters[DecodeFault.Truncated]);
    }

    [Fact]
    public void F8_EveryWordOfAllOnes_LosesNoNeighbourBefore()
    {
        byte[] payload = new SFlowBuilder().Flow(new SampleHeader { Input = 7 }, Plain).Flow(
            new SampleHeader { Input = 8 }, Plain, Switch(1, 1, 1, 1), Gateway("8.8.8.8", 1, 2, 3, [(2, [4, 5])], [6, 7], 8)).Build();
        int second = new SFlowBuilder().Flow(new SampleHeader(), Plain).Build().Length;
        for (int offset = 24; offset + 4 <= payload.Length; offset += 4)
        {
            byte[] changed = [.. payload];
            changed.AsSpan(offset, 4).Fill(0xFF);
            var run = new SFlowRun().Feed(changed);
            Assert.True(run.Records.Count <= 2);
            if (offset >= second)
            {
                Assert.Equal(7u, run.Records[0].IngressInterface);
            }
        }
    }

    [Fact]
    public void F8_MoreSamplesPromisedThanThere_AreCountedOnce()
    {
        var run = new SFlowRun().Feed(new SFlowBuilder { SampleCount = uint.MaxValue }.Flow(new SampleHeader(), Plain).Build());
        Assert.Single(run.Records);
        Assert.Equal(1, run.Counters[DecodeFault.Truncated]);
    }

    [Fact]
    public void SourcesBeyondTheLimit_AreDecodedUnderOther()
    {
        var run = new SFlowRun(maxSources: 3);
        for (uint i = 0; i < 10; i++)
        {
            run.Feed(new SFlowBuilder { SubAgent = i }.Flow(new SampleHeader(), Plain).Build());
        }

        Assert.Equal(10, run.Records.Count);
        Assert.Equal((7, 7), (run.Sources.Other.Records, run.Sources.Other[DecodeFault.SourceLimit]));
    }

    private static long Total(SFlowRun run, DecodeFault fault) => run.Sources.Snapshot.ToArray().Sum(c => c[fault]);
}
