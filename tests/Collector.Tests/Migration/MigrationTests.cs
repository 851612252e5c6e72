using System.Net;
using System.Text.Json.Nodes;
using Collector.Testing;
using Collector.Tests.Enrichment.Differential;
using Xunit;

namespace Collector.Tests.Migration;

/// <summary>The two configurations of the README's migration chapter, taken over as they are: what consumers of the topics get is what nfacctd 1.7.7 gives them.</summary>
public class MigrationTests
{
    private const string Router = "127.0.0.1";

    // Each run has others; stamp_updated is the instant of the last record.
    private static readonly string[] Volatile = ["stamp_updated", "writer_id"];

    [KafkaFact("nfacctd")]
    public void Pmacctd_WithNetworksFileAgentMapAndLabels()
    {
        string label = $"bdr-{Guid.NewGuid():N}";
        (string Old, string New)[] both =
        [
            ("/etc/pmacct/", "{folder}/"), ("kafka-host.fqdn.com", $"{TakenOver.Broker.Host}\nkafka_broker_port: {TakenOver.Broker.Port}"),
        ];

        // The map of labels is a file like the guide's; its label tells this run's objects from others on the default topic.
        using var run = new TakenOver(
            "pmacctd.conf",
            [.. both, ("127.0.0.2", "127.0.0.22")],
            [.. both, ("127.0.0.2", "127.0.0.23")],
            ("pretag.map", $"set_label={label}\n"),
            ("networks.lst", "64500,10.1.2.0/24\n64500,99.0.0.0/8\n64500,2001:db8::/36\n"));
        run.Announce(new IPEndPoint(IPAddress.Parse("127.0.0.22"), 180), new IPEndPoint(IPAddress.Parse("127.0.0.23"), 180), Router, "192.0.2.1", 65_000);
        run.Send(Router);
        run.Stop();

        string[] objects = [.. KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, "pmacct.acct").Select(m => m.Value).Where(v => v.Contains(label, StringComparison.Ordinal))];
        string writer = $"\"default_kafka/{run.Collector.Id}\"";
        IReadOnlyList<string> theirs = TakenOver.Summed(objects.Where(o => !o.Contains(writer, StringComparison.Ordinal)), Volatile);
        IReadOnlyList<string> ours = TakenOver.Summed(objects.Where(o => o.Contains(writer, StringComparison.Ordinal)), Volatile);

        Assert.True(theirs.Count > 400, $"{theirs.Count} objects of nfacctd");
        IReadOnlyList<string> differences = TakenOver.Differences([.. theirs.Where(IsIPv4)], [.. ours.Where(IsIPv4)]);
        Assert.True(differences.Count == 0, $"{differences.Count} differences in {theirs.Count}:\n{string.Join('\n', differences.Take(30))}");
        Assert.Contains(ours, o => o.Contains("\"as_dst\":64500", StringComparison.Ordinal));
        Assert.Contains(ours, o => o.Contains("\"as_dst\":65011", StringComparison.Ordinal));

        // A single IPv6 network in networks_file holds every IPv6 address for nfacctd 1.7.7; check says so.
        Assert.Equal(TakenOver.Summed(theirs.Where(IsIPv6), "as_src", "as_dst").Order(), TakenOver.Summed(ours.Where(IsIPv6), "as_src", "as_dst").Order());
    }

    [KafkaFact("nfacctd")]
    public void Nfacctd_WithEverythingFromBgpAndTableDumps()
    {
        string topic = $"migration-{Guid.NewGuid():N}";
        (string, string)[] Filled(string side, string speaker) =>
        [
            ("nfacctd_ip: 192.0.2.10", "nfacctd_ip: 127.0.0.1"), ("bgp_daemon_ip: 192.0.2.10", $"bgp_daemon_ip: {speaker}"),
            ("kafka_broker_host: 192.0.2.20", $"kafka_broker_host: {TakenOver.Broker.Host}"), ("kafka_broker_port: 9092", $"kafka_broker_port: {TakenOver.Broker.Port}"),
            ("bgp_table_dump_kafka_topic: pmacct.bgp", $"bgp_table_dump_kafka_broker_host: {TakenOver.Broker.Host}\nbgp_table_dump_kafka_broker_port: {TakenOver.Broker.Port}\nbgp_table_dump_kafka_topic: {topic}.{side}.bgp"),
            ("kafka_topic: pmacct\n", $"kafka_topic: {topic}.{side}\n"),
        ];
        using var run = new TakenOver("nfacctd.conf", Filled("theirs", "127.0.0.22"), Filled("ours", "127.0.0.23"));
        run.Announce(new IPEndPoint(IPAddress.Parse("127.0.0.22"), 179), new IPEndPoint(IPAddress.Parse("127.0.0.23"), 179), Router, SameTable.FirstId, 5_000);
        run.Send(Router);
        run.WaitForDump();
        run.Wait(() => Dump(topic, "theirs").Length > 0 && Dump(topic, "ours").Length > 0);
        run.Stop();

        IReadOnlyList<string> theirs = TakenOver.Summed(Read($"{topic}.theirs"), Volatile), ours = TakenOver.Summed(Read($"{topic}.ours"), Volatile);
        Assert.True(theirs.Count > 400, $"{theirs.Count} objects of nfacctd");
        IReadOnlyList<string> differences = TakenOver.Differences(theirs, ours);
        Assert.True(differences.Count == 0, $"{differences.Count} differences in {theirs.Count}:\n{string.Join('\n', differences.Take(30))}");
        Assert.Contains(ours, o => o.Contains("\"as_path\":\"65010_65011\"", StringComparison.Ordinal) || o.Contains("\"as_path\":\"65010 65011\"", StringComparison.Ordinal));

        string[] without = ["timestamp", "seq", "writer_id", "peer_tcp_port"];
        differences = TakenOver.Differences(TakenOver.Summed(Dump(topic, "theirs"), without), TakenOver.Summed(Dump(topic, "ours"), without));
        Assert.True(differences.Count == 0, $"dumps:\n{string.Join('\n', differences.Take(30))}");
    }

    private static bool IsIPv6(string json) => json.Contains("\"ip_src\":\"2001:", StringComparison.Ordinal);

    private static bool IsIPv4(string json) => !IsIPv6(json);

    private static string[] Read(string topic) => [.. KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, topic).Select(m => m.Value)];

    /// <summary>The routes of the first dump that has any and is complete.</summary>
    private static string[] Dump(string topic, string side)
    {
        string[] all = Read($"{topic}.{side}.bgp");
        int last = Array.FindLastIndex(all, o => o.Contains("dump_close", StringComparison.Ordinal) && JsonNode.Parse(o)!["entries"]?.GetValue<long>() > 0);
        int first = last < 0 ? -1 : Array.FindLastIndex(all, last, o => o.Contains("dump_init", StringComparison.Ordinal));
        return first < 0 ? [] : all[first..(last + 1)];
    }
}
