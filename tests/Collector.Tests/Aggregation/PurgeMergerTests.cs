using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Xunit;

namespace Collector.Tests.Aggregation;

public class PurgeMergerTests
{
    private readonly TableMemory _memory = new();

    private static WindowClock Clock() => new(new WindowOptions { HistorySeconds = 60, Roundoff = "m" }, 1_795_194_720, TimeZoneInfo.Utc);

    private TableHandOver Table(AggregatePlan plan, int worker, ValueTable values, params FlowRecord[] records)
    {
        var table = new AggregationTable(plan, _memory);
        table.Add(records, Clock(), int.MaxValue);
        return new TableHandOver { Output = 0, Worker = worker, Number = 1, Commit = 0, Time = 0, Table = table, Values = values.Snapshot };
    }

    private static FlowRecord Record(ushort port, ulong number, uint className = 0, long bin = 0) =>
        new() { SourcePort = port, DatagramNumber = number, Packets = 1, Octets = 10, Flows = 1, ClassName = className, BinTime = bin * 1_000_000 };

    [Fact]
    public void Merge_TablesThatShareKeys_OneRowPerKeyInOrderOfFirstInsertion()
    {
        var plan = new AggregatePlan([FlowField.SourcePort]);
        using var merger = new PurgeMerger(plan, _memory, 1000, ordered: true);
        TableHandOver first = Table(plan, 0, new ValueTable(), Record(1, 5), Record(2, 6), Record(3, 9));
        TableHandOver second = Table(plan, 1, new ValueTable(), Record(3, 2), Record(1, 7));
        using Purge purge = merger.Merge([first, second], long.MaxValue, 0, true);
        Assert.Equal([(3, 2ul), (1, 2ul), (2, 1ul)], Rows(purge));
    }

    [Fact]
    public void Merge_EntriesOfOneRecord_StayInTheirOrder()
    {
        // As sum_* makes them: many, since a sort may keep a few in their order by chance.
        var plan = new AggregatePlan([FlowField.SourcePort]);
        using var merger = new PurgeMerger(plan, _memory, 1000, ordered: true);
        FlowRecord[] pairs = [.. Enumerable.Range(1, 200).SelectMany(i => new[] { Record((ushort)i, (ulong)i), Record((ushort)(1_000 - i), (ulong)i) })];
        using Purge purge = merger.Merge([Table(plan, 0, new ValueTable(), pairs)], long.MaxValue, 0, true);
        Assert.Equal(pairs.Select(r => ((int)r.SourcePort, 1ul)), Rows(purge));
    }

    [Fact]
    public void Dispose_Twice_FreesOnce()
    {
        var merger = new PurgeMerger(new AggregatePlan([FlowField.SourcePort]), _memory, 1000, ordered: true);
        merger.Dispose();
        // Memory freed twice ends the process.
        merger.Dispose();
        Assert.Equal(0, merger.PendingEntries);
    }

    [Fact]
    public void Merge_HandlesOfTwoWorkers_AreComparedByContent()
    {
        var plan = new AggregatePlan([FlowField.ClassName]);
        var valuesA = new ValueTable();
        var valuesB = new ValueTable();
        valuesB.Intern("other"u8);
        uint a = valuesA.Intern("dns"u8), b = valuesB.Intern("dns"u8);
        Assert.NotEqual(a, b);
        using var merger = new PurgeMerger(plan, _memory, 1000, ordered: true);
        using Purge purge = merger.Merge([Table(plan, 0, valuesA, Record(0, 1, a)), Table(plan, 1, valuesB, Record(0, 2, b))], long.MaxValue, 0, true);
        Assert.Equal(1, purge.Count);
        Assert.Equal(2ul, purge[0].Entry.Packets);
        Assert.Equal("dns"u8.ToArray(), purge[0].Values[BitConverter.ToUInt32(purge[0].Key)].ToArray());
    }

    [Fact]
    public void Merge_BinsNotDue_AreKeptAndMergedIntoTheNextPurge()
    {
        var plan = new AggregatePlan([FlowField.SourcePort]);
        using var merger = new PurgeMerger(plan, _memory, 1000, ordered: false);
        long bin = 1_795_194_720;
        using (Purge purge = merger.Merge([Table(plan, 0, new ValueTable(), Record(1, 1, bin: bin), Record(1, 2, bin: bin + 60))], bin, 0, false))
        {
            Assert.Equal(1, purge.Count);
            Assert.Equal(2, purge.TotalEntries);
            Assert.Equal(1, merger.PendingRecords);
        }

        using Purge next = merger.Merge([Table(plan, 0, new ValueTable(), Record(1, 3, bin: bin + 60))], bin + 60, 0, false);
        Assert.Equal(1, next.Count);
        Assert.Equal(2ul, next[0].Entry.Packets);
        Assert.Equal(0, merger.PendingRecords);
        Assert.Equal(2, next.Number);
    }

    [Fact]
    public void Merge_MoreKeptThanTheLimit_IsPublishedEarlyAndCounted()
    {
        var plan = new AggregatePlan([FlowField.SourcePort]);
        using var merger = new PurgeMerger(plan, _memory, 2, ordered: false);
        FlowRecord[] future = [.. Enumerable.Range(0, 3).Select(i => Record((ushort)i, 1, bin: 1_795_294_720))];
        using Purge purge = merger.Merge([Table(plan, 0, new ValueTable(), future)], 0, 0, false);
        Assert.Equal(3, purge.Count);
        Assert.Equal(1, merger.EarlyFlushes);
        Assert.Equal(0, merger.PendingEntries);
    }

    [Fact]
    public void Merge_AfterDispose_AllMemoryIsBack()
    {
        var plan = new AggregatePlan([FlowField.ClassName]);
        var merger = new PurgeMerger(plan, _memory, 1000, ordered: false);
        Purge purge = merger.Merge([Table(plan, 0, new ValueTable(), Record(1, 1, bin: 1_795_294_720)), Table(plan, 1, new ValueTable(), Record(1, 1))], 0, 0, false);
        purge.Dispose();
        merger.Dispose();
        merger.Dispose();
        Assert.Equal(0, _memory.UsedBytes);
    }

    private static List<(int Port, ulong Packets)> Rows(Purge purge)
    {
        List<(int, ulong)> rows = [];
        for (int i = 0; i < purge.Count; i++)
        {
            rows.Add((BitConverter.ToUInt16(purge[i].Key), purge[i].Entry.Packets));
        }

        return rows;
    }
}
