using System.Globalization;
using Collector.Net;

namespace Collector.Maps;

/// <summary>Reads route distinguishers (RFC 4364 §4.2) as pmacct writes them: type, administrator and number.</summary>
internal static class RouteDistinguisherValue
{
    /// <summary>Reads 0:65512:1, 1:192.0.2.1:1 or 2:4200000000:1, or vrfid:N, into eight bytes as a big-endian number.</summary>
    public static bool TryParse(string text, out ulong value)
    {
        value = 0;
        string[] parts = text.Split(':');
        if (parts is ["vrfid", var id] && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out uint vrf))
        {
            value = (ulong)Output.RouteDistinguisherText.VrfIdType << 48 | vrf;
            return true;
        }

        if (parts.Length != 3 || !ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
        {
            return false;
        }

        switch (parts[0])
        {
            case "0" when TryNumber(parts[1], ushort.MaxValue, out ulong administrator) && number <= uint.MaxValue:
                value = administrator << 32 | number;
                return true;
            case "1" when IpAddress.TryParse(parts[1], out IpAddress address) && address.IsIPv4 && number <= ushort.MaxValue:
                value = 1UL << 48 | (ulong)address.ToIPv4() << 16 | number;
                return true;
            case "2" when TryNumber(parts[1], uint.MaxValue, out ulong asn) && number <= ushort.MaxValue:
                value = 2UL << 48 | asn << 16 | number;
                return true;
            default:
                return false;
        }
    }

    private static bool TryNumber(string text, ulong maximum, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= maximum;
}
