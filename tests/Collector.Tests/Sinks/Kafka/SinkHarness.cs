using Collector.Configuration;
using Collector.Sinks;
using Collector.Sinks.Kafka;
using Xunit;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>A started sink with what its tests look at.</summary>
internal sealed class SinkHarness : IDisposable
{
    public SinkHarness(string brokers, KafkaOutputOptions? kafka = null, bool markers = false, TimeSpan? stopGrace = null)
    {
        OutputOptions output = new() { Name = "kk", Kind = OutputKind.Kafka, Markers = markers, Kafka = (kafka ?? new()) with { Brokers = brokers } };
        Sink = new KafkaSink(output, NumberedPurge.Layout, NumberedPurge.Format, Log, stopGrace: stopGrace);
        Sink.Start();
    }

    public LogLines Log { get; } = new();

    public KafkaSink Sink { get; }

    /// <summary>Publishes and checks what holds in every case: published and lost add up to the purge.</summary>
    public PublishResult Publish(NumberedPurge purge, CancellationToken stop = default)
    {
        PublishResult result = Sink.Publish(purge, stop);
        Assert.Equal(purge.Count, result.PublishedRows + result.LostRows);
        Assert.Equal(purge.Records, result.PublishedRecords + result.LostRecords);
        Assert.Equal(purge.Packets, result.PublishedPackets + result.LostPackets);
        Assert.Equal(purge.Octets, result.PublishedOctets + result.LostOctets);
        return result;
    }

    public static KafkaOutputOptions With(string topic, params (string Name, string Value)[] properties) =>
        new() { Topic = topic, Properties = properties.ToDictionary(p => p.Name, p => p.Value) };

    public void Dispose() => Sink.Dispose();
}
