using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Collector.Flows;

/// <summary>A reused, fixed array of records between the decoder and the tables of one worker.</summary>
public sealed class FlowBatch
{
    /// <summary>Records a batch holds: enough to hide memory latency behind prefetches, few enough to stay in the second-level cache.</summary>
    public const int DefaultCapacity = 128;

    // Pinned, so that plans may write by offset without the collector moving the array in between.
    private readonly FlowRecord[] _records;

    // A row of extra values for each record, pinned too: records point at theirs, and so do copies of them.
    private readonly byte[] _rows;
    private readonly int _rowBytes;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">Records that it holds.</param>
    /// <param name="rowBytes">Bytes of extra values per record; 0: none.</param>
    public FlowBatch(int capacity = DefaultCapacity, int rowBytes = 0)
    {
        _records = GC.AllocateArray<FlowRecord>(capacity, pinned: true);
        _rowBytes = (rowBytes + 7) & ~7;
        _rows = GC.AllocateArray<byte>(_rowBytes * capacity, pinned: true);
    }

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
        if (_rowBytes != 0)
        {
            record.ExtraValues = NewRow(Count);
        }

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
        for (int i = 0; _rowBytes != 0 && i < count; i++)
        {
            records[i].ExtraValues = NewRow(Count + i);
        }

        Count += count;
        return records;
    }

    /// <summary>Takes back the records added last, which turned out to be no records.</summary>
    public void RemoveLast(int count = 1) => Count -= count;

    /// <summary>Overwrites a record of the batch with a later one, its extra values included.</summary>
    internal unsafe void Move(in FlowRecord from, ref FlowRecord to)
    {
        nint row = to.ExtraValues;
        to = from;
        if (row != 0)
        {
            Buffer.MemoryCopy((void*)from.ExtraValues, (void*)row, _rowBytes, _rowBytes);
            to.ExtraValues = row;
        }
    }

    /// <summary>Forgets all records.</summary>
    public void Clear() => Count = 0;

    private unsafe nint NewRow(int index)
    {
        Span<byte> row = _rows.AsSpan(index * _rowBytes, _rowBytes);
        row.Clear();
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(row));
    }
}
