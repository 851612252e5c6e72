using System.Buffers;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;

namespace Collector.Output;

/// <summary>pmacct's formatted output: columns of fixed width, filled with blanks, to be read by people and by scripts that split at blanks.</summary>
/// <remarks>
/// Values of any length have no column (<see cref="Unfit"/> refuses them at start). An absent address is ::, not nothing as in CSV: a script
/// that splits at blanks keeps its fields. Control characters in an application name are printed as question marks.
/// </remarks>
internal sealed class FormattedRowWriter : PrintRowWriter
{
    private const byte Blank = (byte)' ';

    private readonly byte[] _header;
    private readonly int _rowBytes;

    public FormattedRowWriter(PrimitiveSelection selection, KeyLayout layout, TextOptions options, bool isEvent, TimeZoneInfo? zone = null)
        : base(selection, layout, options, isEvent, zone)
    {
        StringBuilder header = new();
        foreach (PrintColumn place in Places)
        {
            header.Append(place.Heading.PadRight(place.HeadingWidth));
        }

        if (HasCounters)
        {
            header.Append("PACKETS".PadRight(PrintColumns.CounterWidth + 2)).Append(HasFlows ? "FLOWS".PadRight(PrintColumns.CounterWidth + 2) : "").Append("BYTES");
        }

        _header = Encoding.ASCII.GetBytes(header.ToString());
        _rowBytes = Places.Sum(p => Math.Max(Math.Max(p.ValueWidth, p.LongestValue), ValueText.MaxLength) + p.Gap) + (3 * (PrintColumns.CounterWidth + 2));
    }

    /// <summary>The selected primitives that have no column, because their length is not bounded.</summary>
    public static IReadOnlyList<string> Unfit(PrimitiveSelection selection, bool pmacct17) =>
    [
        .. selection.Primitives
            .Where(p => p.Columns.Any(c => c.IsIn(pmacct17) && c.IsOfAnyLength))
            .Select(p => p.Name),
    ];

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Header => _header;

    /// <inheritdoc/>
    public override void Write(in AggregateRow row, ArrayBufferWriter<byte> buffer, long updatedSeconds, ReadOnlySpan<byte> writerId)
    {
        Span<byte> to = buffer.GetSpan(_rowBytes);
        int at = 0;
        for (int i = 0; i < Steps.Length; i++)
        {
            at += Pad(WriteValue(Steps[i], row, to[at..]), Places[i].ValueWidth, Places[i].Gap, to[at..]);
        }

        if (HasCounters)
        {
            at += Pad(ValueText.Number(row.Entry.Packets, to[at..]), PrintColumns.CounterWidth, 2, to[at..]);
            if (HasFlows)
            {
                at += Pad(ValueText.Number(row.Entry.Flows, to[at..]), PrintColumns.CounterWidth, 2, to[at..]);
            }

            at += ValueText.Number(row.Entry.Octets, to[at..]);
        }

        buffer.Advance(at);
    }

    private static int Pad(int length, int width, int gap, Span<byte> to)
    {
        int end = Math.Max(length, width) + gap;
        to[length..end].Fill(Blank);
        return end;
    }

    private static int WriteText(ReadOnlySpan<byte> name, Span<byte> to)
    {
        for (int i = 0; i < name.Length; i++)
        {
            to[i] = name[i] is < Blank or 0x7F ? (byte)'?' : name[i];
        }

        return name.Length;
    }

    private int WriteValue(in ValueStep step, in AggregateRow row, Span<byte> to)
    {
        if (step.IsVariable)
        {
            ReadOnlySpan<byte> found = ValueText.Find(step, row);
            return step.IsRaw ? ValueText.Raw(found, to) : WriteText(found, to);
        }

        int length = WriteBounded(step, row, to);
        if (length > 0 || step.Format is not (ValueFormat.Address or ValueFormat.ExporterAddress or ValueFormat.NextHopOfFlowFamily))
        {
            return length;
        }

        "::"u8.CopyTo(to);
        return 2;
    }
}
