using Collector.Configuration;
using Collector.Enrichment.Networks;
using Collector.Flows;
using Collector.Hosting;
using Collector.Maps.Filters;
using Collector.Maps.PreTag;

namespace Collector.Maps;

/// <summary>All map files of a configuration: loaded at start, reloaded on SIGUSR2 and SIGHUP, each replaced whole in one step.</summary>
/// <remarks>Made and reloaded by one thread at a time; the maps themselves are read by any.</remarks>
public sealed class MapSet
{
    private readonly List<IMapFile> _files = [];
    private readonly OutputMaps?[] _outputs;
    private bool _isRunning;

    /// <summary>Names the files; nothing is read before <see cref="Load"/>.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="outputs">Its outputs, or those of them that run.</param>
    public MapSet(CollectorOptions options, IReadOnlyList<OutputOptions> outputs)
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
        BgpTag = Add("bgp_daemon_tag_map", maps.BgpTag, (text, findings) => BgpTagMap.Read(text, options.Bgp.Outputs.Objects.Text.LabelsAsMap, findings));
        Allowed = Add("allow_file", maps.AllowFile, AddressList.Read);
        var rules = new PreTagRules
        {
            LabelsAreMaps = outputs.Any(o => o.Text.LabelsAsMap),
            DontRecirculate = maps.DontRecirculate,
            OriginsArePeers = NetworkPlan.DecodesPeerAs(options) && options.Enrichment.As is AsSource.Export or AsSource.Longest,
        };
        PreTagMap ReadPreTag(TextReader text, Findings findings)
        {
            PreTagMap map = PreTagMap.Read(text, rules, findings);
            if (_isRunning && map.Fields.Union(Fields) != Fields)
            {
                findings.Error(0, "the map has keys that the one of the start had not (beyond ip, in, out, filter, addresses, ports, MACs and VLANs), and the collector does not read their fields since; restart it for this map");
            }

            return map;
        }

        // A map of all outputs is gone through once a record, as pmacct does with one that is bound to no plugin.
        bool isShared = outputs.Select(o => o.Selection.PreTagMap).Distinct().Count() == 1;
        PreTag = isShared ? Add("pre_tag_map", outputs[0].Selection.PreTagMap, ReadPreTag) : null;
        _outputs = [.. outputs.Select(o => Compile(o.Selection, o.Text.TosAsDscp))];

        OutputMaps? Compile(SelectionOptions selection, bool tosAsDscp)
        {
            var compiled = new OutputMaps
            {
                PreTag = isShared ? null : Add("pre_tag_map", selection.PreTagMap, ReadPreTag),
                TagFilter = selection.TagFilter is { } tags ? TagFilter.Parse(tags) : null,
                Tag2Filter = selection.Tag2Filter is { } tags2 ? TagFilter.Parse(tags2) : null,
                LabelFilter = selection.LabelFilter is { } labels ? LabelFilter.Parse(labels) : null,
                Filter = selection.Filter is { } filter && FilterExpression.TryParse(filter, out FilterExpression? parsed, out _) ? parsed : null,
                PostTag = selection.PostTag,
                PostTag2 = selection.PostTag2,
                Ports = Add("ports_file", selection.PortsFile, NumberList.ReadPorts),
                Protocols = Add("protos_file", selection.ProtocolsFile, NumberList.ReadProtocols),
                Tos = Add("tos_file", selection.TosFile, NumberList.ReadTos),
                TosAsDscp = tosAsDscp,
            };
            return compiled.ChangesRecords || compiled.Filters ? compiled : null;
        }

        MapFile<T>? Add<T>(string key, string? path, Func<TextReader, Findings, T> read)
            where T : class
        {
            if (path is null)
            {
                return null;
            }

            if (_files.FirstOrDefault(f => f.Key == key && f.Path == path) is MapFile<T> known)
            {
                return known;
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

    /// <summary>bgp_daemon_tag_map: for the objects of the BGP speaker, not for flows.</summary>
    public MapFile<BgpTagMap>? BgpTag { get; }

    /// <summary>Exporters that are let in (nfacctd_allow_file).</summary>
    public MapFile<AddressList>? Allowed { get; }

    /// <summary>pre_tag_map, when all outputs have the same; else each output has its own.</summary>
    internal MapFile<PreTagMap>? PreTag { get; }

    /// <summary>True when a tag depends on the order of all records, so that a replay must not share them out between workers.</summary>
    public bool OrderMatters => PreTag?.Current?.Counts == true || _outputs.Any(o => o?.PreTag?.Current?.Counts == true);

    /// <summary>What the output asks of records before they enter; null: nothing.</summary>
    /// <param name="index">Its position among those that the set was made for.</param>
    internal OutputMaps? ForOutput(int index) => _outputs[index];

    /// <summary>All files, in the order in which they are loaded.</summary>
    public IReadOnlyList<IMapFile> Files => _files;

    /// <summary>
    /// Fields of records that the maps read, as they were loaded first, and addresses, ports, protocol and interfaces. A pre_tag_map that asks for
    /// more after a reload is refused then: templates are compiled for what was asked at start.
    /// </summary>
    public FlowFieldSet Fields { get; private set; }

    private FlowFieldSet CurrentFields()
    {
        FlowFieldSet fields = FlowFieldSet.Of();
        foreach (MapFile<PreTagMap> map in _outputs.Select(o => o?.PreTag).Append(PreTag).OfType<MapFile<PreTagMap>>())
        {
            fields = fields.Union(map.Current!.Fields).Union(MatchFields.Always);
        }

        foreach (OutputMaps output in _outputs.OfType<OutputMaps>())
        {
            fields = fields.Union(output.Filter?.Fields ?? fields);
        }

        fields = fields.Union(Sampling?.Current!.Fields ?? fields).Union(BgpAgent?.Current!.Fields ?? fields);
        fields = fields.Union(BgpPeerSourceAs?.Current!.Fields ?? fields).Union(BgpSourceLocalPreference?.Current!.Fields ?? fields);
        fields = fields.Union(BgpSourceMed?.Current!.Fields ?? fields).Union(BgpPeerDestination?.Current!.Fields ?? fields);
        fields = fields.Union(FlowToRd?.Current!.Fields ?? fields);
        fields = Sampling is null ? fields : fields.Union(FlowFieldSet.Of(FlowField.IngressInterface, FlowField.EgressInterface));
        return BgpAgent is null && BgpPeerSourceAs is null && BgpSourceLocalPreference is null && BgpSourceMed is null && FlowToRd is null
            ? fields
            : fields.Union(MatchFields.Always);
    }

    /// <summary>Makes the set and reads all files.</summary>
    /// <exception cref="CannotStartException">A file cannot be used; the message has every error with file and line.</exception>
    public static MapSet LoadOrRefuse(CollectorOptions options, IReadOnlyList<OutputOptions> outputs)
    {
        var maps = new MapSet(options, outputs);
        IReadOnlyList<Finding> findings = maps.Load();
        Finding[] errors = [.. findings.Where(f => f.Severity == FindingSeverity.Error)];
        maps.Warnings = [.. findings.Except(errors).Select(f => f.ToString())];
        maps.Fields = errors.Length == 0 ? maps.CurrentFields() : FlowFieldSet.Of();
        maps._isRunning = errors.Length == 0;
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
