using Collector.Bgp.Rib.Prefixes;

namespace Collector.Bgp.Rib;

/// <summary>The routes that one peer announced (RFC 4271 §3.2).</summary>
/// <remarks>All members that change something, and the enumeration, are called under <see cref="RouteTable.WriterLock"/>; numbers may be read at any time.</remarks>
public sealed partial class AdjRibIn
{
    private readonly RouteTable _table;
    private readonly PeerColumn?[] _columns = new PeerColumn?[RouteFamilies.Count];
    private readonly long[] _paths = new long[RouteFamilies.Count];
    private readonly long[] _stale = new long[RouteFamilies.Count];
    private readonly RoutePath[] _single = new RoutePath[1];
    private RoutePath[] _changed = new RoutePath[16], _removed = new RoutePath[16];
    private readonly uint[] _generations = new uint[RouteFamilies.Count];

    internal AdjRibIn(RouteTable table, int index, PeerDescription description)
    {
        _table = table;
        Index = index;
        Current = new RoutePeer(index, description, PeerState.Established, table.Time.GetUtcNow());
    }

    /// <summary>The column of the routes, as <see cref="RouteReader"/> takes it.</summary>
    public int Index { get; }

    /// <summary>Who the peer is.</summary>
    public PeerDescription Description => Current.Description;

    /// <summary>The peer as <see cref="RouteTable.Peers"/> shows it.</summary>
    public RoutePeer Current { get; private set; }

    /// <summary>Paths of all families.</summary>
    public long Paths { get; private set; }

    /// <summary>Paths that are stale.</summary>
    public long StalePaths { get; private set; }

    /// <summary>Paths of one family.</summary>
    public long PathsOf(RouteFamily family) => Volatile.Read(ref _paths[(int)family]);

    // The bit that cells have which were announced since the family was marked stale; others are stale.
    internal uint GenerationOf(RouteFamily family) => Volatile.Read(ref _generations[(int)family]);

    internal PeerColumn? Column(RouteFamily family) => Volatile.Read(ref _columns[(int)family]);

    /// <summary>Publishes a new state, and a new description where a session came up anew.</summary>
    public void SetState(PeerState state, PeerDescription? description = null)
    {
        Current = Current with
        {
            Description = description ?? Current.Description,
            State = state,
            Since = state == Current.State && description is null ? Current.Since : _table.Time.GetUtcNow(),
        };
        _table.Publish();
    }

    /// <summary>Takes a path; one of the same key is replaced. The set gets a reference of the route's own.</summary>
    public AnnounceResult Announce(in Nlri nlri, uint attributes)
    {
        RoutePrefixes prefixes = _table.Prefixes;
        PeerColumn? column = _columns[(int)nlri.Family];
        RouteCell cell = default;
        bool known = prefixes.TryFind(nlri, out uint node);
        if (known && column is not null)
        {
            cell = Cell(column, node);
        }

        ReadOnlySpan<RoutePath> paths = PathsOf(cell);
        int place = IndexOf(paths, nlri.PathId);
        if (place < 0 && Paths >= _table.Options.MaxPathsPerPeer)
        {
            _table.Counters.PathsOverPeerLimit++;
            return AnnounceResult.PathLimit;
        }

        if (place < 0 && paths.Length >= _table.Options.MaxPathsPerPrefix)
        {
            _table.Counters.PathsOverPrefixLimit++;
            return AnnounceResult.MemoryLimit;
        }

        RouteCell next;
        if (nlri is { PathId: 0, Label: 0 } && paths.Length - (place < 0 ? 0 : 1) == 0)
        {
            next = RouteCell.OfPath(attributes, GenerationOf(nlri.Family));
        }
        else
        {
            next = RouteCell.OfList(AllocateWith(paths, place, new RoutePath(nlri.PathId, attributes | GenerationOf(nlri.Family), nlri.Label)));
        }

        if (next.Handle == 0 || (!known && !prefixes.TryFindOrInsert(nlri, out node)) || !TryGetColumn(nlri.Family, out column) || !column.TryTouch(node))
        {
            return Refuse(nlri, next, place >= 0);
        }

        _table.Attributes.AddReference(attributes);
        if (cell.IsEmpty)
        {
            prefixes.NodesOf(nlri.Family).AddReference(node);
        }

        uint replaced = place < 0 ? 0 : paths[place].Bits;
        column.Set(node, next);
        RetireList(cell);
        if (place < 0)
        {
            Count(nlri.Family, 1, 0);
            return AnnounceResult.Added;
        }

        Count(nlri.Family, 0, (replaced & RouteCell.GenerationBit) != GenerationOf(nlri.Family) ? -1 : 0);
        _table.Attributes.Release(replaced & RouteCell.HandleMask);
        return AnnounceResult.Replaced;
    }

    /// <summary>Takes a path away.</summary>
    /// <param name="nlri">Its key.</param>
    /// <param name="removedAttributes">Its attributes; their reference goes to the caller, who releases it.</param>
    /// <returns>False when the peer had no such path.</returns>
    public bool Withdraw(in Nlri nlri, out uint removedAttributes)
    {
        removedAttributes = 0;
        if (_columns[(int)nlri.Family] is not { } column || !_table.Prefixes.TryFind(nlri, out uint node))
        {
            return false;
        }

        RouteCell cell = Cell(column, node);
        ReadOnlySpan<RoutePath> paths = PathsOf(cell);
        int place = IndexOf(paths, nlri.PathId);
        if (place < 0)
        {
            return false;
        }

        RoutePath removed = paths[place];
        RouteCell next = Without(paths, place);
        if (next.IsEmpty && paths.Length > 1)
        {
            // No memory for the shorter list. A route that was withdrawn must not be found, so the prefix goes with all its paths.
            _table.Counters.PathsLostForMemory += paths.Length - 1;
            for (int i = 0; i < paths.Length; i++)
            {
                if (i != place)
                {
                    Count(nlri.Family, -1, paths[i].Generation != GenerationOf(nlri.Family) ? -1 : 0);
                    _table.Attributes.Release(paths[i].Attributes);
                }
            }
        }

        column.Set(node, next);
        RetireList(cell);
        Count(nlri.Family, -1, removed.Generation != GenerationOf(nlri.Family) ? -1 : 0);
        if (next.IsEmpty)
        {
            _table.Prefixes.Release(nlri, node);
        }

        removedAttributes = removed.Attributes;
        return true;
    }

    // The memory of the columns goes when no reader can be looking at it.
    internal void Retire()
    {
        PeerColumn[] columns = [.. _columns.OfType<PeerColumn>()];
        for (int i = 0; i < _columns.Length; i++)
        {
            if (_columns[i] is { } column)
            {
                _table.Prefixes.NodesOf((RouteFamily)i).RemoveColumn(column);
                Volatile.Write(ref _columns[i], null);
            }
        }

        _table.Reclamation.Retire(_ => Array.ForEach(columns, c => c.Dispose()), 0);
    }

    internal void DisposeColumns() => Array.ForEach(_columns, c => c?.Dispose());

    private static unsafe RouteCell Cell(PeerColumn column, uint node) => new(column.Cells[node]);

    private static int IndexOf(ReadOnlySpan<RoutePath> paths, uint pathId)
    {
        for (int i = 0; i < paths.Length; i++)
        {
            if (paths[i].PathId == pathId)
            {
                return i;
            }
        }

        return -1;
    }

    // Good until the next call, and until the list is retired.
    private ReadOnlySpan<RoutePath> PathsOf(RouteCell cell)
    {
        if (cell.IsList)
        {
            return new PathList(_table.Pool, cell.Handle).Paths;
        }

        _single[0] = new RoutePath(0, cell.Bits, 0);
        return cell.IsEmpty ? default : _single;
    }

    private uint AllocateWith(ReadOnlySpan<RoutePath> paths, int place, RoutePath path)
    {
        int count = place < 0 ? paths.Length + 1 : paths.Length;
        if (_changed.Length < count)
        {
            _changed = new RoutePath[count * 2];
        }

        paths.CopyTo(_changed);
        _changed[place < 0 ? paths.Length : place] = path;
        return PathList.Allocate(_table.Pool, _changed.AsSpan(0, count));
    }

    private RouteCell Without(ReadOnlySpan<RoutePath> paths, int place)
    {
        Span<RoutePath> rest = _changed.AsSpan(0, Math.Min(paths.Length - 1, _changed.Length));
        if (rest.Length < paths.Length - 1)
        {
            _changed = new RoutePath[paths.Length * 2];
            rest = _changed.AsSpan(0, paths.Length - 1);
        }

        paths[..place].CopyTo(rest);
        paths[(place + 1)..].CopyTo(rest[place..]);
        if (rest.IsEmpty)
        {
            return default;
        }

        if (rest.Length == 1 && rest[0] is { PathId: 0, Label: 0 })
        {
            return new RouteCell(rest[0].Bits);
        }

        uint list = PathList.Allocate(_table.Pool, rest);
        return list == 0 ? default : RouteCell.OfList(list);
    }

    private bool TryGetColumn(RouteFamily family, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PeerColumn? column)
    {
        column = _columns[(int)family];
        if (column is null)
        {
            column = _table.Prefixes.NodesOf(family).TryAddColumn();
            Volatile.Write(ref _columns[(int)family], column);
        }

        return column is not null;
    }

    // What was announced cannot be kept: a path of before is not valid any more, so it goes.
    private AnnounceResult Refuse(in Nlri nlri, RouteCell unused, bool replaces)
    {
        _table.Counters.PathsRefusedForMemory++;
        if (unused.IsList && unused.Handle != 0)
        {
            PathList.Free(_table.Pool, unused.Handle);
        }

        if (replaces && Withdraw(nlri, out uint removed))
        {
            _table.Attributes.Release(removed);
        }

        return AnnounceResult.MemoryLimit;
    }

    private void RetireList(RouteCell cell)
    {
        if (cell.IsList)
        {
            _table.Reclamation.Retire(_table.FreePathList, cell.Handle);
        }
    }

    private void Count(RouteFamily family, int paths, int stale)
    {
        Volatile.Write(ref _paths[(int)family], _paths[(int)family] + paths);
        _stale[(int)family] += stale;
        Paths += paths;
        StalePaths += stale;
    }
}
