using Collector.Net;

namespace Collector.Maps;

/// <summary>What a map may ask of the BGP routes of a flow and the record does not hold. The default value is "no route".</summary>
public struct BgpMatchValues
{
    /// <summary>Next hop of the route to the source; <c>::</c> without one.</summary>
    public IpAddress SourceNextHop;

    /// <summary>First AS of the path to the source, 0 without one.</summary>
    public uint SourcePeerAs;

    /// <summary>Next hop of the route to the destination; <c>::</c> without one.</summary>
    public IpAddress DestinationNextHop;

    /// <summary>True when there is a route to the destination, so that maps compare <see cref="DestinationNextHop"/> instead of the exported next hop.</summary>
    public bool HasDestinationRoute;
}
