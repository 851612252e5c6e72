using System.Buffers.Binary;
using System.Text;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Enrichment.Networks;
using Collector.Flows;
using Collector.Maps;
using Collector.Net;

namespace Collector.Tests.Enrichment;

/// <summary>A route table with peers and routes written as text, and a worker's enricher over it.</summary>
internal sealed class RouteRig : IDisposable
{
    private readonly ReceivedAttributes _received = new();
    private string? _folder;

    public RouteTable Routes { get; } = new(new RouteTableOptions(), TimeProvider.System);

    public ValueTable Values { get; } = new();

    public FlowEnricher? Enricher { get; private set; }

    /// <summary>The maps of enrichers made from now on.</summary>
    public MapSet? Maps { get; private set; }

    /// <summary>A map file with this content.</summary>
    public string MapOf(string lines)
    {
        _folder ??= Directory.CreateTempSubdirectory("route-rig-").FullName;
        string path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllText(path, lines);
        return path;
    }

    /// <summary>Loads maps.</summary>
    public void Map(Func<MapOptions, MapOptions> files) => Maps = MapSet.LoadOrRefuse(new CollectorOptions { Maps = files(new MapOptions()) }, []);

    /// <summary>An established peer.</summary>
    public AdjRibIn Peer(string address, string? routerId = null, uint asNumber = 65001, ushort port = 0, params RouteFamily[] addPath)
    {
        lock (Routes.WriterLock)
        {
            return Routes.AddPeer(new PeerDescription
            {
                Address = IpAddress.Parse(address),
                RouterId = IpAddress.Parse(routerId ?? address),
                AsNumber = asNumber,
                Port = port,
                AddPathFamilies = (byte)addPath.Sum(f => 1 << (int)f),
            })!;
        }
    }

    /// <summary>Announces a route; the path is written as pmacct prints it, without confederation sets.</summary>
    public void Announce(
        AdjRibIn peer,
        string prefix,
        string path = "",
        string nextHop = "10.0.0.254",
        uint localPreference = 100,
        uint med = 0,
        string communities = "",
        string large = "",
        uint pathId = 0,
        ulong rd = 0,
        RouteFamily? family = null)
    {
        _received.Clear();
        _received.NextHop = IpAddress.Parse(nextHop);
        _received.LocalPreference = localPreference;
        _received.Med = med;
        _received.Present = AttributeFlags.NextHop | AttributeFlags.LocalPreference | AttributeFlags.Med | AttributeFlags.AsPath;
        byte[] canonical = PathBytes(path);
        canonical.CopyTo(_received.SetAsPath(canonical.Length));
        byte[] standard = [.. Words(communities).SelectMany(c => Numbers(c, ':').SelectMany(n => Big((ushort)n)))];
        standard.CopyTo(_received.SetStandardCommunities(standard.Length));
        byte[] larges = [.. Words(large).SelectMany(c => Numbers(c, ':').SelectMany(Big))];
        larges.CopyTo(_received.SetLargeCommunities(larges.Length));
        IpPrefix.TryParse(prefix, out IpPrefix network);
        var nlri = new Nlri
        {
            Family = family ?? (network.IsIPv4 ? RouteFamily.IPv4Unicast : RouteFamily.IPv6Unicast),
            Prefix = network.Address,
            Length = network.Length,
            PathId = pathId,
            RouteDistinguisher = rd,
        };
        lock (Routes.WriterLock)
        {
            uint attributes = Routes.Attributes.Intern(_received);
            peer.Announce(nlri, attributes);
            Routes.Attributes.Release(attributes);
        }
    }

    /// <summary>Enriches one record as a worker would.</summary>
    public FlowRecord Enrich(EnrichmentOptions options, FlowRecord record, string? networks = null, bool pmacct17 = true)
    {
        Use(options, networks, pmacct17);
        FlowRecord[] records = [record];
        Enricher!.Enrich(records);
        return records[0];
    }

    /// <summary>Makes the enricher that <see cref="Enricher"/> shows.</summary>
    public EnrichmentSources Use(EnrichmentOptions options, string? networks = null, bool pmacct17 = true, uint localAs = 0)
    {
        Enricher?.Dispose();
        if (networks is not null)
        {
            options = options with { NetworksFile = "networks.lst" };
        }

        var sources = new EnrichmentSources(options, Routes, localAs);
        if (networks is not null)
        {
            sources.Use(NetworksFile.Read(new StringReader(networks), new Findings("networks.lst"))!);
        }

        Enricher = new FlowEnricher(new CollectorOptions { Enrichment = options, Pmacct17 = pmacct17 }, FlowFieldSet.All, sources, Values, Maps);
        return sources;
    }

    /// <summary>The text behind a handle of the record.</summary>
    public string Text(uint handle) => Encoding.UTF8.GetString(Values.Snapshot[handle]);

    /// <summary>A record between two addresses.</summary>
    public static FlowRecord Flow(string source, string destination, string exporter = "192.0.2.1", byte sourceMask = 0, byte destinationMask = 0)
    {
        var from = IpAddress.Parse(source);
        return new FlowRecord
        {
            SourceAddress = from,
            DestinationAddress = IpAddress.Parse(destination),
            Family = from.IsIPv4 ? FlowFamily.IPv4 : FlowFamily.IPv6,
            ExporterAddress = IpAddress.Parse(exporter),
            SourceMask = sourceMask,
            DestinationMask = destinationMask,
            ExportVersion = 9,
        };
    }

    public void Dispose()
    {
        Enricher?.Dispose();
        Routes.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static byte[] PathBytes(string path)
    {
        List<byte> bytes = [];
        foreach (string part in path.Replace(" ", "_", StringComparison.Ordinal).Split('_', StringSplitOptions.RemoveEmptyEntries))
        {
            uint[] numbers = [.. Numbers(part.Trim('{', '}', '(', ')', '[', ']'), ',')];
            bytes.Add(part[0] switch { '{' => 1, '(' => 3, '[' => 4, _ => 2 });
            bytes.Add((byte)numbers.Length);
            bytes.AddRange(numbers.SelectMany(Big));
        }

        return [.. bytes];
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<uint> Numbers(string text, char separator) => text.Split(separator).Select(uint.Parse);

    private static byte[] Big(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Big(ushort number) => [(byte)(number >> 8), (byte)number];
}
