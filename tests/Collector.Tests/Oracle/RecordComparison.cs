namespace Collector.Tests.Oracle;

/// <summary>Compares what pmacct printed with what the collector printed.</summary>
internal static class RecordComparison
{
    /// <summary>Begins the lines that tell of records which pmacct has not.</summary>
    public const string OnlyCollector = "only the collector: ";

    private static readonly string[] Named = ["ip_src", "ip_dst", "port_src", "port_dst", "ip_proto", "export_proto_seqno"];

    /// <summary>Nothing when both printed the same records; else a line for each record or pair of similar records that differ.</summary>
    public static IReadOnlyList<string> Differences(IEnumerable<string> pmacct, IEnumerable<string> collector, IReadOnlySet<string> without)
    {
        var expected = new RecordSet(pmacct, without);
        var actual = new RecordSet(collector, without);
        List<IReadOnlyList<KeyValuePair<string, string>>> unexpected = [.. actual.Except(expected)];
        var lines = new List<string>();
        foreach (IReadOnlyList<KeyValuePair<string, string>> missing in expected.Except(actual))
        {
            IReadOnlyList<KeyValuePair<string, string>>? nearest = unexpected.MinBy(other => Unlike(missing, other).Count());
            if (nearest is not null && Unlike(missing, nearest).Count() <= missing.Count / 3)
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

    private static IEnumerable<string> Unlike(IReadOnlyList<KeyValuePair<string, string>> pmacct, IReadOnlyList<KeyValuePair<string, string>> collector)
    {
        string[] names = [.. pmacct.Select(m => m.Key)];
        if (!names.SequenceEqual(collector.Select(m => m.Key)))
        {
            yield return $"members {string.Join(' ', names.Except(collector.Select(m => m.Key)))} / {string.Join(' ', collector.Select(m => m.Key).Except(names))} or their order";
        }

        Dictionary<string, string> theirs = collector.ToDictionary(m => m.Key, m => m.Value);
        foreach ((string name, string value) in pmacct)
        {
            if (theirs.TryGetValue(name, out string? other) && other != value)
            {
                yield return $"{name} is {other}, pmacct has {value}";
            }
        }
    }

    private static string Name(IEnumerable<KeyValuePair<string, string>> record) => All(record.Where(m => Named.Contains(m.Key)));

    private static string All(IEnumerable<KeyValuePair<string, string>> record) => string.Join(' ', record.Select(m => $"{m.Key}={m.Value}"));
}
