using System.Collections.Concurrent;

namespace Collector.Tests.Oracle;

/// <summary>Compares pmacct and the collector over many cases at once, with renormalisation off and on, against a table of known differences.</summary>
internal static class OracleComparison
{
    /// <summary>pmacct spends its four seconds a run asleep.</summary>
    private const int AtOnce = 16;

    /// <summary>On a busy machine pmacct's print plugin can start too late for (a part of) the records.</summary>
    private const int Attempts = 3;

    /// <summary>Everything that is wrong: differences that are not in the table, and rows of the table that are no differences.</summary>
    public static Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<OracleCase> cases, IReadOnlyList<KnownDifference> known) => RunAsync(cases, known, [false, true]);

    /// <summary>The same with renormalisation off, on, or both.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<OracleCase> cases, IReadOnlyList<KnownDifference> known, bool[] renormalizations)
    {
        var wrong = new ConcurrentBag<string>(known.Select(k => k.Case).Except(cases.Select(c => c.Name)).Select(name => $"{name}: known differences of no case"));
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (oracle, _) =>
        {
            KnownDifference[] own = [.. known.Where(k => k.Case == oracle.Name)];
            HashSet<string> seen = [];
            foreach (bool renormalize in renormalizations)
            {
                foreach (string line in await CompareAsync(oracle, renormalize, own, seen))
                {
                    wrong.Add($"{oracle.Name}{(renormalize ? ", renormalized" : "")}: {line}");
                }
            }

            foreach (KnownDifference difference in own.Where(k => !seen.Contains(k.Field)))
            {
                wrong.Add($"{oracle.Name}: the known difference in {difference.Field} is none");
            }
        });
        return [.. wrong.Order(StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(OracleCase oracle, bool renormalize, KnownDifference[] known, HashSet<string> seen)
    {
        HashSet<string> fields = [.. known.Select(k => k.Field).Where(f => f is not (KnownDifference.Lost or KnownDifference.Unreadable))];
        bool lost = known.Any(k => k.Field == KnownDifference.Lost);
        bool unreadable = known.Any(k => k.Field == KnownDifference.Unreadable);
        IReadOnlyList<string> collector = await OracleRun.CollectorAsync(oracle, renormalize);
        IReadOnlyList<string> differences = [];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            IReadOnlyList<string>? pmacct = await OracleRun.PmacctAsync(oracle, renormalize);
            if (pmacct is null)
            {
                if (unreadable)
                {
                    seen.Add(KnownDifference.Unreadable);
                    return [];
                }

                differences = ["pmacct printed nothing"];
                continue;
            }

            IReadOnlyList<string> all = RecordComparison.Differences(pmacct, collector, fields);
            differences = [.. all.Where(line => !lost || !line.StartsWith(RecordComparison.OnlyCollector, StringComparison.Ordinal))];
            if (differences.Count == 0)
            {
                seen.UnionWith(all.Count > 0 ? [KnownDifference.Lost] : []);
                seen.UnionWith(fields.Where(field => RecordComparison.Differences(pmacct, collector, fields.Where(f => f != field).ToHashSet()).Count > all.Count));
                break;
            }
        }

        return differences;
    }
}
