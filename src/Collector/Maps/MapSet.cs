using Collector.Configuration;
using Collector.Flows;
using Collector.Hosting;

namespace Collector.Maps;

/// <summary>All map files of a configuration: loaded at start, reloaded on SIGUSR2 and SIGHUP, each replaced whole in one step.</summary>
/// <remarks>Made and reloaded by one thread at a time; the maps themselves are read by any.</remarks>
public sealed class MapSet
{
    private readonly List<IMapFile> _files = [];

    /// <summary>Names the files; nothing is read before <see cref="Load"/>.</summary>
    public MapSet(CollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MapOptions maps = options.Maps;
        Sampling = Add("sampling_map", maps.Sampling, SamplingMap.Read);
        BgpAgent = Add("bgp_agent_map", maps.BgpAgent, BgpAgentMap.Read);
        BgpPeerSourceAs = Add("bgp_peer_src_as_map", maps.BgpPeerSourceAs, BgpSourceMap.Read);
        BgpSourceLocalPreference = Add("bgp_src_local_pref_map", maps.BgpSourceLocalPreference, BgpSourceMap.Read);
        BgpSourceMed = Add("bgp_src_med_map", maps.BgpSourceMed, BgpSourceMap.Read);
        BgpPeerDestination = Add("bgp_peer_dst_ip_map", maps.BgpPeerDestination, BgpPeerDestinationMap.Read);
        FlowToRd = Add("flow_to_rd_map", maps.FlowToRd, FlowToRdMap.Read);
        Allowed = Add("allow_file", maps.AllowFile, AddressList.Read);

        MapFile<T>? Add<T>(string key, string? path, Func<TextReader, Findings, T> read)
            where T : class
        {
            if (path is null)
            {
                return null;
            }

            var file = new MapFile<T>(key, path, maps.Lenient, read);
            _files.Add(file);
            return file;
        }
    }

    /// <summary>sampling_map; null when the configuration names none, as with all others.</summary>
    public MapFile<SamplingMap>? Sampling { get; }

    /// <summary>bgp_agent_map.</summary>
    public MapFile<BgpAgentMap>? BgpAgent { get; }

    /// <summary>bgp_peer_src_as_map.</summary>
    public MapFile<BgpSourceMap>? BgpPeerSourceAs { get; }

    /// <summary>bgp_src_local_pref_map.</summary>
    public MapFile<BgpSourceMap>? BgpSourceLocalPreference { get; }

    /// <summary>bgp_src_med_map.</summary>
    public MapFile<BgpSourceMap>? BgpSourceMed { get; }

    /// <summary>bgp_peer_dst_ip_map.</summary>
    public MapFile<BgpPeerDestinationMap>? BgpPeerDestination { get; }

    /// <summary>flow_to_rd_map.</summary>
    public MapFile<FlowToRdMap>? FlowToRd { get; }

    /// <summary>Exporters that are let in (nfacctd_allow_file).</summary>
    public MapFile<AddressList>? Allowed { get; }

    /// <summary>All files, in the order in which they are loaded.</summary>
    public IReadOnlyList<IMapFile> Files => _files;

    /// <summary>Fields of records that the maps may read, whatever a reload brings.</summary>
    public FlowFieldSet Fields => Files.Count == 0 ? FlowFieldSet.Of() : FlowFieldSet.All;

    /// <summary>Makes the set and reads all files.</summary>
    /// <exception cref="CannotStartException">A file cannot be used; the message has every error with file and line.</exception>
    public static MapSet LoadOrRefuse(CollectorOptions options)
    {
        var maps = new MapSet(options);
        IReadOnlyList<Finding> findings = maps.Load();
        Finding[] errors = [.. findings.Where(f => f.Severity == FindingSeverity.Error)];
        maps.Warnings = [.. findings.Except(errors).Select(f => f.ToString())];
        return errors.Length == 0 ? maps : throw new CannotStartException(string.Join('\n', errors));
    }

    /// <summary>What was found at start and is no error, each with file and line.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Reads all files.</summary>
    /// <returns>What was found; with an error among it the collector must not start, or, at a reload, the files with errors stay as they were.</returns>
    public IReadOnlyList<Finding> Load()
    {
        var findings = new List<Finding>();
        foreach (IMapFile file in _files)
        {
            file.Load(findings);
        }

        return findings;
    }
}
