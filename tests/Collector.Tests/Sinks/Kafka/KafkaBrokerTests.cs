using Collector.Configuration;
using Collector.Sinks;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>The same rows through a real Apache Kafka.</summary>
public sealed class KafkaBrokerTests
{
    private readonly string _topic = $"collector-test-{Guid.NewGuid():N}";

    [KafkaFact]
    public void Publish_RealBroker_ConsumerSeesEveryRowOnceInOrder()
    {
        using SinkHarness harness = new(KafkaFactAttribute.Bootstrap!, new KafkaOutputOptions { Topic = _topic, Partition = 0 });

        PublishResult first = harness.Publish(NumberedRows.Of(20_000));
        PublishResult second = harness.Publish(NumberedRows.Of(1_000, first: 20_000));

        List<ConsumedMessage> messages = KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, _topic);
        Assert.Equal((21_000, 0), (first.PublishedRows + second.PublishedRows, first.LostRows + second.LostRows));
        Assert.Equal(Enumerable.Range(0, 21_000), messages.SelectMany(m => m.Numbers()));
        Assert.Equal(first.PublishedPackets + second.PublishedPackets, Sum(messages, "packets"));
        Assert.Equal(first.PublishedOctets + second.PublishedOctets, Sum(messages, "bytes"));
        Assert.All(messages, m => Assert.EndsWith($", \"writer_id\": \"kk/{Environment.ProcessId}\"}}", m.Value));
    }

    [KafkaFact]
    public void Publish_RealBroker_MultiValuesWithKeyAndCompression()
    {
        KafkaOutputOptions options = SinkHarness.With(_topic, ("compression.codec", "lz4")) with { MultiValues = 8_192, PartitionKey = "$peer_src_ip" };
        using SinkHarness harness = new(KafkaFactAttribute.Bootstrap!, options);

        PublishResult result = harness.Publish(NumberedRows.Of(500));

        List<ConsumedMessage> messages = KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, _topic);
        Assert.Equal((500, 0), (result.PublishedRows, result.LostRows));
        Assert.Equal(Enumerable.Range(0, 500), messages.SelectMany(m => m.Numbers()));
        Assert.All(messages, m => Assert.All(m.Numbers(), n => Assert.Equal($"192_0_2_{1 + (n % 2)}", m.Key)));
    }

    [KafkaFact]
    public void Publish_RealBroker_PartitionThatDoesNotExist_RowsAreCounted()
    {
        KafkaOutputOptions options = SinkHarness.With(_topic, ("message.timeout.ms", "3000")) with { Partition = 99 };
        using SinkHarness harness = new(KafkaFactAttribute.Bootstrap!, options);

        PublishResult result = harness.Publish(NumberedRows.Of(10));

        Assert.Equal((0, 10), (result.PublishedRows, result.LostRows));
        Assert.Contains(harness.Log.Warnings, l => l.Contains("10 of 10 rows of purge 1 were lost (Local: Unknown partition)"));
    }

    private static long Sum(List<ConsumedMessage> messages, string name) => messages.Sum(m => m.Rows().Single().GetProperty(name).GetInt64());
}
