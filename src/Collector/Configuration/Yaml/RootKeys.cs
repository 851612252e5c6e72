using System.Net;
using Collector.Flows;
using Microsoft.Extensions.Logging;

namespace Collector.Configuration.Yaml;

/// <summary>What the root of collector.yaml sets: the collector's own options, and defaults for its outputs.</summary>
internal sealed record RootOptions
{
    public CollectorOptions Collector { get; init; } = new();

    public TextOptions Text { get; init; } = new();

    public FileOutputOptions File { get; init; } = new();

    public KafkaOutputOptions Kafka { get; init; } = new();

    public SFlowCounterOptions Counters { get; init; } = new();

    public YamlValue? Outputs { get; init; }
}

/// <summary>The keys at the root of collector.yaml.</summary>
internal static class RootKeys
{
    private static readonly YamlKeys<LogOptions> Log = new()
    {
        {
            "level",
            (o, v) => o with
            {
                Level = v.Choice(
                    o.Level,
                    ("debug", LogLevel.Debug),
                    ("info", LogLevel.Information),
                    ("warning", LogLevel.Warning),
                    ("error", LogLevel.Error)),
            }
        },
        { "file", (o, v) => o with { File = v.OptionalText(o.File) } },
        { "syslog", (o, v) => o with { Syslog = v.OptionalText(o.Syslog, t => SyslogFacility.Find(t) is not null, SyslogFacility.Choices) } },
        { "syslog_ident", (o, v) => o with { SyslogIdent = v.Text(o.SyslogIdent) } },
        { "timestamps", (o, v) => o with { Timestamps = v.Boolean(o.Timestamps) } },
    };

    private static readonly YamlKeys<HttpOptions> Http = new()
    {
        { "enabled", (o, v) => o with { Enabled = v.Boolean(o.Enabled) } },
        { "listen", (o, v) => o with { Listen = v.EndPoint(o.Listen) } },
    };

    private static readonly YamlKeys<MapOptions> Maps = new()
    {
        { "sampling_map", (o, v) => o with { Sampling = v.OptionalText(o.Sampling) } },
        { "bgp_agent_map", (o, v) => o with { BgpAgent = v.OptionalText(o.BgpAgent) } },
        { "bgp_peer_src_as_map", (o, v) => o with { BgpPeerSourceAs = v.OptionalText(o.BgpPeerSourceAs) } },
        { "bgp_src_local_pref_map", (o, v) => o with { BgpSourceLocalPreference = v.OptionalText(o.BgpSourceLocalPreference) } },
        { "bgp_src_med_map", (o, v) => o with { BgpSourceMed = v.OptionalText(o.BgpSourceMed) } },
        { "bgp_peer_dst_ip_map", (o, v) => o with { BgpPeerDestination = v.OptionalText(o.BgpPeerDestination) } },
        { "flow_to_rd_map", (o, v) => o with { FlowToRd = v.OptionalText(o.FlowToRd) } },
        { "bgp_daemon_tag_map", (o, v) => o with { BgpTag = v.OptionalText(o.BgpTag) } },
        { "allow_file", (o, v) => o with { AllowFile = v.OptionalText(o.AllowFile) } },
        { "dont_recirculate", (o, v) => o with { DontRecirculate = v.Boolean(o.DontRecirculate) } },
        { "refresh", (o, v) => o with { Refresh = v.Boolean(o.Refresh) } },
        { "lenient", (o, v) => o with { Lenient = v.Boolean(o.Lenient) } },
    };

    private static readonly YamlKeys<CollectorOptions> Collector = new()
    {
        { "listen", (o, v) => o with { Listen = v.EndPoints(o.Listen) } },
        { "protocols", (o, v) => o with { Protocols = Protocols(v, o.Protocols) } },
        { "interface", (o, v) => o with { Sockets = o.Sockets with { Interface = v.OptionalText(o.Sockets.Interface) } } },
        { "ipv6_only", (o, v) => o with { Sockets = o.Sockets with { IPv6Only = v.Boolean(o.Sockets.IPv6Only) } } },
        { "multicast_groups", (o, v) => o with { Sockets = o.Sockets with { MulticastGroups = MulticastGroups(v) } } },
        { "share_port", (o, v) => o with { SharePort = v.Boolean(o.SharePort) } },
        { "workers", (o, v) => o with { Workers = v.IntegerOrAuto(o.Workers, o.Workers, 1, 1_024) } },
        { "receive_buffer", (o, v) => o with { ReceiveBufferBytes = (int)v.Bytes(o.ReceiveBufferBytes, 1, 1 << 30) } },
        { "renormalize", (o, v) => o with { Renormalize = v.Boolean(o.Renormalize) } },
        { "ext_sampling_rate", (o, v) => o with { ExternalSamplingRate = (uint)v.Integer((int)o.ExternalSamplingRate, 0, int.MaxValue) } },
        { "time_new", (o, v) => o with { TimeNew = v.Boolean(o.TimeNew) } },
        { "time_secs", (o, v) => o with { UptimesInSeconds = v.Boolean(o.UptimesInSeconds) } },
        { "time_export", (o, v) => o with { TimeExport = v.Boolean(o.TimeExport) } },
        { "late_limit", (o, v) => o with { LateLimitSeconds = v.Seconds(o.LateLimitSeconds, 0, 366 * 86_400) } },
        { "future_limit", (o, v) => o with { FutureLimitSeconds = v.Seconds(o.FutureLimitSeconds, 0, 366 * 86_400) } },
        { "replace_wrong_clock", (o, v) => o with { ReplaceWrongClock = v.Boolean(o.ReplaceWrongClock) } },
        { "order_flow_times", (o, v) => o with { OrderFlowTimes = v.Boolean(o.OrderFlowTimes) } },
        { "netflow5_wide_sampling", (o, v) => o with { NetFlow5WideSampling = v.Boolean(o.NetFlow5WideSampling) } },
        { "discard_without_next_hop", (o, v) => o with { DiscardWithoutNextHop = v.Boolean(o.DiscardWithoutNextHop) } },
        { "biflow", (o, v) => o with { BothDirections = v.Choice(o.BothDirections, ("forward", false), ("both", true)) } },
        {
            "nsel_counters",
            (o, v) => o with { Nsel = v.Choice(o.Nsel, ("none", NselCounters.None), ("pmacct", NselCounters.Pmacct), ("both", NselCounters.Both)) }
        },
        { "use_ip_next_hop", (o, v) => o with { UseIpNextHop = v.Boolean(o.UseIpNextHop) } },
        { "ignore_exporter_address", (o, v) => o with { IgnoreExporterAddress = v.Boolean(o.IgnoreExporterAddress) } },
        { "aggregate_unknown_etype", (o, v) => o with { AggregateUnknownEtherType = v.Boolean(o.AggregateUnknownEtherType) } },
        { "sflow_interface_indexes", (o, v) => o with { SFlowInterfaceIndexes = v.Boolean(o.SFlowInterfaceIndexes) } },
        { "sflow_ip_octets", (o, v) => o with { SFlowIpOctets = v.Boolean(o.SFlowIpOctets) } },
        { "sflow_own_as", (o, v) => o with { SFlowOwnAs = v.Boolean(o.SFlowOwnAs) } },
        { "sflow_effective_interval", (o, v) => o with { SFlowEffectiveInterval = v.Boolean(o.SFlowEffectiveInterval) } },
        { "custom_primitives", (o, v) => o with { CustomPrimitives = CustomPrimitiveKeys.Read(v) } },
        { "account_options", (o, v) => o with { AccountOptions = v.Boolean(o.AccountOptions) } },
        { "disable_opt_scope_check", (o, v) => o with { DisableOptionsScopeCheck = v.Boolean(o.DisableOptionsScopeCheck) } },
        { "pmacct_version", (o, v) => o with { Pmacct17 = v.Choice(o.Pmacct17, ("1.7", true), ("1.8", false)) } },
        { "max_sources", (o, v) => o with { MaxSources = v.Integer(o.MaxSources, 1, 1 << 24) } },
        { "max_templates_per_domain", (o, v) => o with { MaxTemplatesPerDomain = v.Integer(o.MaxTemplatesPerDomain, 1, 65_536) } },
        { "template_lifetime", (o, v) => o with { TemplateLifetimeSeconds = v.Seconds(o.TemplateLifetimeSeconds, 1, 31 * 86_400) } },
        { "template_wait", (o, v) => o with { TemplateWaitSeconds = v.Seconds(o.TemplateWaitSeconds, 0, 86_400) } },
        { "saved_template_age", (o, v) => o with { SavedTemplateAgeSeconds = v.Seconds(o.SavedTemplateAgeSeconds, 0, 366 * 86_400) } },
        { "discard_suspect_sets", (o, v) => o with { DiscardSuspectSets = v.Boolean(o.DiscardSuspectSets) } },
        { "state_directory", (o, v) => o with { StateDirectory = v.OptionalText(o.StateDirectory) } },
        { "memory_limit", (o, v) => o with { MemoryLimitBytes = v.Node is YamlScalar { Text: "auto" } ? 0 : v.Bytes(o.MemoryLimitBytes, 64L << 20, 1L << 46) } },
        { "core_proc_name", (o, v) => o with { PmacctCoreName = v.OptionalText(o.PmacctCoreName) } },
        { "disable_checks", (o, v) => o with { PmacctDisableChecks = v.Boolean(o.PmacctDisableChecks) } },
        { "files_umask", (o, v) => o with { FilesUmask = Number(o.FilesUmask, v, UmaskText.TryParse, UmaskText.Choices) } },
        { "files_uid", (o, v) => o with { FilesUser = Number(o.FilesUser, v, AccountText.TryParseUser, AccountText.UserChoices) } },
        { "files_gid", (o, v) => o with { FilesGroup = Number(o.FilesGroup, v, AccountText.TryParseGroup, AccountText.GroupChoices) } },
        { "pid_file", (o, v) => o with { PidFile = v.OptionalText(o.PidFile) } },
        { "bgp", (o, v) => o with { Bgp = BgpKeys.Section(o.Bgp, v) } },
        { "http", (o, v) => o with { Http = OutputKeys.Section(Http, o.Http, v) } },
        { "maps", (o, v) => o with { Maps = OutputKeys.Section(Maps, o.Maps, v) } },
        { "log", (o, v) => o with { Log = OutputKeys.Section(Log, o.Log, v) } },
    };

    private static readonly YamlKeys<KafkaOutputOptions> CounterKafka = ObjectKafkaKeys.With((value, fallback) => value.OptionalText(fallback));

    private static readonly YamlKeys<SFlowCounterOptions> Counters = new()
    {
        { "file", (o, v) => o with { File = v.OptionalText(o.File) } },
        { "kafka", (o, v) => o with { Kafka = OutputKeys.Section(CounterKafka, o.Kafka ?? ObjectKafkaKeys.None, v) } },
    };

    /// <summary>All keys of the root.</summary>
    public static YamlKeys<RootOptions> All { get; } = new YamlKeys<RootOptions>()
    {
        { "file", (r, v) => r with { File = OutputKeys.Section(OutputKeys.File, r.File, v) } },
        { "kafka", (r, v) => r with { Kafka = OutputKeys.Section(OutputKeys.Kafka, r.Kafka, v) } },
        { "sflow_counters", (r, v) => r with { Counters = OutputKeys.Section(Counters, r.Counters, v) } },
        { "outputs", (r, v) => r with { Outputs = v } },
    }
        .With(Collector, r => r.Collector, (r, c) => r with { Collector = c })
        .With(EnrichmentKeys.Networks, r => NetworkRules.Of(r.Collector), (r, n) => r with { Collector = r.Collector with { Enrichment = n.Over(r.Collector.Enrichment), PeerAs = n.PeerAs } })
        .With(EnrichmentKeys.All, r => r.Collector.Enrichment, (r, e) => r with { Collector = r.Collector with { Enrichment = e } })
        .With(OutputKeys.Text, r => r.Text, (r, t) => r with { Text = t });

    private static FlowProtocols Protocols(YamlValue value, FlowProtocols fallback)
    {
        FlowProtocols protocols = FlowProtocols.None;
        foreach ((string text, _) in value.Words())
        {
            protocols |= text switch { "netflow" => FlowProtocols.NetFlow, "sflow" => FlowProtocols.SFlow, _ => FlowProtocols.None };
            if (text is not ("netflow" or "sflow"))
            {
                value.Refuse("netflow (which means IPFIX too), sflow, or both");
                return fallback;
            }
        }

        return protocols == FlowProtocols.None ? fallback : protocols;
    }

    private delegate bool TryParse(string text, out int number);

    private static int? Number(int? fallback, YamlValue value, TryParse parse, string choices)
    {
        if (value.OptionalText(null) is not { } text)
        {
            return null;
        }

        if (parse(text, out int number))
        {
            return number;
        }

        value.Refuse(choices);
        return fallback;
    }

    private static IReadOnlyList<IPAddress> MulticastGroups(YamlValue value)
    {
        List<IPAddress> groups = [];
        foreach ((string text, int line) in value.Words())
        {
            if (SocketOptions.TryParseGroup(text, out IPAddress group))
            {
                groups.Add(group);
            }
            else
            {
                value.Findings.Error(line, $"{value.Path}: '{text}' is no multicast group; write an address such as 239.1.1.1 or \"ff05::1\"");
            }
        }

        return groups;
    }

    /// <summary>Paths of all keys, sections included, for the test that holds the shipped file and the loader together.</summary>
    public static IEnumerable<string> Paths =>
    [
        .. All,
        .. BgpKeys.All.Select(k => $"bgp.{k}"),
        .. BgpOutputKeys.MessageLog.Select(k => $"bgp.message_log.{k}"),
        .. BgpOutputKeys.TableDump.Select(k => $"bgp.table_dump.{k}"),
        .. BgpOutputKeys.Kafka.SelectMany(k => new[] { $"bgp.message_log.kafka.{k}", $"bgp.table_dump.kafka.{k}" }),
        .. Http.Select(k => $"http.{k}"),
        .. Counters.Select(k => $"sflow_counters.{k}"),
        .. CounterKafka.Select(k => $"sflow_counters.kafka.{k}"),
        .. Log.Select(k => $"log.{k}"),
        .. Maps.Select(k => $"maps.{k}"),
        .. OutputKeys.File.Select(k => $"file.{k}"),
        .. OutputKeys.Kafka.Select(k => $"kafka.{k}"),
    ];
}
