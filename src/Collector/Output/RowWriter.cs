using System.Buffers;
using Collector.Aggregation;
using Collector.Configuration;

namespace Collector.Output;

/// <summary>Writes the rows of one output, in one format, compiled once for its key.</summary>
/// <remarks>
/// Rows are appended to the caller's buffer, without a line end. A row allocates nothing unless the buffer must grow.
/// Not thread-safe: it belongs to the publishing thread of its output.
/// </remarks>
public abstract class RowWriter
{
    /// <summary>Makes the writer of an output.</summary>
    /// <param name="options">Its format, dialect and markers.</param>
    /// <param name="selection">Its primitives.</param>
    /// <param name="layout">Its key, made of <see cref="PrimitiveSelection.KeyFields"/>.</param>
    /// <param name="zone">The zone of the system; null: as TZ says.</param>
    public static RowWriter Create(OutputOptions options, PrimitiveSelection selection, KeyLayout layout, TimeZoneInfo? zone = null) =>
        options.Format switch
        {
            OutputFormat.Csv => new CsvRowWriter(selection, layout, options.Text, isEvent: false, zone),
            OutputFormat.EventCsv => new CsvRowWriter(selection, layout, options.Text, isEvent: true, zone),
            OutputFormat.Formatted => new FormattedRowWriter(selection, layout, options.Text, isEvent: false, zone),
            OutputFormat.EventFormatted => new FormattedRowWriter(selection, layout, options.Text, isEvent: true, zone),
            _ => new JsonRowWriter(selection, layout, options.Text, zone),
        };

    /// <summary>Appends one row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="buffer">What the row is appended to; what it already holds stays.</param>
    /// <param name="updatedSeconds">stamp_updated: when the purge happened, in seconds since the Unix epoch.</param>
    /// <param name="writerId">writer_id, UTF-8 (see <see cref="WriterId"/>); empty: not printed, as in files.</param>
    public abstract void Write(in AggregateRow row, ArrayBufferWriter<byte> buffer, long updatedSeconds, ReadOnlySpan<byte> writerId);

    /// <summary>Appends what comes before the first row of a file; nothing in JSON.</summary>
    /// <returns>False when the format has no such line.</returns>
    public abstract bool WriteHeader(ArrayBufferWriter<byte> buffer);

    /// <summary>Appends the marker in front of a purge.</summary>
    /// <param name="outputName">The plugin name of pmacct.</param>
    /// <param name="processId">The writer's process id; 0 in a replay.</param>
    /// <param name="buffer">What the marker is appended to.</param>
    public abstract void WriteOpeningMarker(string outputName, int processId, ArrayBufferWriter<byte> buffer);

    /// <summary>Appends the marker behind a purge.</summary>
    /// <param name="outputName">The plugin name of pmacct.</param>
    /// <param name="processId">The writer's process id; 0 in a replay.</param>
    /// <param name="tally">What the purge was.</param>
    /// <param name="buffer">What the marker is appended to.</param>
    public abstract void WriteClosingMarker(string outputName, int processId, MarkerTally tally, ArrayBufferWriter<byte> buffer);
}

/// <summary>The numbers of a purge_close marker.</summary>
/// <param name="PurgedEntries">Rows written.</param>
/// <param name="TotalEntries">Entries considered, those kept for later included.</param>
/// <param name="Seconds">How long it took; 0 in a replay.</param>
public readonly record struct MarkerTally(long PurgedEntries, long TotalEntries, long Seconds);
