namespace Collector.Bgp.Rib;

/// <summary>What kind of routes: an address family and a subsequent address family (RFC 4760 §6).</summary>
/// <remarks>The order is that of dumps: by address family, within it by subsequent address family.</remarks>
public enum RouteFamily : byte
{
    /// <summary>1/1.</summary>
    IPv4Unicast,

    /// <summary>1/4, RFC 8277.</summary>
    IPv4Labeled,

    /// <summary>1/128, RFC 4364.</summary>
    IPv4Vpn,

    /// <summary>2/1.</summary>
    IPv6Unicast,

    /// <summary>2/4, RFC 8277.</summary>
    IPv6Labeled,

    /// <summary>2/128, RFC 4659.</summary>
    IPv6Vpn,
}

/// <summary>The numbers behind a <see cref="RouteFamily"/>.</summary>
public static class RouteFamilies
{
    /// <summary>How many there are.</summary>
    public const int Count = 6;

    /// <summary>1 for IPv4, 2 for IPv6.</summary>
    public static ushort AddressFamily(this RouteFamily family) => family < RouteFamily.IPv6Unicast ? (ushort)1 : (ushort)2;

    /// <summary>1, 4 or 128.</summary>
    public static byte SubsequentAddressFamily(this RouteFamily family) => ((int)family % 3) switch { 0 => 1, 1 => 4, _ => 128 };

    /// <summary>True for the address family IPv4.</summary>
    public static bool IsIPv4(this RouteFamily family) => family < RouteFamily.IPv6Unicast;

    /// <summary>True for routes that stand in the table of a route distinguisher.</summary>
    public static bool IsVpn(this RouteFamily family) => (int)family % 3 == 2;

    /// <summary>Longest prefix: 32 or 128.</summary>
    public static byte MaxLength(this RouteFamily family) => family.IsIPv4() ? (byte)32 : (byte)128;

    /// <summary>The family of two numbers.</summary>
    /// <returns>False when the routes of these numbers are not kept.</returns>
    public static bool TryGet(ushort addressFamily, byte subsequentAddressFamily, out RouteFamily family)
    {
        int offset = subsequentAddressFamily switch { 1 => 0, 4 => 1, 128 => 2, _ => -1 };
        family = (RouteFamily)(Math.Max(offset, 0) + (addressFamily == 2 ? 3 : 0));
        return offset >= 0 && addressFamily is (1 or 2);
    }
}
