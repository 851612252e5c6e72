using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>Reads counter samples of all versions and hands their blocks on, each whole and of a known format; others are counted.</summary>
/// <param name="queue">Takes the blocks; null when nobody publishes them.</param>
internal sealed class CounterSampleReader(CounterQueue? queue)
{
    // sequence_number, source_id, number of records; the source is two words when expanded.
    private const int CompactLength = 12;
    private const int ExpandedLength = 16;

    // RFC 3176 §5: sequence_number, source_id, sampling_interval, counters_type.
    private const int OldLength = 16;

    private CounterRecord _record;

    /// <summary>Names the datagram that the following samples are in.</summary>
    /// <param name="prototype">What all records of the datagram share.</param>
    public void Begin(in FlowRecord prototype)
    {
        if (queue is null)
        {
            return;
        }

        _record = new CounterRecord
        {
            Agent = prototype.ExporterAddress,
            SubAgent = prototype.ExportSystemId,
            DatagramSequence = prototype.ExportSequence,
            ArrivalTime = prototype.ArrivalTime,
        };
    }

    /// <summary>Tells of the first datagram of a sub-agent, as pmacct's log_init does.</summary>
    public void Announce() => queue?.TryAdd(_record);

    /// <summary>Reads a counter sample of version 5.</summary>
    /// <param name="sample">The sample without its format and length; may be shorter than declared.</param>
    /// <param name="expanded">True for format 4.</param>
    /// <param name="counters">Counts faults, unknown formats and what the queue did not take.</param>
    public void Read(ReadOnlySpan<byte> sample, bool expanded, SourceCounters counters)
    {
        int headerLength = expanded ? ExpandedLength : CompactLength;
        if (sample.Length < headerLength)
        {
            counters.Count(DecodeFault.BadSample);
            return;
        }

        _record.SampleSequence = BinaryPrimitives.ReadUInt32BigEndian(sample);
        _record.SourceIndex = expanded
            ? BinaryPrimitives.ReadUInt32BigEndian(sample[8..])
            : BinaryPrimitives.ReadUInt32BigEndian(sample[4..]) & 0xFF_FFFF;
        uint count = BinaryPrimitives.ReadUInt32BigEndian(sample[(headerLength - 4)..]);
        ReadOnlySpan<byte> records = sample[headerLength..];
        for (int offset = 0; count != 0; count--)
        {
            ReadOnlySpan<byte> rest = records[offset..];
            if (rest.Length < SampleFormat.HeaderLength)
            {
                counters.Count(DecodeFault.BadSample);
                return;
            }

            uint format = BinaryPrimitives.ReadUInt32BigEndian(rest);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
            rest = rest[SampleFormat.HeaderLength..];
            bool fits = length <= (uint)rest.Length;
            ReadOnlySpan<byte> body = fits ? rest[..(int)length] : rest;
            ReadBlock(CounterFormats.Of(format), body, counters);
            if (!fits)
            {
                counters.Count(DecodeFault.BadSample);
                return;
            }

            offset += SampleFormat.HeaderLength + body.Length;
            offset = count == 1 ? offset : Resynchronization.Next(records, offset, samples: false);
        }
    }

    /// <summary>Reads a counter sample of versions 2 and 4, whose type alone says how long it is.</summary>
    /// <param name="reader">Stands behind the sample's type; afterwards behind the sample when that is whole.</param>
    /// <param name="counters">Counts faults, unknown types and what the queue did not take.</param>
    /// <returns>False when it is not known where the next sample starts.</returns>
    public bool TryReadOld(ref ByteReader reader, SourceCounters counters)
    {
        if (!reader.TryReadBytes(OldLength, out ReadOnlySpan<byte> fixedPart))
        {
            counters.Count(DecodeFault.BadSample);
            return false;
        }

        uint type = BinaryPrimitives.ReadUInt32BigEndian(fixedPart[12..]);
        if (!CounterFormats.TryOfOld(type, out CounterFormat first, out CounterFormat second))
        {
            counters.UnknownCounters++;
            return false;
        }

        if (!reader.TryReadBytes(CounterFormats.LengthOf(first) + CounterFormats.LengthOf(second), out ReadOnlySpan<byte> body))
        {
            counters.Count(DecodeFault.BadSample);
            return false;
        }

        _record.SampleSequence = BinaryPrimitives.ReadUInt32BigEndian(fixedPart);
        _record.SourceIndex = BinaryPrimitives.ReadUInt32BigEndian(fixedPart[4..]) & 0xFF_FFFF;
        HandOn(first, second, body, counters);
        return true;
    }

    // A block may be longer than its fields (new ones are added at the end), never shorter.
    private void ReadBlock(CounterFormat format, ReadOnlySpan<byte> body, SourceCounters counters)
    {
        int length = CounterFormats.LengthOf(format);
        if (format == CounterFormat.None)
        {
            counters.UnknownCounters++;
        }
        else if (body.Length < length)
        {
            counters.Count(DecodeFault.BadSample);
        }
        else
        {
            HandOn(format, CounterFormat.None, body[..length], counters);
        }
    }

    private void HandOn(CounterFormat first, CounterFormat second, ReadOnlySpan<byte> body, SourceCounters counters)
    {
        if (queue is null)
        {
            return;
        }

        _record.Format = first;
        _record.Second = second;
        body.CopyTo(_record.Counters);
        counters.CounterRecords++;
        counters.CounterRecordsLost += queue.TryAdd(_record) ? 0 : 1;
    }
}
