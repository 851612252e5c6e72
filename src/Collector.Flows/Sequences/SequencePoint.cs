namespace Collector.Flows.Sequences;

/// <summary>What one datagram says about its place in a sequence.</summary>
internal readonly struct SequencePoint
{
    /// <summary>The number in its header.</summary>
    internal required uint Sequence { get; init; }

    /// <summary>Records in it, those of options included.</summary>
    internal required uint Records { get; init; }

    /// <summary>False when it holds records that could not be counted, as those of a missing template.</summary>
    internal bool IsComplete { get; init; }

    /// <summary>The header's uptime in milliseconds where the protocol has one, else its export time in seconds: tells a repeated datagram from a new one.</summary>
    internal required uint Stamp { get; init; }

    /// <summary>True when <see cref="Stamp"/> is an uptime, which falls only when the exporter restarts.</summary>
    internal bool HasUptime { get; init; }

    /// <summary>When it came, microseconds since the Unix epoch.</summary>
    internal required long ArrivalTime { get; init; }
}
