using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>kafka_topic_rr with a real Apache Kafka: which message nfacctd 1.7.7 sends to which topic, seen there with the same rows.</summary>
public sealed class KafkaRotationTests
{
    private readonly string _topic = $"collector-test-{Guid.NewGuid():N}";

    [KafkaFact]
    public void Rows_GoRoundTheTopics_FromTheFirstAnewWithEachPurge()
    {
        Publish(new KafkaOutputOptions(), markers: false, NumberedRows.Of(7), NumberedRows.Of(7, first: 7));

        Assert.Equal([[0, 3, 6, 7, 10, 13], [1, 4, 8, 11], [2, 5, 9, 12]], Topics().Select(t => t.SelectMany(m => m.Numbers())));
    }

    [KafkaFact]
    public void ClosingMarker_FollowsTheLastRow_AndTheOpeningOneStandsInTheFirstTopic()
    {
        Publish(new KafkaOutputOptions(), markers: true, NumberedRows.Of(4));

        Assert.Equal([["purge_init", "purge", "purge", "purge_close"], ["purge"], ["purge"]], Topics().Select(t => t.Select(EventOf)));
    }

    [KafkaFact]
    public void PackedRows_GoRoundByMessage_AndTheLastMessageFollowsTheOneBefore()
    {
        // Two rows a message: 0 and 1, 2 and 3, 4 and 5; then 6, which no row has pushed out.
        int row = Encoding.UTF8.GetByteCount($$"""{"event_type": "purge", "tag": 7, "peer_ip_src": "192.0.2.1", "ip_src": "10.0.0.0", "port_src": 0, "ip_proto": "udp", "packets": 1, "bytes": 100, "writer_id": "w"}""");
        Publish(new KafkaOutputOptions { MultiValues = (2 * row) + 20, WriterId = "w" }, markers: false, NumberedRows.Of(7));

        Assert.Equal([[[0, 1]], [[2, 3]], [[4, 5], [6]]], Topics().Select(t => t.Select(m => m.Numbers())));
    }

    [KafkaFact]
    public void PackedRows_OfOneMessage_AreInTheFirstTopic()
    {
        Publish(new KafkaOutputOptions { MultiValues = 10_000 }, markers: false, NumberedRows.Of(3));

        Assert.Equal([0, 1, 2], KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, $"{_topic}_0").SelectMany(m => m.Numbers()));
    }

    private static string EventOf(ConsumedMessage message) => message.Rows().Single().GetProperty("event_type").GetString()!;

    private void Publish(KafkaOutputOptions options, bool markers, params Purge[] purges)
    {
        using SinkHarness harness = new(KafkaFactAttribute.Bootstrap!, options with { Topic = _topic, RotatingTopics = 3, Partition = 0 }, markers);
        foreach (Purge purge in purges)
        {
            Assert.Equal(0, harness.Publish(purge).LostRows);
        }
    }

    private IEnumerable<List<ConsumedMessage>> Topics() => [.. Enumerable.Range(0, 3).Select(i => KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, $"{_topic}_{i}"))];
}
