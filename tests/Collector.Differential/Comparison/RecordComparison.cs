using Record = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Collector.Differential.Comparison;

/// <summary>Compares what pmacct printed with what the collector printed.</summary>
internal static class RecordComparison
{
    /// <summary>Begins the lines that tell of records which pmacct has not.</summary>
    public const string OnlyCollector = "only the collector: ";

    /// <summary>Times of publishing and arrival: captures replayed without a clock are never compared by them.</summary>
    private static readonly string[] NeverCompared = ["stamp_inserted", "stamp_updated", "timestamp_arrival"];

    private static readonly string[] Named = ["ip_src", "ip_dst", "port_src", "port_dst", "ip_proto", "export_proto_seqno"];

    /// <summary>Nothing when both printed the same JSON objects; else a line for each record or pair of similar records that differ.</summary>
    /// <param name="pmacct">Lines of pmacct.</param>
    /// <param name="collector">Lines of the collector.</param>
    /// <param name="without">Members to leave out; records that become equal are summed.</param>
    public static IReadOnlyList<string> Differences(IEnumerable<string> pmacct, IEnumerable<string> collector, IReadOnlySet<string> without)
    {
        HashSet<string> leftOut = [.. NeverCompared, .. without];
        return Differences(
            new RecordSet(PrintedRecords.FromJson(pmacct), leftOut, without.Count > 0), new RecordSet(PrintedRecords.FromJson(collector), leftOut, without.Count > 0));
    }

    /// <summary>The same of records that have been read.</summary>
    public static IReadOnlyList<string> Differences(RecordSet pmacct, RecordSet collector)
    {
        List<Record> unexpected = [.. collector.Except(pmacct)];
        var lines = new List<string>();
        foreach (Record missing in pmacct.Except(collector))
        {
            Record? nearest = unexpected.MinBy(other => Unlike(missing, other).Count());
            if (nearest is not null && Unlike(missing, nearest).Count() <= Math.Max(1, missing.Count / 3))
            {
                unexpected.Remove(nearest);
                lines.Add($"{Name(missing)}: " + string.Join(", ", Unlike(missing, nearest)));
            }
            else
            {
                lines.Add($"only pmacct: {All(missing)}");
            }
        }

        lines.AddRange(unexpected.Select(u => OnlyCollector + All(u)));
        return lines;
    }

    private static IEnumerable<string> Unlike(Record pmacct, Record collector)
    {
        string[] names = [.. pmacct.Select(m => m.Key)];
        if (!names.SequenceEqual(collector.Select(m => m.Key)))
        {
            yield return $"members {string.Join(' ', names.Except(collector.Select(m => m.Key)))} / {string.Join(' ', collector.Select(m => m.Key).Except(names))} or their order";
        }

        foreach ((string name, string value) in pmacct)
        {
            if (collector.FirstOrDefault(m => m.Key == name) is { Key: not null } other && other.Value != value)
            {
                yield return $"{name} is {other.Value}, pmacct has {value}";
            }
        }
    }

    private static string Name(Record record) => All(record.Where(m => Named.Contains(m.Key)));

    private static string All(IEnumerable<KeyValuePair<string, string>> record) => string.Join(' ', record.Select(m => $"{m.Key}={m.Value}"));
}
