using Collector.Configuration;
using Collector.Enrichment.Routes;
using Collector.Flows;

namespace Collector.Enrichment;

/// <summary>Tells why an AS number is 0: one rule for the counters and for explanations.</summary>
internal static class AsZeroReasons
{
    /// <summary>The reason.</summary>
    /// <param name="source">as_source.</param>
    /// <param name="hasRoutes">A BGP speaker runs.</param>
    /// <param name="family">Family of the address; without one nothing can be looked up.</param>
    /// <param name="answer">The route of the address.</param>
    /// <param name="isBgp">The AS number is the route's.</param>
    /// <param name="peerAs">The AS of the peer.</param>
    /// <param name="localAs">Our own AS; 0: that of each peer.</param>
    public static AsZeroReason Of(AsSource source, bool hasRoutes, FlowFamily family, in RouteAnswer answer, bool isBgp, uint peerAs, uint localAs)
    {
        switch (source)
        {
            case AsSource.Export:
                return hasRoutes ? AsZeroReason.SourceNotConfigured : AsZeroReason.Exported;
            case AsSource.File:
                return AsZeroReason.NetworksFile;
            case AsSource.Longest when !hasRoutes || family == FlowFamily.None:
                return AsZeroReason.Exported;
            case AsSource.Bgp when !hasRoutes:
                return AsZeroReason.SourceNotConfigured;
        }

        return answer.Outcome switch
        {
            RouteOutcome.NoPeer => AsZeroReason.NoPeer,
            RouteOutcome.PeerDown => AsZeroReason.PeerDown,
            RouteOutcome.NoNextHop or RouteOutcome.OtherNextHop => AsZeroReason.NoPath,
            RouteOutcome.Found when !isBgp => AsZeroReason.Exported,
            RouteOutcome.Found => localAs == 0 || peerAs == localAs ? AsZeroReason.OwnPrefix : AsZeroReason.EmptyAsPath,
            _ => AsZeroReason.NoRoute,
        };
    }
}
