using Collector.Bgp.Rib.Memory;
using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>Looks routes up for one thread: no lock, no allocation.</summary>
/// <remarks>
/// What it returns stays good until the next <see cref="Quiesce"/>, which its thread calls between batches. Memory of withdrawn routes is used again
/// only when every reader has quiesced, so one that is kept but not used must be disposed or quiesced now and then.
/// </remarks>
public sealed class RouteReader : IDisposable
{
    private readonly RouteTable _table;
    private readonly ReaderEpoch _epoch;

    internal RouteReader(RouteTable table, ReaderEpoch epoch) => (_table, _epoch) = (table, epoch);

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
        return _table.Rib(peer) is { } rib && rib.TryFind(family, family.IsVpn() ? routeDistinguisher : 0, address, null, out route);
    }

    /// <summary>The longest match that has a path with this next hop (ADD-PATH; pmacct-compat §4.5).</summary>
    public bool TryFindByNextHop(int peer, RouteFamily family, ulong routeDistinguisher, IpAddress address, IpAddress nextHop, out Route route)
    {
        route = default;
        return _table.Rib(peer) is { } rib && rib.TryFind(family, family.IsVpn() ? routeDistinguisher : 0, address, nextHop, out route);
    }

    /// <summary>The attributes of an answer.</summary>
    public ref readonly RouteAttributes Attributes(in Route route) => ref _table.Attributes[route.Attributes];

    /// <summary>See <see cref="AttributeTable.Value"/>.</summary>
    public ReadOnlySpan<byte> Value(uint value) => _table.Attributes.Value(value);

    /// <summary>See <see cref="AttributeTable.Serial"/>.</summary>
    public ulong Serial(uint value) => _table.Attributes.Serial(value);

    /// <inheritdoc/>
    public void Dispose() => _table.Remove(_epoch);
}
