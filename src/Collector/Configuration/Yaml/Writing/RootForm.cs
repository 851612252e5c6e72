using Collector.Configuration.CustomPrimitives;
using Collector.Flows;
using Microsoft.Extensions.Logging;
using static Collector.Configuration.Yaml.Writing.YamlText;

namespace Collector.Configuration.Yaml.Writing;

/// <summary>All of collector.yaml for given options: what differs from its defaults.</summary>
internal static class RootForm
{
    private static readonly YamlForm<LogOptions> Log = new()
    {
        { "level", o => o.Level switch { <= LogLevel.Debug => "debug", LogLevel.Information => "info", LogLevel.Warning => "warning", _ => "error" } },
        { "file", o => Of(o.File) },
        { "syslog", o => Of(o.Syslog) },
        { "syslog_ident", o => Of(o.SyslogIdent) },
        { "timestamps", o => Of(o.Timestamps) },
    };

    private static readonly YamlForm<HttpOptions> Http = new()
    {
        { "enabled", o => Of(o.Enabled) },
        { "listen", o => Of(o.Listen.ToString()) },
    };

    private static readonly YamlForm<MapOptions> Maps = new()
    {
        { "sampling_map", o => Of(o.Sampling) },
        { "bgp_agent_map", o => Of(o.BgpAgent) },
        { "bgp_peer_src_as_map", o => Of(o.BgpPeerSourceAs) },
        { "bgp_src_local_pref_map", o => Of(o.BgpSourceLocalPreference) },
        { "bgp_src_med_map", o => Of(o.BgpSourceMed) },
        { "bgp_peer_dst_ip_map", o => Of(o.BgpPeerDestination) },
        { "flow_to_rd_map", o => Of(o.FlowToRd) },
        { "bgp_daemon_tag_map", o => Of(o.BgpTag) },
        { "allow_file", o => Of(o.AllowFile) },
        { "dont_recirculate", o => Of(o.DontRecirculate) },
        { "refresh", o => Of(o.Refresh) },
        { "lenient", o => Of(o.Lenient) },
    };

    private static readonly YamlForm<SFlowCounterOptions> Counters = new()
    {
        { "file", o => Of(o.File) },
        { "kafka", BgpForm.CounterKafka, o => o.Kafka ?? BgpForm.NoTopic },
    };

    private static readonly YamlForm<CollectorOptions> Collector = new()
    {
        { "listen", o => List(o.Listen.Select(e => e.ToString())) },
        { "protocols", o => List(new[] { FlowProtocols.NetFlow, FlowProtocols.SFlow }.Where(p => o.Protocols.HasFlag(p)).Select(p => p == FlowProtocols.SFlow ? "sflow" : "netflow")) },
        { "interface", o => Of(o.Sockets.Interface) },
        { "ipv6_only", o => Of(o.Sockets.IPv6Only) },
        { "multicast_groups", o => List(o.Sockets.MulticastGroups.Select(g => g.ToString())) },
        { "share_port", o => Of(o.SharePort) },
        { "workers", o => Of(o.Workers) },
        { "receive_buffer", o => Bytes(o.ReceiveBufferBytes) },
        { "renormalize", o => Of(o.Renormalize) },
        { "ext_sampling_rate", o => Of(o.ExternalSamplingRate) },
        { "time_new", o => Of(o.TimeNew) },
        { "time_secs", o => Of(o.UptimesInSeconds) },
        { "time_export", o => Of(o.TimeExport) },
        { "late_limit", o => Seconds(o.LateLimitSeconds) },
        { "future_limit", o => Seconds(o.FutureLimitSeconds) },
        { "replace_wrong_clock", o => Of(o.ReplaceWrongClock) },
        { "order_flow_times", o => Of(o.OrderFlowTimes) },
        { "netflow5_wide_sampling", o => Of(o.NetFlow5WideSampling) },
        { "discard_without_next_hop", o => Of(o.DiscardWithoutNextHop) },
        { "biflow", o => o.BothDirections ? "both" : "forward" },
        { "nsel_counters", o => o.Nsel switch { NselCounters.Pmacct => "pmacct", NselCounters.Both => "both", _ => "none" } },
        { "use_ip_next_hop", o => Of(o.UseIpNextHop) },
        { "ignore_exporter_address", o => Of(o.IgnoreExporterAddress) },
        { "aggregate_unknown_etype", o => Of(o.AggregateUnknownEtherType) },
        { "sflow_interface_indexes", o => Of(o.SFlowInterfaceIndexes) },
        { "sflow_ip_octets", o => Of(o.SFlowIpOctets) },
        { "sflow_own_as", o => Of(o.SFlowOwnAs) },
        { "sflow_effective_interval", o => Of(o.SFlowEffectiveInterval) },
        { "account_options", o => Of(o.AccountOptions) },
        { "disable_opt_scope_check", o => Of(o.DisableOptionsScopeCheck) },
        { "pmacct_version", o => Of(o.Pmacct17 ? "1.7" : "1.8") },
        { "max_sources", o => Of(o.MaxSources) },
        { "max_templates_per_domain", o => Of(o.MaxTemplatesPerDomain) },
        { "template_lifetime", o => Seconds(o.TemplateLifetimeSeconds) },
        { "template_wait", o => Seconds(o.TemplateWaitSeconds) },
        { "saved_template_age", o => Seconds(o.SavedTemplateAgeSeconds) },
        { "discard_suspect_sets", o => Of(o.DiscardSuspectSets) },
        { "state_directory", o => Of(o.StateDirectory) },
        { "memory_limit", o => o.MemoryLimitBytes == 0 ? "auto" : Bytes(o.MemoryLimitBytes) },
        { "files_umask", o => o.FilesUmask is { } umask ? UmaskText.Of(umask) : Of((string?)null) },
        { "files_uid", o => o.FilesUser is { } user ? Of(user) : Of((string?)null) },
        { "files_gid", o => o.FilesGroup is { } group ? Of(group) : Of((string?)null) },
        { "pid_file", o => Of(o.PidFile) },
        { "core_proc_name", o => Of(o.PmacctCoreName) },
        { "disable_checks", o => Of(o.PmacctDisableChecks) },
    };

    private static readonly YamlForm<RootOptions> Sections = new()
    {
        { "log", Log, r => r.Collector.Log },
        { "http", Http, r => r.Collector.Http },
        { "maps", Maps, r => r.Collector.Maps },
        { "bgp", BgpForm.All, r => r.Collector.Bgp },
        { "file", OutputForm.File, r => r.File },
        { "kafka", OutputForm.Kafka, r => r.Kafka },
        { "sflow_counters", Counters, r => r.Collector.SFlowCounters },
        { "custom_primitives", CustomPrimitiveForm.Definition, r => r.Collector.CustomPrimitives, _ => new CustomPrimitive { Name = "" } },
        { "outputs", OutputForm.Output, Outputs, r => new OutputOptions { Name = "", Text = r.Text, File = r.File, Kafka = r.Kafka, Networks = NetworkRules.Of(r.Collector) } },
    };

    private static readonly YamlForm<RootOptions> All = new YamlForm<RootOptions>()
        .With(Collector, r => r.Collector)
        .With(EnrichmentForm.Networks, r => NetworkRules.Of(r.Collector))
        .With(EnrichmentForm.All, r => r.Collector.Enrichment)
        .With(OutputForm.Text, r => r.Text)
        .With(Sections, r => r);

    /// <summary>Paths of all keys, sections included, for the test that holds what is written and what is read together.</summary>
    public static IEnumerable<string> Paths =>
    [
        .. All,
        .. BgpForm.All.Select(k => $"bgp.{k}"),
        .. BgpForm.MessageLog.Select(k => $"bgp.message_log.{k}"),
        .. BgpForm.TableDump.Select(k => $"bgp.table_dump.{k}"),
        .. BgpForm.Kafka.SelectMany(k => new[] { $"bgp.message_log.kafka.{k}", $"bgp.table_dump.kafka.{k}" }),
        .. BgpForm.CounterKafka.Select(k => $"sflow_counters.kafka.{k}"),
        .. Http.Select(k => $"http.{k}"),
        .. Counters.Select(k => $"sflow_counters.{k}"),
        .. Log.Select(k => $"log.{k}"),
        .. Maps.Select(k => $"maps.{k}"),
        .. OutputForm.File.Select(k => $"file.{k}"),
        .. OutputForm.Kafka.Select(k => $"kafka.{k}"),
    ];

    // An output without Kafka must not name the section, whatever the root says.
    private static IReadOnlyList<OutputOptions> Outputs(RootOptions root) =>
        [.. root.Collector.Outputs.Select(o => (o.Kind == OutputKind.Kafka ? o : o with { Kafka = root.Kafka }) with { Networks = root.Collector.NetworksOf(o) })];

    /// <summary>The keys that make collector.yaml say the same as the options.</summary>
    /// <remarks>How the daemon's own objects are printed, and their writer, is said at the root, where outputs inherit it.</remarks>
    public static IReadOnlyList<YamlEntry> Write(CollectorOptions options)
    {
        BgpOutputOptions bgp = options.Bgp.Outputs;
        string? writer = (bgp.MessageLog.Kafka ?? bgp.TableDump.Kafka)?.WriterId;
        var root = new RootOptions { Collector = options, Text = options.SFlowCounters.Text };
        root = root with { Kafka = writer is null ? root.Kafka : root.Kafka with { WriterId = writer } };
        var start = new RootOptions { Text = new TextOptions { Pmacct17 = options.Pmacct17 } };
        return [.. All.Changes(root, start, "")];
    }
}
