using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Tests.Enrichment.Differential;
using Collector.Tests.Live;
using Xunit;

namespace Collector.Tests.BgpOutputs;

/// <summary>The message log on a topic of its own, as consumers of pmacct read it.</summary>
public sealed class BgpOutputsKafkaTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-bgp-");

    public void Dispose() => _folder.Delete(recursive: true);

    [KafkaFact]
    public void MessageLog_IsOneMessageAnObject_WithTheWriterLast()
    {
        string topic = $"bgp-{Guid.NewGuid():N}";
        int bgp = FreePort.Tcp();
        string configuration = Path.Combine(_folder.FullName, "nfacctd.conf");
        string[] broker = KafkaFactAttribute.Bootstrap!.Split(',')[0].Split(':');
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            core_proc_name: edge
            nfacctd_ip: 127.0.0.1
            nfacctd_port: {FreePort.Udp()}
            bgp_daemon: true
            bgp_daemon_ip: 127.0.0.1
            bgp_daemon_port: {bgp}
            bgp_daemon_msglog_kafka_broker_host: {broker[0]}
            bgp_daemon_msglog_kafka_broker_port: {broker[1]}
            bgp_daemon_msglog_kafka_topic: {topic}.$peer_src_ip
            bgp_daemon_msglog_kafka_partition_key: $peer_src_ip
            plugins: print
            print_output: json
            aggregate: src_host

            """));
        int process = RunThroughASession(configuration, bgp, SameTable.First);

        List<ConsumedMessage> messages = KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, $"{topic}.127_0_0_1");
        Assert.All(messages, m => Assert.Equal("127_0_0_1", m.Key));
        Assert.All(messages, m => Assert.EndsWith($", \"writer_id\": \"edge/{process}\"}}", m.Value, StringComparison.Ordinal));
        Assert.StartsWith("{\"seq\": 0, ", messages[0].Value, StringComparison.Ordinal);
        Assert.Contains("\"event_type\": \"log_init\"", messages[0].Value, StringComparison.Ordinal);
        Assert.Contains("\"event_type\": \"log_close\"", messages[^1].Value, StringComparison.Ordinal);
        Assert.True(messages.Count(m => m.Value.Contains("\"log_type\": \"update\"", StringComparison.Ordinal)) >= SameTable.First.Count);
    }

    [KafkaFact]
    public void MessageLog_GoesRoundItsTopics_ObjectByObject()
    {
        string topic = $"bgp-{Guid.NewGuid():N}";
        int bgp = FreePort.Tcp();
        string configuration = Path.Combine(_folder.FullName, "nfacctd.conf");
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            nfacctd_ip: 127.0.0.1
            nfacctd_port: {FreePort.Udp()}
            bgp_daemon: true
            bgp_daemon_ip: 127.0.0.1
            bgp_daemon_port: {bgp}
            bgp_daemon_msglog_kafka_broker_host: {KafkaFactAttribute.Bootstrap!.Split(',')[0]}
            bgp_daemon_msglog_kafka_topic: {topic}
            bgp_daemon_msglog_kafka_topic_rr: 3
            bgp_daemon_msglog_kafka_partition: 0
            plugins: print
            print_output: json
            aggregate: src_host

            """));
        RunThroughASession(configuration, bgp, [new UpdateBuilder().Mandatory("10.0.0.9", 65_001).Announce("10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16").Message()]);

        // log_init, three updates, three deletes, log_close; nfacctd 1.7.7 too numbers the topics as the objects.
        Assert.Equal(
            [[0, 3, 6], [1, 4, 7], [2, 5]],
            Enumerable.Range(0, 3).Select(i => KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, $"{topic}_{i}").Select(m => JsonDocument.Parse(m.Value).RootElement.GetProperty("seq").GetInt32())));
    }

    /// <summary>The collector from its start to its end, with a router that announces and goes.</summary>
    /// <returns>The pid that it had.</returns>
    private int RunThroughASession(string configuration, int port, IReadOnlyList<byte[]> announced)
    {
        using var collector = new CollectorProcess(new Dictionary<string, string> { ["STATE_DIRECTORY"] = _folder.FullName }, "run", "-f", configuration);
        collector.WaitForError("receiving on ");
        using (var announcer = new Announcer("127.0.0.1", port, "10.0.0.1", 65_000, addPath: false))
        {
            announcer.Send(announced);
            collector.WaitForError("session established");
        }

        collector.WaitForError("session is over");
        collector.Signal(CollectorProcess.SigTerm);
        Assert.True(collector.WaitForExit() == 0, collector.Error);
        return collector.Id;
    }
}
