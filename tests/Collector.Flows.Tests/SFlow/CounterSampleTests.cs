using Collector.Flows.SFlow;
using Collector.Net;
using Collector.Testing;
using Collector.Testing.Builders;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static Collector.Testing.Builders.SFlowBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>Counter samples: which blocks are handed on, which are counted only, and what the queue does when nobody takes them.</summary>
public sealed class CounterSampleTests
{
    private readonly CounterQueue _queue = new(16);
    private readonly SourceTable _sources = new();
    private readonly FlowBatch _batch = new();
    private readonly SFlowDecoder _decoder;

    public CounterSampleTests() => _decoder = new SFlowDecoder(new DecoderOptions(), new ValueTable(), _sources, _queue);

    [Fact]
    public void X1_CompactAndExpandedCounters_AreHandedOnBlockByBlock()
    {
        Feed(new SFlowBuilder { SubAgent = 9, Sequence = 77 }
            .Sample(2, Compact(5, 0x0200_0003, Record(1, Bytes(88)), Record(2, Bytes(52))))
            .Sample(4, Expanded(6, 1, 0x0100_0003, Record(5, Bytes(28)), Record(1001, Bytes(28)))).Build(), time: 42);
        List<CounterRecord> taken = Take();
        Assert.Equal([CounterFormat.None, CounterFormat.Generic, CounterFormat.Ethernet, CounterFormat.Vlan, CounterFormat.Processor], taken.Select(r => r.Format));
        Assert.Equal([3u, 3u, 0x0100_0003u, 0x0100_0003u], taken.Skip(1).Select(r => r.SourceIndex));
        Assert.Equal([5u, 5u, 6u, 6u], taken.Skip(1).Select(r => r.SampleSequence));
        Assert.All(taken, r => Assert.Equal(("10.77.0.1", 9u, 77u, 42L), (r.Agent.ToString(), r.SubAgent, r.DatagramSequence, r.ArrivalTime)));
        CounterRecord generic = taken[1];
        Assert.Equal(Bytes(88), generic.Counters.ToArray());
        Assert.Equal((4, 0, 2), (Counters(9).CounterRecords, Counters(9).CounterRecordsLost, Counters(9).OtherSamples));
    }

    [Fact]
    public void X12_UnknownFormats_AreCountedAndSkippedByLength()
    {
        Feed(new SFlowBuilder().Sample(2, Compact(1, 1, Record(2004, Bytes(72)), Record(1991 << 12 | 1, Bytes(8)), Record(0, []), Record(5, Bytes(28)))).Build());
        Assert.Equal([CounterFormat.None, CounterFormat.Vlan], Take().Select(r => r.Format));
        Assert.Equal((3, 1, 0), (Counters(0).UnknownCounters, Counters(0).CounterRecords, Counters(0)[DecodeFault.UnknownFormat]));
    }

    [Fact]
    public void X4_BlockLongerThanItsFields_IsTaken_AShorterOneIsAFault()
    {
        Feed(new SFlowBuilder().Sample(2, Compact(1, 1, Record(2, Bytes(60)), Record(2, Bytes(48)), Record(5, Bytes(28)))).Build());
        Assert.Equal([CounterFormat.None, CounterFormat.Ethernet, CounterFormat.Vlan], Take().Select(r => r.Format));
        Assert.Equal(1, Counters(0)[DecodeFault.BadSample]);
    }

    [Fact]
    public void FirstDatagramOfASubAgent_IsAnnouncedOnce()
    {
        Feed(new SFlowBuilder { SubAgent = 1 }.Build());
        Feed(new SFlowBuilder { SubAgent = 1 }.Build());
        Feed(new SFlowBuilder { SubAgent = 2 }.Build());
        Assert.Equal([1u, 2u], Take().Select(r => r.SubAgent));
    }

    [Theory]
    [InlineData(1, CounterFormat.Generic, CounterFormat.None)]
    [InlineData(2, CounterFormat.Generic, CounterFormat.Ethernet)]
    [InlineData(3, CounterFormat.Generic, CounterFormat.TokenRing)]
    [InlineData(4, CounterFormat.Generic, CounterFormat.None)]
    [InlineData(5, CounterFormat.Generic, CounterFormat.Vg)]
    [InlineData(6, CounterFormat.Generic, CounterFormat.None)]
    [InlineData(7, CounterFormat.Vlan, CounterFormat.None)]
    public void X11_OldCounters_AreHandedOnWhole(uint type, CounterFormat first, CounterFormat second)
    {
        byte[] body = Bytes(CounterFormats.LengthOf(first) + CounterFormats.LengthOf(second));
        Feed(new OldSFlowBuilder(4).Counters(type, body, sequence: 8, source: 0x0200_0005).Build());
        CounterRecord record = Take()[1];
        Assert.Equal((first, second, 8u, 5u), (record.Format, record.Second, record.SampleSequence, record.SourceIndex));
        Assert.Equal(body, record.Counters.ToArray());
    }

    [Fact]
    public void F8_QueueThatNobodyEmpties_LosesByCountAndKeepsTheOldest()
    {
        for (uint i = 0; i < 20; i++)
        {
            Feed(new SFlowBuilder().Sample(2, Compact(i, 1, Record(5, Bytes(28)))).Build());
        }

        Assert.Equal((20, 5), (Counters(0).CounterRecords, Counters(0).CounterRecordsLost));
        Assert.Equal(Enumerable.Range(0, 15).Select(i => (uint)i), Take().Skip(1).Select(r => r.SampleSequence));
        Feed(new SFlowBuilder().Sample(2, Compact(99, 1, Record(5, Bytes(28)))).Build());
        Assert.Equal(99u, Assert.Single(Take()).SampleSequence);
    }

    [Fact]
    public void F8_CountsOfAllOnesAndCutsAtAnyByte_AreBounded()
    {
        byte[] payload = new SFlowBuilder().Sample(2, Compact(1, 1, Record(1, Bytes(88)), Record(2, Bytes(52)))).Sample(4, Expanded(1, 0, 1, Record(5, Bytes(28)))).Build();
        for (int i = 0; i + 4 <= payload.Length; i += 4)
        {
            byte[] changed = [.. payload];
            changed.AsSpan(i, 4).Fill(0xFF);
            Feed(changed);
            Assert.InRange(Take().Count, 0, 4);
            Feed(payload[..i]);
            Assert.InRange(Take().Count, 0, 4);
        }
    }

    [Fact]
    public void F8_AnyBytesAsACounterSample_NeverThrow() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        ArbMap.Default.ArbFor<bool>(),
        (bytes, expanded) =>
        {
            Feed(new SFlowBuilder().Sample(expanded ? 4u : 2, bytes).Build());
            Feed(new OldSFlowBuilder(expanded ? 4u : 2).Sample([0, 0, 0, 2, .. bytes]).Build());
            return Take().Count <= 16;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void CounterSamples_AllocateNothing_WhetherTakenOrLost()
    {
        byte[] payload = new SFlowBuilder().Sample(2, Compact(1, 1, Record(1, Bytes(88)), Record(2, Bytes(52)))).Build();
        Feed(payload);
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                Feed(payload);
                if ((i & 31) == 0)
                {
                    while (_queue.TryTake(out _))
                    {
                    }
                }
            }
        }));
        Assert.True(Counters(0).CounterRecordsLost > 0);
    }

    [Fact]
    public void Queue_HandsEverythingFromOneThreadToAnother_InOrder()
    {
        const uint Records = 200_000;
        var queue = new CounterQueue(64);
        var thread = new Thread(() =>
        {
            var record = new CounterRecord { Format = CounterFormat.Vlan };
            for (uint i = 0; i < Records;)
            {
                record.SampleSequence = i;
                record.Counters.Fill((byte)i);
                i += queue.TryAdd(record) ? 1u : 0;
            }
        });
        thread.Start();
        for (uint i = 0; i < Records;)
        {
            if (queue.TryTake(out CounterRecord record))
            {
                Assert.Equal((i, (byte)i, (byte)i), (record.SampleSequence, record.Counters[0], record.Counters[27]));
                i++;
            }
        }

        thread.Join();
        Assert.False(queue.TryTake(out _));
    }

    private static byte[] Compact(uint sequence, uint source, params byte[][] records) =>
        new WireWriter().U32(sequence, source, (uint)records.Length).Bytes([.. records.SelectMany(r => r)]).ToArray();

    private static byte[] Expanded(uint sequence, uint sourceClass, uint index, params byte[][] records) =>
        new WireWriter().U32(sequence, sourceClass, index, (uint)records.Length).Bytes([.. records.SelectMany(r => r)]).ToArray();

    private static byte[] Bytes(int length) => [.. Enumerable.Range(1, length).Select(i => (byte)i)];

    private SourceCounters Counters(uint subAgent) => _sources[SFlowRun.Source, 5, subAgent, true];

    private List<CounterRecord> Take()
    {
        var taken = new List<CounterRecord>();
        while (_queue.TryTake(out CounterRecord record))
        {
            taken.Add(record);
        }

        return taken;
    }

    private void Feed(ReadOnlySpan<byte> payload, long time = 1)
    {
        var datagram = new Datagram { Payload = payload, Source = SFlowRun.Source, SourcePort = 6343, ArrivalTime = time };
        _decoder.Begin(datagram);
        while (_decoder.Continue(datagram, _batch))
        {
            _batch.Clear();
        }

        _batch.Clear();
    }
}
