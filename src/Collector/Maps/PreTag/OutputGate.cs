using Collector.Flows;

namespace Collector.Maps.PreTag;

/// <summary>What stands before the table of an output in one worker: its own map, its filters, its tags. Never allocates once warm.</summary>
internal sealed class OutputGate
{
    private readonly OutputMaps _maps;
    private readonly ValueTable _values;
    private readonly Tagger? _own;
    private readonly RecordTags _none = new();
    private FlowRecord[] _copies = [];

    /// <param name="maps">What the output asks for.</param>
    /// <param name="values">Resolves labels; owned by the same worker.</param>
    public OutputGate(OutputMaps maps, ValueTable values)
    {
        _maps = maps;
        _values = values;
        _own = maps.PreTag is null ? null : new Tagger(maps.PreTag, values);
    }

    /// <summary>Records that a filter kept out.</summary>
    public long FilteredRecords { get; private set; }

    /// <summary>Packets of <see cref="FilteredRecords"/>.</summary>
    public ulong FilteredPackets { get; private set; }

    /// <summary>Octets of <see cref="FilteredRecords"/>.</summary>
    public ulong FilteredOctets { get; private set; }

    /// <summary>Records that a map of the output's own made of one (return).</summary>
    public long DuplicatedRecords { get; private set; }

    /// <summary>The records that enter, in the place where they are, or in one of the gate's own.</summary>
    /// <param name="records">The records, which other outputs see too: they stay as they are.</param>
    /// <param name="shared">What the map that all outputs share gave them; null without one.</param>
    public Span<FlowRecord> Pass(Span<FlowRecord> records, RecordTags? shared)
    {
        RecordTags tags = shared ?? _none;
        _none.Reserve(records.Length);
        Span<FlowRecord> passing = records;
        if (_maps.ChangesRecords || (_maps.Filters && !AllPass(records, tags)))
        {
            passing = Copy(records);
        }

        if (_own is not null)
        {
            passing = _own.Apply(passing);
            DuplicatedRecords += passing.Length - records.Length;
            tags = _own.Tags;
        }

        passing = passing != records && _maps.Filters ? Filter(passing, tags) : passing;
        if (_maps.ChangesRecords)
        {
            Change(passing);
        }

        return passing;
    }

    private bool AllPass(Span<FlowRecord> records, RecordTags tags)
    {
        for (int i = 0; i < records.Length; i++)
        {
            if (!Passes(in records[i], tags, i))
            {
                return false;
            }
        }

        return true;
    }

    private Span<FlowRecord> Filter(Span<FlowRecord> records, RecordTags tags)
    {
        int kept = 0;
        for (int i = 0; i < records.Length; i++)
        {
            if (!Passes(in records[i], tags, i))
            {
                FilteredRecords++;
                FilteredPackets += records[i].Packets;
                FilteredOctets += records[i].Octets;
            }
            else
            {
                if (kept != i)
                {
                    records[kept] = records[i];
                }

                kept++;
            }
        }

        return records[..kept];
    }

    private bool Passes(in FlowRecord record, RecordTags tags, int at) =>
        (_maps.Filter is null || _maps.Filter.Holds(in record))
        && (_maps.TagFilter is null || _maps.TagFilter.Passes(tags.Tag[at]))
        && (_maps.Tag2Filter is null || _maps.Tag2Filter.Passes(tags.Tag2[at]))
        && (_maps.LabelFilter is null || _maps.LabelFilter.Passes(_values.Snapshot[tags.Label[at]]));

    private void Change(Span<FlowRecord> records)
    {
        NumberList? ports = _maps.Ports?.Current, protocols = _maps.Protocols?.Current, tos = _maps.Tos?.Current;
        int tosShift = _maps.TosAsDscp ? 2 : 0;
        foreach (ref FlowRecord record in records)
        {
            record.Tos >>= tosShift;
            record.TunnelTos >>= tosShift;
            record.Tag = _maps.PostTag ?? record.Tag;
            record.Tag2 = _maps.PostTag2 ?? record.Tag2;
            if (ports is not null)
            {
                record.SourcePort = ports.Contains(record.SourcePort) ? record.SourcePort : (ushort)0;
                record.DestinationPort = ports.Contains(record.DestinationPort) ? record.DestinationPort : (ushort)0;
            }

            record.Protocol = protocols is null || protocols.Contains(record.Protocol) ? record.Protocol : byte.MaxValue;
            record.Tos = tos is null || tos.Contains(record.Tos) ? record.Tos : byte.MaxValue;
        }
    }

    private Span<FlowRecord> Copy(Span<FlowRecord> records)
    {
        if (_copies.Length < records.Length)
        {
            _copies = new FlowRecord[Math.Max(FlowBatch.DefaultCapacity, records.Length)];
        }

        records.CopyTo(_copies);
        return _copies.AsSpan(0, records.Length);
    }
}
