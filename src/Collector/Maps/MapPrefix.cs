using System.Globalization;
using Collector.Net;

namespace Collector.Maps;

/// <summary>Reads addresses and prefixes of maps.</summary>
internal static class MapPrefix
{
    /// <summary>Reads 192.0.2.1, 10.0.0.0/8, 2001:db8::1 or 2001:db8::/32; host bits are masked off.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The first address.</param>
    /// <param name="length">Bits of the 128-bit form that count: 96 more than written for IPv4.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address, out byte length)
    {
        length = 128;
        int slash = text.IndexOf('/');
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out address))
        {
            return false;
        }

        if (slash >= 0)
        {
            int offset = text[..slash].Contains(':') ? 0 : 96;
            if (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int bits) || bits + offset > 128)
            {
                return false;
            }

            length = (byte)(bits + offset);
        }

        address = MatchCondition.Masked(address, length);
        return true;
    }
}
