using System.Text;

namespace Collector.Bgp.PathAttributes;

/// <summary>Chooses communities by their text (bgp_stdcomm_pattern and its like): a pattern is a part of the text, a dot in it stands for one character.</summary>
/// <remarks>
/// A pattern with dots must reach to the end of the community: 12345:64... takes 12345:64000 to 12345:64999 and leaves 12345:64 out. Communities come
/// out in the order of the patterns, twice when two patterns take them, as pmacct prints them. A community is always taken whole; pmacct prints only
/// what follows the place where the pattern fits. Immutable.
/// </remarks>
public sealed class CommunityPatterns
{
    /// <summary>The most patterns in one list, pmacct's limit too.</summary>
    public const int MaxCount = 16;

    private readonly byte[][] _patterns;

    private CommunityPatterns(byte[][] patterns) => _patterns = patterns;

    /// <summary>How many patterns there are.</summary>
    public int Count => _patterns.Length;

    /// <summary>Reads patterns separated by commas; false when there is none, or more than <see cref="MaxCount"/>.</summary>
    public static bool TryParse(string text, out CommunityPatterns? patterns)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        patterns = parts.Length is > 0 and <= MaxCount ? new CommunityPatterns([.. parts.Select(Encoding.UTF8.GetBytes)]) : null;
        return patterns is not null;
    }

    /// <summary>True when pattern number <paramref name="index"/> takes the community.</summary>
    public bool Matches(int index, ReadOnlySpan<byte> community)
    {
        ReadOnlySpan<byte> pattern = _patterns[index];
        if (!pattern.Contains((byte)'.'))
        {
            return community.IndexOf(pattern) >= 0;
        }

        if (pattern.Length > community.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> tail = community[^pattern.Length..];
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '.' && pattern[i] != tail[i])
            {
                return false;
            }
        }

        return true;
    }
}
