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
    private readonly Dictionary<string, NetworkTableFile> _networks = [];
    private readonly NetworkTableFile _none = new();
    private volatile RoaTable? _roas;
    private volatile GeoDatabase? _places;

    /// <summary>Makes sources without networks, ROAs and places; <see cref="Load"/> reads them.</summary>
    /// <param name="options">Names the files.</param>
    /// <param name="routes">The routes of the BGP peers, or null without a BGP speaker.</param>
    /// <param name="localAs">The AS number of the speaker; 0: that of each peer.</param>
    public EnrichmentSources(EnrichmentOptions options, RouteTable? routes = null, uint localAs = 0)
    {
        (_options, Routes, LocalAs) = (options, routes, localAs);
        Add(options.NetworksFile);
    }

    /// <summary>The same with the files that outputs name for themselves.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="routes">The routes of the BGP peers, or null without a BGP speaker.</param>
    public EnrichmentSources(CollectorOptions options, RouteTable? routes = null)
        : this(options.Enrichment, routes, options.Bgp.Speaker.LocalAs)
    {
        foreach (OutputOptions output in options.Outputs)
        {
            Add(options.NetworksOf(output).File);
        }
    }

    /// <summary>The routes of the BGP peers, or null.</summary>
    public RouteTable? Routes { get; }

    /// <summary>The AS number of the speaker; 0: that of each peer.</summary>
    public uint LocalAs { get; }

    /// <summary>The networks of the networks_file at the root.</summary>
    public NetworkTable Networks => NetworksOf(_options.NetworksFile).Current;

    /// <summary>The ROAs; null when no file is configured.</summary>
    public RoaTable? Roas => _roas;

    /// <summary>The places of a GeoIP database; null when no file is configured.</summary>
    public GeoDatabase? Places => _places;

    /// <summary>True when there are files to read.</summary>
    public bool HasFiles => _networks.Count > 0 || _options.RoasFile is not null || _options.GeoIpFile is not null;

    /// <summary>Reads the files, at start and again at each reload. A file that cannot be used leaves the table of before.</summary>
    /// <returns>What was found, file by file; <see cref="FindingSeverity.Error"/> where the old table stays.</returns>
    public IReadOnlyList<Finding> Load()
    {
        List<Finding> found = [];
        foreach ((string networks, NetworkTableFile table) in _networks)
        {
            var findings = new Findings(networks);
            table.Current = NetworksFile.Read(networks, findings) ?? table.Current;
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
            foreach ((string networks, NetworkTableFile table) in _networks)
            {
                yield return (networks, table.Current.Count, "networks");
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

    /// <summary>Replaces the networks of the root, as a reload does.</summary>
    internal void Use(NetworkTable networks) => NetworksOf(_options.NetworksFile).Current = networks;

    /// <summary>The networks of a file that the configuration names; none for null.</summary>
    internal NetworkTableFile NetworksOf(string? file) => file is null ? _none : _networks[file];

    private void Add(string? file)
    {
        if (file is not null)
        {
            _networks.TryAdd(file, new NetworkTableFile());
        }
    }

    /// <summary>Replaces the ROAs, as a reload does.</summary>
    internal void Use(RoaTable roas) => _roas = roas;
}
