using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Collector.Bgp.Rib;

namespace Collector.Bgp.PathAttributes;

/// <summary>Brings AS_PATH and AS4_PATH into the canonical form of <see cref="AsPath"/>.</summary>
internal static class AsPathReader
{
    private const int MaxSegment = 255;

    /// <summary>True when the bytes are whole segments of known kinds, none empty, and without AS 0 (RFC 7606 §7.2, RFC 7607 §2).</summary>
    internal static bool IsWellFormed(ReadOnlySpan<byte> path, bool fourOctets)
    {
        int size = fourOctets ? 4 : 2;
        while (!path.IsEmpty)
        {
            if (path.Length < AsPath.SegmentHeader || path[0] is < (byte)AsPathSegmentType.Set or > (byte)AsPathSegmentType.ConfederationSet || path[1] == 0)
            {
                return false;
            }

            int length = path[1] * size;
            if (path.Length - AsPath.SegmentHeader < length)
            {
                return false;
            }

            ReadOnlySpan<byte> numbers = path.Slice(AsPath.SegmentHeader, length);
            if (fourOctets ? MemoryMarshal.Cast<byte, uint>(numbers).Contains(0u) : MemoryMarshal.Cast<byte, ushort>(numbers).Contains((ushort)0))
            {
                return false;
            }

            path = path[(AsPath.SegmentHeader + length)..];
        }

        return true;
    }

    /// <summary>Copies a well formed AS_PATH, and merges the AS4_PATH of a speaker with two-octet AS numbers (RFC 6793 §4.2.3).</summary>
    /// <param name="path">AS_PATH.</param>
    /// <param name="as4Path">A well formed AS4_PATH, or empty when there is none that counts.</param>
    /// <param name="fourOctets">How AS_PATH is written.</param>
    /// <param name="into">Takes the path.</param>
    internal static void Read(ReadOnlySpan<byte> path, ReadOnlySpan<byte> as4Path, bool fourOctets, ReceivedAttributes into)
    {
        if (fourOctets)
        {
            path.CopyTo(into.SetAsPath(path.Length));
            return;
        }

        int lead = as4Path.IsEmpty ? 0 : CountOf(path, 2) - CountOf(as4Path, 4);
        if (as4Path.IsEmpty || lead < 0)
        {
            Span<byte> whole = into.SetAsPath(path.Length * 2);
            into.SetAsPath(Widen(path, int.MaxValue, whole));
            return;
        }

        Span<byte> merged = into.SetAsPath((path.Length * 2) + as4Path.Length);
        into.SetAsPath(Append(as4Path, merged, Widen(path, lead, merged)));
    }

    // How long a path is when routes are compared: a set counts as one, a confederation not at all (RFC 4271 §9.1.2.2, RFC 5065 §5.3).
    private static int CountOf(ReadOnlySpan<byte> path, int size)
    {
        int count = 0;
        while (!path.IsEmpty)
        {
            count += (AsPathSegmentType)path[0] switch { AsPathSegmentType.Sequence => path[1], AsPathSegmentType.Set => 1, _ => 0 };
            path = path[(AsPath.SegmentHeader + (path[1] * size))..];
        }

        return count;
    }

    // The first `keep` hops with numbers of four bytes; confederation segments before or beside them count nothing and are kept.
    private static int Widen(ReadOnlySpan<byte> path, int keep, Span<byte> to)
    {
        int length = 0;
        while (!path.IsEmpty)
        {
            var type = (AsPathSegmentType)path[0];
            int count = path[1];
            bool counts = type is AsPathSegmentType.Sequence or AsPathSegmentType.Set;
            int taken = type == AsPathSegmentType.Sequence ? Math.Min(count, keep) : count;
            if (counts && keep == 0)
            {
                break;
            }

            (to[length], to[length + 1]) = ((byte)type, (byte)taken);
            length += AsPath.SegmentHeader;
            for (int i = 0; i < taken; i++, length += AsPath.NumberSize)
            {
                BinaryPrimitives.WriteUInt32BigEndian(to[length..], BinaryPrimitives.ReadUInt16BigEndian(path[(AsPath.SegmentHeader + (2 * i))..]));
            }

            keep -= type switch { AsPathSegmentType.Sequence => taken, AsPathSegmentType.Set => 1, _ => 0 };
            path = path[(AsPath.SegmentHeader + (count * 2))..];
        }

        return length;
    }

    // AS4_PATH without confederation segments (RFC 6793 §6). A sequence that continues a sequence becomes one with it, as a speaker with four octets would have sent it.
    private static int Append(ReadOnlySpan<byte> as4Path, Span<byte> to, int length)
    {
        int last = LastSegment(to[..length]);
        for (ReadOnlySpan<byte> rest = as4Path; AsPath.TryReadSegment(ref rest, out AsPathSegmentType type, out ReadOnlySpan<byte> numbers);)
        {
            if (type is not (AsPathSegmentType.Sequence or AsPathSegmentType.Set))
            {
                continue;
            }

            int count = numbers.Length / AsPath.NumberSize;
            if (last >= 0 && type == AsPathSegmentType.Sequence && to[last] == (byte)type && to[last + 1] + count <= MaxSegment)
            {
                to[last + 1] += (byte)count;
            }
            else
            {
                last = length;
                (to[length], to[length + 1]) = ((byte)type, (byte)count);
                length += AsPath.SegmentHeader;
            }

            numbers.CopyTo(to[length..]);
            length += numbers.Length;
        }

        return length;
    }

    private static int LastSegment(ReadOnlySpan<byte> path)
    {
        int last = -1;
        for (int i = 0; i < path.Length; i += AsPath.SegmentHeader + (path[i + 1] * AsPath.NumberSize))
        {
            last = i;
        }

        return last;
    }
}
