namespace Collector.Bgp.Messages;

/// <summary>An address family and its subsequent address family, as they stand in messages (RFC 4760 §3).</summary>
/// <param name="Afi">1 IPv4, 2 IPv6; others are carried, never interpreted.</param>
/// <param name="Safi">1 unicast, 4 labeled unicast (RFC 8277), 128 VPN (RFC 4364, RFC 4659).</param>
public readonly record struct AddressFamily(ushort Afi, byte Safi)
{
    /// <summary>Address family numbers.</summary>
    public const ushort IPv4 = 1, IPv6 = 2;

    /// <summary>Subsequent address family numbers.</summary>
    public const byte Unicast = 1, Labeled = 4, Vpn = 128;

    /// <inheritdoc/>
    public override string ToString() => $"{Afi}/{Safi}";
}
