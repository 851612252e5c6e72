using Collector.Flows;
using Collector.Net;

namespace Collector.Enrichment.Networks;

/// <summary>What networks_file says about a network (pmacct-compat §4.1).</summary>
/// <param name="OriginAs">The AS that holds it; 0 when the line names none.</param>
/// <param name="PeerAs">The AS in front of it; 0 when the line names none.</param>
/// <param name="NextHop">peer_dst_ip towards it; the default value when the line names none.</param>
/// <param name="NextHopFamily">Family of the next hop.</param>
public readonly record struct NetworkEntry(uint OriginAs, uint PeerAs, IpAddress NextHop, FlowFamily NextHopFamily);

/// <summary>The networks of networks_file with longest match. Immutable, shared by all workers.</summary>
public sealed class NetworkTable
{
    private readonly PrefixTable _prefixes;
    private readonly uint[] _origins;
    private readonly uint[] _peers;

    // Few files name next hops: a lookup by position costs them nothing else.
    private readonly Dictionary<int, (IpAddress Address, FlowFamily Family)> _nextHops;

    /// <summary>Builds the table; the three lists go together.</summary>
    public NetworkTable(IReadOnlyList<IpPrefix> networks, IReadOnlyList<NetworkEntry> entries)
    {
        _prefixes = PrefixTable.Build([.. networks]);
        _origins = [.. entries.Select(e => e.OriginAs)];
        _peers = [.. entries.Select(e => e.PeerAs)];
        _nextHops = entries.Index().Where(e => e.Item.NextHopFamily != FlowFamily.None).ToDictionary(e => e.Index, e => (e.Item.NextHop, e.Item.NextHopFamily));
    }

    /// <summary>A table without networks.</summary>
    public static NetworkTable Empty { get; } = new([], []);

    /// <summary>Networks in the table, duplicates included.</summary>
    public int Count => _prefixes.Count;

    /// <summary>The longest network around an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isIPv4">Its family.</param>
    /// <param name="length">Length of the network found, else 0.</param>
    /// <param name="entry">What the file says about it.</param>
    public bool TryFind(IpAddress address, bool isIPv4, out byte length, out NetworkEntry entry)
    {
        int found = _prefixes.Find(address, isIPv4);
        if (found == PrefixTable.None)
        {
            (length, entry) = (0, default);
            return false;
        }

        length = _prefixes.LengthOf(found);
        (IpAddress Address, FlowFamily Family) nextHop = default;
        if (_nextHops.Count > 0)
        {
            _nextHops.TryGetValue(found, out nextHop);
        }

        entry = new NetworkEntry(_origins[found], _peers[found], nextHop.Address, nextHop.Family);
        return true;
    }
}
