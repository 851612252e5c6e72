using Collector.Flows;

namespace Collector.Aggregation;

/// <summary>A worker's answer to one purge of one output, or a table that it had to flush early.</summary>
public sealed class TableHandOver
{
    /// <summary>Position of the output in the configuration.</summary>
    public required int Output { get; init; }

    /// <summary>Index of the worker.</summary>
    public required int Worker { get; init; }

    /// <summary>The purge that is answered (<see cref="WindowClock.NextPurge"/>); meaningless when <see cref="Early"/>.</summary>
    public required long Number { get; init; }

    /// <summary>Bins up to this start are published; long.MaxValue publishes everything.</summary>
    public required long Commit { get; init; }

    /// <summary>The clock, microseconds since the Unix epoch.</summary>
    public required long Time { get; init; }

    /// <summary>True when the table was full: it is published at once, by itself.</summary>
    public bool Early { get; init; }

    /// <summary>True for the last answer of this worker, which stops: it answers every purge that may still come.</summary>
    public bool Last => Number == long.MaxValue;

    /// <summary>The worker's entries; never null, possibly empty.</summary>
    public required AggregationTable Table { get; init; }

    /// <summary>Resolves the handles in its keys.</summary>
    public required ValueSnapshot Values { get; init; }
}
