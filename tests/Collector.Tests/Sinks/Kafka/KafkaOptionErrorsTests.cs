using Collector.Configuration;
using Collector.Sinks.Kafka;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

public sealed class KafkaOptionErrorsTests
{
    private static readonly OutputOptions Good = new() { Name = "kk", Kind = OutputKind.Kafka };

    [Fact]
    public void Of_Defaults_HaveNone() => Assert.Empty(KafkaOptionErrors.Of(Good));

    [Fact]
    public void Of_VariablesEverywhereTheyMayBe_HaveNone() => Assert.Empty(KafkaOptionErrors.Of(Good with
    {
        Kafka = Good.Kafka with { Topic = "flows.$peer_src_ip", PartitionKey = "$src_host", WriterId = "$proc_name-x" },
    }));

    [Theory]
    [InlineData("test.mock.num.brokers", "mock cluster")]
    [InlineData("TEST.MOCK.BROKER.RTT", "mock cluster")]
    [InlineData("transactional.id", "not published in transactions")]
    [InlineData("delivery.report.only.error", "leave it out")]
    [InlineData("dotnet.producer.enable.background.poll", "leave it out")]
    [InlineData("dr_msg_cb", "call-back")]
    public void Of_RefusedProperty_SaysWhy(string name, string why)
    {
        KafkaOptionError error = Assert.Single(KafkaOptionErrors.Of(Good with { Kafka = SinkHarness.With("flows", (name, "1")) }));

        Assert.Equal($"kafka.properties.{name}", error.Key);
        Assert.StartsWith($"{name} is refused: ", error.Message);
        Assert.Contains(why, error.Message);
    }

    [Fact]
    public void Of_SeveralMistakes_AllAreFound()
    {
        OutputOptions bad = Good with
        {
            Format = OutputFormat.Csv,
            Markers = true,
            Kafka = new() { Brokers = " ", Topic = "$nosuch", PartitionKey = "$src", Partition = -2, MultiValues = 10, WriterId = "$x" },
        };

        Assert.Equal(
            ["format", "kafka.brokers", "kafka.partition", "kafka.topic", "kafka.partition_key", "kafka.multi_values", "markers", "kafka.writer_id"],
            KafkaOptionErrors.Of(bad).Select(e => e.Key));
    }

    [Theory]
    [InlineData("flows.$tag", "messages cannot go round topics whose name has variables: write a topic without, or no topic_rr")]
    [InlineData("LONG", "is longer than 249: write a shorter topic")]
    public void Of_RotatingTopicsThatCannotBe_SayWhy(string topic, string why)
    {
        topic = topic == "LONG" ? new string('x', 247) : topic;
        KafkaOptionError error = Assert.Single(KafkaOptionErrors.Of(Good with { Kafka = new() { Topic = topic, RotatingTopics = 11 } }));

        Assert.Equal("kafka.topic_rr", error.Key);
        Assert.EndsWith(why, error.Message, StringComparison.Ordinal);
        Assert.Empty(KafkaOptionErrors.Of(Good with { Kafka = new() { Topic = new string('x', 247), RotatingTopics = 10 } }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void Of_BadTopicName_IsRefused(string topic) =>
        Assert.Equal("kafka.topic", Assert.Single(KafkaOptionErrors.Of(Good with { Kafka = new() { Topic = topic } })).Key);
}
