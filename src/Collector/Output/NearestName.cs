namespace Collector.Output;

/// <summary>Finds what was meant by a misspelt name.</summary>
internal static class NearestName
{
    // A longer name is no misspelling, and the search is quadratic.
    private const int LongestName = 64;

    /// <summary>The candidate that fewest insertions, deletions, replacements and swaps of neighbours lead to.</summary>
    /// <returns>When even the nearest differs in more than a third of its letters: one that begins like the name, else null.</returns>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int distance = Distance(name, candidate);
            if (distance < bestDistance)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best is not null && bestDistance <= Math.Max(1, best.Length / 3)
            ? best
            : candidates.FirstOrDefault(c => BeginAlike(c, name));
    }

    /// <summary>"; did you mean 'x'?" for the end of a message, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        name.Length <= LongestName && Find(name, candidates) is { } near ? $"; did you mean '{near}'?" : "";

    private static bool BeginAlike(string a, string b) =>
        Math.Min(a.Length, b.Length) >= 3 && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal));

    // Optimal string alignment: the Levenshtein distance in which a swap of neighbours counts once.
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
