using System.Runtime.CompilerServices;
using Collector.Net;

namespace Collector.Flows;

/// <summary>What one source and domain (sFlow: agent and sub-agent) sent, and what became of it.</summary>
/// <remarks>Plain numbers written by the owning worker only; others may read them at any time and see each number whole, not all of one instant.</remarks>
public sealed class SourceCounters(IpAddress source, ushort version, uint domain)
{
    private readonly long[] _faults = new long[Enum.GetValues<DecodeFault>().Length];

    /// <summary>The socket address of the sender; <c>::</c> for the entry `other` that takes what is beyond the limit.</summary>
    public IpAddress Source { get; } = source;

    /// <summary>5, 9, 10; sFlow 5 is told apart by <see cref="IsSFlow"/>; 0 for datagrams that named no version.</summary>
    public ushort Version { get; } = version;

    /// <summary>Source id, observation domain, engine or sub-agent.</summary>
    public uint Domain { get; } = domain;

    /// <summary>True for sFlow.</summary>
    public bool IsSFlow { get; init; }

    /// <summary>Datagrams received, good or bad.</summary>
    public long Datagrams;

    /// <summary>Octets of their UDP payloads.</summary>
    public long Octets;

    /// <summary>Flow records decoded.</summary>
    public long Records;

    /// <summary>Options records decoded.</summary>
    public long OptionsRecords;

    /// <summary>Templates and options templates announced.</summary>
    public long Templates;

    /// <summary>Templates announced anew with another layout.</summary>
    public long TemplateRedefinitions;

    /// <summary>Templates of which two ports of the source use different layouts at the same time: two exporters behind one address.</summary>
    public long TemplateConflicts;

    /// <summary>Samples that are no flow samples (counters, drops).</summary>
    public long OtherSamples;

    /// <summary>sFlow notifications of discarded packets (sample format 5); by reason in <see cref="Discards"/>.</summary>
    public long DiscardedPackets;

    /// <summary>Blocks of sFlow counters read for publication; 0 when none are published.</summary>
    public long CounterRecords;

    /// <summary>Those of <see cref="CounterRecords"/> that found the queue to the publisher full.</summary>
    public long CounterRecordsLost;

    /// <summary>Counters of sFlow samples in a format that is not published: skipped by their length.</summary>
    public long UnknownCounters;

    /// <summary>Flow samples of packets that pmacct does not account: neither IPv4 nor IPv6 (pmacct-compat §7.1).</summary>
    public long UnaccountedSamples;

    /// <summary>Records of the reverse direction, made from biflow or NSEL records by rule; not in <see cref="Records"/>.</summary>
    public long ReverseRecords;

    /// <summary>Records inside lists of structured data (RFC 6313), which are passed over.</summary>
    public long ListRecords;

    /// <summary>Flow records whose sampling interval is unknown: their exporter has not told any.</summary>
    public long UnsampledRecords;

    /// <summary>Flow records that end before they start.</summary>
    public long EndsBeforeStart;

    /// <summary>Flow records that start longer before their arrival than the limit; binned by arrival.</summary>
    public long LateRecords;

    /// <summary>Flow records that start longer after their arrival than the limit; binned by arrival.</summary>
    public long FutureRecords;

    /// <summary>Datagrams whose header tells a time more than an hour off their arrival.</summary>
    public long WrongClocks;

    /// <summary>How far the clock of the last header was ahead of its arrival, microseconds; below 0 behind. 0 where headers tell no time.</summary>
    public long ClockOffset;

    /// <summary>When the last datagram came in, microseconds since the Unix epoch.</summary>
    public long LastSeen;

    /// <summary>Discarded packets by reason; null before the first. Read by any thread.</summary>
    public SFlow.DiscardCounters? Discards { get; internal set; }

    /// <summary>How often a fault was met.</summary>
    public long this[DecodeFault fault] => Volatile.Read(ref _faults[(int)fault]);

    /// <summary>Counts a fault; called by the owning worker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(DecodeFault fault, long times = 1) => _faults[(int)fault] += times;
}
