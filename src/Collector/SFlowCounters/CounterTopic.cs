using System.Text;
using Collector.Configuration;
using Collector.Net;
using Collector.Sinks.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Collector.SFlowCounters;

/// <summary>Sends counters to Kafka, a message an object, and counts what became of each. Used by one thread.</summary>
internal sealed class CounterTopic : IDisposable
{
    private const string Name = "sflow_counters";
    private const string AddressVariable = "$peer_src_ip";

    /// <summary>Agents whose topic and key are kept; beyond, the cache starts anew.</summary>
    private const int MaxRoutes = 4_096;

    /// <summary>How long an object waits for room in librdkafka's queue; meanwhile the workers' queues fill.</summary>
    private const int MaxWaits = 10;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly KafkaOutputOptions _options;
    private readonly IReadOnlyDictionary<string, string> _properties;
    private readonly KafkaCounters _counters = new();
    private readonly KafkaTally _tally;
    private readonly KafkaJournal _journal;
    private readonly TimeProvider _time;
    private readonly Dictionary<IpAddress, (TopicPartition To, byte[]? Key)> _routes = [];
    private KafkaProducer? _producer;

    /// <summary>Inert: nothing is loaded or connected before <see cref="Start"/>.</summary>
    public CounterTopic(KafkaOutputOptions options, ILogger log, TimeProvider time)
    {
        _options = options;
        _properties = KafkaProperties.Of(options);
        _tally = new KafkaTally(_counters);
        _journal = new KafkaJournal(log, Name, _properties, time);
        _time = time;
    }

    /// <summary>Objects that brokers have taken.</summary>
    public long Published => _counters.PublishedRows;

    /// <summary>Objects that did not get there.</summary>
    public long Lost => Enum.GetValues<KafkaLoss>().Sum(_counters.LostRows);

    /// <summary>Loads librdkafka and makes the producer.</summary>
    /// <exception cref="KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public void Start()
    {
        KafkaLibrary library = KafkaLibrary.Load(_options.Library);
        IReadOnlyList<string> errors = KafkaPropertyCheck.Errors(library, _properties);
        if (errors.Count > 0)
        {
            throw new KafkaConfigurationException(string.Join('\n', errors.Select(e => $"{Name}: {e}")));
        }

        _journal.LibraryNumber = library.Number;
        _journal.LibraryVersion = library.Version;
        _producer = Make();
    }

    /// <summary>Hands one object over, waiting a second at most where librdkafka's queue is full.</summary>
    public void Send(IpAddress agent, ReadOnlySpan<byte> json)
    {
        (TopicPartition to, byte[]? key) = RouteOf(agent);
        var sums = new RowSums { Rows = 1, Records = 1 };
        for (int waits = 0; _producer is { } producer && waits < MaxWaits; waits++)
        {
            switch (producer.IsFatal ? ProduceOutcome.Fatal : producer.Produce(to, key, json, sums))
            {
                case ProduceOutcome.Taken or ProduceOutcome.Refused:
                    return;
                case ProduceOutcome.QueueFull:
                    producer.Poll(Slice);
                    break;
                default:
                    Renew();
                    break;
            }
        }

        const string Reason = "librdkafka's queue stays full";
        _tally.Lost(KafkaLoss.Refused, sums, Reason);
        _journal.Warn("lost", Reason);
    }

    /// <summary>Serves delivery reports and errors, without waiting.</summary>
    public void Serve()
    {
        _producer?.Poll(TimeSpan.Zero);
        if (_producer is { IsFatal: true })
        {
            Renew();
        }
    }

    /// <summary>Waits until everything is reported; five seconds longer after the stop is signalled.</summary>
    public void Drain(CancellationToken giveUp)
    {
        long? since = null;
        while (_producer is { OutstandingMessages: > 0, IsFatal: false } producer)
        {
            producer.Flush(Slice);
            since ??= giveUp.IsCancellationRequested ? _time.GetTimestamp() : null;
            if (since is { } began && _time.GetElapsedTime(began) > StopGrace)
            {
                break;
            }
        }

        End(KafkaLoss.Stopped, "the collector has stopped");
    }

    /// <inheritdoc/>
    public void Dispose() => End(KafkaLoss.Stopped, "the collector has stopped");

    private void Renew()
    {
        End(KafkaLoss.Fatal, "the producer ended with a fatal error");
        _producer = Make();
    }

    private void End(KafkaLoss reason, string text)
    {
        if (_producer is { } producer)
        {
            _producer = null;
            producer.Abandon(reason, text);
            producer.Dispose();
        }
    }

    private KafkaProducer Make() => new(Name, _properties, _tally, _journal);

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

        string address = agent.ToString().Replace('.', '_').Replace(':', '_');
        string topic = _options.Topic.Replace(AddressVariable, address, StringComparison.Ordinal);
        string key = (_options.PartitionKey ?? "").Replace(AddressVariable, address, StringComparison.Ordinal);
        route = (
            new TopicPartition(topic, _options.Partition < 0 ? Partition.Any : new Partition(_options.Partition)),
            key.Length == 0 ? null : Encoding.UTF8.GetBytes(key));
        _routes.Add(agent, route);
        return route;
    }
}
