using System.Buffers.Binary;
using System.Buffers.Text;

namespace Collector.Bgp.PathAttributes;

/// <summary>Writes AS paths as pmacct does (pmacct-compat §6.5): <c>1 2 {3,4} (5 6) [7,8]</c>, AS numbers in decimal (RFC 5396 asplain).</summary>
public static class AsPathText
{
    // An AS number of ten digits and what separates it; brackets and a separator for a segment.
    private const int NumberLength = 11, SegmentLength = 3;

    /// <summary>The longest text of a path of <paramref name="canonicalLength"/> bytes.</summary>
    public static int MaxLength(int canonicalLength) => ((canonicalLength / AsPath.NumberSize) * NumberLength) + ((canonicalLength / AsPath.SegmentHeader) * SegmentLength);

    /// <summary>Writes the text and returns its length.</summary>
    /// <param name="path">A path in the canonical form of <see cref="AsPath"/>.</param>
    /// <param name="separator">Blank in BGP objects, underscore in flow objects; sets are separated by commas always.</param>
    /// <param name="radius">How many hops to keep, counted at separators, so that a set is one hop and prepends count; 0 keeps all (bgp_aspath_radius).</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public static int Write(ReadOnlySpan<byte> path, byte separator, int radius, Span<byte> to)
    {
        int length = 0, hops = 0;
        for (ReadOnlySpan<byte> rest = path; AsPath.TryReadSegment(ref rest, out AsPathSegmentType type, out ReadOnlySpan<byte> numbers);)
        {
            if (hops > 0)
            {
                if (hops == radius)
                {
                    return length;
                }

                to[length++] = separator;
            }

            hops++;
            bool isSet = type is AsPathSegmentType.Set or AsPathSegmentType.ConfederationSet;
            if (Open(type) is var open and not 0)
            {
                to[length++] = open;
            }

            for (int i = 0; i < numbers.Length; i += AsPath.NumberSize)
            {
                if (i > 0)
                {
                    // pmacct cuts its text at the blank, so a confederation that the radius ends in stays open.
                    if (!isSet && hops++ == radius)
                    {
                        return length;
                    }

                    to[length++] = isSet ? (byte)',' : separator;
                }

                Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32BigEndian(numbers[i..]), to[length..], out int written);
                length += written;
            }

            if (Close(type) is var close and not 0)
            {
                to[length++] = close;
            }
        }

        return length;
    }

    private static byte Open(AsPathSegmentType type) => type switch
    {
        AsPathSegmentType.Set => (byte)'{',
        AsPathSegmentType.ConfederationSequence => (byte)'(',
        AsPathSegmentType.ConfederationSet => (byte)'[',
        _ => 0,
    };

    private static byte Close(AsPathSegmentType type) => type switch
    {
        AsPathSegmentType.Set => (byte)'}',
        AsPathSegmentType.ConfederationSequence => (byte)')',
        AsPathSegmentType.ConfederationSet => (byte)']',
        _ => 0,
    };
}
