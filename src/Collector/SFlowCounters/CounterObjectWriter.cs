using System.Buffers;
using System.Buffers.Binary;
using Collector.Configuration;
using Collector.Flows.SFlow;
using Collector.Net;
using Collector.Output;

namespace Collector.SFlowCounters;

/// <summary>Writes counters as the objects of pmacct's sfacctd_counter_output (pmacct-compat §7.4). Not thread-safe.</summary>
internal sealed class CounterObjectWriter(TextOptions text)
{
    private const int MaxLength = 4_096;

    // timestamps_secs does not touch these objects: seen with sfacctd 1.7.7.
    private readonly TimestampText _timestamps = new(text with { Seconds = false });

    /// <summary>Writes the object that tells of a sub-agent's first datagram; its address has another name than in all others, as in pmacct.</summary>
    public void WriteInit(long sequence, in CounterRecord record, ArrayBufferWriter<byte> to)
    {
        Span<byte> room = to.GetSpan(MaxLength);
        int at = WriteHead(sequence, record, "\", \"peer_src_ip\": \""u8, room);
        at += Put("\", \"event_type\": \"log_init\"}"u8, room[at..]);
        to.Advance(at);
    }

    /// <summary>Writes counters.</summary>
    public void Write(long sequence, ref CounterRecord record, ArrayBufferWriter<byte> to)
    {
        Span<byte> room = to.GetSpan(MaxLength);
        int at = WriteHead(sequence, record, "\", \"peer_ip_src\": \""u8, room);
        at += Put("\", \"event_type\": \"log\", \"source_id_index\": "u8, room[at..]);
        at += Put(record.SourceIndex, room[at..]);
        at += Put(", \"sflow_seq\": "u8, room[at..]);
        at += Put(record.DatagramSequence, room[at..]);
        at += Put(", \"sflow_cnt_seq\": "u8, room[at..]);
        at += Put(record.SampleSequence, room[at..]);

        // Of a sample with two blocks (versions 2 and 4) the second one names it, and all its members stand in one object.
        at += Put(", \"sf_cnt_type\": \""u8, room[at..]);
        at += Put(CounterFields.NameOf(record.Second != CounterFormat.None ? record.Second : record.Format), room[at..]);
        at += Put("\""u8, room[at..]);
        ReadOnlySpan<byte> counters = record.Counters;
        at += WriteBlock(record.Format, counters, room[at..]);
        at += WriteBlock(record.Second, counters[CounterFormats.LengthOf(record.Format)..], room[at..]);
        at += Put("}"u8, room[at..]);
        to.Advance(at);
    }

    private int WriteHead(long sequence, in CounterRecord record, ReadOnlySpan<byte> addressKey, Span<byte> to)
    {
        int at = Put("{\"seq\": "u8, to);
        at += Put(sequence, to[at..]);
        at += Put(", \"timestamp\": \""u8, to[at..]);
        at += _timestamps.WriteMicroseconds(record.ArrivalTime, to[at..]);
        at += Put(addressKey, to[at..]);
        return at + IpAddressText.Write(record.Agent, record.Agent.IsIPv4, to[at..]);
    }

    // Eight octets are printed as a signed number, as jansson's integers are.
    private static int WriteBlock(CounterFormat format, ReadOnlySpan<byte> counters, Span<byte> to)
    {
        int at = 0;
        foreach (CounterField field in CounterFields.Of(format))
        {
            at += Put(field.Key, to[at..]);
            at += Put(
                field.IsWide ? BinaryPrimitives.ReadInt64BigEndian(counters[field.Offset..]) : BinaryPrimitives.ReadUInt32BigEndian(counters[field.Offset..]),
                to[at..]);
        }

        return at;
    }

    private static int Put(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        bytes.CopyTo(to);
        return bytes.Length;
    }

    private static int Put(long number, Span<byte> to)
    {
        System.Buffers.Text.Utf8Formatter.TryFormat(number, to, out int written);
        return written;
    }
}
