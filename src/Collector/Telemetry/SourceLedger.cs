using Collector.Flows;
using Collector.Flows.SFlow;
using Collector.Net;

namespace Collector.Telemetry;

/// <summary>What one source and observation domain (sFlow: agent and sub-agent) sent, and what became of it, at one moment.</summary>
/// <remarks>
/// Closes as <c>datagrams = decoded datagrams + datagram losses</c>; over all sources <c>records + reverse records + accounted options records</c>
/// are the records offered to each output.
/// </remarks>
public sealed record SourceLedger
{
    private static readonly DecodeFault[] DatagramFaults = [DecodeFault.ShortDatagram, DecodeFault.UnknownVersion, DecodeFault.UnknownAddressType, DecodeFault.NotAllowed, DecodeFault.OtherProtocol];

    private static readonly DecodeFault[] PartFaults = [.. Enum.GetValues<DecodeFault>().Except(DatagramFaults).Where(f => f != DecodeFault.None)];

    /// <summary>The socket address; <c>::</c> in <see cref="IsOther"/> and <see cref="IsEvicted"/>.</summary>
    public required IpAddress Source { get; init; }

    /// <summary>The sFlow agent; <c>::</c> otherwise.</summary>
    public required IpAddress Agent { get; init; }

    /// <summary>Protocol version; 0 where datagrams named none.</summary>
    public required int Version { get; init; }

    /// <summary>True for sFlow.</summary>
    public required bool IsSFlow { get; init; }

    /// <summary>Source id, observation domain, engine or sub-agent.</summary>
    public required uint Domain { get; init; }

    /// <summary>True for the sum of sources beyond the limit.</summary>
    public bool IsOther { get; init; }

    /// <summary>True for the sum of sources that were silent and gave way to others.</summary>
    public bool IsEvicted { get; init; }

    /// <summary>Datagrams received.</summary>
    public long Datagrams { get; init; }

    /// <summary>Datagrams whose header was good.</summary>
    public long DecodedDatagrams { get; init; }

    /// <summary>Datagrams that were lost whole, by reason; only reasons that occurred.</summary>
    public required IReadOnlyList<NamedLoss> DatagramLosses { get; init; }

    /// <summary>Sets, templates, samples and records that were lost or are in doubt, by reason; only reasons that occurred.</summary>
    public required IReadOnlyList<NamedLoss> PartLosses { get; init; }

    /// <summary>Octets of UDP payload.</summary>
    public long Octets { get; init; }

    /// <summary>Octets of UDP payload of <see cref="DecodedDatagrams"/>.</summary>
    public long DecodedOctets { get; init; }

    /// <summary>Flow records decoded.</summary>
    public long Records { get; init; }

    /// <summary>Records of the reverse direction of biflows, offered besides.</summary>
    public long ReverseRecords { get; init; }

    /// <summary>Options records that were offered as records (account_options).</summary>
    public long AccountedOptionsRecords { get; init; }

    /// <summary>Options records decoded.</summary>
    public long OptionsRecords { get; init; }

    /// <summary>Samples that are no flow samples.</summary>
    public long OtherSamples { get; init; }

    /// <summary>Templates announced.</summary>
    public long Templates { get; init; }

    /// <summary>Templates announced with another layout.</summary>
    public long TemplateRedefinitions { get; init; }

    /// <summary>Templates of which two ports use different layouts at the same time.</summary>
    public long TemplateConflicts { get; init; }

    /// <summary>Templates withdrawn.</summary>
    public long TemplateWithdrawals { get; init; }

    /// <summary>Templates that ended after the lifetime.</summary>
    public long TemplatesExpired { get; init; }

    /// <summary>When a layout changed last, microseconds since the Unix epoch; 0 never.</summary>
    public long TemplatesChanged { get; init; }

    /// <summary>Data Sets that waited for their template, and how many of them were decoded; the others are given up under their name or wait.</summary>
    public long HeldSets { get; init; }

    /// <summary>Data Sets that were decoded when their template came.</summary>
    public long ReplayedSets { get; init; }

    /// <summary>What is no loss and worth knowing; only what occurred.</summary>
    public required IReadOnlyList<NamedLoss> Remarks { get; init; }

    /// <summary>Templates for which data came and no announcement yet.</summary>
    public required IReadOnlyList<MissingTemplateLedger> MissingTemplates { get; init; }

    /// <summary>Losses before the collector.</summary>
    public required SequenceLedger Sequence { get; init; }

    /// <summary>How the sequence numbers step on, as pmacct counts it.</summary>
    public SequenceStepsLedger Steps { get; init; }

    /// <summary>NetFlow v5: engine type of the last datagram; 0 otherwise.</summary>
    public int EngineType { get; init; }

    /// <summary>sFlow: losses of samples by the numbers of data sources.</summary>
    public required SequenceLedger Samples { get; init; }

    /// <summary>sFlow: how each data source samples.</summary>
    public required IReadOnlyList<DataSourceLedger> DataSources { get; init; }

    /// <summary>When the last datagram came, microseconds since the Unix epoch.</summary>
    public long LastSeen { get; init; }

    /// <summary>How far the exporter's clock was ahead in the last header, microseconds.</summary>
    public long ClockOffset { get; init; }

    internal static SourceLedger Of(SourceCounters s, bool isOther, bool isEvicted) => new()
    {
        Source = s.Source,
        Agent = s.Agent,
        Version = s.Version,
        IsSFlow = s.IsSFlow,
        Domain = s.Domain,
        IsOther = isOther,
        IsEvicted = isEvicted,
        Datagrams = s.Datagrams,
        DecodedDatagrams = s.DecodedDatagrams,
        DatagramLosses = Losses(s, DatagramFaults),
        PartLosses = Losses(s, PartFaults),
        Octets = s.Octets,
        DecodedOctets = s.DecodedOctets,
        Records = s.Records,
        ReverseRecords = s.ReverseRecords,
        AccountedOptionsRecords = s.AccountedOptionsRecords,
        OptionsRecords = s.OptionsRecords,
        OtherSamples = s.OtherSamples,
        Templates = s.Templates,
        TemplateRedefinitions = s.TemplateRedefinitions,
        TemplateConflicts = s.TemplateConflicts,
        TemplateWithdrawals = s.TemplateWithdrawals,
        TemplatesExpired = s.TemplatesExpired,
        TemplatesChanged = s.TemplatesChanged,
        HeldSets = s.HeldSets,
        ReplayedSets = s.ReplayedSets,
        Remarks = RemarksOf(s),
        MissingTemplates = [.. s.MissingTemplates.Select(m => new MissingTemplateLedger(m.Id, m.Since, m.LastSeen, m.Sets))],
        Sequence = SequenceLedger.Of(s.Sequence),
        Steps = new SequenceStepsLedger(s.Steps.Good, s.Steps.Ahead, s.Steps.Back),
        EngineType = s.EngineType,
        Samples = SequenceLedger.Of(s.Samples),
        DataSources = DataSourcesOf(s),
        LastSeen = s.LastSeen,
        ClockOffset = s.ClockOffset,
    };

    private static NamedLoss[] Losses(SourceCounters source, DecodeFault[] faults) =>
        [.. faults.Where(f => source[f] > 0).Select(f => new NamedLoss(PeerFaultWatch.NameOf(f), source[f]))];

    private static DataSourceLedger[] DataSourcesOf(SourceCounters s)
    {
        var all = new List<DataSourceLedger>();
        foreach (DataSourceCounters d in s.DataSources)
        {
            all.Add(new DataSourceLedger(d.DataSource >> 24, d.DataSource & 0xFF_FFFF, d.Samples, d.AnnouncedInterval, d.EffectiveInterval));
        }

        return [.. all];
    }

    private static NamedLoss[] RemarksOf(SourceCounters s) => [.. ((NamedLoss[])
    [
        new("reverse records", s.ReverseRecords), new("records in lists", s.ListRecords), new("records of unknown sampling", s.UnsampledRecords),
        new("ends before starts", s.EndsBeforeStart), new("late records", s.LateRecords), new("future records", s.FutureRecords),
        new("datagrams of a wrong clock", s.WrongClocks), new("samples not accounted", s.UnaccountedSamples), new("discarded packets", s.DiscardedPackets),
        new("unknown counters", s.UnknownCounters),
        .. s.Discards?.All().Select(r => new NamedLoss($"packets discarded for {r.Key}", r.Value)) ?? [],
    ]).Where(r => r.Count > 0)];
}

/// <summary>How the sequence numbers of a source step on (<see cref="Flows.Sequences.SequenceSteps"/>).</summary>
/// <param name="Good">Datagrams whose number was the expected one.</param>
/// <param name="Ahead">Datagrams whose number was ahead of it.</param>
/// <param name="Back">Datagrams whose number was behind it.</param>
public readonly record struct SequenceStepsLedger(long Good, long Ahead, long Back);

/// <summary>A template for which data came and no announcement yet.</summary>
/// <param name="Id">Template id.</param>
/// <param name="Since">When data came first, microseconds since the Unix epoch.</param>
/// <param name="LastSeen">When data came last, microseconds since the Unix epoch.</param>
/// <param name="Sets">Data Sets that came.</param>
public readonly record struct MissingTemplateLedger(int Id, long Since, long LastSeen, long Sets);

/// <summary>How one data source of sFlow samples.</summary>
/// <param name="Class">0 an interface, 1 a VLAN, 2 a physical entity.</param>
/// <param name="Index">Its index.</param>
/// <param name="Samples">Flow samples received.</param>
/// <param name="Announced">One in so many packets, as announced last.</param>
/// <param name="Effective">The same by sample_pool since the start; 0 before the second sample.</param>
public readonly record struct DataSourceLedger(uint Class, uint Index, long Samples, long Announced, double Effective)
{
    /// <summary>True when the pool shows an interval that is more than a tenth off the announced one.</summary>
    public bool IsOff => Effective > 0 && Math.Abs(Effective - Announced) > Announced * 0.1;
}
