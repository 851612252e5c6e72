using System.Buffers;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Output;

namespace Collector.Tests.Output;

/// <summary>Writes single rows to text.</summary>
internal static class RowText
{
    public static string Json(string aggregate, FlowRecord record, TextOptions? text = null, ValueTable? values = null) =>
        Of(new OutputOptions { Name = "out", Text = text ?? new TextOptions() }, aggregate, record, values);

    public static string Csv(string aggregate, FlowRecord record, TextOptions? text = null, ValueTable? values = null) =>
        Of(new OutputOptions { Name = "out", Format = OutputFormat.Csv, Text = text ?? new TextOptions() }, aggregate, record, values);

    public static string Of(
        OutputOptions options,
        string aggregate,
        FlowRecord record,
        ValueTable? values = null,
        DateTimeOffset bin = default,
        DateTimeOffset updated = default,
        string writerId = "")
    {
        PrimitiveSelection selection = TestPurge.Select(aggregate, options.Text);
        KeyLayout layout = new(selection.KeyFields, selection.KeyExtras);
        TestPurge purge = new(layout) { Number = 1, Time = 0, TotalEntries = 1 };
        purge.Add(record, bin);
        AggregateRow row = values is null ? purge[0] : new AggregateRow(in purge[0].Entry, purge[0].Key, values.Snapshot);
        ArrayBufferWriter<byte> buffer = new(1);
        RowWriter.Create(options, selection, layout, TimeZoneInfo.Utc).Write(row, buffer, updated.ToUnixTimeSeconds(), Encoding.UTF8.GetBytes(writerId));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The value part of a row of one primitive: what stands behind the key, up to packets.</summary>
    public static string Value(string aggregate, FlowRecord record, TextOptions? text = null, ValueTable? values = null)
    {
        string row = Json(aggregate, record, text, values);
        int start = row.IndexOf(", ", StringComparison.Ordinal) + 2;
        start = row.IndexOf(": ", start, StringComparison.Ordinal) + 2;
        int end = row.IndexOf(", \"packets\"", start, StringComparison.Ordinal);
        return row[start..(end < 0 ? row.Length - 1 : end)];
    }

    public static long Micros(string time) =>
        (DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / 10;
}
