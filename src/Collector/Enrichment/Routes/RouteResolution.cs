using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;

namespace Collector.Enrichment.Routes;

/// <summary>What decides on the routes of a flow besides its addresses.</summary>
/// <param name="Exporter">The address that stands for the exporter: its own, or what bgp_agent_map says.</param>
/// <param name="Port">bgp_port of bgp_agent_map; 0: any.</param>
/// <param name="RouteDistinguisher">The VRF of the flow; 0 the global table.</param>
/// <param name="IsMapped">The VRF is from flow_to_rd_map, which is binding: without a route there the global table is not asked.</param>
/// <param name="NextHop">The flow's own next hop, which chooses among several paths (ADD-PATH).</param>
/// <param name="HasNextHop">False: the flow carries none.</param>
public readonly record struct RouteQuestion(
    IpAddress Exporter, ushort Port, ulong RouteDistinguisher, bool IsMapped, IpAddress NextHop, bool HasNextHop);

/// <summary>Finds the routes of a flow's source and destination among those of the exporter's peer (pmacct-compat §4.5).</summary>
/// <remarks>One per worker. Takes no lock and allocates nothing. Answers are good until the reader's next quiescence.</remarks>
public sealed class RouteResolution
{
    // pmacct's bounds for bgp_follow_nexthop.
    private const int MaxFollowedHops = 20, MaxSelfReferences = 5;

    private readonly RouteReader _reader;
    private readonly PeerSelection _selection;
    private readonly int _followDefault;
    private readonly IpPrefix[] _followNextHop;
    private readonly bool _followExternal;

    /// <summary>Makes a resolution.</summary>
    /// <param name="reader">Owned by the same worker.</param>
    /// <param name="options">How defaults and next hops are followed.</param>
    public RouteResolution(RouteReader reader, EnrichmentOptions options)
    {
        _reader = reader;
        _selection = new PeerSelection(options.DisableRouterIdCheck);
        _followDefault = options.FollowDefault;
        _followNextHop = [.. options.FollowNextHop];
        _followExternal = options.FollowNextHopExternal;
    }

    /// <summary>Resolves a record.</summary>
    /// <param name="record">The record: its addresses and their family.</param>
    /// <param name="question">What decides besides.</param>
    /// <param name="wantSource">Whether the source is asked for.</param>
    /// <param name="wantDestination">Whether the destination is asked for.</param>
    /// <param name="routes">The answer.</param>
    public void Resolve(in FlowRecord record, in RouteQuestion question, bool wantSource, bool wantDestination, out FlowRoutes routes)
    {
        routes = default;
        PeerSnapshot peers = _reader.Peers;
        routes.Peer = _selection.Choose(peers, question.Exporter, question.Port);
        PeerChoice peer = routes.Peer;
        for (int follows = 0; ; follows++)
        {
            if (peer.Index < 0)
            {
                RouteOutcome outcome = peer.IsDown ? RouteOutcome.PeerDown : RouteOutcome.NoPeer;
                Fail(ref routes.Source, wantSource, outcome, follows);
                Fail(ref routes.Destination, wantDestination, outcome, follows);
                return;
            }

            Find(peer, record.SourceAddress, record.Family, question, isDestination: false, wantSource, follows, ref routes.Source);
            Find(peer, record.DestinationAddress, record.Family, question, isDestination: true, wantDestination, follows, ref routes.Destination);
            if (follows == _followDefault || IsVpn(routes))
            {
                break;
            }

            // A default route is no answer as long as its next hop leads to another peer.
            bool source = IsDefault(routes.Source), destination = IsDefault(routes.Destination);
            if (!source && !destination)
            {
                break;
            }

            IpAddress nextHop = _reader.Attributes(source ? routes.Source.Route : routes.Destination.Route).NextHop;
            routes.Source.Outcome = source ? RouteOutcome.NoRoute : routes.Source.Outcome;
            routes.Destination.Outcome = destination ? RouteOutcome.NoRoute : routes.Destination.Outcome;
            peer = _selection.Choose(peers, nextHop);
        }

        if (_followNextHop.Length > 0 && routes.Destination.IsFound && !IsVpn(routes))
        {
            FollowNextHops(peers, record, question, ref routes);
        }
    }

    private static bool IsVpn(in FlowRoutes routes) => routes.Source.Family.IsVpn() || routes.Destination.Family.IsVpn();

    private static bool IsDefault(in RouteAnswer answer) => answer.IsFound && answer.Route.Length == 0;

    private static void Fail(ref RouteAnswer answer, bool wanted, RouteOutcome outcome, int follows)
    {
        if (wanted && !answer.IsFound)
        {
            (answer.Outcome, answer.Peer, answer.DefaultsFollowed) = (outcome, -1, (byte)follows);
        }
    }

    private void Find(
        in PeerChoice peer, IpAddress address, FlowFamily family, in RouteQuestion question, bool isDestination, bool wanted, int follows, ref RouteAnswer answer)
    {
        if (!wanted || answer.IsFound)
        {
            return;
        }

        bool isIPv4 = family == FlowFamily.IPv4;
        answer.Peer = peer.Index;
        answer.DefaultsFollowed = (byte)follows;
        if (question.RouteDistinguisher != 0)
        {
            if (FindIn(peer, isIPv4 ? RouteFamily.IPv4Vpn : RouteFamily.IPv6Vpn, address, question, isDestination, ref answer)
                || FindIn(peer, isIPv4 ? RouteFamily.IPv4Labeled : RouteFamily.IPv6Labeled, address, question, isDestination, ref answer))
            {
                return;
            }

            // Seen with nfacctd 1.7.7: the route distinguisher of IE 90 does not keep a flow out of the global table.
            if (!question.IsMapped)
            {
                FindIn(peer, isIPv4 ? RouteFamily.IPv4Unicast : RouteFamily.IPv6Unicast, address, question, isDestination, ref answer);
            }

            return;
        }

        _ = FindIn(peer, isIPv4 ? RouteFamily.IPv4Unicast : RouteFamily.IPv6Unicast, address, question, isDestination, ref answer)
            || FindIn(peer, isIPv4 ? RouteFamily.IPv4Labeled : RouteFamily.IPv6Labeled, address, question, isDestination, ref answer);
    }

    // RFC 7911: of several paths the flow's own next hop tells which one the packets took. Towards the source nothing tells: the first is taken.
    private bool FindIn(in PeerChoice peer, RouteFamily family, IpAddress address, in RouteQuestion question, bool isDestination, ref RouteAnswer answer)
    {
        bool byNextHop = isDestination && (peer.AddPath & (1 << (int)family)) != 0;
        bool found = !byNextHop ? _reader.TryFind(peer.Index, family, question.RouteDistinguisher, address, out Route route)
            : question.HasNextHop ? _reader.TryFindByNextHop(peer.Index, family, question.RouteDistinguisher, address, question.NextHop, out route)
            : Nothing(out route);
        if (found)
        {
            answer.Route = route;
            answer.Family = family;
            answer.Outcome = RouteOutcome.Found;
        }
        else if (byNextHop || answer.Outcome == RouteOutcome.NotAsked)
        {
            answer.Outcome = !byNextHop ? RouteOutcome.NoRoute : question.HasNextHop ? RouteOutcome.OtherNextHop : RouteOutcome.NoNextHop;
        }

        return found;
    }

    private static bool Nothing(out Route route)
    {
        route = default;
        return false;
    }

    private void FollowNextHops(PeerSnapshot peers, in FlowRecord record, in RouteQuestion question, ref FlowRoutes routes)
    {
        RouteFamily family = record.Family == FlowFamily.IPv4 ? RouteFamily.IPv4Unicast : RouteFamily.IPv6Unicast;
        IpAddress at = question.Exporter;
        ushort port = question.Port;
        for (int hops = 0, self = 0; hops < MaxFollowedHops && self < MaxSelfReferences; hops++, port = 0)
        {
            PeerChoice peer = _selection.Choose(peers, at, port);
            if (peer.Index < 0 || !_reader.TryFind(peer.Index, family, 0, record.DestinationAddress, out Route route))
            {
                return;
            }

            IpAddress nextHop = _reader.Attributes(route).NextHop;
            bool inside = IsFollowed(nextHop);
            if (inside || _followExternal)
            {
                (routes.FollowedNextHop, routes.HasFollowedNextHop) = (nextHop, true);
            }

            if (!inside)
            {
                return;
            }

            self += nextHop == at ? 1 : 0;
            at = nextHop;
        }
    }

    private bool IsFollowed(IpAddress nextHop)
    {
        foreach (ref readonly IpPrefix prefix in _followNextHop.AsSpan())
        {
            if (prefix.Contains(nextHop, nextHop.IsIPv4))
            {
                return true;
            }
        }

        return false;
    }
}
