using System.Globalization;
using Record = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Collector.Differential.Comparison;

/// <summary>Printed objects as a multiset: a record is its members in order, with their text as printed, so a number is not a string.</summary>
/// <remarks>
/// When members are left out, records that become equal are summed as pmacct sums them: packets, bytes and flows added, TCP flags or-ed;
/// then only sums are compared, not how many records they came from.
/// </remarks>
internal sealed class RecordSet
{
    private static readonly HashSet<string> Sums = ["packets", "bytes", "flows", "tcp_flags", "PACKETS", "BYTES", "FLOWS", "TCP_FLAGS"];

    private readonly Dictionary<string, (int Count, Record Record)> _records = new(StringComparer.Ordinal);

    /// <param name="records">Records as <see cref="PrintedRecords"/> reads them.</param>
    /// <param name="without">Members to leave out.</param>
    /// <param name="sum">Whether records that are equal without them become one.</param>
    public RecordSet(IEnumerable<Record> records, IReadOnlySet<string> without, bool sum)
    {
        IEnumerable<Record> shortened = without.Count == 0 ? records : records.Select(r => Without(r, without));
        foreach (Record record in sum ? Summed(shortened) : shortened)
        {
            string text = Text(record);
            _records[text] = (_records.TryGetValue(text, out (int Count, Record Record) known) ? known.Count + 1 : 1, record);
        }
    }

    /// <summary>How many records there are.</summary>
    public int Count => _records.Values.Sum(r => r.Count);

    /// <summary>How many members they have together.</summary>
    public long Values => _records.Values.Sum(r => (long)r.Count * r.Record.Count);

    /// <summary>Whether the name is one of a counter, or of flags that are or-ed.</summary>
    public static bool IsSum(string name) => Sums.Contains(name);

    /// <summary>The records of this set that the other one has not, as often as they are missing there.</summary>
    public IEnumerable<Record> Except(RecordSet other) => _records.SelectMany(pair =>
        Enumerable.Repeat(pair.Value.Record, Math.Max(0, pair.Value.Count - (other._records.TryGetValue(pair.Key, out var theirs) ? theirs.Count : 0))));

    private static IEnumerable<Record> Summed(IEnumerable<Record> records) => records.GroupBy(KeyOf, (_, same) => same.Aggregate(Sum), StringComparer.Ordinal);

    private static Record Without(Record record, IReadOnlySet<string> names) => [.. record.Where(m => !names.Contains(m.Key))];

    /// <summary>What is no sum; of the sums, that they are there and what kind of value they are.</summary>
    private static string KeyOf(Record record) => string.Join(", ", record.Select(m => IsSum(m.Key) ? $"{m.Key}:{m.Value is ['"' or '[', ..]}" : $"{m.Key}: {m.Value}"));

    private static Record Sum(Record a, Record b) =>
        [.. a.Zip(b, (x, y) => IsSum(x.Key) ? KeyValuePair.Create(x.Key, Sum(x.Key, x.Value, y.Value)) : x)];

    private static string Sum(string name, string a, string b)
    {
        if (a is ['[', ..])
        {
            return SumOfNames(a, b);
        }

        long x = Number(a), y = Number(b);
        string sum = (name is "tcp_flags" or "TCP_FLAGS" ? x | y : x + y).ToString(CultureInfo.InvariantCulture);
        return a is ['"', ..] ? $"\"{sum}\"" : sum;
    }

    // Counters of 64 bits are printed with or without a sign.
    private static long Number(string text)
    {
        string digits = text.Trim('"');
        if (digits.Length == 0)
        {
            return 0;
        }

        return digits.StartsWith('-') ? long.Parse(digits, CultureInfo.InvariantCulture) : (long)ulong.Parse(digits, CultureInfo.InvariantCulture);
    }

    // Flags as an array of names.
    private static string SumOfNames(string a, string b)
    {
        HashSet<string> set = [.. Names(a), .. Names(b)];
        return $"[{string.Join(", ", new[] { "\"URG\"", "\"ACK\"", "\"PSH\"", "\"RST\"", "\"SYN\"", "\"FIN\"" }.Where(set.Contains))}]";
    }

    private static IEnumerable<string> Names(string array) => array.Trim('[', ']').Split(", ", StringSplitOptions.RemoveEmptyEntries);

    private static string Text(Record record) => string.Join(", ", record.Select(m => $"{m.Key}: {m.Value}"));
}
