using Collector.Flows.Sequences;

namespace Collector.Telemetry;

/// <summary>What sequence numbers tell about the way before the collector; see <see cref="SequenceCounters"/> for each number.</summary>
public sealed record SequenceLedger
{
    /// <summary>Units that never came.</summary>
    public long Lost { get; init; }

    /// <summary>Units that are missing now and may still come.</summary>
    public long Awaited { get; init; }

    /// <summary>Times that the loss cannot be told. Above 0, <see cref="Lost"/> is only the part that is known.</summary>
    public long Unknown { get; init; }

    /// <summary>Units lost or not decoded in those times.</summary>
    public long LostOrUndecoded { get; init; }

    /// <summary>Datagrams that came twice.</summary>
    public long Duplicates { get; init; }

    /// <summary>Datagrams that came after a later one.</summary>
    public long Reordered { get; init; }

    /// <summary>Times that the exporter began anew.</summary>
    public long Restarts { get; init; }

    /// <summary>What was found to be counted instead of what the protocol says; null: as it says.</summary>
    public SequenceUnit? OtherUnit { get; init; }

    internal static SequenceLedger Of(SequenceCounters counters) => new()
    {
        Lost = Volatile.Read(ref counters.Lost),
        Awaited = Volatile.Read(ref counters.Awaited),
        Unknown = Volatile.Read(ref counters.Unknown),
        LostOrUndecoded = Volatile.Read(ref counters.LostOrUndecoded),
        Duplicates = Volatile.Read(ref counters.Duplicates),
        Reordered = Volatile.Read(ref counters.Reordered),
        Restarts = Volatile.Read(ref counters.Restarts),
        OtherUnit = counters.OtherUnit,
    };
}
