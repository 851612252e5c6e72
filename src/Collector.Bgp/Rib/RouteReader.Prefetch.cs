using System.Runtime.Intrinsics.X86;
using Collector.Bgp.Rib.Prefixes;
using Collector.Net;

namespace Collector.Bgp.Rib;

public sealed unsafe partial class RouteReader
{
    /// <summary>Most addresses that one call of <see cref="Prefetch"/> takes.</summary>
    public const int MaxPrefetched = 32;

    /// <summary>Brings what lookups of these addresses will read into the caches, waiting for the memory of all of them together instead of one after the other.</summary>
    /// <param name="peer">The peer that will be asked; one that is not there costs nothing.</param>
    /// <param name="family">IPv4 or IPv6, unicast or labeled; for VPNs nothing is done.</param>
    /// <param name="addresses">At most <see cref="MaxPrefetched"/>; of the address family of <paramref name="family"/>.</param>
    /// <remarks>Changes no answer. A full table is a hundred times larger than the second-level cache, so nearly every lookup waits for memory several times.</remarks>
    public void Prefetch(int peer, RouteFamily family, ReadOnlySpan<IpAddress> addresses)
    {
        if (!Sse.IsSupported || family.IsVpn() || _table.Rib(peer)?.Column(family) is not { } column)
        {
            return;
        }

        addresses = addresses[..Math.Min(addresses.Length, MaxPrefetched)];
        uint* nodes = stackalloc uint[MaxPrefetched];
        if (family.IsIPv4())
        {
            _prefixes.IPv4.FindAll(addresses, nodes);
        }
        else
        {
            _prefixes.IPv6.FindAll(addresses, nodes);
        }

        PrefixNodes all = _prefixes.NodesOf(family);
        uint* cells = column.Cells;
        for (int i = 0; i < addresses.Length; i++)
        {
            Sse.Prefetch0(cells + nodes[i]);
            all.Prefetch(nodes[i]);
        }

        for (int i = 0; i < addresses.Length; i++)
        {
            var cell = new RouteCell(Volatile.Read(ref cells[nodes[i]]));
            if (cell.IsEmpty)
            {
                Sse.Prefetch0(cells + all.Parent(nodes[i]));
            }
            else if (!cell.IsList)
            {
                _table.Attributes.Prefetch(cell.Handle);
            }
        }
    }
}
