using Confluent.Kafka;

namespace Collector.Sinks.Kafka;

/// <summary>Counts what becomes of every row: once, into the purge under way and into the totals.</summary>
internal sealed class KafkaTally(KafkaCounters counters)
{
    private PublishResult _purge;

    /// <summary>librdkafka's words for the last loss of this purge; empty when nothing was lost.</summary>
    public string LastReason { get; private set; } = "";

    /// <summary>What became of the purge so far.</summary>
    public PublishResult Purge => _purge;

    public void BeginPurge()
    {
        _purge = default;
        LastReason = "";
    }

    public void Published(in RowSums sums)
    {
        counters.PublishedMessages++;
        counters.AddPublished(sums);
        _purge.PublishedRows += sums.Rows;
        _purge.PublishedRecords += sums.Records;
        _purge.PublishedPackets += sums.Packets;
        _purge.PublishedOctets += sums.Octets;
    }

    public void Lost(KafkaLoss reason, in RowSums sums, string text)
    {
        counters.AddLost(reason, sums);
        _purge.LostRows += sums.Rows;
        _purge.LostRecords += sums.Records;
        _purge.LostPackets += sums.Packets;
        _purge.LostOctets += sums.Octets;
        LastReason = text;
    }

    public void LostMarkers(long number) => counters.LostMarkers += number;

    public void Reported(in RowSums sums, Error error, PersistenceStatus status)
    {
        if (!error.IsError)
        {
            Published(sums);
            return;
        }

        if (status == PersistenceStatus.PossiblyPersisted)
        {
            counters.LostRowsPossiblyWritten += sums.Rows;
        }

        Lost(ReasonOf(error), sums, error.Reason);
    }

    public static KafkaLoss ReasonOf(Error error) => error.Code switch
    {
        ErrorCode.Local_MsgTimedOut => KafkaLoss.Timeout,
        ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight or ErrorCode.Local_Fatal => KafkaLoss.Fatal,
        _ => error.IsFatal ? KafkaLoss.Fatal : KafkaLoss.Failed,
    };
}
