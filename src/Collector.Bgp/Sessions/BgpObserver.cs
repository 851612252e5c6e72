using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.Sessions;

/// <summary>Is told what happens to sessions and routes: for logs and message logs. All members do nothing.</summary>
/// <remarks>
/// Members about routes are called under <see cref="RouteTable.WriterLock"/> and hold up the session: they must be short, and the attributes are
/// good during the call. Calls about one peer come one after the other, those about several at the same time.
/// </remarks>
public abstract class BgpObserver
{
    /// <summary>True when the members about routes are to be called.</summary>
    public virtual bool WantsRoutes => false;

    /// <summary>A session is established.</summary>
    public virtual void SessionUp(BgpPeer peer, DateTimeOffset time)
    {
    }

    /// <summary>An established session is over; its routes were told of before, or are stale.</summary>
    /// <param name="peer">Whose.</param>
    /// <param name="reason">Why, for operators.</param>
    /// <param name="isGraceful">The routes are kept for a graceful restart.</param>
    /// <param name="time">When.</param>
    public virtual void SessionDown(BgpPeer peer, string reason, bool isGraceful, DateTimeOffset time)
    {
    }

    /// <summary>A connection ended before it was a session, or was not taken.</summary>
    public virtual void SessionRefused(IpAddress address, string reason, DateTimeOffset time)
    {
    }

    /// <summary>An UPDATE had faults; what follows is done.</summary>
    public virtual void UpdateFaulty(BgpPeer peer, UpdateFaults faults, DateTimeOffset time)
    {
    }

    /// <summary>A route was announced; implicit replacement is an announcement too.</summary>
    public virtual void RouteAnnounced(BgpPeer peer, in Nlri route, uint attributes, DateTimeOffset time)
    {
    }

    /// <summary>A route that was there was withdrawn.</summary>
    public virtual void RouteWithdrawn(BgpPeer peer, in Nlri route, uint removedAttributes, DateTimeOffset time)
    {
    }

    /// <summary>A route went with its session, or because it was stale.</summary>
    public virtual void RouteDeleted(BgpPeer peer, in Nlri route, uint removedAttributes, DateTimeOffset time)
    {
    }

    /// <summary>The peer has announced all its routes of a family.</summary>
    public virtual void EndOfRib(BgpPeer peer, RouteFamily family, DateTimeOffset time)
    {
    }
}
