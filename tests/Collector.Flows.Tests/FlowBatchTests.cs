using Xunit;

namespace Collector.Flows.Tests;

public class FlowBatchTests
{
    [Fact]
    public void Add_FillsUpInOrder()
    {
        var batch = new FlowBatch(3);
        for (ulong i = 1; i <= 3; i++)
        {
            Assert.False(batch.IsFull);
            ref FlowRecord record = ref batch.Add(new FlowRecord { Octets = i, Protocol = 17 });
            record.Packets = 10 * i;
        }

        Assert.True(batch.IsFull);
        Assert.Equal((3, 0), (batch.Count, batch.Free));
        Assert.Equal([(1ul, 10ul), (2, 20), (3, 30)], batch.Records.ToArray().Select(r => (r.Octets, r.Packets)));
    }

    [Fact]
    public void Prototype_ReplacesWhatTheRecordHeldBefore()
    {
        var batch = new FlowBatch(2);
        batch.Add(new FlowRecord { Octets = 1, Tag = 99 });
        batch.Clear();
        Assert.True(batch.Records.IsEmpty);

        Assert.Equal((2ul, 0ul), (batch.Add(new FlowRecord { Octets = 2 }).Octets, batch.Records[0].Tag));
    }

    [Fact]
    public void RecordTakenBack_IsGone()
    {
        var batch = new FlowBatch(2);
        batch.Add(new FlowRecord { Octets = 1 });
        batch.Add(new FlowRecord { Octets = 2 });

        batch.RemoveLast();

        Assert.Equal(1, batch.Count);
        Assert.False(batch.IsFull);
        Assert.Equal(1ul, batch.Records[^1].Octets);
    }

    [Fact]
    public void RecordBeyondTheCapacity_IsAnErrorAndChangesNothing()
    {
        var batch = new FlowBatch(1);
        batch.Add(new FlowRecord { Octets = 1 });

        Assert.Throws<IndexOutOfRangeException>(() => batch.Add(default));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.AddRange(1, default).Length);
        Assert.Equal(1, batch.Count);
        Assert.Equal(1ul, batch.Records[0].Octets);
    }

    [Fact]
    public void AddRange_FillsEachWithThePrototype()
    {
        var batch = new FlowBatch(5);
        batch.Add(new FlowRecord { Octets = 1 });

        Span<FlowRecord> range = batch.AddRange(3, new FlowRecord { Tag = 7 });
        range[1].Octets = 2;

        Assert.Equal((4, 1), (batch.Count, batch.Free));
        Assert.Equal([(1ul, 0ul), (0, 7), (2, 7), (0, 7)], batch.Records.ToArray().Select(r => (r.Octets, r.Tag)));
    }

    [Fact]
    public void Batch_DoesNotMove()
    {
        // Plans write by offset: the address must stay good over a compacting collection.
        var batch = new FlowBatch();
        ref FlowRecord record = ref batch.Add(default);
        nint before = Address(ref record);
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        Assert.Equal(before, Address(ref batch.Records[0]));
    }

    private static unsafe nint Address(ref FlowRecord record)
    {
        fixed (FlowRecord* pointer = &record)
        {
            return (nint)pointer;
        }
    }
}
