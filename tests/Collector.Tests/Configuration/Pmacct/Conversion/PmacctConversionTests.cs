using System.Globalization;
using Collector.Configuration;
using Collector.Configuration.Pmacct;
using Collector.Configuration.Pmacct.Conversion;
using Collector.Configuration.Yaml;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Configuration.Pmacct.Conversion;

/// <summary>A configuration of pmacct and what convert makes of it are the same options.</summary>
public sealed class PmacctConversionTests : IDisposable
{
    // Under these lines every key has something to set.
    private const string Surroundings = """
        plugins: kafka[k], print[p], print[f]
        print_output[p]: json
        print_output[f]: csv
        print_output_file[f]: /tmp/f.csv
        print_history: 1h
        networks_file: n.lst
        bgp_daemon: true
        bgp_daemon_msglog_kafka_topic: log
        bgp_table_dump_kafka_topic: dump
        bgp_table_dump_refresh_time: 60
        sfacctd_counter_kafka_topic: counters

        """;

    /// <summary>A value for keys that not every value of their type fits.</summary>
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["syslog"] = "local2",
        ["files_umask"] = "027",
        ["files_uid"] = "nobody",
        ["files_gid"] = "12",
        ["aggregate"] = "src_host, dst_host, tag, label",
        ["aggregate_primitives"] = Path.Combine(RepositoryPaths.Root, "samples", "primitives.lst"),
        ["aggregate_filter"] = "tcp and port 53",
        ["nfacctd_ip"] = "127.0.0.1",
        ["sfacctd_ip"] = "2001:db8::1",
        ["nfacctd_mcast_groups"] = "239.1.1.1, ff05::1",
        ["sfacctd_mcast_groups"] = "239.1.1.1",
        ["bgp_daemon"] = "true",
        ["bgp_follow_default"] = "3",
        ["kafka_partition_dynamic"] = "false",
        ["bgp_daemon_ip"] = "192.0.2.1",
        ["bgp_daemon_id"] = "192.0.2.2",
        ["bgp_daemon_ipprec"] = "6",
        ["bgp_follow_nexthop"] = "192.0.2.0/24, 2001:db8::/32",
        ["bgp_peer_src_as_type"] = "map",
        ["bgp_src_local_pref_type"] = "map",
        ["bgp_src_med_type"] = "map",
        ["bgp_table_dump_refresh_time"] = "3600",
        ["bgp_table_dump_file"] = "/tmp/dump-%H.json",
        ["bgp_daemon_msglog_file"] = "/tmp/log-$peer_src_ip.json",
        ["print_output"] = "csv",
        ["print_output_file"] = "/tmp/flows-%Y%m%d-$peer_src_ip.json",
        ["print_output_separator"] = "\\t",
        ["kafka_topic"] = "flows.$peer_src_ip",
        ["kafka_partition_key"] = "$src_host",
        ["kafka_broker_host"] = "k1.example:9093,k2.example:9093",
        ["writer_id_string"] = "$proc_name",
        ["pre_tag_filter"] = "0, 10-20, -6",
        ["pre_tag2_filter"] = "7",
        ["pre_tag_label_filter"] = "gold, null",
        ["sfacctd_counter_output"] = "json",
        ["print_preprocess"] = "minp=10, minb=1000",
        ["kafka_preprocess"] = "minbpp=64",
        ["amqp_preprocess"] = "minf=2",
        ["sql_preprocess"] = "minppf=3",
        ["print_preprocess_type"] = "all",
        ["kafka_preprocess_type"] = "all",
        ["amqp_preprocess_type"] = "all",
        ["sql_preprocess_type"] = "all",
    };

    private static readonly string[] AsKeys = ["nfacctd_as", "sfacctd_as", "pmacctd_as", "uacctd_as", "nfacctd_as_new", "sfacctd_as_new"];
    private static readonly string[] NetKeys = ["nfacctd_net", "sfacctd_net", "pmacctd_net", "uacctd_net"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Each key that sets something.</summary>
    public static TheoryData<string> UsedKeys => [.. PmacctKeyTable.All.Where(k => k.Status == PmacctKeyStatus.Used && k.Name != "plugins").Select(k => k.Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(UsedKeys))]
    public void Convert_EachKey_IsTheSame(string name)
    {
        PmacctKey key = PmacctKeyTable.Find(name)!;
        string plugin = key.Scope == PmacctScope.Named ? "[k]" : name.StartsWith("print_output", StringComparison.Ordinal) ? "[f]" : "";
        string line = $"{name}{plugin}: {ValueOf(key)}\n";

        // A file and a topic exclude each other; a file of keys or peers must be there.
        string text = name is "bgp_daemon_msglog_file" or "bgp_table_dump_file" ? Surroundings.Replace(name.Replace("_file", "_kafka_topic", StringComparison.Ordinal) + ":", "!", StringComparison.Ordinal) : Surroundings;
        AssertSame(text + line);
    }

    [Fact]
    public void Convert_AllKeysAtOnce_IsTheSame() => AssertSame(Surroundings + string.Concat(
        PmacctKeyTable.All.Where(k => k.Status == PmacctKeyStatus.Used && k.Scope == PmacctScope.Plugin && k.Type is "bool" or "int" && !k.Name.StartsWith("amqp", StringComparison.Ordinal))
            .Where(k => k.Status == PmacctKeyStatus.Used && k.Name is not "kafka_partition_dynamic" and not "nfacctd_pro_rating" and not "kafka_partition")
            .Select(k => $"{k.Name}: {ValueOf(k)}\n")));

    [Fact]
    public void Convert_DrawnConfigurations_AreTheSame()
    {
        PmacctKey[] keys = [.. PmacctKeyTable.All.Where(k => k.Status == PmacctKeyStatus.Used && k.Name != "plugins").OrderBy(k => k.Name, StringComparer.Ordinal)];
        int accepted = 0;
        for (int seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            string text = Surroundings + string.Concat(random.GetItems(keys, random.Next(1, 25)).Select(k => Line(k, random)));
            var findings = new Findings("nfacctd.conf");
            _ = PmacctConfigurationLoader.Load(new StringReader(text), false, findings);

            // Lines that do not go together are refused; that is for other tests.
            if (!findings.HasErrors)
            {
                AssertSame(text);
                accepted++;
            }
        }

        Assert.True(accepted > 100, $"{accepted} of 400 were accepted");

        string Line(PmacctKey key, Random random)
        {
            string plugin = key.Scope switch
            {
                PmacctScope.Global => "",
                PmacctScope.Named => random.GetItems<string>(["[k]", "[p]", "[f]"], 1)[0],
                _ when key.Name.StartsWith("print_output", StringComparison.Ordinal) => "[f]",
                _ => random.GetItems<string>(["", "[k]", "[p]", "[f]"], 1)[0],
            };
            string value = key.Type switch { "bool" => random.Next(2) == 0 ? "true" : "false", "int" when !Values.ContainsKey(key.Name) => random.Next(1, 100).ToString(CultureInfo.InvariantCulture), _ => ValueOf(key) };
            return $"{key.Name}{plugin}: {value}\n";
        }
    }

    [Theory]
    [InlineData("plugins: print\nprint_output: json\n")]
    [InlineData("plugins: print\nprint_output: json\nsfacctd_renormalize: true\n")]
    [InlineData("plugins: print[a], print[b]\nprint_output: csv\nprint_output_separator[a]: ;\nprint_output_separator[b]: \\s\nprint_history[b]: 1M\nprint_history_roundoff[b]: M\n")]
    [InlineData("plugins: kafka[a], print[b]\nprint_output: json\nwriter_id_string: $proc_name/$writer_pid/$pmacct_build\ntimestamps_utc: true\ntimestamps_since_epoch[a]: true\n")]
    [InlineData("plugins: print[b], kafka[a]\nprint_output: json\nwriter_id_string[a]: mine\nbgp_daemon: true\nbgp_daemon_msglog_kafka_topic: log\ntimestamps_secs[b]: true\n")]
    [InlineData("plugins: kafka\nnfacctd_as: bgp\nnfacctd_net: bgp\nbgp_daemon: true\nbgp_daemon_ip: 127.0.0.1\nbgp_daemon_as: 65000\nkafka_history: 45s\n")]
    [InlineData("plugins: kafka\nkafka_topic: odd-topic_1\nkafka_partition_key: 'a' \"b\" \\ # c\nkafka_history: 120s\nkafka_refresh_time: 7\n")]
    public void Convert_Configurations_AreTheSame(string text) => AssertSame(text);

    [Fact]
    public void Convert_SwitchesAndTheDialect_AreInTheFile()
    {
        var request = new ConfigurationRequest
        {
            Switches = [new PmacctSwitch("-l", "9995"), new PmacctSwitch("-r", "10"), new PmacctSwitch("-c", "src_host,dst_host"), new PmacctSwitch("-d", "true")],
            Pmacct17 = false,
            Workers = 3,
            Daemon = PmacctDaemon.Sfacctd,
        };
        string yaml = AssertSame("plugins: print\nprint_output: json\n", request: request);

        Assert.Contains("listen: [\"[::]:9995\"]  # nfacctd_port (command line, -l 9995)", yaml, StringComparison.Ordinal);
        Assert.Contains("    refresh: 10s  # sql_refresh_time (command line, -r 10)", yaml, StringComparison.Ordinal);
        Assert.Contains("pmacct_version: 1.8", yaml, StringComparison.Ordinal);
        Assert.Contains("workers: 3", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_NamesTheLinesOfEachKey_AndThoseThatSetNothing()
    {
        string yaml = AssertSame("""
            plugins: kafka, mysql[db]
            daemonize: true
            kafka_refresh_time: 1
            kafka_refresh_time: 5
            kafka_output: json
            nfacctd_port: 2055
            nfacctd_ip: 127.0.0.1
            kafka_topic[nobody]: x
            bmp_daemon: true
            """, mayBeRefused: true);

        Assert.Contains("listen: [\"127.0.0.1:2055\"]  # nfacctd_port (line 6), nfacctd_ip (line 7)\n", yaml, StringComparison.Ordinal);
        Assert.Contains("    refresh: 5s  # kafka_refresh_time (line 4)\n", yaml, StringComparison.Ordinal);
        Assert.Contains("template_wait: 0  # nfacctd leaves out data that comes before its template\n", yaml, StringComparison.Ordinal);
        Assert.Contains("  - name: default_kafka  # plugins (line 1)\n", yaml, StringComparison.Ordinal);
        Assert.Contains("# daemonize (line 2): no effect here: ", yaml, StringComparison.Ordinal);
        Assert.Contains("# kafka_refresh_time (line 3): line 4 says it again, and the last line wins\n", yaml, StringComparison.Ordinal);
        Assert.Contains("# kafka_output (line 5): says what holds anyway\n", yaml, StringComparison.Ordinal);
        Assert.Contains("# kafka_topic[nobody] (line 8): no plugin of this name\n", yaml, StringComparison.Ordinal);
        Assert.Contains("# plugins (line 1): plugins: mysql is not supported: ", yaml, StringComparison.Ordinal);
        Assert.Contains("# bmp_daemon (line 9): NOT SUPPORTED: ", yaml, StringComparison.Ordinal);
    }

    private string AssertSame(string text, bool mayBeRefused = false, ConfigurationRequest? request = null)
    {
        request ??= new ConfigurationRequest();
        Findings read = new("nfacctd.conf"), converted = new("nfacctd.conf"), yamlFindings = new("collector.yaml");
        CollectorOptions expected = ConfigurationFiles.Override(PmacctConfigurationLoader.Load(new StringReader(text), request with { Lenient = mayBeRefused }, read), request);
        Assert.True(!read.HasErrors, $"a value that fits, please, in Values: {string.Join('\n', read.All)}");
        string yaml = PmacctConversion.Convert(new StringReader(text), request, converted);
        CollectorOptions actual = YamlConfigurationLoader.Load(new StringReader(yaml), yamlFindings);

        Assert.True(!yamlFindings.HasErrors, $"{string.Join('\n', yamlFindings.All)}\n{yaml}");
        expected = expected with { Maps = expected.Maps with { Lenient = request.Lenient } };
        Assert.Equal((yaml, OptionsText.Of(expected)), (yaml, OptionsText.Of(actual)));
        return yaml;
    }

    private string ValueOf(PmacctKey key)
    {
        if (Values.TryGetValue(key.Name, out string? value))
        {
            return value;
        }

        if (key.Name.EndsWith("_config_file", StringComparison.Ordinal) || key.Name is "bgp_daemon_allow_file" or "bgp_daemon_md5_file")
        {
            string file = Path.Combine(_folder.FullName, key.Name);
            File.WriteAllText(file, key.Name.EndsWith("_config_file", StringComparison.Ordinal) ? "global, linger.ms, 5\ntopic, acks, 1\n" : "192.0.2.1, x\n");
            return file;
        }

        return key.Name switch
        {
            _ when AsKeys.Contains(key.Name) || NetKeys.Contains(key.Name) => "longest",
            _ when key.Name.EndsWith("_type", StringComparison.Ordinal) && key.Name.StartsWith("bgp_src", StringComparison.Ordinal) => "bgp",
            _ when key.Name.EndsWith("_output", StringComparison.Ordinal) => "json",
            _ when key.Name.EndsWith("_history", StringComparison.Ordinal) => "1w",
            _ when key.Name.EndsWith("_roundoff", StringComparison.Ordinal) => "wh",
            _ when key.Name.EndsWith("_pattern", StringComparison.Ordinal) || key.Name.EndsWith("_to_asn", StringComparison.Ordinal) => "65000:..",
            _ => key.Type switch { "bool" => key.Default == "true" ? "false" : "true", "int" or "ASN" => "77", "path" => "/tmp/some where.map", _ => "some-text" },
        };
    }
}
