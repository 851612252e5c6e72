using Collector.Net;

namespace Collector.Bgp.Sessions;

/// <summary>Who may have a session, and how: one router, or all of a prefix.</summary>
public sealed record PeerOptions
{
    /// <summary>The router's address, or the address of the prefix.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>Bits of the address that must be equal; null for all of them.</summary>
    public byte? PrefixLength { get; init; }

    /// <summary>The AS number that the peer must have; 0 for any.</summary>
    public uint RemoteAs { get; init; }

    /// <summary>Our AS number; 0 for the one of <see cref="SpeakerOptions.LocalAs"/>, else the peer's.</summary>
    public uint LocalAs { get; init; }

    /// <summary>True: we connect, and take the router's connections as well; false: we wait. Only for one router.</summary>
    public bool Connect { get; init; }

    /// <summary>The port to connect to; default 179.</summary>
    public ushort Port { get; init; } = 179;

    /// <summary>The key of TCP-MD5 signatures (RFC 2385), at most 80 bytes; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>How many hops away the peer may be at most (RFC 5082); 0 switches the check off.</summary>
    public byte TtlSecurityHops { get; init; }

    /// <summary>True when the address belongs to this entry.</summary>
    public bool Matches(IpAddress address) => PrefixLength is { } length
        ? address.IsIPv4 == Address.IsIPv4 && address.Mask(length) == Address.Mask(length)
        : address == Address;
}
