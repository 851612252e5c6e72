using System.Runtime.CompilerServices;

namespace Collector.Flows;

/// <summary>A reused, fixed array of records between the decoder and the tables of one worker.</summary>
public sealed class FlowBatch
{
    /// <summary>Records a batch holds: enough to hide memory latency behind prefetches, few enough to stay in the second-level cache.</summary>
    public const int DefaultCapacity = 128;

    // Pinned, so that plans may write by offset without the collector moving the array in between.
    private readonly FlowRecord[] _records;

    /// <summary>Makes an empty batch.</summary>
    public FlowBatch(int capacity = DefaultCapacity) => _records = GC.AllocateArray<FlowRecord>(capacity, pinned: true);

    /// <summary>Records in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>True when <see cref="Add"/> must not be called.</summary>
    public bool IsFull => Count == _records.Length;

    /// <summary>The records in the order of decoding.</summary>
    public Span<FlowRecord> Records => _records.AsSpan(0, Count);

    /// <summary>The next record, holding <paramref name="prototype"/>: what the records of one Set or sample have in common.</summary>
    /// <exception cref="IndexOutOfRangeException">The batch is full: check <see cref="IsFull"/> first.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref FlowRecord Add(in FlowRecord prototype)
    {
        ref FlowRecord record = ref _records[Count];
        record = prototype;
        Count++;
        return ref record;
    }

    /// <summary>Records that can still be added.</summary>
    public int Free => _records.Length - Count;

    /// <summary>The next <paramref name="count"/> records, each holding <paramref name="prototype"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="Free"/>.</exception>
    public Span<FlowRecord> AddRange(int count, in FlowRecord prototype)
    {
        Span<FlowRecord> records = _records.AsSpan(Count, count);
        records.Fill(prototype);
        Count += count;
        return records;
    }

    /// <summary>Takes back the records added last, which turned out to be no records.</summary>
    public void RemoveLast(int count = 1) => Count -= count;

    /// <summary>Forgets all records.</summary>
    public void Clear() => Count = 0;
}
