using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Collector.Net;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Tests.Live;
using Collector.Tests.Receiving;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>kafka_preprocess and kafka_trigger_exec on a broker: nfacctd 1.7.7 and the collector publish the same rows and start the same program.</summary>
[SupportedOSPlatform("linux")]
public sealed class KafkaPurgeOracleTests : IDisposable
{
    private static readonly string[] Outputs = ["any", "all", "batch", "plain"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("kafka-purge-").FullName;
    private readonly string _topic = $"purge-{Guid.NewGuid():N}";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [KafkaFact("nfacctd")]
    public void ChecksAndTrigger_AreThoseOfNfacctd()
    {
        int theirPort = FreePort.Udp(), ourPort = FreePort.Udp();
        using var nfacctd = new PmacctDaemon(Peers.Find("nfacctd")!, Configure("theirs", theirPort), _folder);
        using var collector = new CollectorProcess(new Dictionary<string, string> { ["STATE_DIRECTORY"] = _folder }, "run", "-f", Configure("ours", ourPort));
        collector.WaitForError("receiving on ");
        nfacctd.WaitFor("waiting for NetFlow");
        foreach (int port in new[] { theirPort, ourPort })
        {
            using var sender = new UdpSender("127.0.0.1", port);
            sender.Send(Flows());
        }

        // The program starts at every refresh, be there rows or none: only one purge has rows here.
        Assert.True(SpinWait.SpinUntil(() => Runs("theirs") >= 3 && Runs("ours") >= 3, Limit), $"{Runs("theirs")} and {Runs("ours")} runs\n{nfacctd.Error}\n{collector.Error}");
        foreach (string output in Outputs)
        {
            Assert.True(
                SpinWait.SpinUntil(() => Read("theirs", output).Length > 0 && Read("ours", output).Length > 0, Limit), $"{output}: nothing\n{nfacctd.Error}\n{collector.Error}");
            Assert.Equal(Read("theirs", output), Read("ours", output));
        }

        // Packets 10, 20, 30 with 900, 300 and 600 bytes: at least 20 packets or 800 bytes, then both 20 packets and 500 bytes.
        Assert.Equal(3, Read("ours", "any").Length);
        Assert.Single(Read("ours", "all"));
        Assert.Equal(2, Read("ours", "batch").Length);
        Assert.Equal(4, Read("ours", "plain").Length);
    }

    private static byte[] Flows()
    {
        NetFlow5Record flow = new(IpAddress.FromIPv4(0x0A000001), IpAddress.FromIPv4(0x0A000002), 6, 1, 99, 10, 900) { First = 1_000, Last = 2_000 };
        return new NetFlow5Builder { Seconds = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), SysUpTime = 3_000 }
            .Record(flow)
            .Record(flow with { SourcePort = 2, Packets = 20, Octets = 300 })
            .Record(flow with { SourcePort = 3, Packets = 30, Octets = 600 })
            .Record(flow with { SourcePort = 4, Packets = 1, Octets = 50 })
            .Build();
    }

    private int Runs(string side) => File.Exists(Path.Combine(_folder, side + ".runs")) ? File.ReadAllLines(Path.Combine(_folder, side + ".runs")).Length : 0;

    /// <summary>What a consumer finds, but for the number of the process.</summary>
    private string[] Read(string side, string output) =>
    [
        .. KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, $"{_topic}.{side}.{output}").SelectMany(m => m.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(json =>
        {
            JsonObject row = JsonNode.Parse(json)!.AsObject();
            row.Remove("writer_id");
            return row.ToJsonString();
        }).Order(StringComparer.Ordinal),
    ];

    private string Configure(string side, int port)
    {
        string program = Path.Combine(_folder, side + ".sh");
        File.WriteAllText(program, $"#!/bin/sh\necho run >> {Path.Combine(_folder, side + ".runs")}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string file = Path.Combine(_folder, side + ".conf");
        string[] broker = KafkaFactAttribute.Bootstrap!.Split(',')[0].Split(':');
        File.WriteAllLines(
            file,
            [
                string.Create(CultureInfo.InvariantCulture, $"nfacctd_port: {port}"), "nfacctd_ip: 127.0.0.1", "daemonize: false", "aggregate: src_port, flows",
                $"plugins: {string.Join(", ", Outputs.Select(o => $"kafka[{o}]"))}", $"kafka_broker_host: {broker[0]}", $"kafka_broker_port: {broker[1]}", "kafka_refresh_time: 3",
                .. Outputs.Select(o => $"kafka_topic[{o}]: {_topic}.{side}.{o}"),
                "kafka_preprocess[any]: minp=20, minb=800", "kafka_preprocess[all]: minp=20, minb=500", "kafka_preprocess_type[all]: all",
                "kafka_preprocess[batch]: minb=600", "kafka_multi_values[batch]: 1000", $"kafka_trigger_exec[plain]: {program}",
            ]);
        return file;
    }
}
