using System.Globalization;

namespace Collector.Diff;

/// <summary>A comparison in sentences: totals, then each kind of difference with how often and a few examples, the most frequent first.</summary>
public static class DiffReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="left">The left side.</param>
    /// <param name="right">The right side.</param>
    /// <param name="comparison">Their comparison.</param>
    /// <param name="examples">Most examples of each kind.</param>
    public static void Write(TextWriter output, RowSide left, RowSide right, RowComparison comparison, int examples)
    {
        WriteSide(output, "left ", left);
        WriteSide(output, "right", right);
        if (comparison.LeftOut.Count > 0)
        {
            output.WriteLine($"left out: {comparison.LeftOut.Count} windows at the edges, which the two were not read whole ({comparison.LeftOut[0]} to {comparison.LeftOut[^1]})");
        }

        output.WriteLine($"compared: {comparison.Windows} windows; {comparison.EqualKeys} keys are equal");
        WriteFieldLists(output, left, right, comparison);
        WriteFieldDifferences(output, comparison, examples);
        WriteCounterDifferences(output, comparison, examples);
        WriteLone(output, comparison, examples, isLeft: true);
        WriteLone(output, comparison, examples, isLeft: false);
        output.WriteLine(comparison.IsEqual ? "no difference" : "the two differ");
    }

    private static void WriteSide(TextWriter output, string side, RowSide rows)
    {
        string faults = (rows.Events, rows.BadLines) switch
        {
            (0, 0) => "",
            ( > 0, 0) => $"; {rows.Events} markers left out",
            _ => $"; {rows.Events} markers left out, {rows.BadLines} lines are no JSON objects",
        };
        output.WriteLine(
            $"{side} {rows.Name}: {rows.Rows.Count} rows, bytes {Total(rows, r => r.Octets)}, packets {Total(rows, r => r.Packets)}, flows {Total(rows, r => r.Flows)}{faults}");
    }

    private static void WriteFieldLists(TextWriter output, RowSide left, RowSide right, RowComparison comparison)
    {
        foreach (string field in comparison.OnlyLeftFields)
        {
            output.WriteLine($"field {field}: only on the left; rows are compared without it");
        }

        foreach (string field in comparison.OnlyRightFields)
        {
            output.WriteLine($"field {field}: only on the right; rows are compared without it");
        }

        foreach (string field in comparison.TypeDifferences)
        {
            output.WriteLine($"field {field}: JSON type {TypeText(left.TypesOf(field))} on the left, {TypeText(right.TypesOf(field))} on the right; values are compared as text");
        }
    }

    private static void WriteFieldDifferences(TextWriter output, RowComparison comparison, int examples)
    {
        foreach (IGrouping<string, FieldDifference> group in comparison.Fields.GroupBy(f => string.Join(", ", f.Fields)).OrderByDescending(g => g.Count()))
        {
            output.WriteLine($"{group.Key}: {Keys(group.Count())} {(group.Count() == 1 ? "differs" : "differ")} in nothing else");
            var values = group
                .GroupBy(f => string.Join(", ", f.Fields.Select(name => $"{name} {Quote(comparison.Left, f.LeftKey, name)} | {Quote(comparison.Right, f.RightKey, name)}")))
                .OrderByDescending(g => g.Count())
                .Take(examples);
            foreach (IGrouping<string, FieldDifference> value in values)
            {
                FieldDifference first = value.First();
                output.WriteLine($"  {value.Key}: {Keys(value.Count())}, as in window {first.Window} {comparison.Left.Describe(first.LeftKey)} {first.Counters}");
            }
        }
    }

    private static void WriteCounterDifferences(TextWriter output, RowComparison comparison, int examples)
    {
        if (comparison.Counters.Count == 0)
        {
            return;
        }

        output.WriteLine($"counters: {Keys(comparison.Counters.Count)} with other counters{Factor(comparison.Counters)}");
        foreach (CounterDifference difference in comparison.Counters.Take(examples))
        {
            output.WriteLine($"  window {difference.Window} {comparison.Left.Describe(difference.Key)}: {difference.Left} | {difference.Right}");
        }
    }

    // One factor for all is no loss but a sampling interval that only one of the two applies.
    private static string Factor(IReadOnlyList<CounterDifference> differences)
    {
        double[] factors = [.. differences.Where(d => d.Left.Packets > 0 && d.Right.Packets > 0).Select(d => (double)d.Right.Packets / d.Left.Packets).Distinct().Take(2)];
        return factors.Length == 1 && factors[0] != 1
            ? string.Create(CultureInfo.InvariantCulture, $"; right is {factors[0]:0.######} times left in all of them: look at sampling and renormalize")
            : "";
    }

    private static void WriteLone(TextWriter output, RowComparison comparison, int examples, bool isLeft)
    {
        LoneKey[] lone = [.. comparison.Lone.Where(l => l.IsLeft == isLeft)];
        if (lone.Length == 0)
        {
            return;
        }

        KeySums sums = isLeft ? comparison.Left : comparison.Right;
        output.WriteLine($"only on the {(isLeft ? "left" : "right")}: {Keys(lone.Length)}, {Total(lone)}{OtherWindow(comparison, lone)}");
        foreach (LoneKey key in lone.Take(examples))
        {
            output.WriteLine($"  window {key.Window} {sums.Describe(key.Key)}: {key.Counters}");
        }
    }

    // The same key in another window of the other side: bins differ, not flows.
    private static string OtherWindow(RowComparison comparison, LoneKey[] lone)
    {
        int elsewhere = lone.Count(l => (l.IsLeft ? comparison.Right : comparison.Left).Windows.Any(w => w.Key != l.Window && w.Value.ContainsKey(l.Key)));
        return elsewhere == 0 ? "" : $"; the other side has {elsewhere} of these keys in another window: look at history, time_new and the clocks";
    }

    private static string Quote(KeySums sums, string key, string field) => $"'{KeySums.Split(key)[Array.IndexOf(sums.Fields, field)]}'";

    private static string Keys(int count) => count == 1 ? "1 key" : $"{count} keys";

    private static string Total(LoneKey[] keys) =>
        $"bytes {keys.Aggregate(0UL, (sum, k) => sum + k.Counters.Octets)}, packets {keys.Aggregate(0UL, (sum, k) => sum + k.Counters.Packets)}";

    private static ulong Total(RowSide side, Func<DiffRow, ulong> value) => side.Rows.Aggregate(0UL, (sum, row) => sum + value(row));

    private static string TypeText(FieldTypes types) => types.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal);
}
