using System.Runtime.CompilerServices;

namespace Collector.Net;

/// <summary>Writes addresses as inet_ntop does (RFC 5952 for IPv6), straight into UTF-8, without allocating.</summary>
public static class IpAddressText
{
    /// <summary>The longest text, "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", in bytes.</summary>
    public const int MaxLength = 45;

    /// <summary>Writes the address and returns the number of bytes written.</summary>
    /// <param name="address">The address.</param>
    /// <param name="asIPv4">True writes the last four bytes in dotted decimal; false writes IPv6 text, the mapped form as <c>::ffff:1.2.3.4</c>.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    [SkipLocalsInit]
    public static int Write(IpAddress address, bool asIPv4, Span<byte> destination)
    {
        if (asIPv4)
        {
            return WriteIPv4(address.ToIPv4(), destination);
        }

        Span<ushort> groups = stackalloc ushort[8];
        for (int i = 0; i < 4; i++)
        {
            groups[i] = (ushort)(address.FirstHostOrder >> (48 - (16 * i)));
            groups[i + 4] = (ushort)(address.LastHostOrder >> (48 - (16 * i)));
        }

        (int zeroStart, int zeroLength) = LongestZeroRun(groups);

        // glibc's inet_ntop writes the low 32 bits in dotted decimal for ::a.b.c.d and ::ffff:a.b.c.d, but ::1 to ::ffff as hexadecimal.
        bool dotted = zeroStart == 0 && (zeroLength == 6 || (zeroLength == 5 && groups[5] == 0xFFFF));
        int end = dotted ? 6 : 8;
        int length = 0;
        for (int i = 0; i < end; i++)
        {
            if (zeroStart >= 0 && i >= zeroStart && i < zeroStart + zeroLength)
            {
                if (i == zeroStart)
                {
                    destination[length++] = (byte)':';
                }

                continue;
            }

            if (i != 0)
            {
                destination[length++] = (byte)':';
            }

            length += WriteHex(groups[i], destination[length..]);
        }

        if (dotted)
        {
            destination[length++] = (byte)':';
            return length + WriteIPv4(address.ToIPv4(), destination[length..]);
        }

        if (zeroStart >= 0 && zeroStart + zeroLength == 8)
        {
            destination[length++] = (byte)':';
        }

        return length;
    }

    private static (int Start, int Length) LongestZeroRun(ReadOnlySpan<ushort> groups)
    {
        int bestStart = -1, bestLength = 1, start = -1;
        for (int i = 0; i < 8; i++)
        {
            if (groups[i] != 0)
            {
                start = -1;
                continue;
            }

            start = start < 0 ? i : start;
            if (i - start + 1 > bestLength)
            {
                bestStart = start;
                bestLength = i - start + 1;
            }
        }

        return (bestStart, bestStart < 0 ? 0 : bestLength);
    }

    private static int WriteHex(ushort value, Span<byte> destination)
    {
        int digits = value >= 0x1000 ? 4 : value >= 0x100 ? 3 : value >= 0x10 ? 2 : 1;
        for (int i = digits - 1; i >= 0; i--)
        {
            int nibble = value & 15;
            destination[i] = (byte)(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);
            value >>= 4;
        }

        return digits;
    }

    private static int WriteIPv4(uint address, Span<byte> destination)
    {
        int length = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            uint octet = (address >> shift) & 255;
            if (octet >= 100)
            {
                destination[length++] = (byte)('0' + (octet / 100));
            }

            if (octet >= 10)
            {
                destination[length++] = (byte)('0' + (octet / 10 % 10));
            }

            destination[length++] = (byte)('0' + (octet % 10));
            if (shift != 0)
            {
                destination[length++] = (byte)'.';
            }
        }

        return length;
    }
}
