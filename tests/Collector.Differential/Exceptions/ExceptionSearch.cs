using Collector.Differential.Comparison;
using Record = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace Collector.Differential.Exceptions;

/// <summary>Finds the exceptions that explain the differences of one output: without their members all must be equal, and none of them may be left over.</summary>
internal sealed class ExceptionSearch(IReadOnlyList<Record> pmacct, IReadOnlyList<Record> collector, IReadOnlySet<string> without, bool sum)
{
    /// <summary>The exceptions needed with the number of values that differ under each; null when they do not explain everything.</summary>
    public IReadOnlyDictionary<KnownException, long>? Explain(IReadOnlyList<KnownException> applicable)
    {
        HashSet<string> names = [.. pmacct.Concat(collector).SelectMany(r => r).Select(m => m.Key)];
        List<KnownException> needed = [.. applicable.Where(e => e.IsLoss || e.SumsRows || e.AllNames.Any(names.Contains))];
        if (!AreEqual(needed))
        {
            return null;
        }

        // One after the other is put back where everything stays equal without it.
        foreach (KnownException exception in needed.ToArray())
        {
            if (AreEqual([.. needed.Where(e => e != exception)]))
            {
                needed.Remove(exception);
            }
        }

        Dictionary<KnownException, long> values = [];
        foreach (KnownException exception in needed)
        {
            (RecordSet theirs, RecordSet ours) = Without([.. needed.Where(e => e != exception)]);
            Record[] left = [.. theirs.Except(ours)], right = [.. ours.Except(theirs)];
            if (!needed.Any(e => e != exception && e.IsLoss)
                && !(left.All(r => exception.Holds(r) && exception.HoldsForPmacct(r)) && right.All(r => exception.Holds(r) && exception.HoldsForCollector(r))))
            {
                return null;
            }

            values[exception] = Math.Max(left.Length + right.Length, left.Concat(right).Sum(r => r.Count(m => exception.AllNames.Contains(m.Key))));
        }

        return values;
    }

    private bool AreEqual(IReadOnlyList<KnownException> exceptions)
    {
        (RecordSet theirs, RecordSet ours) = Without(exceptions);
        return exceptions.Any(e => e.IsLoss) ? !theirs.Except(ours).Any() || OnlyMore(theirs, ours) : !theirs.Except(ours).Any() && !ours.Except(theirs).Any();
    }

    private (RecordSet Theirs, RecordSet Ours) Without(IReadOnlyList<KnownException> exceptions)
    {
        HashSet<string> leftOut = [.. without, .. exceptions.SelectMany(e => e.AllNames)];
        bool sums = sum || exceptions.Any(e => e.SumsRows);
        return (new RecordSet(pmacct, leftOut, sums), new RecordSet(collector, leftOut, sums));
    }

    // Where records are lost, sums of the collector are larger, for the same key.
    private bool OnlyMore(RecordSet theirs, RecordSet ours)
    {
        List<Record> more = [.. ours.Except(theirs)];
        return theirs.Except(ours).All(r => more.Any(o => IsMore(r, o)));
    }

    private static bool IsMore(Record less, Record more) => less.Count == more.Count && less.Zip(more).All(p => p.First.Key == p.Second.Key
        && (p.First.Value == p.Second.Value || (RecordSet.IsSum(p.First.Key)
            && (p.First.Key is "tcp_flags" or "TCP_FLAGS" || (long.TryParse(p.First.Value, out long x) && long.TryParse(p.Second.Value, out long y) && x <= y)))));
}
