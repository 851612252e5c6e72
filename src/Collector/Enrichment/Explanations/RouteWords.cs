using System.Globalization;
using System.Text;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Enrichment.Routes;
using Collector.Flows;
using Collector.Maps;
using Collector.Net;
using Collector.Output;

namespace Collector.Enrichment.Explanations;

/// <summary>The words for what a <see cref="RouteResolution"/> found, and for what to do where it found nothing.</summary>
internal sealed class RouteWords(
    CollectorOptions options, EnrichmentSources sources, MapSet? maps, FlowRecord decoded, FlowRecord result, FlowRoutes routes, RouteQuestion question)
{
    private const int MaxPeersNamed = 8;

    private readonly PeerSnapshot? _peers = sources.Routes?.Peers;

    private bool IsMappedAgent => question.Exporter != decoded.ExporterAddress && !question.Exporter.IsUnspecified;

    /// <summary>Which address stands for the exporter.</summary>
    public string Exporter() => IsMappedAgent
        ? $"{decoded.ExporterAddress}, for which bgp_agent_map names {question.Exporter}{(question.Port == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" port {question.Port}"))}"
        : maps?.BgpAgent is null ? $"{decoded.ExporterAddress}" : $"{decoded.ExporterAddress}, which no line of bgp_agent_map matches";

    /// <summary>Which peer was chosen and why.</summary>
    public string Peer()
    {
        if (_peers is null)
        {
            return "no BGP speaker runs";
        }

        if (routes.Source.Outcome == RouteOutcome.NotAsked && routes.Destination.Outcome == RouteOutcome.NotAsked)
        {
            return "not asked: as_source and net_source do not name bgp or longest";
        }

        if (routes.Peer.Index < 0 || _peers.Find(routes.Peer.Index) is not { } peer)
        {
            return routes.Peer.IsDown ? $"the peer of {question.Exporter} has no session" : $"no peer has the address {question.Exporter}; {PeersNamed()}";
        }

        string stale = peer.StaleSince is { } since ? $", routes stale since {since:u}" : "";
        return $"{NameOf(peer)}, found by its {(routes.Peer.Match == PeerMatch.RouterId ? "router id" : "session address")}, {peer.State.ToString().ToLowerInvariant()} since {peer.Since:u}{stale}";
    }

    /// <summary>What was found for one address.</summary>
    public string Direction(in RouteAnswer answer, IpAddress address, byte exportedMask, RouteAttributes? attributes)
    {
        if (!answer.IsFound)
        {
            return $"{address}: {OutcomeOf(answer)}";
        }

        IpPrefix prefix = IpPrefix.Of(address, answer.Route.Length, answer.Family.IsIPv4());
        string followed = answer.DefaultsFollowed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" of the peer behind {answer.DefaultsFollowed} default routes");
        string shorter = options.Enrichment.As == AsSource.Longest && answer.Route.Length < exportedMask
            ? string.Create(CultureInfo.InvariantCulture, $"; shorter than the exporter's /{exportedMask}, so what the exporter says wins")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{address}: route {prefix} ({FamilyOf(answer.Family)}){followed}, next hop {attributes!.Value.NextHop}, origin AS {attributes.Value.OriginAs}, peer AS {attributes.Value.PeerAs}{(answer.Route.IsStale ? ", stale" : "")}{shorter}");
    }

    /// <summary>Why an AS number is 0 and what cures it.</summary>
    public string Reason(string primitive, in RouteAnswer answer, IpAddress address, bool isBgp, bool isByFile)
    {
        AsZeroReason reason = isByFile ? AsZeroReason.NetworksFile : AsZeroReasons.Of(options.Enrichment.As, sources.Routes is not null, decoded.Family, answer, isBgp, routes.Peer.AsNumber, sources.LocalAs);
        string cause = reason switch
        {
            AsZeroReason.Exported => $"the exporter itself says AS 0 or none for {address}; let it export AS numbers, or write as_source: bgp",
            AsZeroReason.SourceNotConfigured when sources.Routes is null => "as_source is bgp and no BGP speaker runs; configure section bgp",
            AsZeroReason.SourceNotConfigured => "BGP runs, but as_source takes AS numbers from the exporter, which says none; write as_source: bgp or longest (nfacctd_as)",
            AsZeroReason.NoPeer => NoPeer(answer),
            AsZeroReason.PeerDown => $"the BGP peer of {question.Exporter} has no session; AS numbers come back with it",
            AsZeroReason.NoPath when answer.Outcome == RouteOutcome.NoNextHop =>
                $"the peer sends several paths (ADD-PATH), and the flow carries no BGP next hop that tells which one it took to {address}; export element 18 or 63, "
                + "in sFlow extended_gateway, or do not send ADD-PATH to the collector",
            AsZeroReason.NoPath =>
                $"the peer sends several paths (ADD-PATH), and none to {address} has the flow's next hop {question.NextHop}; map it by bgp_peer_dst_ip_map if it is the end of a tunnel",
            AsZeroReason.OwnPrefix =>
                $"own prefix: the route {IpPrefix.Of(address, answer.Route.Length, decoded.Family == FlowFamily.IPv4)} has an empty AS_PATH, it is originated in our own AS {routes.Peer.AsNumber}; "
                + "to see that number write the prefix into networks_file, with as_source: longest and networks_file_no_lpm: true",
            AsZeroReason.EmptyAsPath =>
                $"the route {IpPrefix.Of(address, answer.Route.Length, decoded.Family == FlowFamily.IPv4)} has an empty AS_PATH although its peer is in AS {routes.Peer.AsNumber}: look at that router's policy",
            AsZeroReason.NetworksFile => $"networks_file decides and does not have {address}, or names no AS for it{(options.Enrichment.As == AsSource.Longest ? "; with longest it decides where nobody knows a longer prefix: let the exporter export masks, or give it networks_file_no_lpm: true" : "")}",
            _ => NoRoute(address),
        };
        return $"{primitive} is 0: {cause}";
    }

    private static string FamilyOf(RouteFamily family) => $"{(family.IsIPv4() ? "IPv4" : "IPv6")} {(family.SubsequentAddressFamily() switch { 1 => "unicast", 4 => "labeled unicast", _ => "VPN" })}";

    private static string NameOf(RoutePeer peer) =>
        string.Create(CultureInfo.InvariantCulture, $"{peer.Description.Address} (router id {peer.Description.RouterId}, AS {peer.Description.AsNumber})");

    private static string OutcomeOf(in RouteAnswer answer) => answer.Outcome switch
    {
        RouteOutcome.NotAsked => "no route was asked for",
        RouteOutcome.NoPeer => "no peer to ask",
        RouteOutcome.PeerDown => "the peer has no session",
        RouteOutcome.NoNextHop => "several paths (ADD-PATH) and no next hop in the flow to choose by",
        RouteOutcome.OtherNextHop => "no path with the flow's next hop (ADD-PATH)",
        _ => "no route",
    };

    private string NoPeer(in RouteAnswer answer)
    {
        if (answer.DefaultsFollowed > 0)
        {
            return "the default route was followed, and no BGP peer has the address of its next hop; peer with that router too, or set bgp_follow_default: 0";
        }

        return IsMappedAgent
            ? $"bgp_agent_map names {question.Exporter} for exporter {decoded.ExporterAddress}, and no BGP peer has that as router id or session address; {PeersNamed()}: write one of these in bgp_ip"
            : $"no BGP peer has the address of exporter {decoded.ExporterAddress} as router id or session address; {PeersNamed()}: "
            + $"name the exporter's peer in bgp_agent_map, bgp_ip=PEER ip={decoded.ExporterAddress}";
    }

    private string NoRoute(IpAddress address)
    {
        bool isIPv4 = decoded.Family == FlowFamily.IPv4;
        if (question.RouteDistinguisher != 0)
        {
            return $"{VpnOf()} has no route for {address}; if these flows are of the global table, write id=0:0:0 for their interface in flow_to_rd_map";
        }

        RoutePeer? peer = _peers?.Find(routes.Peer.Index);
        long paths = peer is null ? 0 : sources.Routes!.FindPeer(peer.Description.Address)?.PathsOf(isIPv4 ? RouteFamily.IPv4Unicast : RouteFamily.IPv6Unicast) ?? 0;
        return paths == 0
            ? $"peer {(peer is null ? question.Exporter.ToString() : NameOf(peer))} has announced no {(isIPv4 ? "IPv4" : "IPv6")} routes at all; send that address family to the collector too"
            : string.Create(CultureInfo.InvariantCulture, $"peer {NameOf(peer!)} has no route for {address} among its {paths}; it does not announce all it uses, or a default route is missing");
    }

    private string VpnOf()
    {
        byte[] text = new byte[RouteDistinguisherText.MaxLength];
        string distinguisher = Encoding.ASCII.GetString(text, 0, RouteDistinguisherText.Write(result.RouteDistinguisher, text));
        return $"VPN {distinguisher} ({(question.IsMapped ? "from flow_to_rd_map" : "from the flow")})";
    }

    private string PeersNamed()
    {
        ReadOnlySpan<RoutePeer> peers = _peers is null ? default : _peers.Peers;
        if (peers.IsEmpty)
        {
            return "there are no BGP peers yet";
        }

        IEnumerable<string> names = peers[..Math.Min(peers.Length, MaxPeersNamed)].ToArray().Select(NameOf);
        return $"the peers are {string.Join(", ", names)}{(peers.Length > MaxPeersNamed ? " and more" : "")}";
    }
}
