namespace Collector.Bgp.Rib;

/// <summary>What a <see cref="RouteTable"/> could not take, by the limit that was met.</summary>
/// <remarks>Plain numbers changed under the writer lock; others may read them at any time.</remarks>
public sealed class RouteTableCounters
{
    /// <summary>Peers beyond <see cref="RouteTableOptions.MaxPeers"/>.</summary>
    public long PeersOverLimit;

    /// <summary>Paths beyond <see cref="RouteTableOptions.MaxPathsPerPeer"/>.</summary>
    public long PathsOverPeerLimit;

    /// <summary>Paths beyond <see cref="RouteTableOptions.MaxPathsPerPrefix"/>.</summary>
    public long PathsOverPrefixLimit;

    /// <summary>Paths not kept, because the memory limit or that of route distinguishers was met.</summary>
    public long PathsRefusedForMemory;

    /// <summary>Paths that went because another path of the same prefix was withdrawn and there was no memory for the list without it.</summary>
    public long PathsLostForMemory;
}
