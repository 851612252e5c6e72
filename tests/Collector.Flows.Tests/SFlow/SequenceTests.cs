using Collector.Flows.Sequences;
using Collector.Net;
using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.SFlowBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>Losses of sFlow: datagrams by agent and sub-agent, samples by data source (quirks.md §4h, X10).</summary>
public sealed class SequenceTests
{
    private static readonly byte[] Plain = SampledHeader(1, PacketBuilder.Ethernet(0x800, PacketBuilder.IPv4("10.0.0.1", "10.0.0.2", 6, PacketBuilder.Tcp(1, 2))));

    [Fact]
    public void H4_SFlow_DatagramsAreCountedByAgentAndSubAgent()
    {
        var run = new SFlowRun();
        foreach (uint i in (uint[])[1, 2, 4, 3, 3, 7])
        {
            run.Feed(Datagram(i, 0)).Feed(Datagram(5_000 + (i * 10), 1)).Feed(Datagram(i, 0, IpAddress.Parse("10.77.0.99")));
        }

        SourceCounters[] agents = [.. run.Sources.Snapshot.ToArray().Where(c => c.Domain == 0 && c.IsSFlow)];
        Assert.Equal(["10.77.0.1", "10.77.0.99"], agents.Select(c => c.Agent.ToString()));
        Assert.All(agents, c => Assert.Equal((0, 2, 1, 1, 0), Of(c.Sequence)));
        Assert.Equal(0, run.CountersOf(1).Sequence.Restarts);
    }

    [Fact]
    public void X10_SubAgentRestarts_IsNoLossOfDatagramsOrSamples()
    {
        var run = new SFlowRun();
        run.Feed(Datagram(5_000, 0, samples: 900, uptime: 80_000_000)).Feed(Datagram(5_001, 0, samples: 901, uptime: 80_001_000));
        run.Feed(Datagram(1, 0, samples: 1, uptime: 1_000)).Feed(Datagram(2, 0, samples: 2, uptime: 2_000));
        Assert.Equal((0, 0, 0, 0, 1), Of(run.Counters.Sequence));
        Assert.Equal((0, 0, 0, 0, 0), Of(run.Counters.Samples));
    }

    [Fact]
    public void H4_SFlow_SamplesAreCountedByDataSource()
    {
        var run = new SFlowRun();
        uint[] first = [1, 2, 5, 4, 4, 6], second = [70, 71, 72, 73, 74, 99];
        for (int i = 0; i < first.Length; i++)
        {
            run.Feed(new SFlowBuilder { Sequence = (uint)i }
                .Flow(new SampleHeader { Sequence = first[i], SourceIndex = 1 }, Plain).Flow(new SampleHeader { Sequence = second[i], SourceIndex = 2 }, Plain).Build());
        }

        // Number 3 of the first, 75 to 98 of the second.
        Assert.Equal((0, 1 + 24, 1, 1, 0), Of(run.Counters.Samples));
        Assert.Equal((0, 0, 0, 0, 0), Of(run.Counters.Sequence));
    }

    [Theory]
    [InlineData(63u, 0, 62)]
    [InlineData(64u, 0, 63)]
    [InlineData(65u, 1, 63)]
    [InlineData(1_000u, 936, 63)]
    public void SampleWindow_BeyondItsWidth_GivesUp(uint ahead, long lost, long awaited)
    {
        var counters = new SequenceCounters();
        var window = default(SampleWindow);
        window.Observe(uint.MaxValue - 10, counters);
        window.Observe(uint.MaxValue - 10 + ahead, counters);
        Assert.Equal((lost, awaited, 0, 0, 0), Of(counters));
        for (uint i = 1; i <= 64; i++)
        {
            window.Observe(uint.MaxValue - 10 + ahead + i, counters);
        }

        Assert.Equal((ahead - 1, 0, 0, 0, 0), Of(counters));
    }

    [Fact]
    public void SampleWindow_FarBack_IsARestart()
    {
        var counters = new SequenceCounters();
        var window = default(SampleWindow);
        foreach (uint number in (uint[])[5_000, 5_002, 1, 2])
        {
            window.Observe(number, counters);
        }

        Assert.Equal((1, 0, 0, 0, 1), Of(counters));
    }

    private static (long Lost, long Awaited, long Duplicates, long Reordered, long Restarts) Of(SequenceCounters c) =>
        (c.Lost, c.Awaited, c.Duplicates, c.Reordered, c.Restarts);

    // The builder's uptime is always the same: the third word from the end of the header.
    private static byte[] Datagram(uint sequence, uint subAgent, IpAddress? agent = null, uint samples = 0, uint uptime = 1_000)
    {
        byte[] datagram = new SFlowBuilder { Sequence = sequence, SubAgent = subAgent, Agent = agent ?? IpAddress.Parse("10.77.0.1") }
            .Flow(new SampleHeader { Sequence = samples == 0 ? sequence : samples }, Plain).Build();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(20), uptime);
        return datagram;
    }
}
