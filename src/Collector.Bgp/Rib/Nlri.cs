using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>What one route is for: network layer reachability information as an UPDATE carries it (RFC 4271 §4.3, RFC 7911 §3, RFC 8277 §2, RFC 4364 §4.3.4).</summary>
public struct Nlri : IEquatable<Nlri>
{
    /// <summary>The table that the route belongs to.</summary>
    public RouteFamily Family;

    /// <summary>Bits of <see cref="Prefix"/> that count, 0 to 32 or 0 to 128.</summary>
    public byte Length;

    /// <summary>The network address, host bits 0; IPv4 in its mapped form.</summary>
    public IpAddress Prefix;

    /// <summary>The path identifier; 0 where ADD-PATH was not negotiated.</summary>
    public uint PathId;

    /// <summary>The MPLS label, 20 bits; 0 where the family has none. No part of the key: a new label replaces the old one.</summary>
    public uint Label;

    /// <summary>The route distinguisher as its eight bytes read as a number; 0 where the family has none.</summary>
    public ulong RouteDistinguisher;

    /// <summary>Equal when it is the same path to the same prefix, whatever the label.</summary>
    public readonly bool Equals(Nlri other) => Family == other.Family && Length == other.Length && Prefix == other.Prefix && PathId == other.PathId
        && RouteDistinguisher == other.RouteDistinguisher;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Nlri other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Family, Length, Prefix, PathId, RouteDistinguisher);

    /// <summary>The prefix and its length, for messages.</summary>
    public override readonly string ToString() => $"{Prefix}/{Length}";

    /// <summary>Equality of <see cref="Equals(Nlri)"/>.</summary>
    public static bool operator ==(Nlri left, Nlri right) => left.Equals(right);

    /// <summary>Inequality of <see cref="Equals(Nlri)"/>.</summary>
    public static bool operator !=(Nlri left, Nlri right) => !left.Equals(right);
}
