using System.Buffers.Binary;
using Collector.Flows.Templates.Options;
using Collector.Flows.Templates.Plans;

namespace Collector.Flows.Templates;

/// <summary>Decodes the Sets of NetFlow v9 and IPFIX messages. One per worker; keeps its place between calls when a batch is full.</summary>
internal sealed class MessageDecoder
{
    private const int SetHeaderLength = 4;

    // Records decoded at once: few enough for records and targets to stay in the first-level cache.
    private const int RecordsAtOnce = 32;

    private readonly DecoderOptions _options;
    private readonly TemplateTable _templates;
    private readonly ExportDomainTable _domains;
    private readonly OptionsReader _optionsReader;
    private readonly VariableRecord _variableRecord = new();
    private readonly PlanContext _context;

    private ExportDomain? _domain;
    private ExportHeader _header;
    private RecordPlan? _plan;
    private FlowRecord _prototype;
    private int _position;
    private int _setStart;
    private int _setEnd;
    private uint _recordNumber;
    private uint _exportSeconds;

    internal MessageDecoder(DecoderOptions options, ValueTable values, SourceTable sources)
    {
        _options = options;
        _templates = new TemplateTable(options);
        _domains = new ExportDomainTable(options, sources, _templates);
        _optionsReader = new OptionsReader(options);
        _context = new PlanContext(values, _templates);
    }

    /// <summary>Starts a message.</summary>
    internal void Begin(in Datagram datagram, in ExportHeader header)
    {
        _header = header;
        _domain = _domains.Get(datagram.Source, header.Version, header.Domain, datagram.ArrivalTime);
        _exportSeconds = ExportClock.Read(header.ExportSeconds, datagram.ArrivalTime, _domain.Counters, _options);
        _context.Domain = _domain;
        _context.SourcePort = datagram.SourcePort;
        _context.ArrivalTime = datagram.ArrivalTime;
        _context.ExportSeconds = _exportSeconds;
        _context.SysUpTime = header.SysUpTime;
        _position = header.Length;
        _plan = null;
        _recordNumber = 0;
        SourceCounters counters = _domain.Counters;
        counters.Datagrams++;
        counters.Octets += datagram.Payload.Length;
        counters.LastSeen = datagram.ArrivalTime;
        if (header.Fault != DecodeFault.None)
        {
            counters.Count(header.Fault);
        }
    }

    /// <summary>Decodes until the batch is full or the message ends.</summary>
    /// <returns>True when the batch is full and there may be more.</returns>
    internal bool Continue(in Datagram datagram, FlowBatch batch)
    {
        ReadOnlySpan<byte> message = datagram.Payload[.._header.End];
        while (_plan is not null || TryBeginSet(message, datagram))
        {
            if (_plan is null)
            {
                continue;
            }

            if (!TryDecodeRecords(message, batch))
            {
                return true;
            }

            EndSet(datagram);
        }

        return false;
    }

    // False at the end of the message. A Set with data for a known template leaves its plan behind; all others are done here.
    private bool TryBeginSet(ReadOnlySpan<byte> message, in Datagram datagram)
    {
        ReadOnlySpan<byte> rest = message[_position..];
        if (rest.Length < SetHeaderLength)
        {
            return false;
        }

        ushort id = BinaryPrimitives.ReadUInt16BigEndian(rest);
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length < SetHeaderLength)
        {
            // Zero bytes to the end are padding: some devices fill the datagram up.
            if (rest.IndexOfAnyExcept((byte)0) >= 0)
            {
                _domain!.Counters.Count(DecodeFault.BadSetLength);
            }

            _position = message.Length;
            return false;
        }

        if (length > rest.Length)
        {
            // What is complete of the last Set is good.
            _domain!.Counters.Count(DecodeFault.Truncated);
            length = rest.Length;
        }

        _setEnd = _position + length;
        _position += SetHeaderLength;
        _setStart = _position;
        BeginSet(id, message[_position.._setEnd], datagram);
        if (_plan is null)
        {
            _position = _setEnd;
        }

        return true;
    }

    private void BeginSet(ushort id, ReadOnlySpan<byte> set, in Datagram datagram)
    {
        int kind = _header.Version == 9 ? id : id - 2;
        if (id < 256 && kind is 0 or 1)
        {
            _templates.ReadSet(_domain!, kind == 1, set, datagram.SourcePort, datagram.ArrivalTime);
            return;
        }

        Template? template = id < 256 ? null : _templates.Find(_domain!, id, datagram.SourcePort, datagram.ArrivalTime);
        if (template is null)
        {
            _domain!.Counters.Count(id < 256 ? DecodeFault.ReservedSet : DecodeFault.MissingTemplate);
            return;
        }

        if (template.IsOptions)
        {
            ReadOptions(template.OptionsPlan, set);
            if (!_options.AccountOptions || template.OptionsPlan.IsSampling || template.OptionsPlan.IsNames)
            {
                return;
            }
        }

        BeginRecords(template.PlanFor(_options), id, datagram);
    }

    private void BeginRecords(RecordPlan plan, ushort template, in Datagram datagram)
    {
        _plan = plan;
        _prototype = Prototype(plan, template, datagram);
        _context.MplsLabels = plan.MplsLabels;
        _context.MplsLabelCount = plan.MplsLabels.Length;
        _context.Section = plan.Section;
    }

    private void ReadOptions(OptionsPlan plan, ReadOnlySpan<byte> set)
    {
        while (!VariableRecord.IsPadding(set, plan.MinimumLength))
        {
            int length = _optionsReader.Read(plan, set, _domain!);
            if (length < 0)
            {
                _domain!.Counters.Count(DecodeFault.BadRecord);
                return;
            }

            _domain!.Counters.OptionsRecords++;
            set = set[length..];
        }
    }

    // False when the batch is full before the Set ends.
    private bool TryDecodeRecords(ReadOnlySpan<byte> message, FlowBatch batch) =>
        _plan!.Variable is null ? TryDecodeFixed(message, batch) : TryDecodeVariable(message, batch);

    private bool TryDecodeFixed(ReadOnlySpan<byte> message, FlowBatch batch)
    {
        int length = _plan!.RecordLength;
        while ((_setEnd - _position) / length is > 0 and int left)
        {
            int count = Math.Min(Math.Min(left, batch.Free), RecordsAtOnce);
            if (count == 0)
            {
                return false;
            }

            Span<FlowRecord> records = Add(batch, count);
            PlanExecutor.Run(_plan.Steps, message.Slice(_position, count * length), length, records, _context);
            _position += count * length;
            Complete(batch, records);
        }

        return true;
    }

    private bool TryDecodeVariable(ReadOnlySpan<byte> message, FlowBatch batch)
    {
        while (!VariableRecord.IsPadding(message[_position.._setEnd], _plan!.Variable!.MinimumLength))
        {
            if (batch.IsFull)
            {
                return false;
            }

            ReadOnlySpan<byte> rest = message[_position.._setEnd];
            int count = _variableRecord.Gather(_plan, rest, Math.Min(batch.Free, RecordsAtOnce));
            if (count == 0)
            {
                // The second run over a Set finds nothing new.
                _domain!.Counters.Count(DecodeFault.BadRecord, _plan.IsReverse ? 0 : 1);
                return true;
            }

            Span<FlowRecord> records = Add(batch, count);
            _position += _variableRecord.Run(_plan, rest, records, _context);
            Complete(batch, records);
        }

        return true;
    }

    private Span<FlowRecord> Add(FlowBatch batch, int count)
    {
        Span<FlowRecord> records = batch.AddRange(count, _prototype);
        foreach (ref FlowRecord record in records)
        {
            record.RecordNumber = _recordNumber++;
        }

        if (_prototype.Kind != FlowKind.Options && !_plan!.IsReverse)
        {
            _domain!.Counters.Records += count;
        }

        return records;
    }

    private void Complete(FlowBatch batch, Span<FlowRecord> records)
    {
        if (_plan!.IsReverse)
        {
            records = KeepCounted(batch, records);
            _domain!.Counters.ReverseRecords += records.Length;
        }

        if (_prototype.Kind != FlowKind.Options)
        {
            RecordChecks.Run(records, _domain!.Counters, _options);
        }
    }

    // A flow that nobody answered has no reverse direction: its counters are 0.
    private static Span<FlowRecord> KeepCounted(FlowBatch batch, Span<FlowRecord> records)
    {
        int kept = 0;
        for (int i = 0; i < records.Length; i++)
        {
            if ((records[i].Octets | records[i].Packets) == 0)
            {
                continue;
            }

            if (kept != i)
            {
                records[kept] = records[i];
            }

            kept++;
        }

        batch.RemoveLast(records.Length - kept);
        return records[..kept];
    }

    // The reverse direction is a second run over the same Set.
    private void EndSet(in Datagram datagram)
    {
        if (_plan!.Reverse is { } reverse)
        {
            BeginRecords(reverse, _prototype.TemplateId, datagram);
            _position = _setStart;
            return;
        }

        _plan = null;
        _position = _setEnd;
    }

    private FlowRecord Prototype(RecordPlan plan, ushort template, in Datagram datagram)
    {
        // pmacct-compat §8.3: without a sampler id in the record the one numbered 0 holds, then the one that options records give the template.
        uint interval = Sampler(0);
        interval = interval != 0 ? interval : Sampler(template);
        long exported = _exportSeconds * 1_000_000L;
        return new FlowRecord
        {
            Flows = 1,
            Family = plan.Family,
            EtherType = plan.EtherType,
            Kind = plan.Kind,
            Flags = plan.Flags,
            SamplingDirection = (byte)'u',
            SamplingInterval = interval,
            RenormalizationFactor = interval,
            ExporterAddress = _options.IgnoreExporterAddress ? datagram.Source : _domain!.ExporterAddress ?? datagram.Source,
            ExportSequence = _header.Sequence,
            ExportSystemId = _header.Domain,
            ExportVersion = _header.Version,
            TemplateId = template,
            ExportTime = exported,
            ArrivalTime = datagram.ArrivalTime,
            StartTime = exported,
            BinTime = exported,
            DatagramNumber = datagram.Number,
        };
    }

    private uint Sampler(uint id)
    {
        uint interval = _domain!.Samplers[id];
        return interval != 0 ? interval : _domain.Source.Samplers[id];
    }
}
