using Collector.Differential.Exceptions;
using Record = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Collector.Differential.Comparison;

/// <summary>What the comparison of one output gave.</summary>
/// <param name="Records">Records of pmacct.</param>
/// <param name="Values">Their members that were compared.</param>
/// <param name="Differences">A line for each difference that no exception explains.</param>
/// <param name="Excepted">Values by the exception that explains them.</param>
internal sealed record OutputComparison(int Records, long Values, IReadOnlyList<string> Differences, IReadOnlyDictionary<KnownException, long> Excepted)
{
    /// <summary>Times of the wall clock and process numbers: never the same.</summary>
    private static readonly string[] OfTheRun = ["stamp_updated", "writer_id", "duration"];

    /// <summary>Compares the files of one output.</summary>
    public static OutputComparison Compare(CaseContext context, IReadOnlyDictionary<string, string[]> pmacct, IReadOnlyDictionary<string, string[]> collector, IReadOnlyList<KnownException> exceptions)
    {
        HashSet<string> without = [.. OfTheRun];
        bool sum = false;
        if (context.Aggregate.Contains("timestamp_arrival"))
        {
            without.UnionWith(["timestamp_arrival", "TIMESTAMP_ARRIVAL"]);
            sum = true;
        }

        if (context.HasHistory && context.BinsByArrival)
        {
            without.Add("stamp_inserted");
            sum = true;
        }

        // Entries that arrival alone tells apart are counted by the marker.
        without.UnionWith(sum ? ["purged_entries", "total_entries"] : []);
        bool byName = !(context.HasHistory && context.BinsByArrival);
        List<Record> theirs = [.. Read(context, pmacct, byName)], ours = [.. Read(context, collector, byName)];
        var expected = new RecordSet(theirs, without, sum);
        var actual = new RecordSet(ours, without, sum);
        IReadOnlyList<string> differences = RecordComparison.Differences(expected, actual);
        if (differences.Count == 0)
        {
            return new OutputComparison(expected.Count, expected.Values, [], new Dictionary<KnownException, long>());
        }

        IReadOnlyDictionary<KnownException, long>? excepted = new ExceptionSearch(theirs, ours, without, sum).Explain([.. exceptions.Where(e => e.AppliesTo(context))]);
        return new OutputComparison(expected.Count, expected.Values, excepted is null ? differences : [], excepted ?? new Dictionary<KnownException, long>());
    }

    private static IEnumerable<Record> Read(CaseContext context, IReadOnlyDictionary<string, string[]> files, bool byName)
    {
        foreach ((string name, string[] lines) in files.Where(f => f.Key.StartsWith(context.Output.Name, StringComparison.Ordinal)).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (byName && context.Output.Path.Contains('$', StringComparison.Ordinal) | context.Output.Path.Contains('%', StringComparison.Ordinal))
            {
                yield return [KeyValuePair.Create("file", name)];
            }

            foreach (Record record in context.IsCsv ? PrintedRecords.FromCsv(lines, context.Separator) : PrintedRecords.FromJson(lines))
            {
                yield return record;
            }
        }
    }
}
