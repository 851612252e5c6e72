using Collector.Configuration.CustomPrimitives;
using Collector.Flows;
using Collector.Sinks.Kafka;
using Microsoft.Extensions.Logging;

namespace Collector.Configuration.Pmacct;

/// <summary>What each used key of keys.txt does. Keys that are one setting in pmacct (pmacct-compat §10.3) share one entry.</summary>
internal static class PmacctSettings
{
    /// <summary>Keys of the daemon.</summary>
    public static IReadOnlyDictionary<string, Action<PmacctCore, PmacctValue>> Core { get; } = BuildCore();

    /// <summary>Keys of plugins.</summary>
    public static IReadOnlyDictionary<string, Action<PmacctPlugin, PmacctValue>> Plugin { get; } = BuildPlugin();

    private static Dictionary<string, Action<PmacctCore, PmacctValue>> BuildCore()
    {
        var keys = new Dictionary<string, Action<PmacctCore, PmacctValue>>();
        string[] daemons = ["nfacctd", "sfacctd", "pmacctd", "uacctd"], collectors = ["nfacctd", "sfacctd"];

        Set(collectors, "ip", (c, v) => c.Address = v.Address(System.Net.IPAddress.IPv6Any));
        Set(collectors, "port", (c, v) => c.Port = v.Integer(2100, 1, 65_535));
        Set(["nfacctd", "sfacctd", "pmacctd"], "pipe_size", (c, v) => c.Options = c.Options with { ReceiveBufferBytes = v.Integer(8 << 20, 1, 1 << 30) });
        Set(["nfacctd", "sfacctd", "pmacctd"], "time_new", (c, v) => c.Options = c.Options with { TimeNew = v.Boolean(false) });
        Set(daemons, "renormalize", (c, v) => c.Options = c.Options with { Renormalize = v.Boolean(false) });
        Set(daemons, "ext_sampling_rate", (c, v) => c.Options = c.Options with { ExternalSamplingRate = (uint)v.Integer(0, 1, int.MaxValue) });
        Set(collectors, "interface", (c, v) => Sockets(c, s => s with { Interface = v.NotEmpty("") }));
        Set(collectors, "mcast_groups", (c, v) => Sockets(c, s => s with { MulticastGroups = MulticastGroups(v) }));
        keys["nfacctd_ipv6_only"] = (c, v) => Sockets(c, s => s with { IPv6Only = v.Boolean(false) });
        Set(daemons, "proc_name", (c, v) => c.Options = c.Options with { PmacctCoreName = v.NotEmpty("default") });
        Set(collectors, "allow_file", (c, v) => Maps(c, m => m with { AllowFile = v.NotEmpty("") }));
        Set(collectors, "disable_checks", (c, v) => c.Options = c.Options with { PmacctDisableChecks = v.Boolean(true) });
        Set(collectors, "ignore_exporter_address", (c, v) => c.Options = c.Options with { IgnoreExporterAddress = v.Boolean(false) });
        keys["core_proc_name"] = keys["nfacctd_proc_name"];
        keys["nfacctd_time_secs"] = (c, v) => c.Options = c.Options with { UptimesInSeconds = v.Boolean(false) };
        keys["tmp_asa_bi_flow"] = (c, v) => c.Options = c.Options with { Nsel = v.Boolean(false) ? NselCounters.Pmacct : NselCounters.None };
        keys["aggregate_unknown_etype"] = (c, v) => c.Options = c.Options with { AggregateUnknownEtherType = v.Boolean(false) };
        keys["aggregate_primitives"] = (c, v) => c.Options = c.Options with { CustomPrimitives = Primitives(v) };
        keys["nfacctd_account_options"] = (c, v) => c.Options = c.Options with { AccountOptions = v.Boolean(false) };
        keys["nfacctd_disable_opt_scope_check"] = (c, v) => c.Options = c.Options with { DisableOptionsScopeCheck = v.Boolean(false) };
        keys["nfacctd_pre_processing_checks"] = (c, v) => c.Options = c.Options with { DiscardSuspectSets = v.Boolean(false) };
        keys["use_ip_next_hop"] = (c, v) => c.Options = c.Options with { UseIpNextHop = v.Boolean(false) };
        keys["sfacctd_counter_file"] = (c, v) => c.CounterFile = v.NotEmpty("");
        keys["sfacctd_counter_output"] = (_, v) => v.Choice(true, ("json", true));
        keys["sfacctd_counter_kafka_topic"] = (c, v) => c.CounterTopic = v.NotEmpty("");
        keys["sfacctd_counter_kafka_broker_host"] = (c, v) => c.CounterBroker = (v.NotEmpty(c.CounterBroker.Host), c.CounterBroker.Port);
        keys["sfacctd_counter_kafka_broker_port"] = (c, v) => c.CounterBroker = (c.CounterBroker.Host, v.Integer(9092, 1, 65_535));
        keys["sfacctd_counter_kafka_partition"] = (c, v) => c.CounterKafka = c.CounterKafka with { Partition = v.Integer(-1, -1, int.MaxValue) };
        keys["sfacctd_counter_kafka_partition_key"] = (c, v) => c.CounterKafka = c.CounterKafka with { PartitionKey = v.NotEmpty("") };
        keys["sfacctd_counter_kafka_config_file"] = (c, v) => c.CounterKafka = c.CounterKafka with { Properties = KafkaConfigFile.Read(v) };
        keys["sampling_map"] = (c, v) => Maps(c, m => m with { Sampling = v.NotEmpty("") });
        keys["bgp_agent_map"] = (c, v) => Maps(c, m => m with { BgpAgent = v.NotEmpty("") });
        keys["bgp_peer_src_as_map"] = (c, v) => Maps(c, m => m with { BgpPeerSourceAs = v.NotEmpty("") });
        keys["bgp_src_local_pref_map"] = (c, v) => Maps(c, m => m with { BgpSourceLocalPreference = v.NotEmpty("") });
        keys["bgp_src_med_map"] = (c, v) => Maps(c, m => m with { BgpSourceMed = v.NotEmpty("") });
        keys["bgp_peer_dst_ip_map"] = (c, v) => Maps(c, m => m with { BgpPeerDestination = v.NotEmpty("") });
        keys["flow_to_rd_map"] = (c, v) => Maps(c, m => m with { FlowToRd = v.NotEmpty("") });
        keys["bgp_daemon_tag_map"] = (c, v) => Maps(c, m => m with { BgpTag = v.NotEmpty("") });
        keys["pre_tag_map_dont_recirculate"] = (c, v) => Maps(c, m => m with { DontRecirculate = v.Boolean(false) });
        keys["maps_refresh"] = (c, v) => Maps(c, m => m with { Refresh = v.Boolean(true) });
        keys["pidfile"] = (c, v) => c.Options = c.Options with { PidFile = v.NotEmpty("") };
        keys["logfile"] = (c, v) => c.Options = c.Options with { Log = c.Options.Log with { File = v.NotEmpty(""), Timestamps = true } };
        keys["syslog"] = (c, v) =>
        {
            string? facility = SyslogFacility.Find(v.Text) is null ? v.Refuse(SyslogFacility.Choices, c.Options.Log.Syslog) : v.Text;
            c.Options = c.Options with { Log = c.Options.Log with { Syslog = facility } };
        };
        keys["files_umask"] = (c, v) => c.Options = c.Options with { FilesUmask = UmaskText.TryParse(v.Text, out int umask) ? umask : v.Refuse(UmaskText.Choices, c.Options.FilesUmask) };
        keys["files_uid"] = (c, v) => c.Options = c.Options with { FilesUser = AccountText.TryParseUser(v.Text, out int user) ? user : v.Refuse(AccountText.UserChoices, c.Options.FilesUser) };
        keys["files_gid"] = (c, v) => c.Options = c.Options with { FilesGroup = AccountText.TryParseGroup(v.Text, out int group) ? group : v.Refuse(AccountText.GroupChoices, c.Options.FilesGroup) };
        keys["syslog_ident"] = (c, v) => c.SyslogIdent = v.NotEmpty("");
        keys["log_stderr_tstamp"] = (c, v) => c.Options = c.Options with { Log = c.Options.Log with { Timestamps = v.Boolean(false) || c.Options.Log.File is not null } };
        keys["debug"] = (c, v) => c.Options = c.Options with { Log = c.Options.Log with { Level = v.Boolean(false) ? LogLevel.Debug : LogLevel.Information } };
        foreach ((string key, Action<PmacctCore, PmacctValue> apply) in PmacctBgp.Settings.Concat(PmacctBgpOutputs.Settings))
        {
            keys[key] = apply;
        }
        PmacctEnrichment.AddTo(keys);
        return keys;

        void Set(string[] prefixes, string name, Action<PmacctCore, PmacctValue> apply)
        {
            foreach (string prefix in prefixes)
            {
                keys[$"{prefix}_{name}"] = apply;
            }
        }
    }

    private static Dictionary<string, Action<PmacctPlugin, PmacctValue>> BuildPlugin()
    {
        var keys = new Dictionary<string, Action<PmacctPlugin, PmacctValue>>();
        string[] plugins = ["print", "kafka", "amqp", "sql"];

        Shared("refresh_time", (p, v) => p.Output = p.Output with { Window = p.Output.Window with { RefreshSeconds = v.Integer(60, 1, 31 * 86_400), RefreshIsSet = true } });
        Shared("history", (p, v) =>
        {
            (int seconds, int months) = v.History();
            p.Output = p.Output with { Window = p.Output.Window with { HistorySeconds = seconds, HistoryMonths = months } };
        });
        Shared("history_offset", (p, v) => p.Output = p.Output with { Window = p.Output.Window with { OffsetSeconds = v.Integer(0, 0, PmacctValue.MaxHistory) } });
        Shared("history_roundoff", (p, v) => p.Output = p.Output with
        {
            Window = p.Output.Window with { Roundoff = OutputRules.IsRoundoff(v.Text) ? v.Text : v.Refuse("letters of m, h, d, w and M", "") },
        });
        Shared("startup_delay", (p, v) => p.Output = p.Output with { Window = p.Output.Window with { StartupDelaySeconds = v.Integer(0, 0, 31 * 86_400) } });
        keys["nfacctd_pro_rating"] = (p, v) => p.Output = p.Output with { ProRating = v.Boolean(false) };
        foreach (string daemon in new[] { "nfacctd", "sfacctd", "pmacctd", "uacctd" })
        {
            keys[$"{daemon}_stitching"] = (p, v) => p.Output = p.Output with { Stitching = v.Boolean(false) };
        }

        Shared("preprocess", (p, v) => p.Output = p.Output with { Preprocess = Preprocess(p.Output.Preprocess, v) });
        Shared("preprocess_type", (p, v) => p.Output = p.Output with
        {
            // pmacct takes every other word for any.
            Preprocess = p.Output.Preprocess with { All = v.Choice(false, ("any", false), ("all", true)) },
        });
        Shared("output", (p, v) => p.Format = v);
        Shared("markers", (p, v) => p.Output = p.Output with { Markers = v.Boolean(false) });
        Shared("trigger_exec", (p, v) => p.Output = p.Output with { TriggerExec = v.NotEmpty("") });
        Shared("trigger_exec_async", (p, v) => p.Output = p.Output with { TriggerAsync = v.Boolean(false) });
        Shared("num_protos", (p, v) => Text(p, t => t with { NumericProtocols = v.Boolean(false) }));
        Shared("multi_values", (p, v) => Kafka(p, k => k with { MultiValues = v.Integer(0, 0, 1 << 30) }));
        foreach (string destination in new[] { "print_output_file", "kafka_topic", "amqp_routing_key", "sql_table" })
        {
            keys[destination] = (p, v) => p.Destination = v.Text.Length > 0 ? v : v.Refuse("a value", p.Destination);
        }

        foreach (string host in new[] { "kafka_broker_host", "amqp_host", "sql_host" })
        {
            keys[host] = (p, v) => p.BrokerHost = v.NotEmpty(p.BrokerHost);
        }

        keys["aggregate"] = (p, v) => p.Output = p.Output with
        {
            Aggregate = [.. v.Text.ToLowerInvariant().Split(',').Select(n => string.Concat(n.Where(c => !char.IsWhiteSpace(c)))).Where(n => n.Length > 0)],
        };
        keys["pre_tag_map"] = (p, v) => Select(p, s => s with { PreTagMap = v.NotEmpty("") });
        keys["pre_tag_filter"] = (p, v) => Select(p, s => s with { TagFilter = v.NotEmpty("") });
        keys["pre_tag2_filter"] = (p, v) => Select(p, s => s with { Tag2Filter = v.NotEmpty("") });
        keys["pre_tag_label_filter"] = (p, v) => Select(p, s => s with { LabelFilter = v.NotEmpty("") });
        keys["aggregate_filter"] = (p, v) => Select(p, s => s with { Filter = v.NotEmpty("") });
        keys["post_tag"] = (p, v) => Select(p, s => s with { PostTag = v.Number64(0) });
        keys["post_tag2"] = (p, v) => Select(p, s => s with { PostTag2 = v.Number64(0) });
        keys["ports_file"] = (p, v) => Select(p, s => s with { PortsFile = v.NotEmpty("") });
        keys["protos_file"] = (p, v) => Select(p, s => s with { ProtocolsFile = v.NotEmpty("") });
        keys["tos_file"] = (p, v) => Select(p, s => s with { TosFile = v.NotEmpty("") });
        keys["pre_tag_label_encode_as_map"] = (p, v) => Text(p, t => t with { LabelsAsMap = v.Boolean(false) });
        keys["writer_id_string"] = (p, v) => Kafka(p, k => k with { WriterId = v.NotEmpty(k.WriterId) });
        keys["nfacctd_peer_as"] = keys["sfacctd_peer_as"] = (p, v) => p.PeerAs = v.Boolean(false);
        keys["timestamps_utc"] = (p, v) => Text(p, t => t with { Utc = v.Boolean(false) });
        keys["timestamps_secs"] = (p, v) => Text(p, t => t with { Seconds = v.Boolean(false) });
        keys["timestamps_since_epoch"] = (p, v) => Text(p, t => t with { SinceEpoch = v.Boolean(false) });
        keys["timestamps_rfc3339"] = keys["timestamps_rfc9557"] = (p, v) => Text(p, t => t with { Rfc3339 = v.Boolean(false) });
        keys["tcpflags_encode_as_array"] = (p, v) => Text(p, t => t with { TcpFlagsAsArray = v.Boolean(false) });
        keys["fwd_status_encode_as_string"] = (p, v) => Text(p, t => t with { ForwardingStatusAsString = v.Boolean(false) });
        keys["mpls_label_stack_encode_as_array"] = (p, v) => Text(p, t => t with { MplsLabelStackAsArray = v.Boolean(false) });
        keys["as_path_encode_as_array"] = (p, v) => Text(p, t => t with { AsPathAsArray = v.Boolean(false) });
        keys["bgp_comms_encode_as_array"] = (p, v) => Text(p, t => t with { CommunitiesAsArray = v.Boolean(false) });
        keys["tos_encode_as_dscp"] = (p, v) => Text(p, t => t with { TosAsDscp = v.Boolean(false) });
        keys["print_output_separator"] = (p, v) => Text(p, t => t with { Separator = v.Separator() });
        keys["print_output_file_append"] = (p, v) => File(p, f => f with { Append = v.Boolean(false) });
        keys["print_latest_file"] = (p, v) => File(p, f => f with { LatestFile = v.NotEmpty("") });
        keys["print_write_empty_file"] = (p, v) => File(p, f => f with { WriteEmptyFile = v.Boolean(false) });
        keys["kafka_broker_port"] = (p, v) => p.BrokerPort = v.Integer(9092, 1, 65_535);
        keys["kafka_topic_rr"] = (p, v) => Kafka(p, k => k with { RotatingTopics = v.Integer(0, 0, KafkaOptionErrors.MaxRotatingTopics) });
        keys["kafka_partition"] = (p, v) => Kafka(p, k => k with { Partition = v.Integer(-1, -1, int.MaxValue) });
        keys["kafka_partition_key"] = (p, v) => Kafka(p, k => k with { PartitionKey = v.NotEmpty("") });
        keys["kafka_partition_dynamic"] = (p, v) => p.PartitionDynamic = v;
        keys["kafka_config_file"] = (p, v) => Kafka(p, k => k with { Properties = KafkaConfigFile.Read(v) });
        PmacctEnrichment.AddTo(keys);
        return keys;

        void Shared(string name, Action<PmacctPlugin, PmacctValue> apply)
        {
            foreach (string plugin in plugins)
            {
                keys[$"{plugin}_{name}"] = apply;
            }
        }
    }

    // Left out like the names that pmacct does not know; maxima are among them (seen with 1.7.7).
    private static PreprocessOptions Preprocess(PreprocessOptions before, PmacctValue value)
    {
        PreprocessOptions.TryParse(value.Text, before.All, out PreprocessOptions options, out IReadOnlyList<string> errors);
        foreach (string error in errors)
        {
            value.Report.Refuse(value.Line, $"{value.Key}: {error}");
        }

        if (options.HasMaximum)
        {
            value.Report.Findings.Warning(
                value.Line, $"{value.Key}: maxp, maxf and maxb are left out, as nfacctd 1.7.7 does in plugins other than SQL; preprocess of collector.yaml takes them");
        }

        return options.WithoutMaxima();
    }

    private static void Sockets(PmacctCore core, Func<SocketOptions, SocketOptions> change) => core.Options = core.Options with { Sockets = change(core.Options.Sockets) };

    private static IReadOnlyList<System.Net.IPAddress> MulticastGroups(PmacctValue value)
    {
        List<System.Net.IPAddress> groups = [];
        foreach (string text in value.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (SocketOptions.TryParseGroup(text, out System.Net.IPAddress group))
            {
                groups.Add(group);
            }
            else
            {
                value.Report.Refuse(value.Line, $"{value.Key}: '{text}' is no multicast group; write addresses such as 239.1.1.1, separated by commas");
            }
        }

        return groups;
    }

    // Read with the configuration, since the names of aggregate depend on it; a reload of maps leaves it, as in pmacct.
    private static IReadOnlyList<CustomPrimitive> Primitives(PmacctValue value)
    {
        var findings = new Findings(value.Text);
        IReadOnlyList<CustomPrimitive> primitives = PrimitivesFile.Read(value.Text, findings);
        foreach (Finding finding in findings.All)
        {
            value.Report.Refuse(value.Line, finding.ToString());
        }

        return primitives;
    }

    private static void Maps(PmacctCore core, Func<MapOptions, MapOptions> change) => core.Options = core.Options with { Maps = change(core.Options.Maps) };

    private static void Select(PmacctPlugin plugin, Func<SelectionOptions, SelectionOptions> change) =>
        plugin.Output = plugin.Output with { Selection = change(plugin.Output.Selection) };

    private static void Text(PmacctPlugin plugin, Func<TextOptions, TextOptions> change) => plugin.Output = plugin.Output with { Text = change(plugin.Output.Text) };

    private static void File(PmacctPlugin plugin, Func<FileOutputOptions, FileOutputOptions> change) =>
        plugin.Output = plugin.Output with { File = change(plugin.Output.File) };

    private static void Kafka(PmacctPlugin plugin, Func<KafkaOutputOptions, KafkaOutputOptions> change) =>
        plugin.Output = plugin.Output with { Kafka = change(plugin.Output.Kafka) };
}
