using Collector.Bgp.Rib;

namespace Collector.Bgp.Messages;

/// <summary>What two speakers agreed on, as far as it changes how the bytes of an UPDATE are read.</summary>
public readonly record struct SessionParameters
{
    /// <summary>AS numbers have four bytes (RFC 6793).</summary>
    public bool FourOctetAs { get; init; }

    /// <summary>The peer is of another AS, so attributes of internal sessions are left out.</summary>
    public bool IsExternal { get; init; }

    /// <summary>Messages may be longer than 4,096 bytes (RFC 8654).</summary>
    public bool ExtendedMessages { get; init; }

    /// <summary>Families whose routes have path identifiers: bit n for the <see cref="RouteFamily"/> of number n (RFC 7911).</summary>
    public byte AddPathFamilies { get; init; }

    /// <summary>IPv4 families whose next hop may be IPv6: bit n for the <see cref="RouteFamily"/> of number n (RFC 8950).</summary>
    public byte ExtendedNextHopFamilies { get; init; }

    /// <summary>True when routes of this family have path identifiers.</summary>
    public bool HasAddPath(RouteFamily family) => (AddPathFamilies & (1 << (int)family)) != 0;

    /// <summary>True when routes of this family may have an IPv6 next hop beside IPv4 prefixes.</summary>
    public bool HasExtendedNextHop(RouteFamily family) => (ExtendedNextHopFamilies & (1 << (int)family)) != 0;
}
