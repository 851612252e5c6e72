using Collector.Configuration;
using Collector.Sinks.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Objects;

/// <summary>Objects as Kafka messages, one each.</summary>
internal sealed class ObjectKafkaSink : ObjectSink
{
    private const int MaxTopicsKept = 4_096;

    private readonly KafkaDelivery _delivery;
    private readonly KafkaOutputOptions _options;
    private readonly Dictionary<string, TopicPartition[]> _topics = new(StringComparer.Ordinal);
    private long _messages;
    private long _batches;

    public ObjectKafkaSink(string name, KafkaOutputOptions options, ILogger log, TimeProvider clock)
    {
        _delivery = new KafkaDelivery(name, options, log, clock);
        _options = options;
    }

    /// <exception cref="KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public override void Start()
    {
        _delivery.Start();
        _delivery.Begin();
    }

    public override void Write(ObjectBatch batch, CancellationToken stop)
    {
        TopicPartition[] topics = TopicsOf(batch.Target);
        _messages = batch.Place.HasFlag(EventPlace.First) ? 0 : _messages;
        ReadOnlySpan<byte> rest = batch.Bytes;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            _delivery.Send(topics[_messages++ % topics.Length], batch.Key, rest[..end], new RowSums { Rows = 1 }, stop);
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

    private TopicPartition[] TopicsOf(string target)
    {
        if (!_topics.TryGetValue(target, out TopicPartition[]? topics))
        {
            // Names have the peer's port where the configuration wants that: no end of them.
            if (_topics.Count == MaxTopicsKept)
            {
                _topics.Clear();
            }

            _topics.Add(target, topics = KafkaRoute.RotationOf(target, _options));
        }

        return topics;
    }

    private void Count()
    {
        Published = _delivery.Counters.PublishedRows;
        Failed = Enum.GetValues<KafkaLoss>().Sum(_delivery.Counters.LostRows);
    }
}
