using System.Buffers.Text;
using Collector.Net;

namespace Collector.Output;

/// <summary>Writes route distinguishers (RFC 4364 §4.2) as pmacct does: type, administrator and number, with colons.</summary>
internal static class RouteDistinguisherText
{
    /// <summary>The type under which a VRF id alone stands in for a route distinguisher; the id is in the low 32 bits.</summary>
    public const ushort VrfIdType = 0xFFFF;

    /// <summary>The longest text, in bytes.</summary>
    public const int MaxLength = 32;

    /// <summary>Writes the eight bytes, given as a big-endian number, and returns the length.</summary>
    public static int Write(ulong value, Span<byte> to)
    {
        ushort type = (ushort)(value >> 48);
        switch (type)
        {
            case 0:
                return WriteParts("0:"u8, (value >> 32) & 0xFFFF, value & 0xFFFF_FFFF, to);
            case 1:
                "1:"u8.CopyTo(to);
                int length = 2 + IpAddressText.Write(IpAddress.FromIPv4((uint)(value >> 16)), true, to[2..]);
                to[length++] = (byte)':';
                Utf8Formatter.TryFormat(value & 0xFFFF, to[length..], out int written);
                return length + written;
            case 2:
                return WriteParts("2:"u8, (value >> 16) & 0xFFFF_FFFF, value & 0xFFFF, to);
            case VrfIdType:
                "vrfid:"u8.CopyTo(to);
                Utf8Formatter.TryFormat(value & 0xFFFF_FFFF, to[6..], out int digits);
                return 6 + digits;
            default:
                "unknown"u8.CopyTo(to);
                return 7;
        }
    }

    private static int WriteParts(ReadOnlySpan<byte> type, ulong administrator, ulong number, Span<byte> to)
    {
        type.CopyTo(to);
        int at = type.Length;
        Utf8Formatter.TryFormat(administrator, to[at..], out int written);
        at += written;
        to[at++] = (byte)':';
        Utf8Formatter.TryFormat(number, to[at..], out written);
        return at + written;
    }
}
