using System.Globalization;
using System.Text.Json;

namespace Collector.Tests.Oracle;

/// <summary>Printed objects as a multiset: a record is its members in order, with their JSON text, so a number is not a string.</summary>
/// <remarks>
/// Times of publishing and arrival are never compared. When members are left out, records that become equal are summed as pmacct sums
/// them: packets, bytes and flows added, TCP flags or-ed; then only sums are compared, not how many records they came from.
/// </remarks>
internal sealed class RecordSet
{
    private static readonly HashSet<string> NeverCompared = ["stamp_inserted", "stamp_updated", "timestamp_arrival"];
    private static readonly HashSet<string> Sums = ["packets", "bytes", "flows", "tcp_flags"];

    private readonly Dictionary<string, (int Count, IReadOnlyList<KeyValuePair<string, string>> Record)> _records = new(StringComparer.Ordinal);

    /// <param name="lines">JSON objects, one a line.</param>
    /// <param name="without">Members to leave out.</param>
    /// <exception cref="JsonException">A line is no JSON object.</exception>
    public RecordSet(IEnumerable<string> lines, IReadOnlySet<string> without)
    {
        IEnumerable<List<KeyValuePair<string, string>>> records = lines.Select(line => Parse(line, without));
        foreach (List<KeyValuePair<string, string>> record in without.Count == 0 ? records : Summed(records))
        {
            string text = Text(record);
            _records[text] = (_records.TryGetValue(text, out (int Count, IReadOnlyList<KeyValuePair<string, string>> Record) known) ? known.Count + 1 : 1, record);
        }
    }

    /// <summary>The records of this set that the other one has not, as often as they are missing there.</summary>
    public IEnumerable<IReadOnlyList<KeyValuePair<string, string>>> Except(RecordSet other) => _records.SelectMany(pair =>
        Enumerable.Repeat(pair.Value.Record, Math.Max(0, pair.Value.Count - (other._records.TryGetValue(pair.Key, out var theirs) ? theirs.Count : 0))));

    private static List<KeyValuePair<string, string>> Parse(string line, IReadOnlySet<string> without)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"not an object: {line}");
        }

        return [.. document.RootElement.EnumerateObject().Where(m => !NeverCompared.Contains(m.Name) && !without.Contains(m.Name))
            .Select(m => KeyValuePair.Create(m.Name, m.Value.GetRawText()))];
    }

    private static IEnumerable<List<KeyValuePair<string, string>>> Summed(IEnumerable<List<KeyValuePair<string, string>>> records) =>
        records.GroupBy(KeyOf, (_, same) => same.Aggregate(Sum), StringComparer.Ordinal);

    /// <summary>What is no sum; of the sums, that they are there and whether they are strings.</summary>
    private static string KeyOf(List<KeyValuePair<string, string>> record) =>
        string.Join(", ", record.Select(m => Sums.Contains(m.Key) ? $"{m.Key}:{m.Value[0] == '"'}" : $"{m.Key}: {m.Value}"));

    private static List<KeyValuePair<string, string>> Sum(List<KeyValuePair<string, string>> a, List<KeyValuePair<string, string>> b) =>
        [.. a.Zip(b, (x, y) => Sums.Contains(x.Key) ? KeyValuePair.Create(x.Key, Sum(x.Key, x.Value, y.Value)) : x)];

    private static string Sum(string name, string a, string b)
    {
        long x = long.Parse(a.Trim('"'), CultureInfo.InvariantCulture);
        long y = long.Parse(b.Trim('"'), CultureInfo.InvariantCulture);
        string sum = (name == "tcp_flags" ? x | y : x + y).ToString(CultureInfo.InvariantCulture);
        return a[0] == '"' ? $"\"{sum}\"" : sum;
    }

    private static string Text(IEnumerable<KeyValuePair<string, string>> record) => string.Join(", ", record.Select(m => $"{m.Key}: {m.Value}"));
}
