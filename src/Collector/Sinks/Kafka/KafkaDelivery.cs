using Collector.Configuration;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Kafka;

/// <summary>Gets messages to Kafka, or counts why not: waits where librdkafka's queue is full, makes a new producer after a fatal error, ends in time at a stop.</summary>
/// <remarks>Used by one thread at a time; whoever has a timer beside the publishing thread keeps the two apart.</remarks>
internal sealed class KafkaDelivery : IDisposable
{
    /// <summary>Messages handed over between two <see cref="Begin"/> calls in which this many producers died of a fatal error are given up: the cause will not go away.</summary>
    private const int MaxProducersPerPurge = 3;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    /// <summary>What was sent before a fatal error gets its real report within socket.timeout.ms, whose default is 60 s.</summary>
    private static readonly TimeSpan DrainAfterFatal = TimeSpan.FromSeconds(60);

    private readonly string _name;
    private readonly KafkaOutputOptions _options;
    private readonly IReadOnlyDictionary<string, string> _properties;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _stopGrace;
    private readonly KafkaTally _tally;
    private readonly KafkaJournal _journal;
    private KafkaProducer? _producer;
    private long? _stopAt;
    private int _producersLost;

    /// <summary>Inert: nothing is loaded or connected before <see cref="Start"/>.</summary>
    /// <param name="name">The output, for messages.</param>
    /// <param name="options">Brokers and properties.</param>
    /// <param name="log">Where sentences for the operator go.</param>
    /// <param name="clock">For the limits of logging and stopping.</param>
    /// <param name="stopGrace">How long messages may still be delivered after the stop is signalled. Default 5 s.</param>
    public KafkaDelivery(string name, KafkaOutputOptions options, ILogger log, TimeProvider clock, TimeSpan? stopGrace = null)
    {
        _name = name;
        _options = options;
        _properties = KafkaProperties.Of(options);
        _log = log;
        _clock = clock;
        _stopGrace = stopGrace ?? TimeSpan.FromSeconds(5);
        _tally = new KafkaTally(Counters);
        _journal = new KafkaJournal(log, name, _properties, clock);
    }

    /// <summary>Running totals since the start.</summary>
    public KafkaCounters Counters { get; } = new();

    /// <summary>What became of the messages since <see cref="Begin"/>.</summary>
    public PublishResult Result => _tally.Purge;

    /// <summary>Loads librdkafka, checks the properties and makes the producer.</summary>
    /// <exception cref="KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public void Start()
    {
        KafkaLibrary library = KafkaLibrary.Load(_options.Library);
        IReadOnlyList<string> errors = KafkaPropertyCheck.Errors(library, _properties);
        if (errors.Count > 0)
        {
            throw new KafkaConfigurationException(string.Join('\n', errors.Select(e => $"output {_name}: {e}")));
        }

        if (KafkaProperties.WhyNotIdempotent(_options.Properties) is { } property)
        {
            _journal.Warn(
                "idempotence",
                $"{property} rules idempotent production out: after a lost connection rows may be written twice or out of order");
        }

        string brokers = _properties["bootstrap.servers"];
        _log.LogInformation(
            "output {Output}: librdkafka {Version} ({Path}), brokers {Brokers}", _name, library.Version, library.Path, brokers);
        _journal.LibraryNumber = library.Number;
        _journal.LibraryVersion = library.Version;
        _producer = Make();
    }

    /// <summary>Begins a purge: counts anew, and tries again where the last one ended the producer.</summary>
    public void Begin()
    {
        _tally.BeginPurge();
        _producersLost = 0;
        _producer ??= _stopAt is null ? Make() : null;
        Poll();
    }

    /// <summary>Serves what librdkafka has to tell, without waiting.</summary>
    public void Poll() => _producer?.Poll(TimeSpan.Zero);

    /// <summary>Serves what librdkafka has to tell, and looks at the stop.</summary>
    public void Serve(CancellationToken stop)
    {
        Poll();
        _ = MustEnd(stop);
    }

    /// <summary>Tells the operator of the losses of a purge.</summary>
    public void ReportLost(long purge, in PublishResult result) => _journal.Lost(purge, result, _tally.LastReason);

    /// <inheritdoc/>
    public void Dispose() => EndProducer(KafkaLoss.Stopped, "the collector has stopped");

    /// <summary>Hands one message over, waiting where librdkafka's queue is full; counts it as lost where that is not to be.</summary>
    public void Send(TopicPartition to, byte[]? key, ReadOnlySpan<byte> payload, in RowSums sums, CancellationToken stop)
    {
        while (_producer is { } producer)
        {
            if (producer.IsFatal)
            {
                Renew(stop);
                continue;
            }

            switch (producer.Produce(to, key, payload, sums))
            {
                case ProduceOutcome.Taken or ProduceOutcome.Refused:
                    return;
                case ProduceOutcome.QueueFull:
                    Counters.QueueFullWaits++;
                    producer.Poll(Slice);
                    _ = MustEnd(stop);
                    break;
                default:
                    break;
            }
        }

        (KafkaLoss reason, string text) = _stopAt is null
            ? (KafkaLoss.Fatal, "the producer ended with a fatal error again and again")
            : (KafkaLoss.Stopped, "the collector had to stop");
        _tally.Lost(reason, sums, text);
        _tally.LostMarkers(sums.Rows == 0 ? 1 : 0);
    }

    /// <summary>Waits until every message is reported, or the time after the stop is over.</summary>
    public void Drain(CancellationToken stop)
    {
        while (_producer is { } producer && (producer.OutstandingMessages > 0 || producer.IsFatal))
        {
            if (producer.IsFatal)
            {
                Renew(stop);
            }
            else if (!MustEnd(stop))
            {
                producer.Flush(Slice);
            }
        }
    }

    /// <summary>Replaces a producer that a fatal error has ended, after what it had sent has got its report.</summary>
    private void Renew(CancellationToken stop)
    {
        long began = _clock.GetTimestamp();
        while (_producer is { OutstandingMessages: > 0 } producer && _clock.GetElapsedTime(began) < DrainAfterFatal && !MustEnd(stop))
        {
            producer.Flush(Slice);
        }

        if (_producer is not null)
        {
            EndProducer(KafkaLoss.Fatal, "the producer ended with a fatal error");
            if (++_producersLost < MaxProducersPerPurge)
            {
                _producer = Make();
            }
        }
    }

    /// <summary>True when the time that rows may take after the stop is over; then the producer is gone.</summary>
    private bool MustEnd(CancellationToken stop)
    {
        if (!stop.IsCancellationRequested)
        {
            return false;
        }

        long now = _clock.GetTimestamp();
        _stopAt ??= now + (long)(_stopGrace.TotalSeconds * _clock.TimestampFrequency);
        if (now < _stopAt)
        {
            return false;
        }

        EndProducer(KafkaLoss.Stopped, "the collector had to stop");
        return true;
    }

    private void EndProducer(KafkaLoss reason, string text)
    {
        if (_producer is { } producer)
        {
            _producer = null;
            producer.Abandon(reason, text);
            producer.Dispose();
        }
    }

    private KafkaProducer Make()
    {
        KafkaProducer producer = new(_name, _properties, _tally, _journal);
        Counters.ProducersMade++;
        return producer;
    }
}
