using Collector.Flows.Sequences;
using Collector.Flows.Templates.Plans;

namespace Collector.Flows.Templates;

/// <summary>The records of one Set.</summary>
internal sealed partial class MessageDecoder
{
    // Records decoded at once: few enough for records and targets to stay in the first-level cache.
    private const int RecordsAtOnce = 32;

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
            Count(records);
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
                _isDamaged = true;
                return true;
            }

            Span<FlowRecord> records = Add(batch, count);
            _position += _variableRecord.Run(_plan, rest, records, _context);
            Count(records);
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

        return records;
    }

    private void Count(ReadOnlySpan<FlowRecord> records)
    {
        if (_plan!.IsReverse)
        {
            return;
        }

        SourceCounters counters = _domain!.Counters;
        if (_prototype.Kind == FlowKind.Options)
        {
            // Counted as data when they were read as options.
            counters.AccountedOptionsRecords += records.Length;
            return;
        }

        CountData(records.Length);
        counters.Records += records.Length;
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
            RecordChecks.Run(records, _domain!.Counters, _options, !_plan.HasOwnSampling);
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
                batch.Move(in records[i], ref records[kept]);
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
    }

    // Records of an earlier message say nothing about the number of the next one.
    private void CountData(int records) => _dataRecords += !_isHeld || _held.Message == _message ? (uint)records : 0;

    private FlowRecord Prototype(RecordPlan plan, ushort template, in ExportHeader header, uint exportSeconds, long arrivalTime, in Datagram datagram)
    {
        uint interval = _domain!.SamplerOf(template);
        long exported = exportSeconds * 1_000_000L;
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
            ExporterAddress = _options.IgnoreExporterAddress ? datagram.Source : _domain.ExporterAddress ?? datagram.Source,
            ExportSequence = header.Sequence,
            ExportSystemId = header.Domain,
            ExportVersion = header.Version,
            TemplateId = template,
            ExportTime = exported,
            ArrivalTime = arrivalTime,
            StartTime = exported,
            BinTime = exported,
            DatagramNumber = datagram.Number,
        };
    }
}
