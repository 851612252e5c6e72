using System.Globalization;

namespace Collector.Maps.PreTag;

/// <summary>pre_tag_filter, pre_tag2_filter: values and ranges, of which the first that fits decides; one with a minus lets all others pass (pmacct-compat §5.2). Immutable.</summary>
internal sealed class TagFilter
{
    private readonly (ulong First, ulong Last, bool Negated)[] _elements;

    private TagFilter((ulong First, ulong Last, bool Negated)[] elements) => _elements = elements;

    /// <summary>Reads a list such as 0, 10-20, -6.</summary>
    /// <returns>Null when an element does not fit.</returns>
    public static TagFilter? Parse(string text)
    {
        var elements = new List<(ulong, ulong, bool)>();
        foreach (string element in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            bool negated = element[0] == '-';
            string[] ends = (negated ? element[1..] : element).Split('-', 2);
            if (!TryRead(ends[0], out ulong first) || !TryRead(ends[^1], out ulong last) || last < first)
            {
                return null;
            }

            elements.Add((first, last, negated));
        }

        return elements.Count == 0 ? null : new TagFilter([.. elements]);
    }

    /// <summary>True when a record with the tag passes.</summary>
    public bool Passes(ulong tag)
    {
        foreach ((ulong first, ulong last, bool negated) in _elements)
        {
            if (tag >= first && tag <= last)
            {
                return !negated;
            }

            if (negated)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryRead(string text, out ulong value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
