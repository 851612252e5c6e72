namespace Collector.Flows.SFlow;

/// <summary>How one data source of a sub-agent samples: what it announces, and what its pool shows.</summary>
/// <remarks>Written by the owning worker only; others may read single numbers at any time.</remarks>
public sealed class DataSourceCounters(uint dataSource)
{
    /// <summary>Class in the upper eight bits, index in the others.</summary>
    public uint DataSource { get; } = dataSource;

    /// <summary>Flow samples received.</summary>
    public long Samples;

    /// <summary>One in so many packets, as the last sample announced.</summary>
    public long AnnouncedInterval;

    /// <summary>Samples taken by the agent while <see cref="PoolPackets"/> passed, those lost on the way included.</summary>
    public long PoolSamples;

    /// <summary>Packets that could have been sampled, by sample_pool.</summary>
    public long PoolPackets;

    /// <summary>The interval that the pool shows since the start; 0 before the second sample.</summary>
    public double EffectiveInterval => Volatile.Read(ref PoolSamples) is long samples and > 0 ? (double)Volatile.Read(ref PoolPackets) / samples : 0;
}
