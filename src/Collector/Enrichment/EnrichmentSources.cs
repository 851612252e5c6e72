using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Enrichment.GeoIp;
using Collector.Enrichment.Networks;
using Collector.Enrichment.Origins;

namespace Collector.Enrichment;

/// <summary>What all workers resolve records with: networks_file, ROAs, places, the routes of the BGP peers.</summary>
/// <remarks>Tables are immutable and swapped whole at a reload; a worker takes them once per batch. Any thread may read.</remarks>
public sealed class EnrichmentSources
{
    private readonly EnrichmentOptions _options;
    private volatile NetworkTable _networks = NetworkTable.Empty;
    private volatile RoaTable? _roas;
    private volatile GeoDatabase? _places;

    /// <summary>Makes sources without networks, ROAs and places; <see cref="Load"/> reads them.</summary>
    /// <param name="options">Names the files.</param>
    /// <param name="routes">The routes of the BGP peers, or null without a BGP speaker.</param>
    /// <param name="localAs">The AS number of the speaker; 0: that of each peer.</param>
    public EnrichmentSources(EnrichmentOptions options, RouteTable? routes = null, uint localAs = 0) => (_options, Routes, LocalAs) = (options, routes, localAs);

    /// <summary>The routes of the BGP peers, or null.</summary>
    public RouteTable? Routes { get; }

    /// <summary>The AS number of the speaker; 0: that of each peer.</summary>
    public uint LocalAs { get; }

    /// <summary>The networks of networks_file.</summary>
    public NetworkTable Networks => _networks;

    /// <summary>The ROAs; null when no file is configured.</summary>
    public RoaTable? Roas => _roas;

    /// <summary>The places of a GeoIP database; null when no file is configured.</summary>
    public GeoDatabase? Places => _places;

    /// <summary>True when there are files to read.</summary>
    public bool HasFiles => _options.NetworksFile is not null || _options.RoasFile is not null || _options.GeoIpFile is not null;

    /// <summary>Reads the files, at start and again at each reload. A file that cannot be used leaves the table of before.</summary>
    /// <returns>What was found, file by file; <see cref="FindingSeverity.Error"/> where the old table stays.</returns>
    public IReadOnlyList<Finding> Load()
    {
        List<Finding> found = [];
        if (_options.NetworksFile is { } networks)
        {
            var findings = new Findings(networks);
            _networks = NetworksFile.Read(networks, findings) ?? _networks;
            found.AddRange(findings.All);
        }

        if (_options.RoasFile is { } roas)
        {
            var findings = new Findings(roas);
            _roas = RoasFile.Read(roas, findings) ?? _roas;
            found.AddRange(findings.All);
        }

        if (_options.GeoIpFile is { } places)
        {
            var findings = new Findings(places);
            _places = GeoDatabaseFile.Read(places, findings) ?? _places;
            found.AddRange(findings.All);
        }

        return found;
    }

    /// <summary>What was read from each file.</summary>
    public IEnumerable<(string File, int Count, string What)> Contents
    {
        get
        {
            if (_options.NetworksFile is { } networks)
            {
                yield return (networks, _networks.Count, "networks");
            }

            if (_options.RoasFile is { } roas)
            {
                yield return (roas, _roas?.Count ?? 0, "ROAs");
            }

            if (_options.GeoIpFile is { } places)
            {
                yield return (places, _places?.Count ?? 0, _places is { } database ? $"places ({database.Description})" : "places");
            }
        }
    }

    /// <summary>Replaces the networks, as a reload does.</summary>
    internal void Use(NetworkTable networks) => _networks = networks;

    /// <summary>Replaces the ROAs, as a reload does.</summary>
    internal void Use(RoaTable roas) => _roas = roas;
}
