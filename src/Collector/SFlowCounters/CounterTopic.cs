using System.Text;
using Collector.Configuration;
using Collector.Net;
using Collector.Output;
using Collector.Sinks.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Collector.SFlowCounters;

/// <summary>Sends counters to Kafka, a message an object, and counts what became of each. Used by one thread.</summary>
internal sealed class CounterTopic : IDisposable
{
    private const string AddressVariable = "$peer_src_ip";

    /// <summary>Agents whose topic and key are kept; beyond, the cache starts anew.</summary>
    private const int MaxRoutes = 4_096;

    private readonly KafkaOutputOptions _options;
    private readonly KafkaDelivery _delivery;
    private readonly Dictionary<IpAddress, (TopicPartition To, byte[]? Key)> _routes = [];

    /// <summary>Inert: nothing is loaded or connected before <see cref="Start"/>.</summary>
    public CounterTopic(KafkaOutputOptions options, ILogger log, TimeProvider time)
    {
        _options = options;
        _delivery = new KafkaDelivery("sflow_counters", options, log, time);
    }

    /// <summary>Objects that brokers have taken.</summary>
    public long Published => _delivery.Counters.PublishedRows;

    /// <summary>Objects that did not get there.</summary>
    public long Lost => Enum.GetValues<KafkaLoss>().Sum(_delivery.Counters.LostRows);

    /// <summary>Loads librdkafka and makes the producer.</summary>
    /// <exception cref="KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public void Start() => _delivery.Start();

    /// <summary>Hands one object over; where librdkafka's queue is full it waits, and the workers' queues fill meanwhile.</summary>
    public void Send(IpAddress agent, ReadOnlySpan<byte> json, CancellationToken stop)
    {
        (TopicPartition to, byte[]? key) = RouteOf(agent);
        _delivery.Send(to, key, json, new RowSums { Rows = 1, Records = 1 }, stop);
    }

    /// <summary>Serves delivery reports and errors, without waiting; after a fatal error it begins anew.</summary>
    public void Serve() => _delivery.Begin();

    /// <summary>Waits until everything is reported; five seconds longer after the stop is signalled.</summary>
    public void Drain(CancellationToken giveUp)
    {
        _delivery.Drain(giveUp);
        _delivery.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _delivery.Dispose();

    private (TopicPartition To, byte[]? Key) RouteOf(IpAddress agent)
    {
        if (_routes.TryGetValue(agent, out (TopicPartition, byte[]?) route))
        {
            return route;
        }

        if (_routes.Count == MaxRoutes)
        {
            _routes.Clear();
        }

        string address = VariableText.Of(agent);
        string topic = _options.Topic.Replace(AddressVariable, address, StringComparison.Ordinal);
        string key = (_options.PartitionKey ?? "").Replace(AddressVariable, address, StringComparison.Ordinal);
        route = (
            new TopicPartition(topic, _options.Partition < 0 ? Partition.Any : new Partition(_options.Partition)),
            key.Length == 0 ? null : Encoding.UTF8.GetBytes(key));
        _routes.Add(agent, route);
        return route;
    }
}
