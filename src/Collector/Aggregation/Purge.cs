using Collector.Flows;

namespace Collector.Aggregation;

/// <summary>The rows of one purge of one output, in the order of first insertion.</summary>
/// <remarks>Owned by the publishing thread until <see cref="Dispose"/>, which gives the memory back.</remarks>
public abstract class Purge : IDisposable
{
    /// <summary>The number of the purge, from 1, without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>When the purge happened: the clock, or capture time in a replay; microseconds since the Unix epoch. stamp_updated.</summary>
    public required long Time { get; init; }

    /// <summary>True in a replay, where the pid of writer_id is 0 so that output is the same every time.</summary>
    public bool IsReplay { get; init; }

    /// <summary>True for a table that was full before its time (an urgent purge of pmacct, after which no trigger is started).</summary>
    public bool IsEarly { get; init; }

    /// <summary>Rows to publish.</summary>
    public abstract int Count { get; }

    /// <summary>True when the checks (preprocess) kept back rows that were due: pmacct opens a file for them all the same.</summary>
    public bool HasDropped { get; init; }

    /// <summary>Bytes of unmanaged memory that the purge holds until it is disposed of; 0 when it holds none.</summary>
    public virtual long Bytes => 0;

    /// <summary>Entries considered, those kept for a later purge included (total_entries of pmacct's markers).</summary>
    public required long TotalEntries { get; init; }

    /// <summary>Row <paramref name="index"/>, 0 to <see cref="Count"/> − 1.</summary>
    public abstract AggregateRow this[int index] { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
