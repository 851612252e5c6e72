using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Enrichment.Networks;
using Collector.Enrichment.Routes;
using Collector.Flows;
using Collector.Maps;
using Collector.Net;
using Collector.Output;

namespace Collector.Enrichment.Explanations;

/// <summary>Tells why a flow gets the AS numbers that it gets: it sends a record through an enricher of its own and puts what happened into words.</summary>
/// <remarks>Any thread; each call makes what it needs and gives it back. For people, not for the hot path.</remarks>
public sealed class FlowExplainer
{
    private readonly CollectorOptions _options;
    private readonly EnrichmentSources _sources;
    private readonly MapSet? _maps;

    /// <summary>Makes an explainer of the running configuration.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="sources">What the workers resolve records with.</param>
    /// <param name="maps">The maps in force; null for none.</param>
    public FlowExplainer(CollectorOptions options, EnrichmentSources sources, MapSet? maps) => (_options, _sources, _maps) = (options, sources, maps);

    /// <summary>Explains a flow.</summary>
    /// <param name="exporter">The exporter address (peer_src_ip).</param>
    /// <param name="source">src_host.</param>
    /// <param name="destination">dst_host, of the same family.</param>
    public Explanation Explain(IpAddress exporter, IpAddress source, IpAddress destination)
    {
        FlowFamily family = source.IsIPv4 && destination.IsIPv4 ? FlowFamily.IPv4 : FlowFamily.IPv6;
        return Explain(new FlowRecord
        {
            ExporterAddress = exporter,
            SourceAddress = source,
            DestinationAddress = destination,
            Family = family,
            ExportVersion = 9,
        });
    }

    /// <summary>Explains a record as a decoder leaves it: masks, next hop, interfaces, VPN and AS numbers count too.</summary>
    public Explanation Explain(FlowRecord decoded)
    {
        var values = new ValueTable();
        using var enricher = new FlowEnricher(_options, FlowFieldSet.All, _sources, values, _maps);
        FlowRecord[] records = [decoded];
        enricher.Enrich(records);
        FlowRecord result = records[0];
        FlowRoutes routes = enricher.Routes?.Last ?? default;
        var words = new RouteWords(_options, _sources, _maps, decoded, result, routes, enricher.Routes?.Question ?? default);
        List<ExplanationStep> steps =
        [
            new("exporter", words.Exporter()),
            new("peer", words.Peer()),
            new("source", words.Direction(routes.Source, decoded.SourceAddress, decoded.SourceMask, Attributes(enricher, routes.Source))),
            new("destination", words.Direction(routes.Destination, decoded.DestinationAddress, decoded.DestinationMask, Attributes(enricher, routes.Destination))),
        ];
        if (_options.Enrichment.NetworksFile is { } file)
        {
            steps.Add(new("networks_file", $"{file}: source {InFile(decoded.SourceAddress, decoded.Family)}, destination {InFile(decoded.DestinationAddress, decoded.Family)}"));
        }

        if (_options.Enrichment.GeoIpFile is { } database)
        {
            steps.Add(new("geoipv2_file", $"{database}: source {PlaceText(result.SourceCountry, result.SourcePostalCode, result.SourceCoordinates)}, destination {PlaceText(result.DestinationCountry, result.DestinationPostalCode, result.DestinationCoordinates)}"));
        }

        string Text(uint handle) => Encoding.UTF8.GetString(values.Snapshot[handle]);
        steps.Add(new(
            "result",
            string.Create(
                CultureInfo.InvariantCulture,
                $"src_as {result.SourceAs}, src_net {result.SourceNetwork}/{result.SourceMask}, peer_src_as {result.PeerSourceAs}; dst_as {result.DestinationAs}, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"dst_net {result.DestinationNetwork}/{result.DestinationMask}, peer_dst_as {result.PeerDestinationAs}, as_path '{Text(result.AsPath)}', std_comm '{Text(result.StandardCommunities)}', ")
            + $"peer_dst_ip {(result.NextHopFamily == FlowFamily.None ? "none" : result.NextHop)}, dst_roa {(char)(result.DestinationRoa == 0 ? (byte)'u' : result.DestinationRoa)}"));
        return new Explanation(
            steps,
            result.SourceAs,
            result.DestinationAs,
            result.SourceAs != 0 ? null : words.Reason("src_as", routes.Source, decoded.SourceAddress, enricher.Routes?.LastSourceIsBgp ?? false, enricher.LastByFile.Source),
            result.DestinationAs != 0 ? null : words.Reason("dst_as", routes.Destination, decoded.DestinationAddress, enricher.Routes?.LastDestinationIsBgp ?? false, enricher.LastByFile.Destination));
    }

    private static RouteAttributes? Attributes(FlowEnricher enricher, in RouteAnswer answer) => answer.IsFound ? enricher.Routes!.Attributes(answer) : null;

    private static string PlaceText(uint country, PostalCode code, Coordinates at) => (country, code, at) == default
        ? "unknown"
        : string.Create(CultureInfo.InvariantCulture, $"country '{Text(MemoryMarshal.AsBytes(new Span<uint>(ref country)))}', postal code '{Text(MemoryMarshal.AsBytes(new Span<PostalCode>(ref code)))}', at {at.Latitude}, {at.Longitude}");

    private static string Text(ReadOnlySpan<byte> padded) => Encoding.UTF8.GetString(padded.TrimEnd((byte)0));

    private string InFile(IpAddress address, FlowFamily family) => _sources.Networks.TryFind(address, family == FlowFamily.IPv4, out byte length, out NetworkEntry entry)
        ? string.Create(CultureInfo.InvariantCulture, $"in {IpPrefix.Of(address, length, family == FlowFamily.IPv4)} with AS {entry.OriginAs}, peer AS {entry.PeerAs}")
        : "not in it";
}
