using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>Who a peer is: what tells its session from others, and what its OPEN said.</summary>
/// <remarks>An immutable value; it is replaced whole when a session comes up anew.</remarks>
public sealed record PeerDescription
{
    /// <summary>The address of the session.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>The peer's TCP port.</summary>
    public ushort Port { get; init; }

    /// <summary>The BGP identifier, as an IPv4 address (RFC 4271 §4.2).</summary>
    public IpAddress RouterId { get; init; }

    /// <summary>The peer's AS number.</summary>
    public uint AsNumber { get; init; }

    /// <summary>Families in which the peer sends path identifiers: bit n for the <see cref="RouteFamily"/> of number n (RFC 7911 §4).</summary>
    public byte AddPathFamilies { get; init; }

    /// <summary>True when the peer sends path identifiers in this family.</summary>
    public bool HasAddPath(RouteFamily family) => (AddPathFamilies & (1 << (int)family)) != 0;
}

/// <summary>Whether a peer's routes are to be trusted.</summary>
public enum PeerState
{
    /// <summary>No session, and no routes.</summary>
    Down,

    /// <summary>No session: the routes are those of before a restart of the peer's or of ours.</summary>
    Stale,

    /// <summary>The session is up.</summary>
    Established,
}

/// <summary>A peer at one moment.</summary>
/// <param name="Index">The column of its routes: what <see cref="RouteReader"/> takes.</param>
/// <param name="Description">Who it is.</param>
/// <param name="State">Its state.</param>
/// <param name="Since">When it entered this state.</param>
public sealed record RoutePeer(int Index, PeerDescription Description, PeerState State, DateTimeOffset Since)
{
    /// <summary>Since when it has routes that are stale; null when all were announced in this session.</summary>
    public DateTimeOffset? StaleSince { get; init; }
}

/// <summary>All peers at one moment; immutable, replaced whole at each change.</summary>
public sealed class PeerSnapshot
{
    internal static readonly PeerSnapshot Empty = new(0, []);

    private readonly RoutePeer[] _peers;

    internal PeerSnapshot(long version, RoutePeer[] peers) => (Version, _peers) = (version, peers);

    /// <summary>Grows with each change, so that a choice of peer can be kept as long as it stands.</summary>
    public long Version { get; }

    /// <summary>The peers by growing index; indexes may have gaps.</summary>
    public ReadOnlySpan<RoutePeer> Peers => _peers;

    /// <summary>The peer of a column, or null.</summary>
    public RoutePeer? Find(int index) => Array.Find(_peers, p => p.Index == index);
}
