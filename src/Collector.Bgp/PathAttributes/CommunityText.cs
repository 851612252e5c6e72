using System.Buffers.Binary;
using System.Buffers.Text;
using Collector.Net;

namespace Collector.Bgp.PathAttributes;

/// <summary>Writes communities as pmacct does (pmacct-compat §6.5): <c>65001:100 no-export</c>, <c>RT:65001:77 SoO:1.2.3.4:5</c>, <c>65001:1:2</c>.</summary>
public static class CommunityText
{
    private const byte RouteTarget = 2, RouteOrigin = 3;

    // "255:255:281474976710655", "4294967295:4294967295:4294967295", "no-advertise".
    private const int MaxOfOne = 33;

    /// <summary>The longest text, with its separators, of a list of <paramref name="listLength"/> bytes.</summary>
    public static int MaxLength(CommunityKind kind, int listLength, CommunityPatterns? patterns = null) =>
        (listLength / CommunityList.SizeOf(kind)) * (MaxOfOne + 1) * Math.Max(1, patterns?.Count ?? 1);

    /// <summary>Writes the text and returns its length; 0 for an empty list or when no pattern takes anything.</summary>
    /// <param name="kind">What the list holds.</param>
    /// <param name="list">Communities in canonical form.</param>
    /// <param name="separator">Blank in BGP objects, underscore in flow objects.</param>
    /// <param name="numeric">True writes numbers for well-known names and types (bgp_comms_num).</param>
    /// <param name="patterns">Which communities to write, or null for all.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public static int Write(CommunityKind kind, ReadOnlySpan<byte> list, byte separator, bool numeric, CommunityPatterns? patterns, Span<byte> to)
    {
        int size = CommunityList.SizeOf(kind);
        int length = 0;
        for (int p = 0; p < (patterns?.Count ?? 1); p++)
        {
            for (int i = 0; i + size <= list.Length; i += size)
            {
                int start = length == 0 ? 0 : length + 1;
                int written = WriteOne(kind, list.Slice(i, size), numeric, to[start..]);
                if (patterns is not null && !patterns.Matches(p, to.Slice(start, written)))
                {
                    continue;
                }

                if (start > 0)
                {
                    to[length] = separator;
                }

                length = start + written;
            }
        }

        return length;
    }

    private static int WriteOne(CommunityKind kind, ReadOnlySpan<byte> community, bool numeric, Span<byte> to) => kind switch
    {
        CommunityKind.Standard => WriteStandard(BinaryPrimitives.ReadUInt32BigEndian(community), numeric, to),
        CommunityKind.Extended => WriteExtended(community, numeric, to),
        _ => WriteLarge(community, to),
    };

    private static int WriteStandard(uint community, bool numeric, Span<byte> to)
    {
        // The names that pmacct knows; RFC 1997 has the last three.
        ReadOnlySpan<byte> name = numeric ? default : community switch
        {
            0 => "internet"u8,
            0xFFFF_FF01 => "no-export"u8,
            0xFFFF_FF02 => "no-advertise"u8,
            0xFFFF_FF03 => "local-AS"u8,
            _ => default,
        };
        if (!name.IsEmpty)
        {
            name.CopyTo(to);
            return name.Length;
        }

        return WritePair(community >> 16, community & 0xFFFF, to);
    }

    // RFC 4360 §3: two-octet AS, IPv4 address and, RFC 5668, four-octet AS; §4 and §5: route target and route origin.
    private static int WriteExtended(ReadOnlySpan<byte> community, bool numeric, Span<byte> to)
    {
        byte type = community[0], subtype = community[1];
        bool isKnown = type <= 2 && (subtype is RouteTarget or RouteOrigin);
        if (!isKnown && !numeric)
        {
            to[0] = (byte)'?';
            return 1;
        }

        int length = 0;
        if (numeric)
        {
            length = WritePair(type, subtype, to);
            to[length++] = (byte)':';
        }
        else
        {
            ReadOnlySpan<byte> prefix = subtype == RouteTarget ? "RT:"u8 : "SoO:"u8;
            prefix.CopyTo(to);
            length = prefix.Length;
        }

        ulong value = BinaryPrimitives.ReadUInt64BigEndian(community) & 0xFFFF_FFFF_FFFF;
        return length + (isKnown ? type : -1) switch
        {
            0 => WritePair((uint)(value >> 32), (uint)value, to[length..]),
            1 => WriteAddress((uint)(value >> 16), (uint)(value & 0xFFFF), to[length..]),
            2 => WritePair((uint)(value >> 16), (uint)(value & 0xFFFF), to[length..]),
            _ => Utf8Formatter.TryFormat(value, to[length..], out int written) ? written : 0,
        };
    }

    private static int WriteLarge(ReadOnlySpan<byte> community, Span<byte> to)
    {
        int length = WritePair(BinaryPrimitives.ReadUInt32BigEndian(community), BinaryPrimitives.ReadUInt32BigEndian(community[4..]), to);
        to[length++] = (byte)':';
        Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32BigEndian(community[8..]), to[length..], out int written);
        return length + written;
    }

    private static int WritePair(uint first, uint second, Span<byte> to)
    {
        Utf8Formatter.TryFormat(first, to, out int length);
        to[length++] = (byte)':';
        Utf8Formatter.TryFormat(second, to[length..], out int written);
        return length + written;
    }

    private static int WriteAddress(uint address, uint number, Span<byte> to)
    {
        int length = IpAddressText.Write(IpAddress.FromIPv4(address), true, to);
        to[length++] = (byte)':';
        Utf8Formatter.TryFormat(number, to[length..], out int written);
        return length + written;
    }
}
