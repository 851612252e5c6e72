using System.Buffers;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;

namespace Collector.Output;

/// <summary>What CSV and the formatted form have in common: columns and their order, markers, no stamps, and no counters in their event forms.</summary>
internal abstract class PrintRowWriter : RowWriter
{
    private readonly ValueText _values;

    protected PrintRowWriter(PrimitiveSelection selection, KeyLayout layout, TextOptions options, bool isEvent, TimeZoneInfo? zone)
    {
        _values = new ValueText(options, new TimestampText(options, zone));
        IReadOnlyList<(PrimitiveColumn Value, PrintColumn Place)> columns = PrintColumns.Of(selection, options.Pmacct17);
        Steps = [.. columns.Select(c => new ValueStep(c.Value, layout))];
        Places = [.. columns.Select(c => c.Place)];
        HasCounters = !isEvent;
        HasFlows = HasCounters && selection.HasFlows;
    }

    /// <summary>The line of headings.</summary>
    protected abstract ReadOnlySpan<byte> Header { get; }

    /// <summary>The values before the counters.</summary>
    protected ValueStep[] Steps { get; }

    /// <summary>Their columns.</summary>
    protected PrintColumn[] Places { get; }

    /// <summary>False in event_csv and event_formatted.</summary>
    protected bool HasCounters { get; }

    /// <summary>True when the counters have flows among them.</summary>
    protected bool HasFlows { get; }

    /// <inheritdoc/>
    public override bool WriteHeader(ArrayBufferWriter<byte> buffer)
    {
        buffer.Write(Header);
        return true;
    }

    /// <inheritdoc/>
    public override void WriteOpeningMarker(string outputName, int processId, ArrayBufferWriter<byte> buffer) =>
        buffer.Write(Encoding.ASCII.GetBytes($"--START ({processId})--"));

    /// <inheritdoc/>
    public override void WriteClosingMarker(string outputName, int processId, MarkerTally tally, ArrayBufferWriter<byte> buffer) =>
        buffer.Write(Encoding.ASCII.GetBytes($"--END ({processId})--"));

    /// <summary>Writes a value of bounded length and returns its length.</summary>
    protected int WriteBounded(in ValueStep step, in AggregateRow row, Span<byte> to)
    {
        // Where JSON has a signed tag, the print plugin has an unsigned one.
        return step.Format == ValueFormat.Tag
            ? ValueText.Number(ValueText.Read<ulong>(row.Key, step.Offset), to)
            : _values.Write(step, row, to);
    }
}
