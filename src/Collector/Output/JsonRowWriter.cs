using System.Buffers;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;

namespace Collector.Output;

/// <summary>pmacct's JSON: one object a row, keys in pmacct's order, compiled into a flat list of steps with the text between the values.</summary>
internal sealed class JsonRowWriter : RowWriter
{
    private static readonly byte[][] FlagArrays = TcpFlagsNames.BuildArrays();

    private readonly ValueText _values;
    private readonly TimestampText _timestamps;
    private readonly TextOptions _options;
    private readonly Step[] _steps;
    private readonly byte[] _tail;
    private readonly int _kindOffset;
    private readonly int _boundedBytes;

    public JsonRowWriter(PrimitiveSelection selection, KeyLayout layout, TextOptions options, TimeZoneInfo? zone = null)
    {
        _options = options;
        _timestamps = new TimestampText(options, zone);
        _values = new ValueText(options, _timestamps);
        _kindOffset = layout.OffsetOf(FlowField.Kind);
        List<Step> steps = [];
        string constant = "{\"event_type\": \"purge\"";
        foreach (Primitive primitive in selection.Primitives.Where(p => !p.AfterStamps))
        {
            Add(primitive, layout, steps, ref constant);
        }

        steps.Add(new Step(StepKind.Stamps, constant, ", \"stamp_inserted\": \"", default));
        constant = "";
        foreach (Primitive primitive in selection.Primitives.Where(p => p.AfterStamps))
        {
            Add(primitive, layout, steps, ref constant);
        }

        _steps = [.. steps];
        _tail = Encoding.ASCII.GetBytes(constant);

        // Enough for all values of bounded length, the stamps, the counters and every text between them.
        _boundedBytes = _steps.Sum(s => s.Text.Length + ValueText.MaxLength + 2) + _tail.Length + 256;
    }

    private enum StepKind : byte
    {
        Quoted,
        Bare,
        Degrees,
        TcpFlagsArray,
        TunnelTcpFlagsArray,
        Flows,
        Stamps,
        String,
        Parts,
        Labels,
        JoinedLabels,
        Segments,
        Map,
        Raw,
    }

    /// <inheritdoc/>
    public override bool WriteHeader(ArrayBufferWriter<byte> buffer) => false;

    /// <inheritdoc/>
    public override void Write(in AggregateRow row, ArrayBufferWriter<byte> buffer, long updatedSeconds, ReadOnlySpan<byte> writerId)
    {
        int reserve = _boundedBytes + JsonText.MaxLength(writerId.Length);
        bool counts = row.Key[_kindOffset] == (byte)FlowKind.Flow;
        Span<byte> to = buffer.GetSpan(reserve);
        int at = 0;
        foreach (ref readonly Step step in _steps.AsSpan())
        {
            ReadOnlySpan<byte> found = default;
            if (step.Value.IsVariable)
            {
                found = ValueText.Find(step.Value, row);
                int needed = JsonText.MaxLength(found.Length) + reserve;
                if (to.Length - at < needed)
                {
                    buffer.Advance(at);
                    to = buffer.GetSpan(needed);
                    at = 0;
                }
            }

            step.Text.CopyTo(to[at..]);
            int start = at + step.Text.Length;
            int written = WriteValue(step, row, found, counts, updatedSeconds, to[start..]);

            // A value that is not printed takes its key with it, but not the constants in front of the key.
            at = written < 0 ? at + step.ConstantLength : start + written;
        }

        _tail.CopyTo(to[at..]);
        at += _tail.Length;
        at += WriteEnd(row.Entry, counts, writerId, to[at..]);
        buffer.Advance(at);
    }

    /// <inheritdoc/>
    public override void WriteOpeningMarker(string outputName, int processId, ArrayBufferWriter<byte> buffer) =>
        WriteMarker("purge_init", outputName, processId, "", buffer);

    /// <inheritdoc/>
    public override void WriteClosingMarker(string outputName, int processId, MarkerTally tally, ArrayBufferWriter<byte> buffer) => WriteMarker(
        "purge_close",
        outputName,
        processId,
        $", \"purged_entries\": {tally.PurgedEntries}, \"total_entries\": {tally.TotalEntries}, \"duration\": {tally.Seconds}",
        buffer);

    private static void WriteMarker(string type, string outputName, int processId, string numbers, ArrayBufferWriter<byte> buffer)
    {
        byte[] writer = Encoding.UTF8.GetBytes($"{outputName}/{processId}");
        byte[] quoted = new byte[JsonText.MaxLength(writer.Length)];
        int length = JsonText.WriteString(writer, quoted);
        buffer.Write(Encoding.ASCII.GetBytes($"{{\"event_type\": \"{type}\", \"writer_id\": "));
        buffer.Write(quoted.AsSpan(0, length));
        buffer.Write(Encoding.ASCII.GetBytes(numbers + "}"));
    }

    private void Add(Primitive primitive, KeyLayout layout, List<Step> steps, ref string constant)
    {
        foreach (PrimitiveColumn column in primitive.Columns.Where(c => c.IsIn(_options.Pmacct17)))
        {
            string key = $", \"{column.JsonKey}\": ";
            ValueStep value = new(column, layout);
            StepKind kind = KindOf(value);
            steps.Add(new Step(kind, constant, kind == StepKind.Quoted ? key + "\"" : key, value));
            constant = "";
        }
    }

    private StepKind KindOf(in ValueStep value) => value.Format switch
    {
        ValueFormat.TcpFlags or ValueFormat.TcpFlagsNumber when _options.TcpFlagsAsArray => StepKind.TcpFlagsArray,
        ValueFormat.TunnelTcpFlags when _options.TcpFlagsAsArray => StepKind.TunnelTcpFlagsArray,
        ValueFormat.Flows => StepKind.Flows,
        ValueFormat.Latitude or ValueFormat.Longitude => StepKind.Degrees,
        ValueFormat.AsPath => _options.AsPathAsArray ? StepKind.Parts : StepKind.String,
        ValueFormat.Communities => _options.CommunitiesAsArray ? StepKind.Parts : StepKind.String,
        ValueFormat.MplsLabelStack => _options.MplsLabelStackAsArray ? StepKind.Labels : StepKind.JoinedLabels,
        ValueFormat.Srv6Segments => StepKind.Segments,
        ValueFormat.TagLabel => _options.LabelsAsMap ? StepKind.Map : StepKind.String,
        _ when value.IsRaw => StepKind.Raw,
        _ => value.IsVariable ? StepKind.String : value.IsNumber ? StepKind.Bare : StepKind.Quoted,
    };

    private int WriteValue(in Step step, in AggregateRow row, ReadOnlySpan<byte> found, bool counts, long updatedSeconds, Span<byte> to)
    {
        switch (step.Kind)
        {
            case StepKind.Bare:
                return _values.Write(step.Value, row, to);
            case StepKind.Degrees:
                return DegreesText.WriteJson(ValueText.Degrees(step.Value, row), to);
            case StepKind.Quoted:
                int written = _values.Write(step.Value, row, to);
                to[written] = (byte)'"';
                return written + 1;
            case StepKind.String:
                return JsonText.WriteString(found, to);
            case StepKind.Parts:
                return JsonText.WriteParts(found, to);
            case StepKind.Labels:
                return JsonText.WriteLabels(found, to);
            case StepKind.Segments:
                return JsonText.WriteSegments(found, to);
            case StepKind.Map:
                return JsonLabelMap.Write(found, to);
            case StepKind.Raw:
                to[0] = (byte)'"';
                written = 1 + ValueText.Raw(found, to[1..]);
                to[written] = (byte)'"';
                return written + 1;
            case StepKind.JoinedLabels:
                to[0] = (byte)'"';
                written = 1 + LabelStackText.WriteJoined(found, to[1..]);
                to[written] = (byte)'"';
                return written + 1;
            case StepKind.Flows:
                return counts ? ValueText.Number(row.Entry.Flows, to) : -1;
            case StepKind.Stamps:
                return row.Entry.Bin == 0 ? -1 : WriteStamps(row.Entry.Bin, updatedSeconds, to);
            default:
                byte[] flags = FlagArrays[step.Kind == StepKind.TcpFlagsArray ? row.Entry.TcpFlags : row.Entry.TunnelTcpFlags];
                flags.CopyTo(to);
                return flags.Length;
        }
    }

    private int WriteStamps(long bin, long updatedSeconds, Span<byte> to)
    {
        int at = _timestamps.WriteSeconds(bin, to);
        "\", \"stamp_updated\": \""u8.CopyTo(to[at..]);
        at += "\", \"stamp_updated\": \""u8.Length;
        at += _timestamps.WriteSeconds(updatedSeconds, to[at..]);
        to[at] = (byte)'"';
        return at + 1;
    }

    private static int WriteEnd(in AggregateEntry entry, bool counts, ReadOnlySpan<byte> writerId, Span<byte> to)
    {
        int at = 0;
        if (counts)
        {
            // Counters print exactly; jansson's signed integers would turn 2^63 and more negative.
            ", \"packets\": "u8.CopyTo(to);
            at = ", \"packets\": "u8.Length;
            at += ValueText.Number(entry.Packets, to[at..]);
            ", \"bytes\": "u8.CopyTo(to[at..]);
            at += ", \"bytes\": "u8.Length;
            at += ValueText.Number(entry.Octets, to[at..]);
        }

        if (!writerId.IsEmpty)
        {
            ", \"writer_id\": "u8.CopyTo(to[at..]);
            int start = at + ", \"writer_id\": "u8.Length;
            int written = JsonText.WriteString(writerId, to[start..]);
            at = written < 0 ? at : start + written;
        }

        to[at] = (byte)'}';
        return at + 1;
    }

    private readonly struct Step(StepKind kind, string constant, string key, ValueStep value)
    {
        /// <summary>Constants that come before, then the key with its separators.</summary>
        public byte[] Text { get; } = Encoding.ASCII.GetBytes(constant + key);

        /// <summary>Bytes of <see cref="Text"/> that stay when the value is not printed.</summary>
        public int ConstantLength { get; } = constant.Length;

        public StepKind Kind { get; } = kind;

        public ValueStep Value { get; } = value;
    }
}
