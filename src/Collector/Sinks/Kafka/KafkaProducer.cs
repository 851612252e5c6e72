using Confluent.Kafka;

namespace Collector.Sinks.Kafka;

/// <summary>What librdkafka said to a message.</summary>
internal enum ProduceOutcome
{
    /// <summary>It will be delivered or reported as lost.</summary>
    Taken,

    /// <summary>Its queue is full: serve delivery reports, then try again.</summary>
    QueueFull,

    /// <summary>A fatal error has ended the producer.</summary>
    Fatal,

    /// <summary>It was counted as lost: too large, no such partition.</summary>
    Refused,
}

/// <summary>
/// One Confluent producer and what is under way in it. Polled by its owner, so every call-back but the log runs on the owner's thread inside
/// <see cref="Poll"/> or <see cref="Flush"/>: nothing here needs a lock.
/// </summary>
internal sealed class KafkaProducer : IDisposable
{
    private readonly IProducer<byte[], KafkaMessage> _producer;
    private readonly Action<DeliveryReport<byte[], KafkaMessage>> _onReport;
    private readonly Message<byte[], KafkaMessage> _message = new();
    private readonly PayloadArrays _payloads = new();
    private readonly KafkaTally _tally;
    private readonly KafkaJournal _journal;
    private RowSums _outstanding;
    private long _outstandingMarkers;

    /// <exception cref="KafkaConfigurationException">librdkafka refuses the properties together.</exception>
    public KafkaProducer(string output, IReadOnlyDictionary<string, string> properties, KafkaTally tally, KafkaJournal journal)
    {
        _tally = tally;
        _journal = journal;
        _onReport = OnReport;

        // Ours come last: without them no delivery would be seen, or it would be seen on another thread.
        KeyValuePair<string, string>[] all =
        [
            .. properties,
            new("dotnet.producer.enable.background.poll", "false"),
            new("dotnet.producer.delivery.report.fields", "value,status"),
        ];
        try
        {
            _producer = new ProducerBuilder<byte[], KafkaMessage>(all)
                .SetValueSerializer(new KafkaMessageSerializer())
                .SetErrorHandler((_, error) => OnError(error))
                .SetLogHandler((_, line) => journal.Log(line))
                .Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new KafkaConfigurationException($"output {output}: librdkafka refuses the configuration: {e.Message}", e);
        }
    }

    /// <summary>True once a fatal error has ended the producer: drain it, then make a new one.</summary>
    public bool IsFatal { get; private set; }

    /// <summary>Messages taken whose delivery is not reported yet.</summary>
    public long OutstandingMessages { get; private set; }

    /// <summary>Hands over one message; its bytes may be used again at once.</summary>
    public ProduceOutcome Produce(TopicPartition to, byte[]? key, ReadOnlySpan<byte> payload, in RowSums sums)
    {
        _message.Key = key!;
        _message.Value = new KafkaMessage(_payloads.Copy(payload), sums);
        try
        {
            _producer.Produce(to, _message, _onReport);
        }
        catch (ProduceException<byte[], KafkaMessage> e)
        {
            if (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                return ProduceOutcome.QueueFull;
            }

            // After a fatal error librdkafka answers with that error's own code: only the error call-back tells that it is fatal.
            Poll(TimeSpan.Zero);
            IsFatal |= e.Error.IsFatal || e.Error.Code == ErrorCode.Local_Fatal;
            if (IsFatal)
            {
                return ProduceOutcome.Fatal;
            }

            _tally.Lost(KafkaLoss.Refused, sums, e.Error.Reason);
            _tally.LostMarkers(MarkersIn(sums));
            return ProduceOutcome.Refused;
        }

        _outstanding.Add(sums);
        _outstandingMarkers += MarkersIn(sums);
        OutstandingMessages++;
        return ProduceOutcome.Taken;
    }

    /// <summary>Serves delivery reports and errors; waits for the first of them for at most <paramref name="wait"/>.</summary>
    public void Poll(TimeSpan wait) => _producer.Poll(wait);

    /// <summary>Sends what lingers and serves reports until nothing is under way or <paramref name="wait"/> is over.</summary>
    public void Flush(TimeSpan wait) => _producer.Flush(wait);

    /// <summary>Counts what is still under way as lost. <see cref="Dispose"/> must follow, so that no late report counts it again.</summary>
    public void Abandon(KafkaLoss reason, string text)
    {
        if (OutstandingMessages > 0)
        {
            _tally.Lost(reason, _outstanding, text);
            _tally.LostMarkers(_outstandingMarkers);
            _outstanding = default;
            _outstandingMarkers = 0;
            OutstandingMessages = 0;
        }
    }

    /// <summary>Ends the producer; what is under way in it is never reported. See <see cref="Abandon"/>.</summary>
    public void Dispose() => _producer.Dispose();

    private void OnReport(DeliveryReport<byte[], KafkaMessage> report)
    {
        // The report hands out the message that was stored when it was produced, so the sums are those of that time.
        RowSums sums = report.Message.Value.Sums;
        _outstanding.Subtract(sums);
        _outstandingMarkers -= MarkersIn(sums);
        OutstandingMessages--;
        _tally.Reported(sums, report.Error, report.Status);
        if (!report.Error.IsError)
        {
            _journal.Delivered();
        }
        else
        {
            _tally.LostMarkers(MarkersIn(sums));
        }
    }

    /// <summary>A marker is a message without rows.</summary>
    private static int MarkersIn(in RowSums sums) => sums.Rows == 0 ? 1 : 0;

    private void OnError(Error error)
    {
        IsFatal |= error.IsFatal;
        _journal.Error(error);
    }
}
