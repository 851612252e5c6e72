using Collector.Aggregation;
using Collector.Configuration;
using Collector.Output;
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
        RowWriter writer = RowWriter.Create(output, NumberedRows.Selection, NumberedRows.Layout);
        Sink = new KafkaSink(output, NumberedRows.Layout, writer, Log, stopGrace: stopGrace);
        Sink.Start();
    }

    public LogLines Log { get; } = new();

    public KafkaSink Sink { get; }

    public static KafkaOutputOptions With(string topic, params (string Name, string Value)[] properties) =>
        new() { Topic = topic, Properties = properties.ToDictionary(p => p.Name, p => p.Value) };

    /// <summary>Publishes and checks what holds in every case: published and lost add up to the purge.</summary>
    public PublishResult Publish(Purge purge, CancellationToken stop = default)
    {
        PublishResult result = Sink.Publish(purge, stop);
        RowSums sums = default;
        for (int i = 0; i < purge.Count; i++)
        {
            sums.Add(RowSums.Of(purge[i].Entry));
        }

        Assert.Equal(sums.Rows, result.PublishedRows + result.LostRows);
        Assert.Equal(sums.Records, result.PublishedRecords + result.LostRecords);
        Assert.Equal(sums.Packets, result.PublishedPackets + result.LostPackets);
        Assert.Equal(sums.Octets, result.PublishedOctets + result.LostOctets);
        return result;
    }

    public void Dispose() => Sink.Dispose();
}
