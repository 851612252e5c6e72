using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Enrichment.Origins;
using Collector.Flows;
using Collector.Maps;
using Collector.Net;

namespace Collector.Enrichment.Routes;

/// <summary>Fills a record from the routes of its exporter's BGP peer (pmacct-compat §4.3, §4.4).</summary>
/// <remarks>One per worker. Does only what the configuration asks for; nothing allocates.</remarks>
internal sealed class RouteEnricher : IDisposable
{
    /// <summary>Records whose routes are fetched together: source and destination of each.</summary>
    public const int RecordsPrefetched = RouteReader.MaxPrefetched / 2;

    private readonly EnrichmentOptions _options;
    private readonly RouteReader _reader;
    private readonly RouteResolution _resolution;
    private readonly AttributeTexts _texts;
    private readonly CommunityAsNumbers _communityAs;
    private readonly RouteNeeds _needs;
    private readonly RouteMaps? _maps;
    private readonly bool _pmacct17;
    private readonly IpAddress[] _fours = new IpAddress[RouteReader.MaxPrefetched], _sixes = new IpAddress[RouteReader.MaxPrefetched];

    public RouteEnricher(CollectorOptions options, RouteNeeds needs, RouteTable routes, ValueTable values, MapSet? maps)
    {
        _maps = maps is null ? null : new RouteMaps(maps, options.Enrichment);
        _options = options.Enrichment;
        _needs = needs;
        _reader = routes.CreateReader();
        _resolution = new RouteResolution(_reader, _options);
        _texts = new AttributeTexts(_reader, values, _options);
        _communityAs = new CommunityAsNumbers(_reader, _options);

        _pmacct17 = options.Pmacct17;
    }

    /// <summary>What was found for the record enriched last.</summary>
    public FlowRoutes Last;

    /// <summary>What was asked for the record enriched last.</summary>
    public RouteQuestion Question;

    /// <summary>The attributes of an answer of the record enriched last.</summary>
    public ref readonly RouteAttributes Attributes(in RouteAnswer answer) => ref _reader.Attributes(answer.Route);

    /// <summary>True when the source's AS of the record enriched last is that of a route.</summary>
    public bool LastSourceIsBgp { get; private set; }

    /// <summary>True when the destination's AS of the record enriched last is that of a route.</summary>
    public bool LastDestinationIsBgp { get; private set; }

    /// <summary>Between batches: no answer of before is used any more.</summary>
    public void Quiesce() => _reader.Quiesce();

    /// <summary>Before a batch: takes the maps in force.</summary>
    public void Begin()
    {
        _reader.Quiesce();
        _maps?.Refresh();
    }

    /// <summary>Fetches what the lookups of the next records will wait for, all at once; they mostly have one exporter, so the peer of the last one is taken for theirs.</summary>
    /// <param name="records">The records that follow; at most <see cref="RecordsPrefetched"/> are looked at.</param>
    public void Prefetch(ReadOnlySpan<FlowRecord> records)
    {
        int peer = Last.Peer.Index, fours = 0, sixes = 0;
        for (int i = 0; i < records.Length && i < RecordsPrefetched; i++)
        {
            ref readonly FlowRecord record = ref records[i];
            if (record.Family == FlowFamily.IPv4)
            {
                Take(_fours, ref fours, record);
            }
            else if (record.Family == FlowFamily.IPv6)
            {
                Take(_sixes, ref sixes, record);
            }
        }

        if (fours > 0)
        {
            _reader.Prefetch(peer, RouteFamily.IPv4Unicast, _fours.AsSpan(0, fours));
        }

        if (sixes > 0)
        {
            _reader.Prefetch(peer, RouteFamily.IPv6Unicast, _sixes.AsSpan(0, sixes));
        }
    }

    public void Enrich(ref FlowRecord record, RoaTable? roas)
    {
        if (record.Family == FlowFamily.None)
        {
            Last = default;
            (LastSourceIsBgp, LastDestinationIsBgp) = (false, false);
            return;
        }

        RouteQuestion question = _maps?.Question(ref record)
            ?? new RouteQuestion(record.ExporterAddress, 0, record.RouteDistinguisher, false, record.NextHop, record.NextHopFamily != FlowFamily.None);
        Question = question;
        _resolution.Resolve(record, question, _needs.Source, _needs.Destination, out Last);

        // Ties go to BGP.
        bool source = Last.Source.IsFound && (_options.As == AsSource.Bgp || Last.Source.Route.Length >= ComparedMask(record.SourceMask, record.Family));
        bool destination = Last.Destination.IsFound
            && (_options.As == AsSource.Bgp || Last.Destination.Route.Length >= ComparedMask(record.DestinationMask, record.Family));
        if (_options.PeerSourceAs != SourceAttributeType.None)
        {
            record.PeerSourceAs = 0;
        }

        (LastSourceIsBgp, LastDestinationIsBgp) = (_needs.As && source, _needs.As && destination);
        if (_needs.As)
        {
            FillSource(ref record, source, roas);
            FillDestination(ref record, destination, roas);
        }

        _maps?.Apply(ref record, _reader, Last, _options.PeerAsSkipSubAs);
        if (_needs.Network)
        {
            FillNetworks(ref record);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private void Take(IpAddress[] addresses, ref int count, in FlowRecord record)
    {
        if (_needs.Source)
        {
            addresses[count++] = record.SourceAddress;
        }

        if (_needs.Destination)
        {
            addresses[count++] = record.DestinationAddress;
        }
    }

    // Seen with nfacctd 1.7.7: exported prefix lengths of IPv6 (IE 29, 30) do not keep a shorter BGP route from winning; later releases compare them.
    private byte ComparedMask(byte exported, FlowFamily family) => _pmacct17 && family == FlowFamily.IPv6 ? (byte)0 : exported;

    private void FillSource(ref FlowRecord record, bool use, RoaTable? roas)
    {
        if (!use)
        {
            return;
        }

        ref readonly RouteAttributes attributes = ref _reader.Attributes(Last.Source.Route);
        AsNumbers(attributes, out record.SourceAs, out uint peerAs);
        if (_options.PeerSourceAs == SourceAttributeType.Bgp)
        {
            record.PeerSourceAs = peerAs;
        }

        if (_needs.SourceAttributes)
        {
            record.SourceAsPath = _needs.SourceAsPath ? _texts.AsPath(attributes.AsPath) : 0;
            record.SourceStandardCommunities = _needs.SourceStandardCommunities ? _texts.Communities(attributes.StandardCommunities, CommunityKind.Standard) : 0;
            record.SourceExtendedCommunities = _needs.SourceExtendedCommunities ? _texts.Communities(attributes.ExtendedCommunities, CommunityKind.Extended) : 0;
            record.SourceLargeCommunities = _needs.SourceLargeCommunities ? _texts.Communities(attributes.LargeCommunities, CommunityKind.Large) : 0;
            record.SourceLocalPreference = _options.SourceLocalPreference == SourceAttributeType.Bgp ? attributes.LocalPreference : 0;
            record.SourceMultiExitDiscriminator = _options.SourceMed == SourceAttributeType.Bgp ? attributes.Med : 0;
            record.SourceRoa = _needs.SourceRoa && roas is not null ? Validate(roas, record.SourceAddress, record.Family, Last.Source, attributes) : (byte)0;
        }
    }

    private void FillDestination(ref FlowRecord record, bool use, RoaTable? roas)
    {
        if (!use)
        {
            return;
        }

        ref readonly RouteAttributes attributes = ref _reader.Attributes(Last.Destination.Route);
        AsNumbers(attributes, out record.DestinationAs, out record.PeerDestinationAs);
        record.LocalPreference = attributes.LocalPreference;
        record.MultiExitDiscriminator = attributes.Med;
        if (_needs.DestinationTexts)
        {
            record.AsPath = _needs.AsPath ? _texts.AsPath(attributes.AsPath) : 0;
            record.StandardCommunities = _needs.StandardCommunities ? _texts.Communities(attributes.StandardCommunities, CommunityKind.Standard) : 0;
            record.ExtendedCommunities = _needs.ExtendedCommunities ? _texts.Communities(attributes.ExtendedCommunities, CommunityKind.Extended) : 0;
            record.LargeCommunities = _needs.LargeCommunities ? _texts.Communities(attributes.LargeCommunities, CommunityKind.Large) : 0;
        }

        if (_needs.DestinationRoa && roas is not null)
        {
            record.DestinationRoa = Validate(roas, record.DestinationAddress, record.Family, Last.Destination, attributes);
        }
    }

    private void AsNumbers(in RouteAttributes attributes, out uint originAs, out uint peerAs)
    {
        originAs = attributes.OriginAs;
        peerAs = _options.PeerAsSkipSubAs ? attributes.PeerAsOutsideConfederation : attributes.PeerAs;
        if (originAs == 0 && _communityAs.IsActive)
        {
            _communityAs.Complete(attributes, ref originAs, ref peerAs);
        }
    }

    private void FillNetworks(ref FlowRecord record)
    {
        bool always = _options.Network == NetworkSource.Bgp;
        if (_needs.Source && (always || (Last.Source.IsFound && Last.Source.Route.Length >= ComparedMask(record.SourceMask, record.Family))))
        {
            record.SourceMask = Last.Source.IsFound ? Last.Source.Route.Length : (byte)0;
            record.Flags &= ~FlowRecordFlags.SourceNetworkGiven;
        }

        if (_needs.Destination && (always || (Last.Destination.IsFound && Last.Destination.Route.Length >= ComparedMask(record.DestinationMask, record.Family))))
        {
            record.DestinationMask = Last.Destination.IsFound ? Last.Destination.Route.Length : (byte)0;
            record.Flags &= ~FlowRecordFlags.DestinationNetworkGiven;
            FillNextHop(ref record);
        }
    }

    private void FillNextHop(ref FlowRecord record)
    {
        // pmacct-compat §4.3: 1.7 prints no next hop in records of NetFlow v5, wherever it is from.
        bool isVersion5 = record.ExportVersion == 5 && (record.Flags & FlowRecordFlags.SFlow) == 0;
        if (!Last.Destination.IsFound || (isVersion5 && _pmacct17))
        {
            (record.NextHop, record.NextHopFamily) = (default, FlowFamily.None);
            return;
        }

        record.NextHop = Last.HasFollowedNextHop ? Last.FollowedNextHop : _reader.Attributes(Last.Destination.Route).NextHop;
        record.NextHopFamily = record.NextHop.IsIPv4 ? FlowFamily.IPv4 : FlowFamily.IPv6;
    }

    // As nfacctd: an invalid route is looked at once more with what the same peer has around it.
    private byte Validate(RoaTable roas, IpAddress address, FlowFamily family, in RouteAnswer answer, in RouteAttributes attributes)
    {
        bool isIPv4 = family == FlowFamily.IPv4;
        RoaStatus status = roas.Validate(address, answer.Route.Length, isIPv4, OriginOf(attributes));
        for (int length = answer.Route.Length - 1; status == RoaStatus.Invalid && length >= 0; length--)
        {
            if (!_reader.TryFindShorter(answer.Peer, answer.Family, Question.RouteDistinguisher, address, length, out Route around))
            {
                break;
            }

            length = around.Length;
            status = roas.Validate(address, around.Length, isIPv4, OriginOf(_reader.Attributes(around))) switch
            {
                RoaStatus.Valid => RoaStatus.InvalidWithinValid,
                RoaStatus.Unknown => RoaStatus.InvalidWithinUnknown,
                _ => RoaStatus.Invalid,
            };
        }

        return (byte)status;
    }

    // RFC 6811 §2: the origin of a route with an empty path is the AS of the speaker; a path that ends in a set has none.
    private uint OriginOf(in RouteAttributes attributes)
    {
        ReadOnlySpan<byte> path = _reader.Value(attributes.AsPath);
        if (path.IsEmpty)
        {
            return Last.Peer.AsNumber;
        }

        AsPathSegmentType last = AsPathSegmentType.Sequence;
        while (AsPath.TryReadSegment(ref path, out AsPathSegmentType type, out _))
        {
            last = type;
        }

        return last is AsPathSegmentType.Set or AsPathSegmentType.ConfederationSet ? 0 : attributes.OriginAs;
    }
}
