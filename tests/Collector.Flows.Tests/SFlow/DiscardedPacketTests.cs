using Collector.Testing;
using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>Notifications of discarded packets: counted by reason, never a flow.</summary>
public sealed class DiscardedPacketTests
{
    private static readonly byte[] Plain = SFlowBuilder.SampledHeader(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80))));

    [Fact]
    public void X1_DiscardedPackets_AreCountedByReason()
    {
        var builder = new SFlowBuilder();
        foreach (uint reason in (uint[])[0, 3, 258, 258, 303, 304, 16, 255, uint.MaxValue])
        {
            builder.Sample(5, Body(reason, Plain));
        }

        var run = new SFlowRun().Feed(builder.Flow(new SampleHeader(), Plain).Build());
        Assert.Single(run.Records);
        Assert.Equal((9, 9), (run.Counters.DiscardedPackets, run.Counters.OtherSamples));
        Assert.Equal(
            "net_unreachable 1, port_unreachable 1, acl 2, split_horizon 1, other 4",
            string.Join(", ", run.Counters.Discards!.All().Select(r => $"{r.Key} {r.Value}")));
        Assert.All(Enum.GetValues<DecodeFault>(), f => Assert.Equal(0, run.Counters[f]));
    }

    [Fact]
    public void X3_HeaderOfOddLengthInADiscardedPacket_IsNoFault()
    {
        byte[] odd = new WireWriter().U32(1, 16 + 13, 1, 64, 4, 13).Bytes(new byte[13]).ToArray();
        var run = new SFlowRun().Feed(new SFlowBuilder().Sample(5, Body(258, [.. odd, 0, 0, 0], Plain)).Build());
        Assert.Equal((1, 0), (run.Counters.DiscardedPackets, run.Counters[DecodeFault.BadSample]));
    }

    [Fact]
    public void F8_DiscardedPacket_CutOrWithWrongCounts_IsAFault()
    {
        byte[] whole = Body(258, Plain);
        for (int length = 0; length < 32; length++)
        {
            var cut = new SFlowRun().Feed(new SFlowBuilder().Sample(5, whole.AsSpan(0, length)).Build());
            Assert.Equal((0, 1), (cut.Counters.DiscardedPackets, cut.Counters[DecodeFault.BadSample]));
        }

        foreach (int offset in (int[])[28, 36])
        {
            byte[] changed = [.. whole];
            changed.AsSpan(offset, 4).Fill(0xFF);
            var run = new SFlowRun().Feed(new SFlowBuilder().Sample(5, changed).Build());
            Assert.Equal((1, 1), (run.Counters.DiscardedPackets, run.Counters[DecodeFault.BadSample]));
        }
    }

    [Fact]
    public void DiscardedPackets_AllocateNothingButTheirCounters()
    {
        byte[] payload = new SFlowBuilder().Sample(5, Body(258, Plain)).Build();
        var run = new SFlowRun();
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                run.FeedOnly(payload);
            }
        }));
    }

    private static byte[] Body(uint reason, params byte[][] records) =>
        new WireWriter().U32(1, 0, 7, 0, 1, 2, reason, (uint)records.Length).Bytes([.. records.SelectMany(r => r)]).ToArray();
}
