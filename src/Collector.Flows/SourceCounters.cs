using System.Runtime.CompilerServices;
using Collector.Flows.Sequences;
using Collector.Net;

namespace Collector.Flows;

/// <summary>What one source and domain (sFlow: agent and sub-agent) sent, and what became of it.</summary>
/// <remarks>Plain numbers written by the owning worker only; others may read them at any time and see each number whole, not all of one instant.</remarks>
public sealed class SourceCounters(IpAddress source, ushort version, uint domain)
{
    private readonly long[] _faults = new long[Enum.GetValues<DecodeFault>().Length];
    private SequenceStreams? _streams;

    /// <summary>The socket address of the sender; <c>::</c> for the entry `other` that takes what is beyond the limit.</summary>
    public IpAddress Source { get; } = source;

    /// <summary>5, 9, 10; sFlow 5 is told apart by <see cref="IsSFlow"/>; 0 for datagrams that named no version.</summary>
    public ushort Version { get; } = version;

    /// <summary>Source id, observation domain, engine or sub-agent.</summary>
    public uint Domain { get; } = domain;

    /// <summary>True for sFlow.</summary>
    public bool IsSFlow { get; init; }

    /// <summary>The agent of sFlow, of which one source may relay many; <c>::</c> otherwise.</summary>
    public IpAddress Agent { get; init; }

    /// <summary>What its sequence numbers tell about losses on the way here.</summary>
    public SequenceCounters Sequence { get; } = new();

    /// <summary>The same numbers as pmacct's statistics lines count them.</summary>
    public SequenceSteps Steps { get; } = new();

    /// <summary>NetFlow v5: engine type of the last datagram, which pmacct's statistics lines name beside the engine id; 0 otherwise.</summary>
    public byte EngineType { get; internal set; }

    /// <summary>sFlow: samples that the sequence numbers of the data sources miss, and what else they tell. Units are samples.</summary>
    public SequenceCounters Samples { get; } = new();

    /// <summary>Datagrams received, good or bad.</summary>
    public long Datagrams;

    /// <summary>Datagrams whose header was read, so that their content was decoded as far as it is good; the others are one fault each.</summary>
    public long DecodedDatagrams;

    /// <summary>Octets of their UDP payloads.</summary>
    public long Octets;

    /// <summary>Octets of the UDP payloads of <see cref="DecodedDatagrams"/>.</summary>
    public long DecodedOctets;

    /// <summary>Flow records decoded.</summary>
    public long Records;

    /// <summary>Options records decoded.</summary>
    public long OptionsRecords;

    /// <summary>Options records that became records of the outputs too (account_options); not among <see cref="Records"/>.</summary>
    public long AccountedOptionsRecords;

    /// <summary>Templates and options templates announced.</summary>
    public long Templates;

    /// <summary>Templates announced anew with another layout.</summary>
    public long TemplateRedefinitions;

    /// <summary>Templates withdrawn by their exporter (RFC 7011 §8.1).</summary>
    public long TemplateWithdrawals;

    /// <summary>Templates that ended because another port took their id over and they were not used for the lifetime.</summary>
    public long TemplatesExpired;

    /// <summary>When a template was last announced with another layout, microseconds since the Unix epoch; 0 never.</summary>
    public long TemplatesChanged;

    /// <summary>Templates of which two ports of the source use different layouts at the same time: two exporters behind one address.</summary>
    public long TemplateConflicts;

    /// <summary>Data Sets that came before their template and were kept for it.</summary>
    public long HeldSets;

    /// <summary>Of those, the Sets that were decoded when the template came; the others are <see cref="DecodeFault.MissingTemplate"/> once they are given up.</summary>
    public long ReplayedSets;

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

    /// <summary>Data sources told apart here; more are decoded like any, without figures of their own.</summary>
    public const int MaxDataSources = 1_024;

    private SFlow.DataSourceCounters[] _dataSources = [];
    private int _dataSourceCount;

    /// <summary>sFlow: how each data source samples, up to <see cref="MaxDataSources"/>. Read by any thread.</summary>
    public ReadOnlySpan<SFlow.DataSourceCounters> DataSources
    {
        get
        {
            int count = Volatile.Read(ref _dataSourceCount);
            return Volatile.Read(ref _dataSources).AsSpan(0, count);
        }
    }

    /// <summary>Discarded packets by reason; null before the first. Read by any thread.</summary>
    public SFlow.DiscardCounters? Discards { get; internal set; }

    /// <summary>How often a fault was met.</summary>
    public long this[DecodeFault fault] => Volatile.Read(ref _faults[(int)fault]);

    /// <summary>Templates for which data came and no announcement yet; replaced as a whole, so any thread may read it.</summary>
    public IReadOnlyList<MissingTemplate> MissingTemplates { get; internal set; } = [];

    /// <summary>True once the entry has given way to another one and its numbers were added to <see cref="SourceTable.Evicted"/>.</summary>
    internal bool IsEvicted { get; set; }

    /// <summary>True for entries that sum many sources, in which sequences cannot be followed.</summary>
    internal bool IsSum { get; init; }

    /// <summary>Counts a fault; called by the owning worker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(DecodeFault fault, long times = 1) => _faults[(int)fault] += times;

    /// <summary>Takes the sequence number of a datagram.</summary>
    internal void Observe(ushort port, in SequencePoint point)
    {
        if (!IsSum)
        {
            Steps.Observe(point.Sequence, IsSFlow || Version == 9 ? 1 : point.Records);
            (_streams ??= MakeStreams()).Observe(port, point);
        }
    }

    /// <summary>Nothing more will come: what the sequences still wait for is lost.</summary>
    internal void EndSequences()
    {
        _streams?.End();
        (Samples.Lost, Samples.Awaited) = (Samples.Lost + Samples.Awaited, 0);
    }

    /// <summary>The figures of a data source; null beyond the limit.</summary>
    internal SFlow.DataSourceCounters? FindDataSource(uint dataSource)
    {
        foreach (SFlow.DataSourceCounters known in DataSources)
        {
            if (known.DataSource == dataSource)
            {
                return known;
            }
        }

        if (IsSum || _dataSourceCount == MaxDataSources)
        {
            return null;
        }

        if (_dataSourceCount == _dataSources.Length)
        {
            SFlow.DataSourceCounters[] larger = new SFlow.DataSourceCounters[Math.Max(4, _dataSources.Length * 2)];
            _dataSources.CopyTo(larger, 0);
            Volatile.Write(ref _dataSources, larger);
        }

        var added = new SFlow.DataSourceCounters(dataSource);
        _dataSources[_dataSourceCount] = added;
        Volatile.Write(ref _dataSourceCount, _dataSourceCount + 1);
        return added;
    }

    /// <summary>Adds everything that <paramref name="other"/> counted; it counts no further.</summary>
    internal void Absorb(SourceCounters other)
    {
        other.EndSequences();
        other.IsEvicted = true;
        for (int i = 0; i < _faults.Length; i++)
        {
            _faults[i] += other._faults[i];
        }

        Datagrams += other.Datagrams;
        DecodedDatagrams += other.DecodedDatagrams;
        Octets += other.Octets;
        DecodedOctets += other.DecodedOctets;
        Records += other.Records;
        OptionsRecords += other.OptionsRecords;
        AccountedOptionsRecords += other.AccountedOptionsRecords;
        Templates += other.Templates;
        TemplateRedefinitions += other.TemplateRedefinitions;
        TemplateWithdrawals += other.TemplateWithdrawals;
        TemplatesExpired += other.TemplatesExpired;
        TemplateConflicts += other.TemplateConflicts;
        HeldSets += other.HeldSets;
        ReplayedSets += other.ReplayedSets;
        OtherSamples += other.OtherSamples;
        DiscardedPackets += other.DiscardedPackets;
        UnknownCounters += other.UnknownCounters;
        CounterRecords += other.CounterRecords;
        CounterRecordsLost += other.CounterRecordsLost;
        UnaccountedSamples += other.UnaccountedSamples;
        ReverseRecords += other.ReverseRecords;
        ListRecords += other.ListRecords;
        UnsampledRecords += other.UnsampledRecords;
        EndsBeforeStart += other.EndsBeforeStart;
        LateRecords += other.LateRecords;
        FutureRecords += other.FutureRecords;
        WrongClocks += other.WrongClocks;
        TemplatesChanged = Math.Max(TemplatesChanged, other.TemplatesChanged);
        LastSeen = Math.Max(LastSeen, other.LastSeen);
        if (other.Discards is not null)
        {
            (Discards ??= new SFlow.DiscardCounters()).Add(other.Discards);
        }

        Sequence.Add(other.Sequence);
        Samples.Add(other.Samples);
    }

    private SequenceStreams MakeStreams() => IsSFlow
        ? new SequenceStreams(SequenceUnit.Datagrams, mayCountOther: false, Sequence)
        : new SequenceStreams(Version == 9 ? SequenceUnit.Datagrams : SequenceUnit.Records, mayCountOther: true, Sequence);
}
