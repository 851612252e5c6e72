using System.Buffers;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Output;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Kafka;

/// <summary>Publishes the rows of one output to Kafka and counts what became of each (DESIGN §4 "Right of the queue").</summary>
/// <remarks>
/// A purge is handed over row by row; <see cref="Publish"/> returns when every message is reported. Between purges a timer serves
/// librdkafka's call-backs (errors, tokens), so the gate keeps it out while a purge is under way.
/// </remarks>
public sealed class KafkaSink : IFlowSink
{
    /// <summary>A purge in which this many producers died of a fatal error is given up: the cause will not go away within it.</summary>
    private const int MaxProducersPerPurge = 3;

    /// <summary>Rows between two looks at delivery reports and at the stop token.</summary>
    private const int RowsPerPoll = 1024;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan IdlePoll = TimeSpan.FromSeconds(1);

    /// <summary>What was sent before a fatal error gets its real report within socket.timeout.ms, whose default is 60 s.</summary>
    private static readonly TimeSpan DrainAfterFatal = TimeSpan.FromSeconds(60);

    private readonly OutputOptions _output;
    private readonly IReadOnlyDictionary<string, string> _properties;
    private readonly RowWriter _writer;
    private readonly WriterId _writerId;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _stopGrace;
    private readonly KafkaRoute _route;
    private readonly KafkaTally _tally;
    private readonly KafkaJournal _journal;
    private readonly KafkaPacker? _packer;
    private readonly ArrayBufferWriter<byte> _row = new(4096);
    private readonly Lock _gate = new();
    private KafkaProducer? _producer;
    private ITimer? _idle;
    private long? _stopAt;
    private int _producersLost;

    /// <summary>Inert: nothing is loaded or connected before <see cref="Start"/>.</summary>
    /// <param name="output">The output; see <see cref="KafkaOptionErrors"/>.</param>
    /// <param name="layout">Where the fields lie in a row's key, for the variables of topic and message key.</param>
    /// <param name="writer">Writes its rows.</param>
    /// <param name="log">Where sentences for the operator go.</param>
    /// <param name="clock">For the limits of logging and stopping.</param>
    /// <param name="stopGrace">How long rows may still be delivered after the stop is signalled. Default 5 s.</param>
    public KafkaSink(
        OutputOptions output, KeyLayout layout, RowWriter writer, ILogger log, TimeProvider? clock = null, TimeSpan? stopGrace = null)
    {
        _output = output;
        _properties = KafkaProperties.Of(output.Kafka);
        _writer = writer;
        _writerId = WriterId.TryParse(output.Kafka.WriterId, out WriterId? writerId, out string? error)
            ? writerId
            : throw new ArgumentException(error, nameof(output));
        _log = log;
        _clock = clock ?? TimeProvider.System;
        _stopGrace = stopGrace ?? TimeSpan.FromSeconds(5);
        _route = new KafkaRoute(output.Kafka, layout);
        _tally = new KafkaTally(Counters);
        _journal = new KafkaJournal(log, output.Name, _properties, _clock);
        _packer = output.Kafka.MultiValues > 0 ? new KafkaPacker(output.Kafka.MultiValues) : null;
    }

    /// <summary>Running totals since the start.</summary>
    public KafkaCounters Counters { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="KafkaConfigurationException">librdkafka is missing or refuses a property.</exception>
    public void Start()
    {
        KafkaLibrary library = KafkaLibrary.Load(_output.Kafka.Library);
        IReadOnlyList<string> errors = KafkaPropertyCheck.Errors(library, _properties);
        if (errors.Count > 0)
        {
            throw new KafkaConfigurationException(string.Join('\n', errors.Select(e => $"output {_output.Name}: {e}")));
        }

        if (KafkaProperties.WhyNotIdempotent(_output.Kafka.Properties) is { } property)
        {
            _journal.Warn(
                "idempotence",
                $"{property} rules idempotent production out: after a lost connection rows may be written twice or out of order");
        }

        string brokers = _properties["bootstrap.servers"];
        _log.LogInformation(
            "output {Output}: librdkafka {Version} ({Path}), brokers {Brokers}", _output.Name, library.Version, library.Path, brokers);
        lock (_gate)
        {
            _journal.LibraryNumber = library.Number;
            _journal.LibraryVersion = library.Version;
            _producer = Make();
            _idle = _clock.CreateTimer(_ => ServeWhileIdle(), null, IdlePoll, IdlePoll);
        }
    }

    /// <inheritdoc/>
    public PublishResult Publish(Purge purge, CancellationToken stop)
    {
        lock (_gate)
        {
            long began = _clock.GetTimestamp();
            _tally.BeginPurge();
            _producersLost = 0;
            _producer ??= _stopAt is null ? Make() : null;
            _producer?.Poll(TimeSpan.Zero);
            int pid = purge.IsReplay ? 0 : Environment.ProcessId;
            byte[] writerId = _writerId.Expand(_output.Name, pid);
            if (_output.Markers)
            {
                _row.ResetWrittenCount();
                _writer.WriteOpeningMarker(_output.Name, pid, _row);
                SendMarker(stop);
            }

            for (int i = 0; i < purge.Count; i++)
            {
                SendRow(purge[i], purge.Time / 1_000_000, writerId, stop);
                if (i % RowsPerPoll == RowsPerPoll - 1)
                {
                    _producer?.Poll(TimeSpan.Zero);
                    _ = MustEnd(stop);
                }
            }

            SendPacked(stop);
            Drain(stop);
            if (_output.Markers)
            {
                // pmacct sleeps a second so that this row comes last; here every other row has been taken by now.
                long seconds = purge.IsReplay ? 0 : (long)_clock.GetElapsedTime(began).TotalSeconds;
                _row.ResetWrittenCount();
                MarkerTally tally = new(_tally.Purge.PublishedRows, purge.TotalEntries, seconds);
                _writer.WriteClosingMarker(_output.Name, pid, tally, _row);
                SendMarker(stop);
                Drain(stop);
            }

            PublishResult result = _tally.Purge;
            if (result.LostRows > 0)
            {
                _journal.Lost(purge.Number, result, _tally.LastReason);
            }

            return result;
        }
    }

    /// <summary>Nothing: a Kafka output has no files, and librdkafka looks after its connections.</summary>
    public void Reopen()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _idle?.Dispose();
            _idle = null;
            EndProducer(KafkaLoss.Stopped, "the collector has stopped");
        }
    }

    private void SendRow(in AggregateRow row, long updatedSeconds, byte[] writerId, CancellationToken stop)
    {
        _row.ResetWrittenCount();
        _writer.Write(row, _row, updatedSeconds, writerId);
        ReadOnlySpan<byte> bytes = _row.WrittenSpan;
        byte[]? key = _route.KeyOf(row);
        RowSums sums = RowSums.Of(row.Entry);
        if (_packer is null)
        {
            Send(_route.TopicOf(row), key, bytes, sums, stop);
            return;
        }

        if (!_packer.Takes(bytes, key))
        {
            SendPacked(stop);
        }

        _packer.Add(bytes, key, sums);
    }

    private void SendPacked(CancellationToken stop)
    {
        if (_packer is { IsEmpty: false })
        {
            Send(_route.ConstantTopic, _packer.Key, _packer.Bytes, _packer.Sums, stop);
            _packer.Clear();
        }
    }

    private void SendMarker(CancellationToken stop) => Send(_route.ConstantTopic, _route.ConstantKey, _row.WrittenSpan, default, stop);

    /// <summary>Hands one message over, waiting where librdkafka's queue is full; counts it as lost where that is not to be.</summary>
    private void Send(TopicPartition to, byte[]? key, ReadOnlySpan<byte> payload, in RowSums sums, CancellationToken stop)
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
    private void Drain(CancellationToken stop)
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
        KafkaProducer producer = new(_output.Name, _properties, _tally, _journal);
        Counters.ProducersMade++;
        return producer;
    }

    private void ServeWhileIdle()
    {
        if (_gate.TryEnter())
        {
            try
            {
                _producer?.Poll(TimeSpan.Zero);
            }
            finally
            {
                _gate.Exit();
            }
        }
    }
}
