using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.Sessions;

/// <summary>Tells several observers, in their order.</summary>
public sealed class ObserverList(params BgpObserver[] observers) : BgpObserver
{
    private readonly BgpObserver[] _all = observers;
    private readonly BgpObserver[] _routes = [.. observers.Where(o => o.WantsRoutes)];

    /// <inheritdoc/>
    public override bool WantsRoutes => _routes.Length > 0;

    /// <inheritdoc/>
    public override void SessionUp(BgpPeer peer, DateTimeOffset time) => Array.ForEach(_all, o => o.SessionUp(peer, time));

    /// <inheritdoc/>
    public override void SessionDown(BgpPeer peer, string reason, bool isGraceful, DateTimeOffset time) => Array.ForEach(_all, o => o.SessionDown(peer, reason, isGraceful, time));

    /// <inheritdoc/>
    public override void SessionRefused(IpAddress address, string reason, DateTimeOffset time) => Array.ForEach(_all, o => o.SessionRefused(address, reason, time));

    /// <inheritdoc/>
    public override void UpdateFaulty(BgpPeer peer, UpdateFaults faults, DateTimeOffset time) => Array.ForEach(_all, o => o.UpdateFaulty(peer, faults, time));

    /// <inheritdoc/>
    public override void EndOfRib(BgpPeer peer, RouteFamily family, DateTimeOffset time) => Array.ForEach(_all, o => o.EndOfRib(peer, family, time));

    /// <inheritdoc/>
    public override void RouteAnnounced(BgpPeer peer, in Nlri route, uint attributes, DateTimeOffset time)
    {
        foreach (BgpObserver observer in _routes)
        {
            observer.RouteAnnounced(peer, route, attributes, time);
        }
    }

    /// <inheritdoc/>
    public override void RouteWithdrawn(BgpPeer peer, in Nlri route, uint removedAttributes, DateTimeOffset time)
    {
        foreach (BgpObserver observer in _routes)
        {
            observer.RouteWithdrawn(peer, route, removedAttributes, time);
        }
    }

    /// <inheritdoc/>
    public override void RouteDeleted(BgpPeer peer, in Nlri route, uint removedAttributes, DateTimeOffset time)
    {
        foreach (BgpObserver observer in _routes)
        {
            observer.RouteDeleted(peer, route, removedAttributes, time);
        }
    }
}
