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
        var needs = new RouteNeeds(options.Enrichment, needed);
        _routes = needs.Any && _sources.Routes is { } routes ? new RouteEnricher(options, needs, routes, values ?? new ValueTable(), maps) : null;

        // With routes it is asked before they are looked up, and whatever the outputs read.
        _flowToRd = _routes is null && _routeDistinguisher ? maps?.FlowToRd : null;
        var networks = new NetworkEnricher(options.Enrichment, needed);
        _networks = networks.IsActive ? networks : null;
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

        if (new RouteNeeds(options.Enrichment, needed).Any)
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

        if (new NetworkEnricher(options.Enrichment, needed).NeedsMasks)
        {
            fields = fields.Union(FlowFieldSet.Of(
                FlowField.SourceAddress, FlowField.DestinationAddress, FlowField.SourceMask, FlowField.DestinationMask));
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
        NetworkTable networks = _sources.Networks;
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

            (bool Source, bool Destination) byFile = _networks?.Enrich(ref record, networks) ?? default;
            if (_sourceAs && record.SourceAs == 0)
            {
                AsZero.CountSource(byFile.Source ? AsZeroReason.NetworksFile : Reason(record.Family, _routes?.Last.Source ?? default, _routes?.LastSourceIsBgp ?? false));
            }

            if (_destinationAs && record.DestinationAs == 0)
            {
                AsZero.CountDestination(byFile.Destination ? AsZeroReason.NetworksFile : Reason(record.Family, _routes?.Last.Destination ?? default, _routes?.LastDestinationIsBgp ?? false));
            }

            LastByFile = byFile;
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
