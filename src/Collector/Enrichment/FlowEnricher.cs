using Collector.Configuration;
using Collector.Enrichment.GeoIp;
using Collector.Enrichment.Networks;
using Collector.Enrichment.Origins;
using Collector.Enrichment.Routes;
using Collector.Flows;
using Collector.Maps;
using Collector.Output;

namespace Collector.Enrichment;

/// <summary>
/// Fills in what the datagram itself does not say, record by record: sampling correction, AS numbers, attributes and prefixes of routes, the
/// networks of hosts and masks, the places of hosts, the VRF id for a route distinguisher.
/// </summary>
/// <remarks>One per worker. Never allocates. Does only what the configuration reads.</remarks>
public sealed class FlowEnricher : IDisposable
{
    private static readonly FlowField[] AsNumbers = [FlowField.SourceAs, FlowField.DestinationAs, FlowField.PeerSourceAs, FlowField.PeerDestinationAs];

    private readonly EnrichmentSources _sources;
    private readonly bool _renormalize;
    private readonly uint _externalRate;
    private readonly bool _timeNew;
    private readonly bool _routeDistinguisher;
    private readonly bool _sourceAs;
    private readonly bool _destinationAs;
    private readonly AsSource _asSource;
    private readonly RouteEnricher? _routes;
    private readonly NetworkEnricher? _networks;
    private readonly NetworkTableFile _networkFile;
    private readonly bool _networksLater;
    private readonly bool _fileAsForMaps;
    private readonly bool _exportedAsAlsoZero;
    private readonly GeoEnricher? _geo;
    private readonly MapFile<SamplingMap>? _sampling;
    private readonly MapFile<FlowToRdMap>? _flowToRd;

    /// <summary>Compiles what has to be done.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="needed">Fields that the outputs read.</param>
    /// <param name="sources">What all workers share; null for none.</param>
    /// <param name="values">The worker's values, for AS paths and communities; needed with routes only.</param>
    /// <param name="maps">The maps, null for none.</param>
    public FlowEnricher(CollectorOptions options, FlowFieldSet needed, EnrichmentSources? sources = null, ValueTable? values = null, MapSet? maps = null)
        : this(options, needed, sources, values, maps, null)
    {
    }

    /// <summary>The same where a plan says which networks are resolved here, and which behind the maps.</summary>
    internal FlowEnricher(CollectorOptions options, FlowFieldSet needed, EnrichmentSources? sources, ValueTable? values, MapSet? maps, NetworkPlan? plan)
    {
        _sources = sources ?? new EnrichmentSources(options.Enrichment);
        _sampling = maps?.Sampling;
        _renormalize = options.Renormalize;
        _externalRate = options.ExternalSamplingRate;
        _timeNew = options.TimeNew;
        _routeDistinguisher = needed.Contains(FlowField.RouteDistinguisher);
        _sourceAs = needed.Contains(FlowField.SourceAs);
        _destinationAs = needed.Contains(FlowField.DestinationAs);
        _asSource = options.Enrichment.As;
        var needs = new RouteNeeds(RouteNeeds.OptionsOf(options), needed);
        _routes = needs.Any && _sources.Routes is { } routes ? new RouteEnricher(options, needs, routes, values ?? new ValueTable(), maps) : null;

        // With routes it is asked before they are looked up, and whatever the outputs read.
        _flowToRd = _routes is null && _routeDistinguisher ? maps?.FlowToRd : null;
        NetworkNeeds networks = plan?.Common ?? NetworkNeeds.Of(options.Enrichment, needed);
        _networks = networks.IsActive && plan is null or { Place: NetworkPlace.Enricher } ? new NetworkEnricher(networks, options.Pmacct17) : null;
        _networkFile = _sources.NetworksOf(plan is null ? options.Enrichment.NetworksFile : networks.Rules.File);
        _networksLater = plan is { Place: NetworkPlace.BehindTags or NetworkPlace.Outputs };

        // Seen with 1.7.7: the core asks the file for the AS numbers that maps compare, when they come from there alone. With longest it
        // never does, and nfacctd compares those of routes besides those of the datagram.
        bool mapsReadAs = maps is not null && AsNumbers.Any(maps.Fields.Contains);
        _fileAsForMaps = mapsReadAs && _networksLater && options.Enrichment is { As: AsSource.File, NetworksFile: not null };
        _exportedAsAlsoZero = mapsReadAs && options.Pmacct17 && options.Enrichment.As == AsSource.Longest;
        if (_fileAsForMaps)
        {
            _networkFile = _sources.NetworksOf(options.Enrichment.NetworksFile);
        }
        var geo = new GeoEnricher(needed);
        _geo = geo.IsActive ? geo : null;
    }

    /// <summary>Records whose AS numbers are 0, by reason; counted where AS numbers are read.</summary>
    public AsZeroCounters AsZero { get; } = new();

    /// <summary>Whether networks_file decided on the AS numbers of the record enriched last.</summary>
    internal (bool Source, bool Destination) LastByFile { get; private set; }

    /// <summary>What resolves routes; null where none are looked up.</summary>
    internal RouteEnricher? Routes => _routes;

    /// <summary>What decoders must fill besides what the outputs read, so that the rest can be resolved.</summary>
    public static FlowFieldSet DecodedFields(CollectorOptions options, FlowFieldSet needed)
    {
        FlowFieldSet fields = needed;
        if (!options.TimeNew && (options.LateLimitSeconds != 0 || options.FutureLimitSeconds != 0 || options.Outputs.Any(o => o.Window.HasHistory)))
        {
            fields = fields.Union(FlowFieldSet.Of(FlowField.BinTime));
        }

        if (new RouteNeeds(RouteNeeds.OptionsOf(options), needed).Any)
        {
            fields = fields.Union(FlowFieldSet.Of(
                FlowField.SourceAddress,
                FlowField.DestinationAddress,
                FlowField.SourceMask,
                FlowField.DestinationMask,
                FlowField.NextHop,
                FlowField.NextHopFamily,
                FlowField.ExporterAddress,
                FlowField.RouteDistinguisher));
        }

        // Behind -f a map may read what no output reads: the fields are those of all outputs together.
        if (NetworkNeeds.Of(options.Enrichment, needed).NeedsMasks || options.Outputs.Any(o => o.Networks is { } rules && NetworkNeeds.Of(options.Enrichment, needed, rules).NeedsMasks))
        {
            fields = fields.Union(FlowFieldSet.Of(
                FlowField.SourceAddress, FlowField.DestinationAddress, FlowField.SourceMask, FlowField.DestinationMask));
        }

        if (!NetworkPlan.DecodesPeerAs(options) && options.Outputs.Any(o => options.NetworksOf(o).PeerAs))
        {
            fields = fields.Union(FlowFieldSet.Of(FlowField.SourceAs, FlowField.DestinationAs));
        }

        if (options.Enrichment.GeoIpFile is not null && new GeoEnricher(needed).IsActive)
        {
            fields = fields.Union(FlowFieldSet.Of(FlowField.SourceAddress, FlowField.DestinationAddress));
        }

        return fields;
    }

    /// <summary>Completes the records of a batch in place.</summary>
    public void Enrich(Span<FlowRecord> records)
    {
        _routes?.Begin();
        NetworkTable networks = _networkFile.Current;
        RoaTable? roas = _sources.Roas;
        GeoDatabase? places = _geo is null ? null : _sources.Places;
        SamplingMap? sampling = _sampling?.Current;
        FlowToRdMap? flowToRd = _flowToRd?.Current;
        for (int i = 0; i < records.Length; i++)
        {
            if (_routes is not null && i % RouteEnricher.RecordsPrefetched == 0)
            {
                _routes.Prefetch(records[i..]);
            }

            ref FlowRecord record = ref records[i];
            if (sampling is not null && sampling.TryFind(in record, out uint interval))
            {
                record.SamplingInterval = record.RenormalizationFactor = interval;
            }

            if (_timeNew)
            {
                record.BinTime = 0;
            }

            if (_renormalize)
            {
                Renormalize(ref record);
            }

            if (flowToRd is not null && record.Kind != FlowKind.Options && flowToRd.TryFind(in record, out ulong distinguisher))
            {
                record.RouteDistinguisher = distinguisher;
            }

            _routes?.Enrich(ref record, roas);
            if (places is not null)
            {
                // Before networks_file_filter takes hosts away: pmacct looks up those of the datagram.
                _geo!.Enrich(ref record, places);
            }

            if (_exportedAsAlsoZero && (record.Flags & FlowRecordFlags.SFlow) == 0)
            {
                record.Flags |= (_routes?.LastSourceIsBgp == true ? FlowRecordFlags.None : FlowRecordFlags.SourceAsAlsoZero)
                    | (_routes?.LastDestinationIsBgp == true ? FlowRecordFlags.None : FlowRecordFlags.DestinationAsAlsoZero);
            }

            if (_networksLater)
            {
                Leave(ref record, networks);
            }
            else
            {
                LastByFile = _networks?.Enrich(ref record, networks) ?? default;
                CountZeros(in record);
            }

            if (_routeDistinguisher && record.RouteDistinguisher == 0)
            {
                record.RouteDistinguisher = VrfIdOf(in record);
            }
        }
    }

    /// <summary>Called between batches, idle or not, so that memory of routes that are gone is given back.</summary>
    public void Quiesce() => _routes?.Quiesce();

    /// <inheritdoc/>
    public void Dispose() => _routes?.Dispose();

    private void CountZeros(in FlowRecord record)
    {
        if (_sourceAs && record.SourceAs == 0)
        {
            AsZero.CountSource(LastByFile.Source ? AsZeroReason.NetworksFile : SourceReason(record.Family));
        }

        if (_destinationAs && record.DestinationAs == 0)
        {
            AsZero.CountDestination(LastByFile.Destination ? AsZeroReason.NetworksFile : DestinationReason(record.Family));
        }
    }

    // What the stage behind the maps does not see any more, and what the maps compare.
    private void Leave(ref FlowRecord record, NetworkTable networks)
    {
        record.AsZeroReasons = (byte)((_sourceAs ? (int)SourceReason(record.Family) : 0) | (_destinationAs ? (int)DestinationReason(record.Family) << 4 : 0));
        if (_fileAsForMaps && record.Family != FlowFamily.None)
        {
            bool isIPv4 = record.Family == FlowFamily.IPv4;
            networks.TryFind(record.SourceAddress, isIPv4, out _, out NetworkEntry source);
            networks.TryFind(record.DestinationAddress, isIPv4, out _, out NetworkEntry destination);
            (record.SourceAs, record.DestinationAs) = (source.OriginAs, destination.OriginAs);
        }
    }

    private AsZeroReason SourceReason(FlowFamily family) => Reason(family, _routes?.Last.Source ?? default, _routes?.LastSourceIsBgp ?? false);

    private AsZeroReason DestinationReason(FlowFamily family) => Reason(family, _routes?.Last.Destination ?? default, _routes?.LastDestinationIsBgp ?? false);

    private AsZeroReason Reason(FlowFamily family, in RouteAnswer answer, bool isBgp) => AsZeroReasons.Of(
        _asSource, _sources.Routes is not null, family, answer, isBgp, _routes?.Last.Peer.AsNumber ?? 0, _sources.LocalAs);

    // pmacct-compat §7.3, §8.3: a known rate multiplies packets and octets, not flows, and the primitive sampling_rate then says 1.
    private void Renormalize(ref FlowRecord record)
    {
        uint factor = _externalRate != 0 ? _externalRate : record.RenormalizationFactor;
        if (factor != 0)
        {
            record.Packets *= factor;
            record.Octets *= factor;
        }

        // A rate of the operator is not one that is known: 1.7.7 prints 0 beside it.
        bool known = record.RenormalizationFactor != 0 || record.SamplingInterval != 0 || (record.Flags & FlowRecordFlags.SFlow) != 0;
        record.SamplingInterval = known ? 1u : 0;
    }

    // pmacct-compat §8.5: without a route distinguisher mpls_vpn_rd names a VRF, printed as vrfid:N. nfacctd 1.7.7 takes the egress one of
    // egress flows, else the ingress one, and whichever is there when the other is 0.
    private static ulong VrfIdOf(in FlowRecord record)
    {
        bool takesEgress = record.IngressVrfId == 0 || (record.SamplingDirection == (byte)'e' && record.EgressVrfId != 0);
        uint vrf = takesEgress ? record.EgressVrfId : record.IngressVrfId;
        return vrf == 0 ? 0 : ((ulong)RouteDistinguisherText.VrfIdType << 48) | vrf;
    }
}
