using System.Buffers;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Net;

namespace Collector.Output;

/// <summary>pmacct's CSV: columns in an order of its own, no stamps, and counters in every row, those of events too, unless the format is event_csv.</summary>
/// <remarks>
/// Unlike pmacct, a text that holds the separator, a quotation mark or a control character is quoted (RFC 4180): such a text comes from an
/// exporter or a route, and written bare it would move the columns or forge rows.
/// </remarks>
internal sealed class CsvRowWriter : PrintRowWriter
{
    private readonly byte[] _header;
    private readonly byte[] _separator;
    private readonly SearchValues<byte> _quotedFor;
    private readonly int _boundedBytes;

    public CsvRowWriter(PrimitiveSelection selection, KeyLayout layout, TextOptions options, bool isEvent, TimeZoneInfo? zone = null)
        : base(selection, layout, options, isEvent, zone)
    {
        _separator = Encoding.UTF8.GetBytes(
            options.Separator.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\s", " ", StringComparison.Ordinal));
        _quotedFor = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', .. _separator]);
        IEnumerable<string> counters = !HasCounters ? [] : HasFlows ? ["PACKETS", "FLOWS", "BYTES"] : ["PACKETS", "BYTES"];
        _header = Encoding.UTF8.GetBytes(string.Join(Encoding.UTF8.GetString(_separator), Places.Select(p => p.Heading).Concat(counters)));
        _boundedBytes = (Steps.Length + 3) * (ValueText.MaxLength + _separator.Length);
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Header => _header;

    /// <inheritdoc/>
    public override void Write(in AggregateRow row, ArrayBufferWriter<byte> buffer, long updatedSeconds, ReadOnlySpan<byte> writerId)
    {
        Span<byte> to = buffer.GetSpan(_boundedBytes);
        int at = 0;
        for (int i = 0; i < Steps.Length; i++)
        {
            ref readonly ValueStep step = ref Steps[i];
            if (i > 0)
            {
                at += Separate(to[at..]);
            }

            if (!step.IsVariable)
            {
                at += WriteBounded(step, row, to[at..]);
                continue;
            }

            ReadOnlySpan<byte> found = ValueText.Find(step, row);
            int needed = MaxLength(found.Length) + _boundedBytes;
            if (to.Length - at < needed)
            {
                buffer.Advance(at);
                to = buffer.GetSpan(needed);
                at = 0;
            }

            at += step.IsRaw ? ValueText.Raw(found, to[at..]) : WriteVariable(step.Format, found, to[at..]);
        }

        buffer.Advance(at + (HasCounters ? WriteCounters(row, to[at..]) : 0));
    }

    private int WriteCounters(in AggregateRow row, Span<byte> to)
    {
        int at = Steps.Length > 0 ? Separate(to) : 0;
        at += ValueText.Number(row.Entry.Packets, to[at..]);
        at += Separate(to[at..]);
        if (HasFlows)
        {
            at += ValueText.Number(row.Entry.Flows, to[at..]);
            at += Separate(to[at..]);
        }

        return at + ValueText.Number(row.Entry.Octets, to[at..]);
    }

    // Quoted text doubles at most; sixteen bytes of a segment become 46, four of a label eleven.
    private static int MaxLength(int length) => (4 * length) + 8;

    private int Separate(Span<byte> to)
    {
        _separator.CopyTo(to);
        return _separator.Length;
    }

    private int WriteVariable(ValueFormat format, ReadOnlySpan<byte> value, Span<byte> to)
    {
        if (format == ValueFormat.MplsLabelStack)
        {
            return LabelStackText.WriteJoined(value, to);
        }

        if (format == ValueFormat.Srv6Segments)
        {
            return WriteSegments(value, to);
        }

        if (!value.ContainsAny(_quotedFor))
        {
            value.CopyTo(to);
            return value.Length;
        }

        to[0] = (byte)'"';
        int at = 1;
        foreach (byte character in value)
        {
            if (character == (byte)'"')
            {
                to[at++] = character;
            }

            to[at++] = character;
        }

        to[at] = (byte)'"';
        return at + 1;
    }

    private static int WriteSegments(ReadOnlySpan<byte> segments, Span<byte> to)
    {
        int at = 0;
        for (int i = 0; i < segments.Length / IpAddress.Size; i++)
        {
            if (i > 0)
            {
                to[at++] = (byte)'_';
            }

            at += IpAddressText.Write(IpAddress.ReadIPv6(segments[(i * IpAddress.Size)..]), false, to[at..]);
        }

        return at;
    }
}
