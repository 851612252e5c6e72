using Collector.Bgp.Rib.Memory;
using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>The routes of all peers: written by the sessions, read by the workers without a lock.</summary>
/// <remarks>
/// Every change is made under <see cref="WriterLock"/>, taken per UPDATE. A reader sees each single change of a prefix done or not yet done, and
/// nothing in between.
/// </remarks>
public sealed class RouteTable : IDisposable
{
    private readonly Reclamation _reclamation = new();
    private readonly RibMemory _memory;
    private readonly BlockPool _pool;
    private readonly ITimer _timer;
    private volatile AdjRibIn?[] _ribs = [];
    private volatile PeerSnapshot _peers = PeerSnapshot.Empty;

    /// <summary>Makes an empty table.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock of the states, and of what is tidied up each second.</param>
    public RouteTable(RouteTableOptions options, TimeProvider time)
    {
        Options = options;
        Time = time;
        _memory = new RibMemory(options.MemoryLimit);
        _pool = new BlockPool(_memory);
        Attributes = new AttributeTable(_pool, _reclamation);
        _timer = time.CreateTimer(_ => Reclaim(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>The limits.</summary>
    public RouteTableOptions Options { get; }

    /// <summary>The attributes of all routes.</summary>
    public AttributeTable Attributes { get; }

    /// <summary>Held by whoever changes anything: an UPDATE at a time.</summary>
    public Lock WriterLock { get; } = new();

    /// <summary>All peers; may be read at any time.</summary>
    public PeerSnapshot Peers => _peers;

    /// <summary>Bytes outside the garbage collector's heap.</summary>
    public long MemoryUsed => _memory.Used;

    /// <summary>Peers that were not taken because <see cref="RouteTableOptions.MaxPeers"/> was met.</summary>
    public long PeersRefused { get; private set; }

    internal TimeProvider Time { get; }

    /// <summary>A place for a peer's routes, in state <see cref="PeerState.Established"/>; null, and counted, when there are too many peers.</summary>
    public AdjRibIn? AddPeer(PeerDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        int index = Array.IndexOf(_ribs, null);
        index = index < 0 ? _ribs.Length : index;
        if (index >= Options.MaxPeers)
        {
            PeersRefused++;
            return null;
        }

        var rib = new AdjRibIn(this, index, description);
        AdjRibIn?[] ribs = new AdjRibIn?[Math.Max(_ribs.Length, index + 1)];
        _ribs.CopyTo(ribs, 0);
        ribs[index] = rib;
        _ribs = ribs;
        Publish();
        return rib;
    }

    /// <summary>Forgets a peer and its routes; its column is given to another one when no reader can take it for the old one.</summary>
    public void RemovePeer(AdjRibIn rib)
    {
        ArgumentNullException.ThrowIfNull(rib);
        rib.Clear();
        AdjRibIn?[] ribs = (AdjRibIn?[])_ribs.Clone();
        ribs[rib.Index] = null;
        _ribs = ribs;
        Publish();
    }

    /// <summary>The routes of the first peer with this address, whatever its state; null when there is none.</summary>
    public AdjRibIn? FindPeer(IpAddress address) => Array.Find(_ribs, r => r is not null && r.Description.Address == address);

    /// <summary>A reader for one thread.</summary>
    public RouteReader CreateReader()
    {
        lock (WriterLock)
        {
            return new RouteReader(this, _reclamation.AddReader());
        }
    }

    /// <summary>Gives free what no reader holds any more; done each second by itself.</summary>
    public void Reclaim()
    {
        lock (WriterLock)
        {
            _reclamation.Advance();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _pool.Dispose();
    }

    internal AdjRibIn? Rib(int index) => (uint)index < (uint)_ribs.Length ? _ribs[index] : null;

    internal void Remove(ReaderEpoch reader)
    {
        lock (WriterLock)
        {
            _reclamation.RemoveReader(reader);
        }
    }

    internal void Publish()
    {
        RoutePeer[] peers = [.. _ribs.Where(r => r is not null).Select(r => r!.Current)];
        _peers = new PeerSnapshot(_peers.Version + 1, peers);
    }
}
