using System.Globalization;

namespace Collector.Net;

/// <summary>A network in CIDR form. Host bits are zero.</summary>
/// <param name="Address">The first address; IPv4 in its mapped form.</param>
/// <param name="Length">0 to 32 for IPv4, 0 to 128 for IPv6.</param>
/// <param name="IsIPv4">The family: ::ffff:0:0/96 and what lies in it may be either.</param>
public readonly record struct IpPrefix(IpAddress Address, byte Length, bool IsIPv4)
{
    /// <summary>True when the address, of the same family, lies in the network.</summary>
    public bool Contains(IpAddress address, bool isIPv4) => isIPv4 == IsIPv4 && MaskOf(address, Length, IsIPv4) == Address;

    /// <summary>Reads 10.0.0.0/8 or 2001:db8::/32; host bits are masked off. False for anything else, an address without a length included.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        if (slash < 0 || !IpAddress.TryParse(text[..slash], out IpAddress address)
            || !byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out byte length))
        {
            return false;
        }

        bool isIPv4 = !text[..slash].Contains(':');
        if (length > (isIPv4 ? 32 : 128))
        {
            return false;
        }

        prefix = Of(address, length, isIPv4);
        return true;
    }

    /// <summary>The network of an address.</summary>
    public static IpPrefix Of(IpAddress address, byte length, bool isIPv4) => new(MaskOf(address, length, isIPv4), length, isIPv4);

    /// <summary>The address with the bits beyond the length set to 0; the family decides, not the form: a mapped IPv6 address has lengths up to 128.</summary>
    public static IpAddress MaskOf(IpAddress address, int length, bool isIPv4) => isIPv4 || !address.IsIPv4
        ? address.Mask(length)
        : length <= 64 ? default : IpAddress.FromHostOrder(0, address.LastHostOrder & (ulong.MaxValue << (128 - Math.Min(length, 128))));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
