namespace Collector.Bgp.Rib.Snapshots;

/// <summary>The layout of a saved table: a header, records, and a SHA-256 over all of it. Numbers are little-endian.</summary>
/// <remarks>
/// Header: magic (8), version (2), time it was made (8, microseconds since the Unix epoch). A record begins with its type. A peer is followed by its
/// routes; a set of attributes stands before the first route that refers to it by its number, counted from 0. The last record tells how many there were.
/// </remarks>
internal static class SnapshotFormat
{
    public const ushort Version = 1;

    public const int HeaderBytes = 18, HashBytes = 32;

    public const byte PeerRecord = 1, AttributesRecord = 2, RouteRecord = 3, EndRecord = 4;

    // Beside the family in a route record: what of the optional numbers follows.
    public const byte FamilyMask = 7, HasPathId = 8, HasLabel = 16;

    /// <summary>Longest value taken: an AS_PATH of an extended message (RFC 8654) at four octets a number.</summary>
    public const int MaxValueBytes = 1 << 18;

    public static ReadOnlySpan<byte> Magic => "CLCT-RIB"u8;
}

/// <summary>What a snapshot holds.</summary>
/// <param name="Made">When it was made.</param>
/// <param name="Peers">Peers with routes.</param>
/// <param name="Routes">Routes of all peers.</param>
/// <param name="AttributeSets">Sets of path attributes.</param>
/// <param name="Refused">Routes that a limit of the table did not let in; 0 when writing.</param>
public readonly record struct SnapshotSummary(DateTimeOffset Made, int Peers, long Routes, long AttributeSets, long Refused);
