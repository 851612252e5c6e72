using Collector.Bgp.Rib.Memory;
using Collector.Bgp.Rib.Prefixes;
using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>The routes of all peers: written by the sessions, read by the workers without a lock.</summary>
/// <remarks>
/// Every change is made under <see cref="WriterLock"/>, taken per UPDATE. A reader sees each single change of a prefix done or not yet done, and
/// nothing in between.
/// </remarks>
public sealed class RouteTable : IDisposable
{
    private readonly RibMemory _memory;
    private readonly ITimer _timer;

    // Apart from attributes, so that what lookups go through lies close together.
    private readonly BlockPool _triePool;
    private readonly HashSet<int> _retiring = [];
    private volatile AdjRibIn?[] _ribs = [];
    private bool _disposed;
    private volatile PeerSnapshot _peers = PeerSnapshot.Empty;

    /// <summary>Makes an empty table.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock of the states, and of what is tidied up each second.</param>
    public RouteTable(RouteTableOptions options, TimeProvider time)
    {
        Options = options;
        Time = time;
        _memory = new RibMemory(options.MemoryLimit);
        Pool = new BlockPool(_memory);
        Attributes = new AttributeTable(Pool, Reclamation);
        _triePool = new BlockPool(_memory);
        Prefixes = new RoutePrefixes(options, _triePool, _memory, Reclamation);
        FreePathList = list => PathList.Free(Pool, list);
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

    /// <summary>What could not be taken.</summary>
    public RouteTableCounters Counters { get; } = new();

    /// <summary>Prefixes that any peer has a route for, and those of which the last one went not long ago.</summary>
    public long PrefixCount => Prefixes.Count;

    /// <summary>Tables of route distinguishers.</summary>
    public int RouteDistinguishers => Prefixes.Distinguishers;

    /// <summary>Withdrawn things that wait until all readers have quiesced.</summary>
    public long WaitingForReaders => Reclamation.Waiting;

    internal TimeProvider Time { get; }

    internal Reclamation Reclamation { get; } = new();

    internal BlockPool Pool { get; }

    internal RoutePrefixes Prefixes { get; }

    internal Action<uint> FreePathList { get; }

    /// <summary>A place for a peer's routes, in state <see cref="PeerState.Established"/>; null, and counted, when there are too many peers.</summary>
    public AdjRibIn? AddPeer(PeerDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        int index = 0;
        while (index < _ribs.Length && (_ribs[index] is not null || _retiring.Contains(index)))
        {
            index++;
        }

        if (_ribs.Count(r => r is not null) >= Options.MaxPeers)
        {
            Counters.PeersOverLimit++;
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
        rib.Retire();
        _retiring.Add(rib.Index);
        Reclamation.Retire(index => _retiring.Remove((int)index), (uint)rib.Index);
    }

    /// <summary>The routes of the first peer with this address, whatever its state; null when there is none.</summary>
    public AdjRibIn? FindPeer(IpAddress address) => Array.Find(_ribs, r => r is not null && r.Description.Address == address);

    /// <summary>A reader for one thread.</summary>
    public RouteReader CreateReader()
    {
        lock (WriterLock)
        {
            return new RouteReader(this, Reclamation.AddReader());
        }
    }

    /// <summary>Gives free what no reader holds any more; done each second by itself.</summary>
    public void Reclaim()
    {
        lock (WriterLock)
        {
            if (!_disposed)
            {
                Reclamation.Advance();
            }
        }
    }

    /// <summary>Gives all memory back; no reader may be in use any more.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (WriterLock)
        {
            if (!_disposed)
            {
                _disposed = true;
                Array.ForEach(_ribs, r => r?.DisposeColumns());
                Reclamation.FreeAll();
                Prefixes.Dispose();
                _triePool.Dispose();
                Pool.Dispose();
            }
        }
    }

    internal AdjRibIn? Rib(int index) => (uint)index < (uint)_ribs.Length ? _ribs[index] : null;

    internal void Remove(ReaderEpoch reader)
    {
        lock (WriterLock)
        {
            Reclamation.RemoveReader(reader);
        }
    }

    internal void Publish()
    {
        RoutePeer[] peers = [.. _ribs.Where(r => r is not null).Select(r => r!.Current)];
        _peers = new PeerSnapshot(_peers.Version + 1, peers);
    }
}
