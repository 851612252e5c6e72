using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>The routes that one peer announced (RFC 4271 §3.2).</summary>
/// <remarks>All members that change something, and the enumeration, are called under <see cref="RouteTable.WriterLock"/>; numbers may be read at any time.</remarks>
public sealed class AdjRibIn
{
    private readonly RouteTable _table;
    private readonly Dictionary<(RouteFamily, ulong, IpAddress, byte), List<Path>> _routes = [];
    private readonly long[] _counts = new long[RouteFamilies.Count];

    private sealed class Path
    {
        public uint PathId, Attributes, Label;
        public bool IsStale;
    }

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
    public long Paths => _counts.Sum();

    /// <summary>Paths of one family.</summary>
    public long PathsOf(RouteFamily family) => Volatile.Read(ref _counts[(int)family]);

    /// <summary>Paths that are stale.</summary>
    public long StalePaths { get; private set; }

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
        lock (_routes)
        {
            var key = (nlri.Family, nlri.RouteDistinguisher, nlri.Prefix, nlri.Length);
            if (!_routes.TryGetValue(key, out List<Path>? paths))
            {
                paths = [];
            }

            uint id = nlri.PathId;
            Path? path = paths.Find(p => p.PathId == id);
            if (path is null && Paths >= _table.Options.MaxPathsPerPeer)
            {
                return AnnounceResult.PathLimit;
            }

            _table.Attributes.AddReference(attributes);
            if (path is not null)
            {
                StalePaths -= path.IsStale ? 1 : 0;
                _table.Attributes.Release(path.Attributes);
                (path.Attributes, path.Label, path.IsStale) = (attributes, nlri.Label, false);
                return AnnounceResult.Replaced;
            }

            _routes[key] = paths;
            paths.Add(new Path { PathId = id, Attributes = attributes, Label = nlri.Label });
            _counts[(int)nlri.Family]++;
            return AnnounceResult.Added;
        }
    }

    /// <summary>Takes a path away.</summary>
    /// <param name="nlri">Its key.</param>
    /// <param name="removedAttributes">Its attributes; their reference goes to the caller, who releases it.</param>
    /// <returns>False when the peer had no such path.</returns>
    public bool Withdraw(in Nlri nlri, out uint removedAttributes)
    {
        removedAttributes = 0;
        lock (_routes)
        {
            var key = (nlri.Family, nlri.RouteDistinguisher, nlri.Prefix, nlri.Length);
            if (!_routes.TryGetValue(key, out List<Path>? paths))
            {
                return false;
            }

            uint id = nlri.PathId;
            int i = paths.FindIndex(p => p.PathId == id);
            if (i < 0)
            {
                return false;
            }

            removedAttributes = paths[i].Attributes;
            StalePaths -= paths[i].IsStale ? 1 : 0;
            paths.RemoveAt(i);
            if (paths.Count == 0)
            {
                _routes.Remove(key);
            }

            _counts[(int)nlri.Family]--;
            return true;
        }
    }

    /// <summary>Marks all routes stale: the session is lost and a graceful restart is awaited. Routes still stale from before go (RFC 4724 §4.2).</summary>
    public void MarkAllStale(RouteRemoved? removed = null)
    {
        SweepStale(null, removed);
        lock (_routes)
        {
            foreach (Path path in _routes.Values.SelectMany(p => p))
            {
                path.IsStale = true;
                StalePaths++;
            }
        }

        Current = Current with { StaleSince = StalePaths > 0 ? _table.Time.GetUtcNow() : null };
        _table.Publish();
    }

    /// <summary>Takes away what is still stale: End-of-RIB came, or the time is over.</summary>
    /// <param name="family">Only routes of this family; null for all.</param>
    /// <param name="removed">Told of each.</param>
    /// <returns>How many went.</returns>
    public long SweepStale(RouteFamily? family, RouteRemoved? removed = null)
    {
        long before = Paths;
        RemoveWhere(n => family is null || n.Family == family, staleOnly: true, removed);
        if (StalePaths == 0 && Current.StaleSince is not null)
        {
            Current = Current with { StaleSince = null };
            _table.Publish();
        }

        return before - Paths;
    }

    /// <summary>Takes all routes away.</summary>
    public void Clear(RouteRemoved? removed = null) => RemoveWhere(_ => true, staleOnly: false, removed);

    /// <summary>The next routes in the order of family, route distinguisher and prefix; what is announced or withdrawn meanwhile may or may not be seen.</summary>
    /// <param name="cursor">Where the last call left off.</param>
    /// <param name="entries">Where they go.</param>
    /// <param name="count">How many were given; may be fewer than there is room for before the end.</param>
    /// <returns>False when there are no more after these.</returns>
    public bool Read(ref RouteCursor cursor, Span<RouteEntry> entries, out int count)
    {
        count = 0;
        RouteCursor from = cursor;
        foreach (RouteEntry entry in Sorted())
        {
            if (from.Started && Compare(entry.Nlri, from.Last) <= 0)
            {
                continue;
            }

            if (count == entries.Length)
            {
                return true;
            }

            entries[count++] = entry;
            cursor = new RouteCursor { Started = true, Last = entry.Nlri };
        }

        return false;
    }

    internal bool TryFind(RouteFamily family, ulong rd, IpAddress address, IpAddress? nextHop, out Route route)
    {
        lock (_routes)
        {
            for (int length = family.MaxLength(); length >= 0; length--)
            {
                IpAddress prefix = family.IsIPv4() || !address.IsIPv4 ? address.Mask(length) : Mask6(address, length);
                if (family.IsIPv4() && length == 0)
                {
                    prefix = IpAddress.FromIPv4(0);
                }

                if (_routes.TryGetValue((family, rd, prefix, (byte)length), out List<Path>? paths)
                    && paths.Find(p => nextHop is null || _table.Attributes[p.Attributes].NextHop == nextHop) is { } path)
                {
                    route = new Route { Attributes = path.Attributes, Label = path.Label, PathId = path.PathId, Length = (byte)length, IsStale = path.IsStale };
                    return true;
                }
            }
        }

        route = default;
        return false;
    }

    private static IpAddress Mask6(IpAddress address, int length) => length <= 64
        ? IpAddress.FromHostOrder(length == 0 ? 0 : address.FirstHostOrder & (ulong.MaxValue << (64 - length)), 0)
        : IpAddress.FromHostOrder(address.FirstHostOrder, address.LastHostOrder & (length == 128 ? ulong.MaxValue : ulong.MaxValue << (128 - length)));

    private static int Compare(in Nlri a, in Nlri b)
    {
        int order = a.Family.CompareTo(b.Family);
        order = order != 0 ? order : a.RouteDistinguisher.CompareTo(b.RouteDistinguisher);
        order = order != 0 ? order : a.Prefix.CompareTo(b.Prefix);
        order = order != 0 ? order : a.Length.CompareTo(b.Length);
        return order != 0 ? order : a.PathId.CompareTo(b.PathId);
    }

    private List<RouteEntry> Sorted()
    {
        var entries = new List<RouteEntry>();
        foreach (((RouteFamily family, ulong rd, IpAddress prefix, byte length), List<Path> paths) in _routes)
        {
            entries.AddRange(paths.Select(p => new RouteEntry
            {
                Nlri = new Nlri { Family = family, RouteDistinguisher = rd, Prefix = prefix, Length = length, PathId = p.PathId, Label = p.Label },
                Attributes = p.Attributes,
                IsStale = p.IsStale,
            }));
        }

        entries.Sort((a, b) => Compare(a.Nlri, b.Nlri));
        return entries;
    }

    private void RemoveWhere(Func<Nlri, bool> matches, bool staleOnly, RouteRemoved? removed)
    {
        foreach (RouteEntry entry in Sorted())
        {
            if (matches(entry.Nlri) && (entry.IsStale || !staleOnly))
            {
                removed?.Invoke(entry.Nlri, entry.Attributes);
                Withdraw(entry.Nlri, out uint attributes);
                _table.Attributes.Release(attributes);
            }
        }
    }
}
