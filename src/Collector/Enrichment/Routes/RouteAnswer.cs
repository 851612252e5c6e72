using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Enrichment.Routes;

/// <summary>Why there is a route, or none.</summary>
public enum RouteOutcome : byte
{
    /// <summary>Not asked for.</summary>
    NotAsked,

    /// <summary>A route was found.</summary>
    Found,

    /// <summary>No peer has the address of the exporter.</summary>
    NoPeer,

    /// <summary>The exporter's peer has no session, and no routes of before.</summary>
    PeerDown,

    /// <summary>The peer has no route for the address.</summary>
    NoRoute,

    /// <summary>The peer sends several paths and the flow has no next hop that could choose one (ADD-PATH).</summary>
    NoNextHop,

    /// <summary>The peer sends several paths and none to the address has the flow's next hop.</summary>
    OtherNextHop,
}

/// <summary>The answer for one direction of a flow.</summary>
public struct RouteAnswer
{
    /// <summary>The route; good until the reader's next quiescence.</summary>
    public Route Route;

    /// <summary>The table that it is from, or was last looked for in.</summary>
    public RouteFamily Family;

    /// <summary>Why there is one, or none.</summary>
    public RouteOutcome Outcome;

    /// <summary>How many default routes were followed to other peers.</summary>
    public byte DefaultsFollowed;

    /// <summary>The peer whose route it is; -1 none.</summary>
    public int Peer;

    /// <summary>True when there is a route.</summary>
    public readonly bool IsFound => Outcome == RouteOutcome.Found;
}

/// <summary>The routes of a flow.</summary>
public struct FlowRoutes
{
    /// <summary>The peer that the exporter stands for.</summary>
    public PeerChoice Peer;

    /// <summary>Towards the source address.</summary>
    public RouteAnswer Source;

    /// <summary>Towards the destination address.</summary>
    public RouteAnswer Destination;

    /// <summary>The next hop where bgp_follow_nexthop ended; only with <see cref="HasFollowedNextHop"/>.</summary>
    public IpAddress FollowedNextHop;

    /// <summary>True when bgp_follow_nexthop found another next hop than that of the destination's route.</summary>
    public bool HasFollowedNextHop;
}
