using System.Globalization;
using System.Numerics;
using Collector.Net;

namespace Collector.Maps.Filters;

/// <summary>Reads addresses and networks of filters.</summary>
internal static class FilterNetwork
{
    /// <summary>Reads 10.0.0.0/8, 10.1 (which is 10.1.0.0/16), 2001:db8::/32; as libpcap, a network with host bits is refused.</summary>
    public static bool TryParse(string text, out IpAddress address, out byte length, out string fault)
    {
        fault = "";
        string full = text;
        if (!text.Contains(':', StringComparison.Ordinal))
        {
            int slash = text.IndexOf('/', StringComparison.Ordinal);
            string digits = slash < 0 ? text : text[..slash];
            int parts = digits.Split('.').Length;
            string padded = digits + string.Concat(Enumerable.Repeat(".0", Math.Max(0, 4 - parts)));
            full = slash < 0 ? $"{padded}/{Math.Min(4, parts) * 8}" : padded + text[slash..];
        }

        if (!MapPrefix.TryParse(full, out address, out length))
        {
            return false;
        }

        int end = full.IndexOf('/', StringComparison.Ordinal);
        if (IpAddress.TryParse(end < 0 ? full : full[..end], out IpAddress written) && written != address)
        {
            fault = $"'net {text}' has bits beyond the prefix; write net {address}{(end < 0 ? "" : full[end..])}";
            return false;
        }

        return true;
    }

    /// <summary>Reads one address.</summary>
    public static bool TryParseHost(string text, out IpAddress address, out byte length, out string fault)
    {
        length = 128;
        fault = text.Contains('/', StringComparison.Ordinal) ? $"'host {text}': write net {text}" : "";
        return IpAddress.TryParse(text, out address);
    }

    /// <summary>Turns net A mask M into A/length.</summary>
    public static bool TryAddMask(ref string text, string mask)
    {
        if (!IpAddress.TryParse(mask, out IpAddress bits) || !bits.IsIPv4)
        {
            return false;
        }

        uint value = bits.ToIPv4();
        int length = BitOperations.LeadingZeroCount(~value);
        if (length < 32 && value << length != 0)
        {
            return false;
        }

        text = text + "/" + length.ToString(CultureInfo.InvariantCulture);
        return true;
    }
}
