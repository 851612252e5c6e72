using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Flows;
using Collector.Maps;
using Collector.Net;

namespace Collector.Enrichment.Routes;

/// <summary>The maps that decide on routes before they are looked up, and on attributes of the source afterwards (pmacct-compat §4.4, §4.5, §5.3).</summary>
/// <remarks>One per worker: it takes the maps in force once per batch.</remarks>
internal sealed class RouteMaps
{
    private readonly MapSet _files;
    private readonly EnrichmentOptions _options;
    private BgpAgentMap? _agents;
    private FlowToRdMap? _distinguishers;
    private BgpPeerDestinationMap? _nextHops;
    private BgpSourceMap? _peerSourceAs;
    private BgpSourceMap? _localPreference;
    private BgpSourceMap? _med;

    // Most batches come from one exporter: where its address alone decides, the answer is kept.
    private IpAddress _lastExporter;
    private BgpAgentMap? _lastAgents;
    private BgpAgent _lastAgent;

    public RouteMaps(MapSet files, EnrichmentOptions options) => (_files, _options) = (files, options);

    /// <summary>Takes the maps in force.</summary>
    public void Refresh()
    {
        _agents = _files.BgpAgent?.Current;
        _distinguishers = _files.FlowToRd?.Current;
        _nextHops = _files.BgpPeerDestination?.Current;
        _peerSourceAs = _options.PeerSourceAs == SourceAttributeType.Map ? _files.BgpPeerSourceAs?.Current : null;
        _localPreference = _options.SourceLocalPreference == SourceAttributeType.Map ? _files.BgpSourceLocalPreference?.Current : null;
        _med = _options.SourceMed == SourceAttributeType.Map ? _files.BgpSourceMed?.Current : null;
    }

    /// <summary>What to ask for a record; a VPN from flow_to_rd_map becomes the record's own.</summary>
    public RouteQuestion Question(ref FlowRecord record)
    {
        IpAddress exporter = record.ExporterAddress;
        ushort port = 0;
        if (_agents is not null && FindAgent(record) is { Address: { IsUnspecified: false } address } agent)
        {
            (exporter, port) = (address, agent.Port);
        }

        bool mapped = false;
        if (_distinguishers is not null && _distinguishers.TryFind(in record, out ulong distinguisher))
        {
            record.RouteDistinguisher = distinguisher;
            mapped = true;
        }

        bool hasNextHop = record.NextHopFamily != FlowFamily.None;
        IpAddress nextHop = record.NextHop;
        if (_nextHops is not null && hasNextHop && _nextHops.TryFind(in record, out IpAddress translated))
        {
            nextHop = translated;
        }

        return new RouteQuestion(exporter, port, record.RouteDistinguisher, mapped, nextHop, hasNextHop);
    }

    /// <summary>Attributes of the source that come from maps; "bgp" in a line means the route's own.</summary>
    /// <param name="record">The record.</param>
    /// <param name="reader">The routes.</param>
    /// <param name="routes">Those of the record.</param>
    /// <param name="skipSubAs">bgp_peer_as_skip_subas.</param>
    public void Apply(ref FlowRecord record, RouteReader reader, in FlowRoutes routes, bool skipSubAs)
    {
        if (_peerSourceAs is null && _localPreference is null && _med is null)
        {
            return;
        }

        BgpMatchValues bgp = default;
        uint localPreference = 0, med = 0;
        if (routes.Source.IsFound)
        {
            ref readonly RouteAttributes attributes = ref reader.Attributes(routes.Source.Route);
            bgp.SourceNextHop = attributes.NextHop;
            bgp.SourcePeerAs = skipSubAs ? attributes.PeerAsOutsideConfederation : attributes.PeerAs;
            (localPreference, med) = (attributes.LocalPreference, attributes.Med);
        }

        if (routes.Destination.IsFound)
        {
            bgp.DestinationNextHop = reader.Attributes(routes.Destination.Route).NextHop;
            bgp.HasDestinationRoute = true;
        }

        if (_peerSourceAs is not null && _peerSourceAs.TryFind(in record, in bgp, out BgpSourceValue value))
        {
            record.PeerSourceAs = value.FromRoute ? bgp.SourcePeerAs : value.Number;
        }

        if (_localPreference is not null && _localPreference.TryFind(in record, in bgp, out value))
        {
            record.SourceLocalPreference = value.FromRoute ? localPreference : value.Number;
        }

        if (_med is not null && _med.TryFind(in record, in bgp, out value))
        {
            record.SourceMultiExitDiscriminator = value.FromRoute ? med : value.Number;
        }
    }

    private BgpAgent FindAgent(in FlowRecord record)
    {
        if (_lastAgents == _agents && _lastExporter == record.ExporterAddress)
        {
            return _lastAgent;
        }

        BgpAgent agent = _agents!.TryFind(in record, out BgpAgent found) ? found : default;
        (_lastAgents, _lastExporter, _lastAgent) = (_agents.DependsOnExporterOnly ? _agents : null, record.ExporterAddress, agent);
        return agent;
    }
}
