namespace Collector.Flows.SFlow;

/// <summary>Hands counters from the worker that received them to the thread that publishes them. Bounded; takes no lock and allocates nothing.</summary>
/// <remarks>One thread adds, one takes. What does not fit is refused: the worker counts it and goes on.</remarks>
public sealed class CounterQueue
{
    /// <summary>Records a queue holds by default: one megabyte, and 40,000 records a second for a reader that looks ten times a second.</summary>
    public const int DefaultCapacity = 4_096;

    private readonly CounterRecord[] _records;
    private long _added;
    private long _taken;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="capacity">Most records in it; a power of two.</param>
    public CounterQueue(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(System.Numerics.BitOperations.IsPow2(capacity), true);
        _records = new CounterRecord[capacity];
    }

    /// <summary>Adds a record; called by the worker.</summary>
    /// <returns>False when the queue is full.</returns>
    public bool TryAdd(in CounterRecord record)
    {
        long added = _added;
        if (added - Volatile.Read(ref _taken) == _records.Length)
        {
            return false;
        }

        _records[added & (_records.Length - 1)] = record;
        Volatile.Write(ref _added, added + 1);
        return true;
    }

    /// <summary>Takes the oldest record; called by the publisher.</summary>
    /// <returns>False when the queue is empty.</returns>
    public bool TryTake(out CounterRecord record)
    {
        long taken = _taken;
        if (taken == Volatile.Read(ref _added))
        {
            record = default;
            return false;
        }

        record = _records[taken & (_records.Length - 1)];
        Volatile.Write(ref _taken, taken + 1);
        return true;
    }
}
