using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Collector.Testing;
using Collector.Tests.Live;
using Collector.Tests.Replay;
using Xunit;

namespace Collector.Tests.Migration;

/// <summary>What pmacct's own introduction begins with, by the same keys: it runs, or it is refused with a sentence that says what to do.</summary>
public sealed class QuickstartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Print_ToTheTerminal_Runs()
    {
        const string Lines = "daemonize: false\nplugins: print[hosts]\naggregate[hosts]: src_host, dst_host, proto\nprint_output[hosts]: csv\nprint_refresh_time[hosts]: 60\nnfacctd_time_new: true\n";
        string[] rows = Replay(Lines, "netflow9-softflowd-ipv4.pcap");
        Assert.Equal("SRC_IP,DST_IP,PROTOCOL,PACKETS,BYTES", rows[0]);
        Assert.True(rows.Length > 3, string.Join('\n', rows));
        Runs(Lines);
    }

    [Fact]
    public void Print_InAndOut_ByFilterAndToFiles_Runs()
    {
        string lines = $"plugins: print[in], print[out]\naggregate[in]: dst_host\naggregate[out]: src_host\naggregate_filter[in]: dst net 192.0.2.0/24\naggregate_filter[out]: src net 10.0.0.0/8\n"
            + $"print_output: json\nprint_output_file[in]: {_folder.FullName}/in-%Y%m%d-%H%M.json\nprint_output_file[out]: {_folder.FullName}/out-%Y%m%d-%H%M.json\n"
            + "print_history: 5m\nprint_history_roundoff: m\nprint_refresh_time: 300\n";
        string[] rows = Replay(lines, "netflow9-softflowd-ipv4.pcap");
        Assert.Contains(rows, r => r.Contains("\"ip_dst\": \"192.0.2.", StringComparison.Ordinal));
        Assert.DoesNotContain(rows, r => r.Contains("\"ip_dst\": \"10.", StringComparison.Ordinal));
        Runs(lines);
    }

    [KafkaLibraryFact]
    public void Kafka_WithHistoryAndPartitionKey_Runs()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "librdkafka.conf"), "global, message.timeout.ms, 2000\ntopic, compression.codec, lz4\n");
        Runs("plugins: kafka[flows]\naggregate[flows]: src_host, dst_host, src_port, dst_port, proto, tos\nkafka_output: json\nkafka_topic: pmacct.flows\nkafka_broker_host: 127.0.0.1\n"
            + $"kafka_broker_port: 9\nkafka_config_file: {_folder.FullName}/librdkafka.conf\nkafka_partition_key: $src_host\nkafka_partition_dynamic: true\nkafka_refresh_time: 300\nkafka_history: 5m\n"
            + "kafka_history_roundoff: m\nkafka_max_writers: 5\nkafka_cache_entries: 99991\n");
    }

    [Fact]
    public void BgpDaemon_ForAsNumbersAndPaths_Runs()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "agent.map"), "bgp_ip=192.0.2.1 ip=192.0.2.2\n");
        Runs("bgp_daemon: true\nbgp_daemon_ip: 127.0.0.1\nbgp_daemon_port: BGPPORT\nbgp_daemon_max_peers: 100\nbgp_agent_map: FOLDER/agent.map\nbgp_aspath_radius: 3\nbgp_follow_default: 1\n"
            + "bgp_peer_src_as_type: bgp\nbgp_src_as_path_type: bgp\nbgp_stdcomm_pattern: 65000:\nbgp_table_dump_file: FOLDER/bgp-$peer_src_ip-%H%M.log\nbgp_table_dump_refresh_time: 300\n"
            + "bgp_daemon_msglog_file: FOLDER/bgp-$peer_src_ip.log\nnfacctd_as: bgp\nnfacctd_net: bgp\nplugins: print\nprint_output: json\n"
            + "aggregate: src_as, dst_as, as_path, std_comm, local_pref, med, peer_src_as, peer_dst_as, peer_src_ip, peer_dst_ip\n");
    }

    [Fact]
    public void Sfacctd_WithCountersAndTags_Runs()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "pretag.map"), "set_tag=1 ip=0.0.0.0/0 in=1\nset_tag=2 ip=0.0.0.0/0\n");
        Runs("sfacctd_port: PORT\nsfacctd_renormalize: true\nsfacctd_counter_file: FOLDER/counters-$peer_src_ip.txt\nsfacctd_counter_output: json\npre_tag_map: FOLDER/pretag.map\nplugins: print\n"
            + "print_output: json\naggregate: tag, in_iface, out_iface, src_host, dst_host\nplugin_buffer_size: 10240\nplugin_pipe_size: 1024000\n");
    }

    [Theory]
    [InlineData("plugins: mysql[in], mysql[out]\naggregate[in]: dst_host\naggregate[out]: src_host\nsql_db: pmacct\nsql_table[in]: acct_in\nsql_table_version: 9\nsql_refresh_time: 90\nsql_history: 10m\nsql_history_roundoff: mh\nsql_passwd: x\n",
        "f.conf:1: plugins: mysql is not supported: nothing is written to databases; write kafka or print, and load the rows from there")]
    [InlineData("plugins: memory[m]\naggregate: src_host\nimt_path: /tmp/pmacct_in.pipe\nimt_buckets: 65537\nimt_mem_pools_size: 65536\n",
        "f.conf:1: plugins: memory is not supported: nothing here answers pmacct's client; write print, with print_output_file, or kafka")]
    [InlineData("plugins: amqp\namqp_host: localhost\namqp_exchange: pmacct\namqp_routing_key: acct\namqp_refresh_time: 300\n", "f.conf:1: plugins: amqp is not supported: nothing is published to RabbitMQ; write kafka")]
    [InlineData("plugins: tee[a]\ntee_receivers[a]: /etc/pmacct/receivers.lst\ntee_transparent: true\nnfacctd_port: 2100\n",
        "f.conf:1: plugins: tee is not supported: datagrams are not passed on; run nfacctd for that beside the collector, on another port, or let the exporters send to both")]
    [InlineData("plugins: nfprobe\npcap_interface: eth0\naggregate: src_host, dst_host, src_port, dst_port, proto, tos\nnfprobe_receiver: 192.0.2.1:2100\nnfprobe_version: 9\n",
        "f.conf:1: plugins: nfprobe is not supported: it belongs to pmacctd on the probe; let it send to the collector's port (nfprobe_receiver, sfprobe_receiver) and keep it there")]
    [InlineData("plugins: sfprobe\npcap_interface: eth0\nsampling_rate: 20\nsfprobe_agentsubid: 1402\nsfprobe_receiver: 192.0.2.1:6343\n",
        "f.conf:1: plugins: sfprobe is not supported: it belongs to pmacctd on the probe; let it send to the collector's port (nfprobe_receiver, sfprobe_receiver) and keep it there")]
    [InlineData("bmp_daemon: true\nbmp_daemon_ip: 192.0.2.1\nbmp_daemon_msglog_file: /tmp/bmp.log\nplugins: print\nprint_output: json\n",
        "f.conf:1: key bmp_daemon is not supported yet: BMP; let the routers hold BGP sessions (bgp_daemon), or run pmbmpd beside the collector and remove the line")]
    [InlineData("telemetry_daemon: true\ntelemetry_daemon_port_tcp: 1620\nplugins: print\nprint_output: json\n",
        "f.conf:1: key telemetry_daemon is not supported yet: streaming telemetry; run pmtelemetryd beside the collector and remove the line")]
    public void WhatIsNotThere_IsRefusedWithARemedy(string lines, string sentence)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "f.conf"), lines);
        ReplayProcess result = ReplayProcess.Run(_folder.FullName, "-f", "f.conf", "x.pcap");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(sentence + "\n", result.Error, StringComparison.Ordinal);
    }

    private string[] Replay(string lines, string capture)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "f.conf"), lines);
        ReplayProcess result = ReplayProcess.Run(_folder.FullName, "-f", "f.conf", Path.Combine(RepositoryPaths.Pcaps, capture));
        Assert.True(result.ExitCode == 0, result.Error);
        return Encoding.UTF8.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs until it receives, then until it is told to stop.</summary>
    private void Runs(string lines)
    {
        string port = FreePort.Udp().ToString(CultureInfo.InvariantCulture);
        string text = lines.Replace("FOLDER", _folder.FullName, StringComparison.Ordinal).Replace("BGPPORT", FreePort.Tcp().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("PORT", port, StringComparison.Ordinal);
        string file = Path.Combine(_folder.FullName, "f.conf");
        File.WriteAllText(file, text);
        using var collector = new CollectorProcess(new Dictionary<string, string> { ["STATE_DIRECTORY"] = _folder.FullName }, "run", "-f", file, "-L", "127.0.0.1", "-l", port);
        collector.WaitForError("receiving on ");
        collector.Signal(CollectorProcess.SigTerm);
        Assert.True(collector.WaitForExit() == 0, collector.Error);
    }
}
