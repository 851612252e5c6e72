using Collector.Configuration;
using Collector.Sinks.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Objects;

/// <summary>Objects as Kafka messages, one each.</summary>
internal sealed class ObjectKafkaSink : ObjectSink
{
    private readonly KafkaDelivery _delivery;
    private readonly int _partition;
    private long _batches;

    public ObjectKafkaSink(string name, KafkaOutputOptions options, ILogger log, TimeProvider clock)
    {
        _delivery = new KafkaDelivery(name, options, log, clock);
        _partition = options.Partition;
    }

    /// <exception cref="KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public override void Start()
    {
        _delivery.Start();
        _delivery.Begin();
    }

    public override void Write(ObjectBatch batch, CancellationToken stop)
    {
        var to = new TopicPartition(batch.Target, _partition < 0 ? Partition.Any : new Partition(_partition));
        ReadOnlySpan<byte> rest = batch.Bytes;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            _delivery.Send(to, batch.Key, rest[..end], new RowSums { Rows = 1 }, stop);
            rest = rest[(end + 1)..];
        }

        _delivery.Serve(stop);
        Count();
    }

    public override void Idle(CancellationToken stop)
    {
        _delivery.Drain(stop);
        Count();
        if (_delivery.Result.LostRows > 0)
        {
            _delivery.ReportLost(++_batches, _delivery.Result);
        }

        _delivery.Begin();
    }

    public override void Reopen()
    {
    }

    public override void Dispose()
    {
        _delivery.Dispose();
        Count();
    }

    private void Count()
    {
        Published = _delivery.Counters.PublishedRows;
        Failed = Enum.GetValues<KafkaLoss>().Sum(_delivery.Counters.LostRows);
    }
}
