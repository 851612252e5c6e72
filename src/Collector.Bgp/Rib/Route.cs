namespace Collector.Bgp.Rib;

/// <summary>The answer of a lookup.</summary>
public struct Route
{
    /// <summary>Handle of the path attributes: good until the reader's next <see cref="RouteReader.Quiesce"/>.</summary>
    public uint Attributes;

    /// <summary>The label that the peer gave the route; 0 for none.</summary>
    public uint Label;

    /// <summary>The path identifier; 0 without ADD-PATH.</summary>
    public uint PathId;

    /// <summary>Length of the matching prefix.</summary>
    public byte Length;

    /// <summary>The route is of before the peer's restart, or of before ours, and was not announced again yet (RFC 4724 §4.2).</summary>
    public bool IsStale;
}

/// <summary>One route of a peer, as enumerations give it.</summary>
public struct RouteEntry
{
    /// <summary>What it is for.</summary>
    public Nlri Nlri;

    /// <summary>Handle of its attributes, borrowed: good while the writer lock is held, or until a reader's next <see cref="RouteReader.Quiesce"/>.</summary>
    public uint Attributes;

    /// <summary>See <see cref="Route.IsStale"/>.</summary>
    public bool IsStale;
}

/// <summary>What became of an announcement.</summary>
public enum AnnounceResult
{
    /// <summary>The peer had no such path.</summary>
    Added,

    /// <summary>The path had other attributes, or was stale: they are replaced.</summary>
    Replaced,

    /// <summary>The peer has its limit of paths: nothing was changed. The session ends with Cease (RFC 4486: maximum number of prefixes reached).</summary>
    PathLimit,

    /// <summary>
    /// No memory within the limit, or too many route distinguishers, or too many paths of one prefix (see <see cref="RouteTableCounters"/>): the path is
    /// not kept, and one of before is withdrawn, for it is not valid any more.
    /// </summary>
    MemoryLimit,
}

/// <summary>Told of a route that goes without having been withdrawn; the attributes are good during the call.</summary>
public delegate void RouteRemoved(in Nlri nlri, uint attributes);
