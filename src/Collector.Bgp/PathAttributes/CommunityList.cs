using System.Buffers.Binary;

namespace Collector.Bgp.PathAttributes;

/// <summary>Lists of communities in canonical form: in the order of their bytes, each once, as pmacct publishes them (pmacct-compat §6.5).</summary>
public static class CommunityList
{
    /// <summary>Bytes of one community.</summary>
    public static int SizeOf(CommunityKind kind) => kind switch
    {
        CommunityKind.Standard => 4,
        CommunityKind.Extended => 8,
        _ => 12,
    };

    /// <summary>Copies the list into <paramref name="to"/> in canonical form and returns the length in bytes; allocates nothing.</summary>
    /// <param name="kind">What the list holds.</param>
    /// <param name="list">Communities as received; a trailing part of one is left out.</param>
    /// <param name="to">At least as long as the list.</param>
    public static int Canonicalize(CommunityKind kind, ReadOnlySpan<byte> list, Span<byte> to)
    {
        int size = SizeOf(kind);
        int length = 0;
        for (int i = 0; i + size <= list.Length; i += size)
        {
            ReadOnlySpan<byte> community = list.Slice(i, size);
            int place = PlaceOf(community, to[..length], out bool isThere);
            if (isThere)
            {
                continue;
            }

            to[place..length].CopyTo(to[(place + size)..]);
            community.CopyTo(to[place..]);
            length += size;
        }

        return length;
    }

    // Speakers send sorted lists, so the end is looked at before a search is made.
    private static int PlaceOf(ReadOnlySpan<byte> community, ReadOnlySpan<byte> sorted, out bool isThere)
    {
        int size = community.Length;
        isThere = false;
        if (sorted.IsEmpty || Compare(sorted[^size..], community) < 0)
        {
            return sorted.Length;
        }

        int low = 0, high = (sorted.Length / size) - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = Compare(sorted.Slice(middle * size, size), community);
            if (order == 0)
            {
                isThere = true;
                return middle * size;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return low * size;
    }

    private static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.Length switch
    {
        4 => BinaryPrimitives.ReadUInt32BigEndian(left).CompareTo(BinaryPrimitives.ReadUInt32BigEndian(right)),
        8 => BinaryPrimitives.ReadUInt64BigEndian(left).CompareTo(BinaryPrimitives.ReadUInt64BigEndian(right)),
        _ => left.SequenceCompareTo(right),
    };
}
