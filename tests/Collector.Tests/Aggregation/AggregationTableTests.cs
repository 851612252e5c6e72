using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Collector.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Aggregation;

public unsafe class AggregationTableTests
{
    private static readonly FlowField[] Keys =
        [FlowField.SourceAddress, FlowField.DestinationAddress, FlowField.SourcePort, FlowField.DestinationPort, FlowField.Protocol, FlowField.EgressInterface];

    private static readonly WindowClock Clock = new(new WindowOptions(), 1_000_000_000, TimeZoneInfo.Utc);

    private static FlowRecord Record(int key, ulong number = 0) => new()
    {
        SourceAddress = IpAddress.FromIPv4((uint)key),
        DestinationAddress = IpAddress.FromIPv4((uint)key * 7),
        SourcePort = (ushort)(key % 13),
        Protocol = 6,
        EgressInterface = (uint)key,
        Packets = 1,
        Octets = (ulong)key,
        Flows = 1,
        TcpFlags = (byte)(1 << (key % 8)),
        DatagramNumber = number,
    };

    [Fact]
    public void Add_AnyRecords_SumsAsADictionaryWould() => Prop.ForAll(
        Gen.Choose(0, 300).ListOf().ToArbitrary(),
        keys =>
        {
            using var memory = new TableMemory();
            using var table = new AggregationTable(new AggregatePlan(Keys), memory);
            FlowRecord[] records = [.. keys.Select((k, i) => Record(k, (ulong)i))];
            int added = table.Add(records, Clock, int.MaxValue);
            var expected = keys.GroupBy(k => k).Select(g => ((ulong)g.Key * (ulong)g.Count(), (uint)g.Count())).ToList();
            var actual = new List<(ulong, uint)>();
            for (int i = 0; i < table.Count; i++)
            {
                actual.Add((table[i]->Octets, table[i]->Records));
            }

            return added == keys.Count && actual.SequenceEqual(expected) && table.EnteredRecords == keys.Count;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Add_ManyKeysTwice_GrowsAndFindsEveryKeyAgain()
    {
        using var memory = new TableMemory();
        using var table = new AggregationTable(new AggregatePlan(Keys), memory);
        FlowRecord[] batch = new FlowRecord[128];
        for (int round = 0; round < 2; round++)
        {
            for (int key = 0; key < 200_064; key += batch.Length)
            {
                for (int i = 0; i < batch.Length; i++)
                {
                    batch[i] = Record(key + i);
                }

                Assert.Equal(batch.Length, table.Add(batch, Clock, int.MaxValue));
            }
        }

        Assert.Equal(200_064, table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            Assert.Equal(2u, table[i]->Records);
            Assert.Equal((ulong)i * 2, table[i]->Octets);
        }
    }

    [Fact]
    public void Add_BeyondCapacity_StopsThereAndTakesKnownKeysStill()
    {
        using var memory = new TableMemory();
        using var table = new AggregationTable(new AggregatePlan(Keys), memory);
        FlowRecord[] records = [.. Enumerable.Range(0, 100).Select(k => Record(k % 60))];
        Assert.Equal(50, table.Add(records, Clock, 50));
        Assert.Equal(50, table.Count);
        Assert.Equal(10, table.Add(records.AsSpan(0, 10), Clock, 50));
        Assert.Equal(60, table.EnteredRecords);
    }

    [Fact]
    public void Add_MemoryLimitMet_SaysHowManyWereAdded()
    {
        using var memory = new TableMemory(2 * TableMemory.ChunkBytes);
        using var table = new AggregationTable(new AggregatePlan(Keys), memory);
        FlowRecord[] records = [.. Enumerable.Range(0, 100_000).Select(k => Record(k))];
        int added = table.Add(records, Clock, int.MaxValue);
        Assert.InRange(added, 1, 99_999);
        Assert.Equal(added, table.Count);
        Assert.True(memory.UsedBytes <= 2 * TableMemory.ChunkBytes);
    }

    [Fact]
    public void Dispose_GivesAllMemoryBack()
    {
        using var memory = new TableMemory();
        var table = new AggregationTable(new AggregatePlan(Keys), memory);
        table.Add([.. Enumerable.Range(0, 50_000).Select(k => Record(k))], Clock, int.MaxValue);
        Assert.True(memory.UsedBytes > 0);
        table.Dispose();
        Assert.Equal(0, memory.UsedBytes);
    }

    [Fact]
    public void Add_KnownKeys_AllocatesNothing()
    {
        using var memory = new TableMemory();
        using var table = new AggregationTable(new AggregatePlan(Keys), memory);
        FlowRecord[] records = [.. Enumerable.Range(0, 128).Select(k => Record(k))];
        table.Add(records, Clock, int.MaxValue);
        long allocated = Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                table.Add(records, Clock, int.MaxValue);
            }
        });
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void TimesInSeconds_MicrosecondsAreNoPartOfTheKey()
    {
        using var memory = new TableMemory();
        using var table = new AggregationTable(new AggregatePlan([FlowField.StartTime], timesInSeconds: true), memory);
        FlowRecord[] records = [new() { StartTime = 5_000_001 }, new() { StartTime = 5_999_999 }, new() { StartTime = 6_000_000 }];
        table.Add(records, Clock, int.MaxValue);
        Assert.Equal(2, table.Count);
        Assert.Equal(5_000_000, BitConverter.ToInt64(table.KeyOf(table[0])));
    }
}
