using Collector.Configuration;
using Collector.Configuration.Pmacct;
using Collector.Configuration.Pmacct.Differences;
using Xunit;

namespace Collector.Tests.Configuration.Pmacct.Differences;

/// <summary>check tells before a switch what will be another than under nfacctd, where the configuration makes it matter, and only there.</summary>
public sealed class PmacctDifferencesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("aggregate: src_host, tcpflags", "f.conf:4: aggregate: tcpControlBits", "aggregate: src_host")]
    [InlineData("aggregate[p]: timestamp_end", "f.conf:4: aggregate[p]: times as flowStart", "aggregate: timestamp_export")]
    [InlineData("aggregate: fw_event", "f.conf:4: aggregate: firewallEvent", "aggregate: src_host")]
    [InlineData("aggregate: peer_dst_ip", "f.conf:4: aggregate: an IPv6 flow with an empty", "aggregate: src_host")]
    [InlineData("aggregate: src_host", "f.conf:4: aggregate: octets and packets of any length", "sfacctd_time_new: true")]
    [InlineData("nfacctd_renormalize: true", "f.conf:4: nfacctd_renormalize: a sampling interval of 0", "nfacctd_renormalize: false")]
    [InlineData("aggregate: mpls_vpn_rd", "f.conf:4: aggregate: a route distinguisher that options tell", "aggregate: src_host")]
    [InlineData("aggregate: sampling_rate", "f.conf:4: aggregate: sampling intervals told by", "aggregate: src_host")]
    [InlineData("nfacctd_renormalize: true", "f.conf:4: nfacctd_renormalize: a sampling interval told for a template", "nfacctd_renormalize: false")]
    [InlineData("sfacctd_time_new: true\naggregate: tos", "f.conf:5: aggregate: the whole traffic class", "aggregate: tos")]
    [InlineData("sfacctd_renormalize: true", "f.conf:4: sfacctd_renormalize: each output counts a sample", "sfacctd_renormalize: true\nsfacctd_ext_sampling_rate: 10")]
    [InlineData("sfacctd_time_new: true\naggregate: mpls_label_bottom", "f.conf:5: aggregate: the bottom label", "aggregate: mpls_label_bottom")]
    [InlineData("sfacctd_time_new: true\naggregate: tunnel_src_host", "f.conf:5: aggregate: inner packets of GRE", "sfacctd_time_new: true\naggregate: src_host")]
    [InlineData("sfacctd_time_new: true", "f.conf:1: plugins: samples of frames with two VLAN tags", "nfacctd_time_new: true")]
    [InlineData("print_history: 5m", "f.conf:4: print_history: a late flow", "print_history: 5m\nnfacctd_time_new: true")]
    [InlineData("pre_tag_label_filter[k]: a, b", "f.conf:4: pre_tag_label_filter[k]: each of the labels", "pre_tag_label_filter[k]: a")]
    [InlineData("sampling_rate: 100", "f.conf:4: sampling_rate: every record is taken; nfacctd takes one in 100", "sampling_rate: 1")]
    [InlineData("aggregate: src_host", "f.conf:1: plugins: the pid in writer_id of 'k'", "writer_id_string: $proc_name")]
    [InlineData("writer_id_string: a/$writer_pid", "f.conf:4: writer_id_string: the pid in writer_id of 'k'", "writer_id_string: $proc_name")]
    [InlineData("kafka_max_writers: 3", "f.conf:4: kafka_max_writers: while brokers are away, 'k' holds up to 8 purges", "")]
    [InlineData("daemonize: true", "f.conf:4: daemonize: the collector stays in the foreground", "daemonize: false")]
    [InlineData("pidfile: /run/x.pid", "f.conf:4: pidfile: one file", "")]
    [InlineData("logfile: /tmp/x.log", "f.conf:4: logfile: the log has", "")]
    [InlineData("nfacctd_port: 2055", "f.conf:4: nfacctd_port: the port takes", "")]
    [InlineData("print_output[p]: csv\naggregate: as_path", "f.conf:4: print_output[p]: in CSV a text", "aggregate: as_path")]
    [InlineData("print_output[p]: event_csv\naggregate: label", "f.conf:4: print_output[p]: in CSV a text", "print_output[p]: csv\naggregate: src_host")]
    [InlineData("print_trigger_exec: /bin/x a", "f.conf:4: print_trigger_exec: words behind the program", "print_trigger_exec: /bin/x")]
    [InlineData("aggregate: src_host", "f.conf: templates are kept over a restart", "nfacctd_templates_file: /tmp/t.json")]
    [InlineData("bgp_daemon: true", "f.conf:4: bgp_daemon: a peer that falls silent", "bgp_daemon: false")]
    [InlineData("bgp_daemon: true", "f.conf:4: bgp_daemon: routes are saved", "bgp_daemon: false")]
    [InlineData("bgp_daemon: true\naggregate: local_pref", "f.conf:5: aggregate: LOCAL_PREF from an external peer", "aggregate: local_pref")]
    [InlineData("bgp_daemon: true\nbgp_peer_as_skip_subas: true", "f.conf:5: bgp_peer_as_skip_subas: ", "bgp_daemon: true\nbgp_peer_as_skip_subas: false")]
    [InlineData("bgp_daemon: true\nbgp_follow_default: 2", "f.conf:5: bgp_follow_default: ", "bgp_daemon: true\nbgp_follow_default: 0")]
    [InlineData("bgp_daemon: true\nbgp_daemon_msglog_file: /tmp/x", "f.conf:5: bgp_daemon_msglog_file: ", "bgp_daemon: true")]
    [InlineData("bgp_daemon: true\nbgp_src_med_map: m", "f.conf:5: bgp_src_med_map: ", "bgp_daemon: true")]
    public void Of_NamesTheKeyWhereItMatters(string lines, string sentence, string without)
    {
        Assert.Contains(Of(lines), d => d.StartsWith(sentence, StringComparison.Ordinal));
        string what = sentence[(sentence.LastIndexOf(": ", StringComparison.Ordinal) + 2)..];
        if (without.Length > 0 && what.Length > 0)
        {
            Assert.DoesNotContain(Of(without), d => d.Contains(what, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("1,192.0.2.0/24\n2,2001:db8::/32\n", true)]
    [InlineData("1,192.0.2.0/24\n2,2001:db8::/32\n! 3,2001:db9::/32\n", true)]
    [InlineData("1,192.0.2.0/24\n", false)]
    [InlineData("2,2001:db8::/32\n3,2001:db9::/32\n", false)]
    public void Of_NetworksFile_IsLookedInto(string networks, bool expected)
    {
        string file = Path.Combine(_folder.FullName, "networks.lst");
        File.WriteAllText(file, networks);
        Assert.Equal(expected, Of($"networks_file: {file}").Any(d => d.StartsWith("f.conf:4: networks_file: the file has a single IPv6 network", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_Switch_IsNamedAsOne() => Assert.Contains(
        PmacctDifferences.Of(new StringReader("plugins: print\nprint_output: json\n"), new ConfigurationRequest { Switches = [new PmacctSwitch("-c", "tcpflags")] }, "f.conf"),
        d => d.StartsWith("command line, -c tcpflags: aggregate: tcpControlBits", StringComparison.Ordinal));

    private static IReadOnlyList<string> Of(string lines) =>
        PmacctDifferences.Of(new StringReader($"plugins: kafka[k], print[p]\nprint_output[p]: json\nkafka_topic[k]: t\n{lines}\n"), new ConfigurationRequest(), "f.conf");
}
