using System.Text;

namespace Collector.Maps.PreTag;

/// <summary>pre_tag_label_filter: labels of which a record must bear one; `null` stands for no label (pmacct-compat §5.2). Immutable.</summary>
internal sealed class LabelFilter
{
    private readonly (byte[] Label, bool Negated)[] _elements;

    private LabelFilter((byte[] Label, bool Negated)[] elements) => _elements = elements;

    /// <summary>Reads a list such as gold, -silver, null.</summary>
    /// <returns>Null when it is empty.</returns>
    public static LabelFilter? Parse(string text)
    {
        (byte[], bool)[] elements =
        [
            .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(e =>
            {
                bool negated = e[0] == '-';
                string label = negated ? e[1..] : e;
                return (label == "null" ? [] : Encoding.UTF8.GetBytes(label), negated);
            }),
        ];
        return elements.Length == 0 ? null : new LabelFilter(elements);
    }

    /// <summary>True when a record passes.</summary>
    /// <param name="labels">Its labels, separated by commas.</param>
    public bool Passes(ReadOnlySpan<byte> labels)
    {
        foreach ((byte[] label, bool negated) in _elements)
        {
            if (Contains(labels, label))
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

    private static bool Contains(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> label)
    {
        while (true)
        {
            int comma = labels.IndexOf((byte)',');
            if ((comma < 0 ? labels : labels[..comma]).SequenceEqual(label))
            {
                return true;
            }

            if (comma < 0)
            {
                return false;
            }

            labels = labels[(comma + 1)..];
        }
    }
}
