using System.Text.Json;
using Record = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Collector.Differential.Comparison;

/// <summary>Reads what pmacct or the collector printed: names and values in order, values as they stand there.</summary>
internal static class PrintedRecords
{
    /// <summary>JSON objects, one a line.</summary>
    /// <exception cref="JsonException">A line is no JSON object.</exception>
    public static IEnumerable<Record> FromJson(IEnumerable<string> lines) => lines.Select(Object);

    /// <summary>CSV rows under a line of headings. Without headings (a file that was appended to) columns are named by their number.</summary>
    /// <remarks>Marker lines (--START, --END) are records of one member, their process number taken out.</remarks>
    public static IEnumerable<Record> FromCsv(IEnumerable<string> lines, string separator)
    {
        string[]? headings = null;
        foreach (string line in lines)
        {
            if (line.StartsWith("--", StringComparison.Ordinal))
            {
                yield return [KeyValuePair.Create("marker", line.Split(' ')[0])];
                continue;
            }

            string[] columns = line.Split(separator);
            if (headings is null)
            {
                headings = columns;
                yield return [KeyValuePair.Create("headings", line)];
                continue;
            }

            yield return columns.Length == headings.Length
                ? [.. headings.Zip(columns, KeyValuePair.Create)]
                : [.. columns.Select((c, i) => KeyValuePair.Create($"column {i + 1} of {headings.Length}", c))];
        }
    }

    private static Record Object(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? [.. document.RootElement.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, m.Value.GetRawText()))]
            : throw new JsonException($"not an object: {line}");
    }
}
