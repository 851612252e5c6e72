using System.Diagnostics;
using Collector.Configuration;
using Collector.Sinks;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>A real broker that is killed while a purge is published.</summary>
public sealed class KafkaOutageTests
{
    [KafkaControlFact]
    public void Publish_BrokerKilledAndStartedAgain_NothingIsLostOrDoubled()
    {
        using RealKafka kafka = new();
        KafkaOutputOptions options = SinkHarness.With("outage", ("queue.buffering.max.messages", "2000"), ("reconnect.backoff.max.ms", "500")) with { Partition = 0 };
        using SinkHarness harness = new(kafka.BootstrapServers, options);
        harness.Publish(NumberedRows.Of(10));

        kafka.Do("kill 1");
        Task back = Task.Run(() => kafka.Do("start 1"));
        PublishResult result = harness.Publish(NumberedRows.Of(20_000, first: 10));
        back.Wait();

        Assert.Equal((20_000, 0), (result.PublishedRows, result.LostRows));
        Assert.True(harness.Sink.Counters.QueueFullWaits > 0);
        Assert.Equal(Enumerable.Range(0, 20_010), KafkaTopicReader.Read(kafka.BootstrapServers, "outage").SelectMany(m => m.Numbers()));
        Assert.Contains(harness.Log.All, l => l.Contains("the brokers take rows again"));
    }

    /// <summary>The shared runner with its commands on stdin.</summary>
    private sealed class RealKafka : CommandedProcess
    {
        public RealKafka()
            : base(new ProcessStartInfo("python3", [KafkaControlFactAttribute.Runner, "--control", "--topic", "outage:1"]), endMilliseconds: 15_000)
        {
            string line = ReadLine("The broker did not start.");
            BootstrapServers = line["KAFKA_BOOTSTRAP_SERVERS=".Length..];
            while (!line.StartsWith("ready", StringComparison.Ordinal))
            {
                line = ReadLine("The broker did not start.");
            }
        }

        public string BootstrapServers { get; }
    }
}
