using System.Text;

namespace Collector.Maps;

/// <summary>Patterns of BGP communities as in bgp_stdcomm_pattern: a part of the text, in which a dot stands for any character.</summary>
internal sealed class CommunityPatterns
{
    /// <summary>Most patterns in one condition, as in pmacct.</summary>
    public const int MaxPatterns = 16;

    private readonly byte[][] _patterns;

    /// <param name="patterns">At least one, none empty.</param>
    public CommunityPatterns(IEnumerable<string> patterns) => _patterns = [.. patterns.Select(Encoding.ASCII.GetBytes)];

    /// <summary>True when one of the communities contains one of the patterns.</summary>
    /// <param name="communities">Text with blanks or underscores between communities.</param>
    public bool Match(ReadOnlySpan<byte> communities)
    {
        while (!communities.IsEmpty)
        {
            int end = communities.IndexOfAny((byte)' ', (byte)'_');
            ReadOnlySpan<byte> community = end < 0 ? communities : communities[..end];
            foreach (byte[] pattern in _patterns)
            {
                if (Contains(community, pattern))
                {
                    return true;
                }
            }

            communities = end < 0 ? default : communities[(end + 1)..];
        }

        return false;
    }

    private static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern)
    {
        for (int start = 0; start + pattern.Length <= text.Length; start++)
        {
            int i = 0;
            while (i < pattern.Length && (pattern[i] == (byte)'.' || pattern[i] == text[start + i]))
            {
                i++;
            }

            if (i == pattern.Length)
            {
                return true;
            }
        }

        return false;
    }
}
