using System.Text.Json;
using Collector.Configuration;
using Collector.Sinks;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>What arrives at a consumer when nothing fails.</summary>
public sealed class KafkaSinkTests : IDisposable
{
    private readonly MockKafkaProcess? _mock = MockOrNull();

    [KafkaLibraryFact]
    public void Publish_Rows_ArriveOnceInOrderWithWriterIdLast()
    {
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, new KafkaOutputOptions { Topic = "flows" });

        PublishResult first = harness.Publish(NumberedRows.Of(5_000));
        PublishResult second = harness.Publish(NumberedRows.Of(500, first: 5_000));

        Assert.Equal((5_000, 0), (first.PublishedRows, first.LostRows));
        Assert.Equal((500, 0), (second.PublishedRows, second.LostRows));
        List<ConsumedMessage> messages = KafkaTopicReader.Read(_mock.BootstrapServers, "flows");
        Assert.Equal(Enumerable.Range(0, 5_500), messages.SelectMany(m => m.Numbers()));
        Assert.Equal(first.PublishedPackets + second.PublishedPackets, messages.Sum(m => m.Rows().Single().GetProperty("packets").GetInt64()));
        Assert.Equal(
            "{\"event_type\": \"purge\", \"tag\": 7, \"peer_ip_src\": \"192.0.2.1\", \"ip_src\": \"10.0.0.0\", \"port_src\": 0, \"ip_proto\": \"udp\", "
            + $"\"packets\": 1, \"bytes\": 100, \"writer_id\": \"kk/{Environment.ProcessId}\"}}",
            messages[0].Value);
        Assert.All(messages, m => Assert.Null(m.Key));
        Assert.Equal(5_500, harness.Sink.Counters.PublishedRows);
        Assert.Equal(1, harness.Sink.Counters.ProducersMade);
        Assert.Empty(harness.Log.Warnings);
    }

    [KafkaLibraryFact]
    public void Publish_Replay_WriterIdHasPidZero()
    {
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, new KafkaOutputOptions { Topic = "flows" });

        harness.Publish(NumberedRows.Of(1, isReplay: true));

        Assert.EndsWith(", \"writer_id\": \"kk/0\"}", KafkaTopicReader.Read(_mock.BootstrapServers, "flows").Single().Value);
    }

    [KafkaLibraryFact]
    public void Publish_MultiValues_PacksRowsWithNewlinesUpToTheSize()
    {
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, new KafkaOutputOptions { Topic = "flows", MultiValues = 1000 });

        PublishResult result = harness.Publish(NumberedRows.Of(100));

        List<ConsumedMessage> messages = KafkaTopicReader.Read(_mock.BootstrapServers, "flows");
        Assert.Equal(100, result.PublishedRows);
        Assert.Equal(Enumerable.Range(0, 100), messages.SelectMany(m => m.Numbers()));
        Assert.All(messages, m => Assert.True(m.Value.EndsWith("}\n", StringComparison.Ordinal) && m.Value.Length < 1000));
        Assert.All(messages.Zip(messages.Skip(1)), pair => Assert.True(
            pair.First.Value.Length + pair.Second.Value.IndexOf('\n', StringComparison.Ordinal) + 1 >= 1000,
            "the next row would have fitted"));
        Assert.Equal(messages.Count, harness.Sink.Counters.PublishedMessages);
    }

    [KafkaLibraryFact]
    public void Publish_KeyWithVariables_EqualKeysShareAPartitionInOrder()
    {
        _mock!.Do("topic flows 4");
        using SinkHarness harness = new(_mock.BootstrapServers, new KafkaOutputOptions { Topic = "flows", PartitionKey = "$peer_src_ip:$src_port" });

        harness.Publish(NumberedRows.Of(2_000));

        List<ConsumedMessage> messages = KafkaTopicReader.Read(_mock.BootstrapServers, "flows", partitions: 4);
        Assert.Equal(2_000, messages.Count);
        Assert.All(messages, m => Assert.Equal($"192_0_2_{1 + (m.Numbers().Single() % 2)}:{m.Numbers().Single() % 10}", m.Key));
        Assert.All(messages.GroupBy(m => m.Key), g => Assert.Single(g.Select(m => m.Partition).Distinct()));
        Assert.All(messages.GroupBy(m => m.Partition), g => Assert.Equal(g.SelectMany(m => m.Numbers()).Order(), g.SelectMany(m => m.Numbers())));
        Assert.True(messages.Select(m => m.Partition).Distinct().Count() > 1);
    }

    [KafkaLibraryFact]
    public void Publish_KeyOfTheSource_GoesToThePartitionThatNfacctdSendsItTo()
    {
        _mock!.Do("topic flows 8");
        using SinkHarness harness = new(_mock.BootstrapServers, new KafkaOutputOptions { Topic = "flows", PartitionKey = "$src_host" });

        harness.Publish(NumberedRows.Of(12));

        // Seen with 1.7.7, eight partitions and the same twelve sources, with kafka_partition_dynamic and without.
        int[] partitions = [7, 1, 3, 5, 6, 0, 2, 4, 5, 3, 1, 7];
        Assert.Equal(
            partitions.Select((p, i) => (p, $"10_0_0_{i}")).Order(),
            KafkaTopicReader.Read(_mock.BootstrapServers, "flows", partitions: 8).Select(m => (m.Partition, m.Key!)).Order());
    }

    [KafkaLibraryFact]
    public void Publish_FixedPartitionAndConstantKey_AllRowsGoThere()
    {
        _mock!.Do("topic flows 4");
        using SinkHarness harness = new(_mock.BootstrapServers, new KafkaOutputOptions { Topic = "flows", Partition = 2, PartitionKey = "site-a" });

        harness.Publish(NumberedRows.Of(100));

        List<ConsumedMessage> messages = KafkaTopicReader.Read(_mock.BootstrapServers, "flows", partitions: 4);
        Assert.Equal(100, messages.Count);
        Assert.All(messages, m => Assert.Equal((2, "site-a"), (m.Partition, m.Key)));
    }

    [KafkaLibraryFact]
    public void Publish_TopicWithVariables_RowsGoToTheTopicOfTheirExporter()
    {
        _mock!.Do("topic flows.192_0_2_1.7 1");
        _mock.Do("topic flows.192_0_2_2.7 1");
        using SinkHarness harness = new(_mock.BootstrapServers, new KafkaOutputOptions { Topic = "flows.$peer_src_ip.$tag" });

        PublishResult result = harness.Publish(NumberedRows.Of(10));

        Assert.Equal(10, result.PublishedRows);
        Assert.Equal([0, 2, 4, 6, 8], KafkaTopicReader.Read(_mock.BootstrapServers, "flows.192_0_2_1.7").SelectMany(m => m.Numbers()));
        Assert.Equal([1, 3, 5, 7, 9], KafkaTopicReader.Read(_mock.BootstrapServers, "flows.192_0_2_2.7").SelectMany(m => m.Numbers()));
    }

    [KafkaLibraryFact]
    public void Publish_Markers_EncloseTheRowsAndCountThem()
    {
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, new KafkaOutputOptions { Topic = "flows", WriterId = "fixed" }, markers: true);

        PublishResult result = harness.Publish(NumberedRows.Of(6));
        harness.Publish(NumberedRows.Of(0));

        List<ConsumedMessage> messages = KafkaTopicReader.Read(_mock.BootstrapServers, "flows");
        string id = $"kk/{Environment.ProcessId}";
        Assert.Equal(6, result.PublishedRows);
        Assert.Equal(10, messages.Count);
        Assert.Equal($"{{\"event_type\": \"purge_init\", \"writer_id\": \"{id}\"}}", messages[0].Value);
        Assert.EndsWith(", \"writer_id\": \"fixed\"}", messages[1].Value);
        Assert.Matches($"^{{\"event_type\": \"purge_close\", \"writer_id\": \"{id}\", \"purged_entries\": 6, \"total_entries\": 8, \"duration\": [0-9]+}}$", messages[7].Value);
        Assert.Equal("purge_close", messages[9].Rows().Single().GetProperty("event_type").GetString());
        Assert.Equal(JsonValueKind.Number, messages[9].Rows().Single().GetProperty("duration").ValueKind);
    }

    [KafkaLibraryFact]
    public void Publish_MarkersWithAKeyOfVariables_TheLastHasThatOfTheLastRow()
    {
        _mock!.Do("topic flows 1");
        using SinkHarness harness = new(_mock.BootstrapServers, new KafkaOutputOptions { Topic = "flows", PartitionKey = "k$src_host" }, markers: true);

        harness.Publish(NumberedRows.Of(2));
        harness.Publish(NumberedRows.Of(0));

        Assert.Equal([null, "k10_0_0_0", "k10_0_0_1", "k10_0_0_1", null, null], KafkaTopicReader.Read(_mock.BootstrapServers, "flows").Select(m => m.Key));
    }

    public void Dispose() => _mock?.Dispose();

    private static MockKafkaProcess? MockOrNull() => new KafkaLibraryFactAttribute().Skip is null ? new MockKafkaProcess() : null;
}
