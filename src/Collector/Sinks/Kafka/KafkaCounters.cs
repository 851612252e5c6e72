namespace Collector.Sinks.Kafka;

/// <summary>Why rows did not get to Kafka.</summary>
public enum KafkaLoss
{
    /// <summary>message.timeout.ms passed before a broker took them.</summary>
    Timeout,

    /// <summary>A broker refused them, or gave an error that is not worth another try.</summary>
    Failed,

    /// <summary>A fatal error ended the producer that held them.</summary>
    Fatal,

    /// <summary>librdkafka did not accept them at all: too large, no such partition, no valid topic.</summary>
    Refused,

    /// <summary>The process had to end.</summary>
    Stopped,
}

/// <summary>Running totals of one Kafka output since its start.</summary>
/// <remarks>Written by the thread that holds the sink's gate; any thread may read single numbers.</remarks>
public sealed class KafkaCounters
{
    private static readonly string[] LossNames = [.. Enum.GetNames<KafkaLoss>().Select(n => n.ToLowerInvariant())];

    private readonly RowSums[] _lost = new RowSums[LossNames.Length];
    private RowSums _published;

    /// <summary>Messages that brokers have taken.</summary>
    public long PublishedMessages { get; internal set; }

    /// <summary>Rows that brokers have taken.</summary>
    public long PublishedRows => Volatile.Read(ref _published.Rows);

    /// <summary>Lost rows of which librdkafka cannot say whether a broker wrote them; part of the losses.</summary>
    public long LostRowsPossiblyWritten { get; internal set; }

    /// <summary>Times the publishing thread had to wait because librdkafka's queue was full.</summary>
    public long QueueFullWaits { get; internal set; }

    /// <summary>Producers made: 1 after the start, one more after each fatal error.</summary>
    public long ProducersMade { get; internal set; }

    /// <summary>Marker rows (purge_init, purge_close) that did not get to Kafka.</summary>
    public long LostMarkers { get; internal set; }

    /// <summary>Rows lost for one reason.</summary>
    public long LostRows(KafkaLoss reason) => Volatile.Read(ref _lost[(int)reason].Rows);

    /// <summary>All numbers by name, for telemetry.</summary>
    public IEnumerable<KeyValuePair<string, long>> All()
    {
        yield return new("published_messages", PublishedMessages);
        foreach (KeyValuePair<string, long> sum in Sums("published", _published))
        {
            yield return sum;
        }

        for (int reason = 0; reason < _lost.Length; reason++)
        {
            foreach (KeyValuePair<string, long> sum in Sums($"lost_{LossNames[reason]}", _lost[reason]))
            {
                yield return sum;
            }
        }

        yield return new("lost_rows_possibly_written", LostRowsPossiblyWritten);
        yield return new("lost_markers", LostMarkers);
        yield return new("queue_full_waits", QueueFullWaits);
        yield return new("producers_made", ProducersMade);
    }

    internal void AddPublished(in RowSums sums) => _published.Add(sums);

    internal void AddLost(KafkaLoss reason, in RowSums sums) => _lost[(int)reason].Add(sums);

    private static IEnumerable<KeyValuePair<string, long>> Sums(string name, RowSums sums) =>
    [
        new($"{name}_rows", sums.Rows),
        new($"{name}_records", sums.Records),
        new($"{name}_packets", sums.Packets),
        new($"{name}_octets", sums.Octets),
    ];
}
