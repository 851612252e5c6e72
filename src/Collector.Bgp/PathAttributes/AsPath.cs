using System.Buffers.Binary;

namespace Collector.Bgp.PathAttributes;

/// <summary>Reads AS paths in canonical form: segments of type (1 byte), count (1 byte) and count AS numbers of 4 bytes (RFC 6793 §4).</summary>
/// <remarks>The bytes must be well formed, as the reader of path attributes leaves them; nothing here allocates.</remarks>
public static class AsPath
{
    /// <summary>Bytes of a segment before its AS numbers, and of one AS number.</summary>
    public const int SegmentHeader = 2, NumberSize = 4;

    /// <summary>The AS that originated the route: the last number of the last segment, a set included (pmacct-compat §4.3); 0 for an empty path.</summary>
    public static uint OriginAs(ReadOnlySpan<byte> path) => path.Length < SegmentHeader + NumberSize ? 0 : BinaryPrimitives.ReadUInt32BigEndian(path[^NumberSize..]);

    /// <summary>
    /// The neighbouring AS: the first number of the path, member ASes of a confederation included; 0 for an empty path, and for one that begins with
    /// a set, whose order says nothing (so nfacctd 1.7.7).
    /// </summary>
    public static uint PeerAs(ReadOnlySpan<byte> path) => path.Length < SegmentHeader + NumberSize || IsSet((AsPathSegmentType)path[0])
        ? 0
        : BinaryPrimitives.ReadUInt32BigEndian(path[SegmentHeader..]);

    /// <summary>The first AS outside confederation segments, 0 where that is a set; when there is none, the first of all; 0 for an empty path.</summary>
    public static uint PeerAsOutsideConfederation(ReadOnlySpan<byte> path)
    {
        for (ReadOnlySpan<byte> rest = path; TryReadSegment(ref rest, out AsPathSegmentType type, out ReadOnlySpan<byte> numbers);)
        {
            if (type is AsPathSegmentType.Set or AsPathSegmentType.Sequence)
            {
                return IsSet(type) ? 0 : BinaryPrimitives.ReadUInt32BigEndian(numbers);
            }
        }

        return PeerAs(path);
    }

    /// <summary>Takes the next segment off <paramref name="rest"/>; false at the end.</summary>
    public static bool TryReadSegment(scoped ref ReadOnlySpan<byte> rest, out AsPathSegmentType type, out ReadOnlySpan<byte> numbers)
    {
        if (rest.Length < SegmentHeader || rest.Length - SegmentHeader < rest[1] * NumberSize)
        {
            type = default;
            numbers = default;
            return false;
        }

        type = (AsPathSegmentType)rest[0];
        numbers = rest.Slice(SegmentHeader, rest[1] * NumberSize);
        rest = rest[(SegmentHeader + numbers.Length)..];
        return true;
    }

    private static bool IsSet(AsPathSegmentType type) => type is AsPathSegmentType.Set or AsPathSegmentType.ConfederationSet;
}
