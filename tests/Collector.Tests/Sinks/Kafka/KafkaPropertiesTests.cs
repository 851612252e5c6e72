using Collector.Configuration;
using Collector.Sinks.Kafka;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

public sealed class KafkaPropertiesTests
{
    [Fact]
    public void Of_Defaults_AreIdempotentWithAllAcks()
    {
        IReadOnlyDictionary<string, string> properties = KafkaProperties.Of(new KafkaOutputOptions { Brokers = "b1:9092,b2" });

        Assert.Equal(("b1:9092,b2", "true", "all"), (properties["bootstrap.servers"], properties["enable.idempotence"], properties["acks"]));
    }

    [Fact]
    public void Of_UsersProperties_Win()
    {
        IReadOnlyDictionary<string, string> properties = KafkaProperties.Of(SinkHarness.With("t", ("linger.ms", "1"), ("compression.codec", "lz4")));

        Assert.Equal(("1", "lz4"), (properties["linger.ms"], properties["compression.codec"]));
    }

    [Theory]
    [InlineData("acks", "1", true)]
    [InlineData("request.required.acks", "0", true)]
    [InlineData("request.required.acks", "-1", false)]
    [InlineData("retries", "0", true)]
    [InlineData("max.in.flight", "6", true)]
    [InlineData("max.in.flight", "5", false)]
    [InlineData("queuing.strategy", "lifo", true)]
    [InlineData("linger.ms", "0", false)]
    public void Of_PropertyThatRulesIdempotenceOut_LeavesItOut(string name, string value, bool rulesOut)
    {
        KafkaOutputOptions options = SinkHarness.With("t", (name, value));

        Assert.Equal(rulesOut ? $"{name}={value}" : null, KafkaProperties.WhyNotIdempotent(options.Properties));
        Assert.Equal(!rulesOut, KafkaProperties.Of(options).ContainsKey("enable.idempotence"));
        Assert.Equal(!name.EndsWith("acks", StringComparison.Ordinal), KafkaProperties.Of(options).TryGetValue("acks", out string? acks) && acks == "all");
    }

    [Fact]
    public void WhyNotIdempotent_UserAsksForIt_IsLeftToLibrdkafka() =>
        Assert.Null(KafkaProperties.WhyNotIdempotent(SinkHarness.With("t", ("enable.idempotence", "true"), ("acks", "1")).Properties));
}
