using System.Runtime.CompilerServices;
using Collector.Bgp.Rib.Memory;
using Collector.Bgp.Rib.Prefixes;
using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>Looks routes up for one thread: no lock, no allocation.</summary>
/// <remarks>
/// What it returns stays good until the next <see cref="Quiesce"/>, which its thread calls between batches. Memory of withdrawn routes is used again
/// only when every reader has quiesced, so one that is kept but not used must be disposed or quiesced now and then.
/// </remarks>
public sealed unsafe partial class RouteReader : IDisposable
{
    private readonly RouteTable _table;
    private readonly RoutePrefixes _prefixes;
    private readonly ReaderEpoch _epoch;

    internal RouteReader(RouteTable table, ReaderEpoch epoch) => (_table, _prefixes, _epoch) = (table, table.Prefixes, epoch);

    /// <summary>The peers now.</summary>
    public PeerSnapshot Peers => _table.Peers;

    /// <summary>Says that nothing read before is used afterwards.</summary>
    public void Quiesce() => _epoch.See();

    /// <summary>The longest match for an address among the routes of one peer; of several paths the first announced.</summary>
    /// <param name="peer">The peer's index; one that is not there has no routes.</param>
    /// <param name="family">The table. An address of the other address family must not be asked for.</param>
    /// <param name="routeDistinguisher">The VRF; ignored where the family has none.</param>
    /// <param name="address">The address.</param>
    /// <param name="route">The answer.</param>
    public bool TryFind(int peer, RouteFamily family, ulong routeDistinguisher, IpAddress address, out Route route)
    {
        route = default;
        if (_table.Rib(peer) is not { } rib || rib.Column(family) is not { } column)
        {
            return false;
        }

        // At most one change between the two readings of the version: the answer is that of before or after it (PeerColumn.Version).
        for (uint version = column.Version, again; ; version = again)
        {
            bool found = TryFindOnce(rib, column, family, routeDistinguisher, address, null, ref route);
            again = column.Version;
            if (again == version)
            {
                return found;
            }
        }
    }

    /// <summary>The longest match that has a path with this next hop (ADD-PATH; pmacct-compat §4.5).</summary>
    public bool TryFindByNextHop(int peer, RouteFamily family, ulong routeDistinguisher, IpAddress address, IpAddress nextHop, out Route route)
    {
        route = default;
        if (_table.Rib(peer) is not { } rib || rib.Column(family) is not { } column)
        {
            return false;
        }

        for (uint version = column.Version, again; ; version = again)
        {
            bool found = TryFindOnce(rib, column, family, routeDistinguisher, address, &nextHop, ref route);
            again = column.Version;
            if (again == version)
            {
                return found;
            }
        }
    }

    /// <summary>The longest match among routes of at most <paramref name="maxLength"/> bits: what lies around a route that was found.</summary>
    public bool TryFindShorter(int peer, RouteFamily family, ulong routeDistinguisher, IpAddress address, int maxLength, out Route route)
    {
        route = default;
        if (_table.Rib(peer) is not { } rib || rib.Column(family) is not { } column)
        {
            return false;
        }

        for (uint version = column.Version, again; ; version = again)
        {
            bool found = TryFindOnce(rib, column, family, routeDistinguisher, address, null, ref route, maxLength);
            again = column.Version;
            if (again == version)
            {
                return found;
            }
        }
    }

    /// <summary>The attributes of an answer.</summary>
    public ref readonly RouteAttributes Attributes(in Route route) => ref _table.Attributes[route.Attributes];

    /// <summary>See <see cref="AttributeTable.Value"/>.</summary>
    public ReadOnlySpan<byte> Value(uint value) => _table.Attributes.Value(value);

    /// <summary>See <see cref="AttributeTable.Serial"/>.</summary>
    public ulong Serial(uint value) => _table.Attributes.Serial(value);

    /// <inheritdoc/>
    public void Dispose() => _table.Remove(_epoch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFindOnce(AdjRibIn rib, PeerColumn column, RouteFamily family, ulong distinguisher, IpAddress address, IpAddress* nextHop, ref Route route, int maxLength = 128)
    {
        uint node, root = 0;
        PrefixNodes nodes;
        if (family is RouteFamily.IPv4Unicast or RouteFamily.IPv4Labeled)
        {
            nodes = _prefixes.IPv4Nodes;
            node = _prefixes.IPv4.Find(address.ToIPv4());
        }
        else if (!family.IsVpn())
        {
            nodes = _prefixes.IPv6Nodes;
            node = _prefixes.IPv6.Find(address.FirstHostOrder, address.LastHostOrder);
        }
        else if (_prefixes.Vpn(family.IsIPv4(), distinguisher) is { } trie)
        {
            nodes = _prefixes.VpnNodes;
            root = trie.Root;
            node = trie.Find(RoutePrefixes.HighOf(family.IsIPv4(), address), RoutePrefixes.LowOf(family.IsIPv4(), address));
        }
        else
        {
            return false;
        }

        uint* cells = column.Cells;
        uint generation = rib.GenerationOf(family);
        for (; ; node = nodes.Parent(node))
        {
            var cell = new RouteCell(Volatile.Read(ref cells[node]));
            if (!cell.IsEmpty && (maxLength >= 128 || nodes.Length(node) <= maxLength) && TryTake(cell, generation, nextHop, ref route))
            {
                route.Length = nodes.Length(node);
                return true;
            }

            if (node == root)
            {
                return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(RouteCell cell, uint generation, IpAddress* nextHop, ref Route route)
    {
        if (cell.IsList)
        {
            return TryTakeOfList(cell, generation, nextHop, ref route);
        }

        if (nextHop != null && _table.Attributes[cell.Handle].NextHop != *nextHop)
        {
            return false;
        }

        route.Attributes = cell.Handle;
        (route.PathId, route.Label) = (0, 0);
        route.IsStale = (cell.Bits & RouteCell.GenerationBit) != generation;
        return true;
    }

    private bool TryTakeOfList(RouteCell cell, uint generation, IpAddress* nextHop, ref Route route)
    {
        foreach (RoutePath path in new PathList(_table.Pool, cell.Handle).Paths)
        {
            if (nextHop == null || _table.Attributes[path.Attributes].NextHop == *nextHop)
            {
                (route.Attributes, route.PathId, route.Label) = (path.Attributes, path.PathId, path.Label);
                route.IsStale = path.Generation != generation;
                return true;
            }
        }

        return false;
    }
}
