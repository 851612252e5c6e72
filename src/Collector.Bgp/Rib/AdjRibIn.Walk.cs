using Collector.Bgp.Rib.Prefixes;
using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>All routes of the peer: stale ones, their end, and enumeration.</summary>
public sealed partial class AdjRibIn
{
    /// <summary>Marks all routes stale: the session is lost and a graceful restart is awaited. Routes still stale from before go (RFC 4724 §4.2).</summary>
    /// <param name="removed">Told of each that goes.</param>
    /// <param name="since">Since when they are stale; null: now.</param>
    public void MarkAllStale(RouteRemoved? removed = null, DateTimeOffset? since = null) => MarkStale(null, removed, since);

    /// <summary>The same for the routes of one family, as a route refresh that has begun does (RFC 7313 §4); null for all.</summary>
    public void MarkStale(RouteFamily? family, RouteRemoved? removed = null, DateTimeOffset? since = null)
    {
        SweepStale(family, removed);
        for (int each = 0; each < RouteFamilies.Count; each++)
        {
            if (family is null || (int)family == each)
            {
                Volatile.Write(ref _generations[each], _generations[each] ^ RouteCell.GenerationBit);
                StalePaths += _paths[each];
                _stale[each] = _paths[each];
                _columns[each]?.NextVersion();
            }
        }

        Current = Current with { StaleSince = StalePaths > 0 ? since ?? _table.Time.GetUtcNow() : null };
        _table.Publish();
    }

    /// <summary>Takes away what is still stale: End-of-RIB came, or the time is over.</summary>
    /// <param name="family">Only routes of this family; null for all.</param>
    /// <param name="removed">Told of each.</param>
    /// <returns>How many went.</returns>
    public long SweepStale(RouteFamily? family, RouteRemoved? removed = null)
    {
        long before = Paths;
        for (RouteFamily each = 0; each < (RouteFamily)RouteFamilies.Count; each++)
        {
            if ((family ?? each) == each && _stale[(int)each] > 0)
            {
                Remove(each, staleOnly: true, removed);
            }
        }

        if (StalePaths == 0 && Current.StaleSince is not null)
        {
            Current = Current with { StaleSince = null };
            _table.Publish();
        }

        return before - Paths;
    }

    /// <summary>Takes all routes away, and gives the column's memory back.</summary>
    public void Clear(RouteRemoved? removed = null)
    {
        for (RouteFamily each = 0; each < (RouteFamily)RouteFamilies.Count; each++)
        {
            if (_paths[(int)each] > 0)
            {
                Remove(each, staleOnly: false, removed);
            }

            _columns[(int)each]?.Clear();
        }

        if (Current.StaleSince is not null)
        {
            Current = Current with { StaleSince = null };
            _table.Publish();
        }
    }

    /// <summary>The next routes in the order of family, route distinguisher and prefix; what is announced or withdrawn meanwhile may or may not be seen.</summary>
    /// <param name="cursor">Where the last call left off; the default value for the first.</param>
    /// <param name="entries">Where they go.</param>
    /// <param name="count">How many were given.</param>
    /// <returns>False when there are no more after these.</returns>
    public bool Read(ref RouteCursor cursor, Span<RouteEntry> entries, out int count)
    {
        count = 0;
        cursor = cursor.IsUnderWay ? cursor : RouteCursor.BeginningOf(0);
        while (count < entries.Length)
        {
            RouteCursor before = cursor;
            if (!TryNext(ref cursor, out Nlri nlri, out RouteCell cell))
            {
                return false;
            }

            ReadOnlySpan<RoutePath> paths = PathsOf(cell);
            int i = Math.Min(before.Given, paths.Length);
            for (; i < paths.Length && count < entries.Length; i++)
            {
                (nlri.PathId, nlri.Label) = (paths[i].PathId, paths[i].Label);
                entries[count++] = new RouteEntry { Nlri = nlri, Attributes = paths[i].Attributes, IsStale = paths[i].Generation != GenerationOf(nlri.Family) };
            }

            if (i < paths.Length)
            {
                cursor = before with { Given = i };
            }
        }

        return true;
    }

    // The next prefix with routes of this peer.
    private bool TryNext(ref RouteCursor cursor, out Nlri nlri, out RouteCell cell)
    {
        cursor.Given = 0;
        for (; cursor.Family < (RouteFamily)RouteFamilies.Count; cursor = RouteCursor.BeginningOf(cursor.Family + 1))
        {
            if (_paths[(int)cursor.Family] == 0 || _columns[(int)cursor.Family] is not { } column)
            {
                continue;
            }

            while (_table.Prefixes.Next(cursor.Family, ref cursor.RouteDistinguisher, ref cursor.Place, out uint node))
            {
                cell = Cell(column, node);
                if (!cell.IsEmpty)
                {
                    bool isIPv4 = cursor.Family.IsIPv4();
                    nlri = new Nlri
                    {
                        Family = cursor.Family,
                        RouteDistinguisher = cursor.RouteDistinguisher,
                        Length = (byte)cursor.Place.Length,
                        Prefix = isIPv4 ? IpAddress.FromIPv4((uint)(cursor.Place.High >> 32)) : IpAddress.FromHostOrder(cursor.Place.High, cursor.Place.Low),
                    };
                    return true;
                }
            }
        }

        (nlri, cell) = (default, default);
        return false;
    }

    private void Remove(RouteFamily family, bool staleOnly, RouteRemoved? removed)
    {
        RouteCursor cursor = RouteCursor.BeginningOf(family);
        while ((staleOnly ? _stale : _paths)[(int)family] > 0 && TryNext(ref cursor, out Nlri nlri, out RouteCell cell))
        {
            // A list is retired by the first that goes, so the paths are taken out before.
            ReadOnlySpan<RoutePath> paths = PathsOf(cell);
            Array.Resize(ref _removed, Math.Max(_removed.Length, paths.Length));
            paths.CopyTo(_removed);
            foreach (RoutePath path in _removed.AsSpan(0, paths.Length))
            {
                if (!staleOnly || path.Generation != GenerationOf(family))
                {
                    (nlri.PathId, nlri.Label) = (path.PathId, path.Label);
                    removed?.Invoke(nlri, path.Attributes);
                    if (Withdraw(nlri, out uint attributes))
                    {
                        _table.Attributes.Release(attributes);
                    }
                }
            }
        }
    }
}
