using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Collector.Bgp.Rib.Memory;
using Collector.Net;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>All prefixes of all families: IPv4 and IPv6 (with and without labels) in one structure each, and one for each route distinguisher.</summary>
/// <remarks>
/// A prefix for which the last route is withdrawn is kept for a while, for it mostly comes back; the oldest of these are removed when they are more
/// than an eighth of all, and more than <see cref="RouteTableOptions.LeastWaitingPrefixes"/>.
/// </remarks>
internal sealed class RoutePrefixes : IDisposable
{
    private readonly RouteTableOptions _options;
    private readonly BlockPool _pool;
    private readonly Reclamation _reclamation;
    private readonly ConcurrentDictionary<Distinguisher, PrefixTrie> _vpns = new();
    private readonly SortedSet<ulong>[] _distinguishers = [[], []];
    private readonly Queue<EmptyPrefix> _empty = new();
    private long _distinguishersRefused;

    private readonly record struct Distinguisher(ulong Value, bool IsIPv4);

    private readonly record struct EmptyPrefix(uint Node, RouteFamily Family, ulong RouteDistinguisher, ulong High, ulong Low);

    public RoutePrefixes(RouteTableOptions options, BlockPool pool, RibMemory memory, Reclamation reclamation)
    {
        (_options, _pool, _reclamation) = (options, pool, reclamation);
        IPv4Nodes = new PrefixNodes(memory);
        IPv6Nodes = new PrefixNodes(memory);
        VpnNodes = new PrefixNodes(memory);
        IPv4 = new Ipv4Index(IPv4Nodes, pool, memory, reclamation);
        IPv6 = new PrefixTrie(IPv6Nodes, pool, memory, reclamation);
    }

    public PrefixNodes IPv4Nodes { get; }

    public PrefixNodes IPv6Nodes { get; }

    public PrefixNodes VpnNodes { get; }

    public Ipv4Index IPv4 { get; }

    public PrefixTrie IPv6 { get; }

    public long Count => IPv4Nodes.Count + IPv6Nodes.Count + VpnNodes.Count;

    public int Distinguishers => _vpns.Count;

    public long DistinguishersRefused => Volatile.Read(ref _distinguishersRefused);

    public PrefixNodes NodesOf(RouteFamily family) => family.IsVpn() ? VpnNodes : family.IsIPv4() ? IPv4Nodes : IPv6Nodes;

    /// <summary>The trie of a route distinguisher, or null.</summary>
    public PrefixTrie? Vpn(bool isIPv4, ulong routeDistinguisher) => _vpns.GetValueOrDefault(new Distinguisher(routeDistinguisher, isIPv4));

    /// <summary>An address as the tries take it: IPv4 in the first 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong HighOf(bool isIPv4, IpAddress address) => isIPv4 ? (ulong)address.ToIPv4() << 32 : address.FirstHostOrder;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LowOf(bool isIPv4, IpAddress address) => isIPv4 ? 0 : address.LastHostOrder;

    /// <summary>The node of a prefix.</summary>
    public bool TryFind(in Nlri nlri, out uint node) => TryFind(nlri, out node, out _, out _);

    /// <summary>The node of a prefix, which is added when it is not there.</summary>
    /// <returns>False when there is no memory, or too many route distinguishers.</returns>
    public bool TryFindOrInsert(in Nlri nlri, out uint node)
    {
        if (TryFind(nlri, out node, out uint cover, out PrefixTrie? trie))
        {
            return true;
        }

        if (!nlri.Family.IsVpn() && nlri.Family.IsIPv4())
        {
            node = IPv4.Insert(nlri.Prefix.ToIPv4(), nlri.Length, cover);
            return node != 0;
        }

        bool isIPv4 = nlri.Family.IsIPv4();
        if (trie is null)
        {
            trie = AddVpn(isIPv4, nlri.RouteDistinguisher);
            if (trie is null)
            {
                return false;
            }

            cover = trie.Root;
        }

        node = nlri.Length == 0 ? trie.Root : trie.Insert(HighOf(isIPv4, nlri.Prefix), LowOf(isIPv4, nlri.Prefix), nlri.Length, cover);
        if (node != 0 || nlri.Length == 0)
        {
            return true;
        }

        if (nlri.Family.IsVpn())
        {
            RemoveIfUnused(trie, isIPv4, nlri.RouteDistinguisher);
        }

        return false;
    }

    /// <summary>A peer has no route for the prefix any more.</summary>
    public void Release(in Nlri nlri, uint node)
    {
        bool waits = NodesOf(nlri.Family).Release(node);
        bool isIPv4 = nlri.Family.IsIPv4();
        if (nlri.Length > 0)
        {
            if (waits)
            {
                _empty.Enqueue(new EmptyPrefix(node, nlri.Family, nlri.RouteDistinguisher, HighOf(isIPv4, nlri.Prefix), LowOf(isIPv4, nlri.Prefix)));
                Tidy();
            }
        }
        else if (waits)
        {
            NodesOf(nlri.Family).EndWaiting(node);
            if (nlri.Family.IsVpn() && Vpn(isIPv4, nlri.RouteDistinguisher) is { } trie)
            {
                RemoveIfUnused(trie, isIPv4, nlri.RouteDistinguisher);
            }
        }
    }

    /// <summary>The next prefix in the order of family, route distinguisher, address and length, of one family.</summary>
    /// <param name="family">Which.</param>
    /// <param name="routeDistinguisher">Where it stands; for the first call 0.</param>
    /// <param name="place">Where it stands; for the first call with length -1.</param>
    /// <param name="node">The one found.</param>
    public bool Next(RouteFamily family, ref ulong routeDistinguisher, ref PrefixTrie.Place place, out uint node)
    {
        if (!family.IsVpn())
        {
            return family.IsIPv4() ? NextIPv4(ref place, out node) : IPv6.Next(ref place, out node);
        }

        SortedSet<ulong> all = _distinguishers[family.IsIPv4() ? 0 : 1];
        node = 0;
        while (all.Count > 0 && routeDistinguisher <= all.Max)
        {
            ulong next = all.GetViewBetween(routeDistinguisher, ulong.MaxValue).Min;
            place = next == routeDistinguisher ? place : new PrefixTrie.Place { Length = -1 };
            routeDistinguisher = next;
            if (Vpn(family.IsIPv4(), next)!.Next(ref place, out node))
            {
                return true;
            }

            if (next == ulong.MaxValue)
            {
                return false;
            }

            routeDistinguisher++;
            place = new PrefixTrie.Place { Length = -1 };
        }

        return false;
    }

    /// <summary>Removes all prefixes that wait without a route.</summary>
    public void RemoveWaiting()
    {
        for (int i = _empty.Count; i > 0; i--)
        {
            RemoveOldest();
        }
    }

    public void Dispose()
    {
        IPv4.Dispose();
        IPv6.Dispose();
        IPv4Nodes.Dispose();
        IPv6Nodes.Dispose();
        VpnNodes.Dispose();
    }

    private bool TryFind(in Nlri nlri, out uint node, out uint cover, out PrefixTrie? trie)
    {
        bool isIPv4 = nlri.Family.IsIPv4();
        trie = null;
        if (!nlri.Family.IsVpn() && isIPv4)
        {
            return IPv4.TryFind(nlri.Prefix.ToIPv4(), nlri.Length, out node, out cover);
        }

        trie = nlri.Family.IsVpn() ? Vpn(isIPv4, nlri.RouteDistinguisher) : IPv6;
        if (trie is not null)
        {
            return trie.TryFind(HighOf(isIPv4, nlri.Prefix), LowOf(isIPv4, nlri.Prefix), nlri.Length, out node, out cover);
        }

        node = cover = 0;
        return false;
    }

    private PrefixTrie? AddVpn(bool isIPv4, ulong routeDistinguisher)
    {
        SortedSet<ulong> all = _distinguishers[isIPv4 ? 0 : 1];
        if (all.Count >= _options.MaxRouteDistinguishers)
        {
            Volatile.Write(ref _distinguishersRefused, _distinguishersRefused + 1);
            return null;
        }

        PrefixTrie? trie = PrefixTrie.TryCreate(VpnNodes, _pool, _reclamation);
        if (trie is not null)
        {
            all.Add(routeDistinguisher);
            _vpns[new Distinguisher(routeDistinguisher, isIPv4)] = trie;
        }

        return trie;
    }

    private void RemoveIfUnused(PrefixTrie trie, bool isIPv4, ulong routeDistinguisher)
    {
        if (trie.Count == 0 && VpnNodes.IsEmpty(trie.Root))
        {
            _vpns.TryRemove(new Distinguisher(routeDistinguisher, isIPv4), out _);
            _distinguishers[isIPv4 ? 0 : 1].Remove(routeDistinguisher);
            trie.Retire();
        }
    }

    // Two at a time, so that the waiting ones grow fewer as long as there are too many.
    private void Tidy()
    {
        for (int i = 0; i < 2 && _empty.Count > _options.LeastWaitingPrefixes && _empty.Count > Count / 8; i++)
        {
            RemoveOldest();
        }
    }

    private void RemoveOldest()
    {
        EmptyPrefix oldest = _empty.Dequeue();
        if (NodesOf(oldest.Family).EndWaiting(oldest.Node) && !TryRemove(oldest))
        {
            NodesOf(oldest.Family).Wait(oldest.Node);
            _empty.Enqueue(oldest);
        }
    }

    private bool TryRemove(EmptyPrefix prefix)
    {
        bool isIPv4 = prefix.Family.IsIPv4();
        if (!prefix.Family.IsVpn() && isIPv4)
        {
            IPv4.Remove(prefix.Node, (uint)(prefix.High >> 32));
            return true;
        }

        PrefixTrie trie = prefix.Family.IsVpn() ? Vpn(isIPv4, prefix.RouteDistinguisher)! : IPv6;
        if (!trie.TryRemove(prefix.Node, prefix.High, prefix.Low))
        {
            return false;
        }

        if (prefix.Family.IsVpn())
        {
            RemoveIfUnused(trie, isIPv4, prefix.RouteDistinguisher);
        }

        return true;
    }

    private bool NextIPv4(ref PrefixTrie.Place place, out uint node)
    {
        uint address = (uint)(place.High >> 32);
        int length = place.Length;
        bool any = IPv4.Next(ref address, ref length, out node);
        place = new PrefixTrie.Place { High = (ulong)address << 32, Length = length };
        return any;
    }
}
