using Collector.Configuration;
using Collector.Configuration.Pmacct;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Collector.Tests.Configuration.Pmacct;

public class PmacctConfigurationLoaderTests
{
    [Fact]
    public void Load_DaemonKeys_SetTheOptions()
    {
        CollectorOptions options = Load("""
            nfacctd_ip: 127.0.0.1
            nfacctd_port: 9996
            nfacctd_pipe_size: 1048576
            nfacctd_renormalize: TRUE
            nfacctd_time_new: true
            nfacctd_time_secs: true
            nfacctd_ext_sampling_rate: 512
            nfacctd_account_options: true
            nfacctd_disable_opt_scope_check: true
            nfacctd_ignore_exporter_address: true
            nfacctd_peer_as: true
            use_ip_next_hop: true
            core_proc_name: edge
            logfile: /var/log/nfacctd.log
            pidfile: /run/nfacctd.pid
            debug: true
            plugins: print
            print_output: json
            """);

        Assert.Equal("127.0.0.1:9996", Assert.Single(options.Listen).ToString());
        Assert.Equal((1_048_576, 512u), (options.ReceiveBufferBytes, options.ExternalSamplingRate));
        Assert.True(options is { Renormalize: true, TimeNew: true, UptimesInSeconds: true, AccountOptions: true });
        Assert.True(options is { DisableOptionsScopeCheck: true, IgnoreExporterAddress: true, PeerAs: true, UseIpNextHop: true });
        Assert.Equal(("edge", "/run/nfacctd.pid"), (options.PmacctCoreName, options.PidFile));
        Assert.Equal(new LogOptions { Level = LogLevel.Debug, File = "/var/log/nfacctd.log" }, options.Log);
    }

    [Theory]
    [InlineData("nfacctd_time_new: true", "nfacctd.conf", 2100)]
    [InlineData("sfacctd_time_new: true", "any.conf", 6343)]
    [InlineData("debug: false", "/etc/pmacct/sfacctd.conf", 6343)]
    [InlineData("debug: false", "any.conf", 2100)]
    public void Load_NoPort_IsThatOfTheDaemon(string line, string file, int port) =>
        Assert.Equal(ListenAddress.Any(port), Assert.Single(Load($"{line}\nplugins: print\nprint_output: json", file).Listen));

    [Fact]
    public void Load_KafkaPlugin_IsAnOutput()
    {
        OutputOptions output = Assert.Single(Load("""
            plugins: kafka[k1]
            aggregate[k1]: src_host, DST_HOST , flows
            kafka_broker_host[k1]: broker
            kafka_broker_port[k1]: 9093
            kafka_topic[k1]: flows
            kafka_output: json
            kafka_refresh_time: 300
            kafka_history: 5m
            kafka_history_roundoff: mh
            kafka_history_offset: 60
            kafka_startup_delay: 10
            kafka_partition: 3
            kafka_partition_key: $src_host
            kafka_multi_values: 65536
            kafka_markers: true
            kafka_num_protos: true
            writer_id_string: x$writer_pid
            timestamps_rfc9557: true
            timestamps_utc: true
            tcpflags_encode_as_array: true
            """).Outputs);

        Assert.Equal(("k1", OutputKind.Kafka, true), (output.Name, output.Kind, output.Markers));
        Assert.Equal(["src_host", "dst_host", "flows"], output.Aggregate);
        Assert.Equal(new WindowOptions { HistorySeconds = 300, Roundoff = "mh", OffsetSeconds = 60, RefreshSeconds = 300, RefreshIsSet = true, StartupDelaySeconds = 10 }, output.Window);
        Assert.Equal(("broker:9093", "flows", 3, "$src_host"), (output.Kafka.Brokers, output.Kafka.Topic, output.Kafka.Partition, output.Kafka.PartitionKey));
        Assert.Equal((65_536, "x$writer_pid"), (output.Kafka.MultiValues, output.Kafka.WriterId));
        Assert.Equal(new TextOptions { Rfc3339 = true, Utc = true, TcpFlagsAsArray = true, NumericProtocols = true }, output.Text);
    }

    [Theory]
    [InlineData("b", "b:9092")]
    [InlineData("b1:9092,b2", "b1:9092,b2")]
    [InlineData("ssl://b:9093", "ssl://b:9093")]
    [InlineData("b:9094", "b:9094")]
    [InlineData("2001:db8::1", "[2001:db8::1]:9092")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]:9092")]
    public void Load_BrokerHost_BecomesABootstrapList(string host, string brokers) =>
        Assert.Equal(brokers, Load($"plugins: kafka\nkafka_broker_host: {host}").Outputs[0].Kafka.Brokers);

    [Fact]
    public void Load_PrintPlugin_WritesToStdoutUnlessAFileIsNamed()
    {
        CollectorOptions options = Load("""
            plugins: print[a], print[b]
            print_output: csv
            print_output_separator: \t
            print_output_file[b]: /tmp/flows-%H.csv
            print_output_file_append: true
            print_latest_file[b]: /tmp/latest
            print_write_empty_file: true
            """);

        Assert.Equal([OutputKind.Stdout, OutputKind.File], options.Outputs.Select(o => o.Kind));
        Assert.Equal(new FileOutputOptions { Path = "/tmp/flows-%H.csv", Append = true, LatestFile = "/tmp/latest", WriteEmptyFile = true }, options.Outputs[1].File);
        Assert.All(options.Outputs, o => Assert.Equal((OutputFormat.Csv, "\t"), (o.Format, o.Text.Separator)));
    }

    [Fact]
    public void Load_UnnamedPluginFirst_LaterNamesAreHonoured() =>
        Assert.Equal(["default_print", "b", "default_kafka"], Load("plugins: print, print[b], kafka\nprint_output: json").Outputs.Select(o => o.Name));

    [Fact]
    public void Load_GlobalLineAfterABoundOne_Wins() => Assert.Equal(
        ["dst_host", "dst_host"],
        Load("plugins: print[a], print[b]\nprint_output: json\naggregate[a]: src_host\naggregate: dst_host").Outputs.Select(o => o.Aggregate[0]));

    [Fact]
    public void Load_BoundLineAfterAGlobalOne_HoldsForItsPlugin() => Assert.Equal(
        ["src_host", "dst_host"],
        Load("plugins: print[a], print[b]\nprint_output: json\naggregate: dst_host\naggregate[a]: src_host").Outputs.Select(o => o.Aggregate[0]));

    [Fact]
    public void Load_RefreshOfAnotherFamily_IsTheSameSetting() => Assert.All(
        Load("plugins: print, kafka\nkafka_refresh_time: 5\nprint_refresh_time: 30\nsql_history: 1h\nprint_output: json").Outputs,
        o => Assert.Equal((30, 3_600), (o.Window.RefreshSeconds, o.Window.HistorySeconds)));

    [Fact]
    public void Load_UnboundDestination_ReachesEveryPluginAndIsNamed()
    {
        var findings = new Findings("f");
        CollectorOptions options = PmacctConfigurationLoader.Load(
            new StringReader("plugins: print[p], kafka[k]\nprint_output: json\nkafka_topic[k]: flows\nprint_output_file: rows.json"), false, findings);

        Assert.Equal(("rows.json", "rows.json"), (options.Outputs[0].File.Path, options.Outputs[1].Kafka.Topic));
        Assert.Equal(
            ["f:4: warning: print_output_file without brackets also sets kafka_topic of plugin 'k' to 'rows.json', as in pmacct; bind it: print_output_file[plugin name]"],
            findings.All.Select(f => f.ToString()));
    }

    [Theory]
    [InlineData("nfacctd_prot: 1", "f:1: unknown key nfacctd_prot; did you mean 'nfacctd_port'?")]
    [InlineData("nonsense: 1", "f:1: unknown key nonsense")]
    [InlineData("nfacctd_renormalize: yes", "f:1: nfacctd_renormalize: 'yes' does not fit; write true or false")]
    [InlineData("nfacctd_port: http", "f:1: nfacctd_port: 'http' does not fit; write a whole number from 1 to 65535")]
    [InlineData("nfacctd_port:", "f:1: nfacctd_port has no value; write a whole number from 1 to 65535")]
    [InlineData("nfacctd_ip: localhost", "f:1: nfacctd_ip: 'localhost' does not fit; write an IPv4 or IPv6 address")]
    [InlineData("print_refresh_time: 5m", "f:1: print_refresh_time: '5m' does not fit; write a whole number from 1 to 2678400")]
    [InlineData("print_history: 90", "f:1: print_history: '90' does not fit; write a number with s, m, h, d, w or M, of whole minutes from 60s on and at most ten years")]
    [InlineData("print_history_roundoff: x", "f:1: print_history_roundoff: 'x' does not fit; write letters of m, h, d, w and M")]
    [InlineData("nfacctd_as: bmp", "f:1: nfacctd_as: bmp is not supported yet; write netflow, sflow, file, bgp or longest")]
    [InlineData("bmp_daemon: true", "f:1: key bmp_daemon is not supported yet: BMP; let the routers hold BGP sessions (bgp_daemon), or run pmbmpd beside the collector and remove the line")]
    [InlineData("aggregate_primitives: /no/such/primitives.lst", "f:1: /no/such/primitives.lst: the file cannot be read: Could not find a part of the path '/no/such/primitives.lst'.")]
    [InlineData("aggregate_filter: net 10.0.0.0/8", "f:1: aggregate_filter must be bound to a plugin, pmacct leaves it out otherwise; write aggregate_filter[plugin name]: net 10.0.0.0/8")]
    [InlineData("print_output: avro", "f:1: print_output: avro is not supported yet; write formatted, csv, json, event_formatted or event_csv")]
    [InlineData("print_output: xml", "f:1: print_output: 'xml' does not fit; write formatted, csv, json, event_formatted or event_csv")]
    [InlineData("print_output: json ! x", "f:1: print_output: 'json ! x' does not fit; write formatted, csv, json, event_formatted or event_csv")]
    [InlineData("aggregate: src_host, src_host", "f:1: aggregate: 'src_host' is repeated; write it once")]
    [InlineData("print_history: 1m\nprint_history_offset: 60", "f:2: print_history_offset: history_offset 1m is not shorter than history; write a shorter one, or none")]
    public void Load_OneMistake_IsNamedWithItsLineAndCure(string lines, string error) =>
        Assert.Equal([error], Findings($"{lines}\nplugins: print[p]{(lines.StartsWith("print_output:", StringComparison.Ordinal) ? "" : "\nprint_output: json")}"));

    [Theory]
    [InlineData("", OutputFormat.Formatted)]
    [InlineData("print_output: formatted", OutputFormat.Formatted)]
    [InlineData("print_output: event_csv", OutputFormat.EventCsv)]
    [InlineData("print_output: event_formatted", OutputFormat.EventFormatted)]
    public void PrintOutput_HasThePluginsFormatsAndDefault(string line, OutputFormat format) =>
        Assert.Equal(format, Assert.Single(Load($"plugins: print\n{line}").Outputs).Format);

    [Fact]
    public void SeparatorOfSeveralCharacters_StaysAComma() =>
        Assert.Contains("print_output_separator: 'xx' is more than one character", Assert.Single(Findings("plugins: print\nprint_output_separator: xx")), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "f: no plugins line: pmacct would start the memory plugin, which is not supported: nothing here answers pmacct's client; write plugins: kafka or plugins: print")]
    [InlineData("plugins: memory", "f:1: plugins: memory is not supported: nothing here answers pmacct's client; write print, with print_output_file, or kafka")]
    [InlineData("plugins: kafak", "f:1: plugins: unknown plugin 'kafak'; did you mean 'kafka'?")]
    [InlineData("plugins: print[", "f:1: plugins: 'print[' has illegal brackets; write print[name]")]
    [InlineData("plugins: ,", "f:1: plugins names no plugin that the collector has; write plugins: kafka or plugins: print")]
    [InlineData("plugins: print\naggregate: src_host, as_path", "f:2: aggregate: as_path can be of any length and the formatted form has columns of fixed width; choose csv or json, or leave them out")]
    [InlineData("plugins: kafka\nprint_output: event_formatted", "f:2: print_output: event_formatted also reaches the kafka plugin 'default_kafka', which sends JSON only; write print_output[name]: event_formatted")]
    [InlineData("plugins: kafka\nprint_output: csv", "f:2: print_output: csv also reaches the kafka plugin 'default_kafka', which sends JSON only; write print_output[name]: csv")]
    [InlineData("plugins: kafka\nkafka_output: avro", "f:2: kafka_output: avro is not supported yet; write json")]
    [InlineData("plugins: kafka\nkafka_partition_dynamic: true", "f:2: kafka_partition_dynamic needs kafka_partition_key; write it, or remove this line")]
    [InlineData("plugins: kafka\nkafka_partition_key: a\nkafka_partition: 1\nkafka_partition_dynamic: true", "f:4: kafka_partition_dynamic and kafka_partition exclude each other; remove one")]
    [InlineData("plugins: kafka[a], kafka[b]\nbgp_comms_num[a]: true", "f:1: bgp_comms_num must be the same for all plugins; write it once, without brackets")]
    [InlineData("plugins: kafka[a], kafka[b]\nnfacctd_net[a]: file", "f:2: plugin 'a': nfacctd_net: networks are to come from a file, and there is no networks_file; name one")]
    public void Load_MistakeOfPlugins_IsNamed(string text, string error) => Assert.Equal([error], Findings(text));

    [Theory]
    [InlineData("nfacctd_port[p]: 1", "f:1: warning: key nfacctd_port belongs to the daemon, not to a plugin; it holds for all, remove [p]")]
    [InlineData("aggregate[q]: src_host", "f:1: warning: no plugin is called 'q'; the line is left out; did you mean 'p'?")]
    [InlineData("daemonize: true", "f:1: note: key daemonize: accepted, no effect: the collector stays in the foreground and systemd runs it as a service")]
    [InlineData("plugin_pipe_size: 4096", "f:1: note: key plugin_pipe_size: accepted, no effect: there is no pipe between processes")]
    [InlineData("print_cache_entries: 1", "f:1: note: key print_cache_entries: accepted, no effect: tables grow by themselves")]
    [InlineData("pcap_savefile: x.pcap", "f:1: note: key pcap_savefile: accepted, no effect: captures are named on the command line: collector replay -f FILE.conf CAPTURE")]
    public void Load_WhatChangesNothing_IsSaidAndAccepted(string line, string finding) =>
        Assert.Equal([finding], Findings($"{line}\nplugins: print[p]\nprint_output: json"));

    [Theory]
    [InlineData("bgp_daemon: false")]
    [InlineData("nfacctd_stitching: FALSE")]
    [InlineData("nfacctd_as: netflow")]
    [InlineData("nfacctd_net: longest")]
    public void Load_UnsupportedKeyAtItsDefault_IsAccepted(string line) => Assert.Empty(Findings($"{line}\nplugins: print[p]\nprint_output: json"));

    [Fact]
    public void Load_SecondPluginOfAName_IsLeftOut()
    {
        var findings = new Findings("f");
        CollectorOptions options = PmacctConfigurationLoader.Load(new StringReader("plugins: print[a], kafka[a]\nprint_output: json\nplugins: kafka"), false, findings);

        Assert.Equal(OutputKind.Stdout, Assert.Single(options.Outputs).Kind);
        Assert.Equal([1, 3], findings.All.Select(f => f.Line));
        Assert.All(findings.All, f => Assert.Equal(FindingSeverity.Warning, f.Severity));
    }

    [Fact]
    public void Load_Lenient_WhatPmacctWouldIgnoreIsAWarning()
    {
        var findings = new Findings("f");
        CollectorOptions options = PmacctConfigurationLoader.Load(
            new StringReader("plugins: print, memory\nprint_output: json\nnonsense: 1\nbmp_daemon: true\nnfacctd_renormalize: yes\n"), lenient: true, findings);

        Assert.False(findings.HasErrors, string.Join('\n', findings.All));
        Assert.Equal([1, 3, 4, 5], findings.All.Select(f => f.Line));
        Assert.Single(options.Outputs);
    }

    [Fact]
    public void Load_ManyMistakes_AreAllNamedInOrder()
    {
        var findings = new Findings("f");
        _ = PmacctConfigurationLoader.Load(new StringReader("plugins: print, amqp[\nnonsense: 1\nno colon\nbmp_daemon: true\naggregate: src_hots\n"), false, findings);
        Assert.Equal([1, 2, 3, 4, 5], findings.All.Select(f => f.Line));
    }

    private static CollectorOptions Load(string text, string file = "nfacctd.conf")
    {
        var findings = new Findings(file);
        CollectorOptions options = PmacctConfigurationLoader.Load(new StringReader(text), false, findings);
        Assert.False(findings.HasErrors, string.Join('\n', findings.All));
        return options;
    }

    private static List<string> Findings(string text)
    {
        var findings = new Findings("f");
        _ = PmacctConfigurationLoader.Load(new StringReader(text), false, findings);
        return [.. findings.All.Select(f => f.ToString())];
    }
}
