namespace Collector.Bgp.Rib;

/// <summary>The limits of a <see cref="RouteTable"/>.</summary>
public sealed record RouteTableOptions
{
    /// <summary>Most bytes of memory outside the garbage collector's heap; default 4 GiB, 0 for no limit.</summary>
    public long MemoryLimit { get; init; } = 4L << 30;

    /// <summary>Most peers at a time, those included whose routes are stale; default 1,024, at most 65,535.</summary>
    public int MaxPeers { get; init; } = 1024;

    /// <summary>Most paths of one peer over all families; default 4,000,000.</summary>
    public long MaxPathsPerPeer { get; init; } = 4_000_000;

    /// <summary>Most paths of one peer to one prefix (ADD-PATH); default 256. Each change of one costs time that grows with them.</summary>
    public int MaxPathsPerPrefix { get; init; } = 256;

    /// <summary>Most tables of route distinguishers; default 65,536. IPv4 and IPv6 count apart.</summary>
    public int MaxRouteDistinguishers { get; init; } = 65_536;

    // Prefixes without a route that are kept, because they mostly come back; beyond this many an eighth of all are.
    internal int LeastWaitingPrefixes { get; init; } = 65_536;
}
