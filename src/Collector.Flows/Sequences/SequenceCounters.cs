namespace Collector.Flows.Sequences;

/// <summary>What the sequence numbers of one source and domain tell about the way before the collector.</summary>
/// <remarks>
/// Units are what the numbers count: datagrams (NetFlow v9, sFlow) or records (NetFlow v5: flows; IPFIX: data records, those of options included).
/// Plain numbers written by the owning worker only. All but <see cref="Awaited"/> only grow.
/// </remarks>
public sealed class SequenceCounters
{
    /// <summary>Units that never came.</summary>
    public long Lost;

    /// <summary>Units that are missing now and may still come out of order; they move to <see cref="Lost"/> or vanish.</summary>
    public long Awaited;

    /// <summary>Times that the loss between two datagrams cannot be told: what came before could not be decoded, or the numbers jumped.</summary>
    public long Unknown;

    /// <summary>Units that were passed over in those times: lost, or received and not decoded for want of a template.</summary>
    public long LostOrUndecoded;

    /// <summary>Datagrams that came twice.</summary>
    public long Duplicates;

    /// <summary>Datagrams that came after a later one.</summary>
    public long Reordered;

    /// <summary>Times that the exporter began anew.</summary>
    public long Restarts;

    /// <summary>What the numbers were found to count, where that is not what the protocol says; null otherwise.</summary>
    public SequenceUnit? OtherUnit { get; internal set; }

    /// <summary>Adds what another one counted.</summary>
    internal void Add(SequenceCounters other)
    {
        Lost += other.Lost;
        Awaited += other.Awaited;
        Unknown += other.Unknown;
        LostOrUndecoded += other.LostOrUndecoded;
        Duplicates += other.Duplicates;
        Reordered += other.Reordered;
        Restarts += other.Restarts;
    }
}
