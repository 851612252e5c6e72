using Collector.Aggregation;

namespace Collector.Sinks;

/// <summary>Rows whose fate is not known yet, in the units of the ledger.</summary>
internal struct RowTally
{
    private long _rows;
    private long _records;
    private long _packets;
    private long _octets;

    /// <summary>Rows added since the last <see cref="MoveToPublished"/> or <see cref="MoveToLost"/>.</summary>
    public readonly long Rows => _rows;

    /// <summary>Adds one row.</summary>
    public void Add(in AggregateEntry entry)
    {
        _rows++;
        _records += entry.Records;
        _packets += (long)entry.Packets;
        _octets += (long)entry.Octets;
    }

    /// <summary>The destination has taken the rows.</summary>
    public void MoveToPublished(ref PublishResult result)
    {
        result.PublishedRows += _rows;
        result.PublishedRecords += _records;
        result.PublishedPackets += _packets;
        result.PublishedOctets += _octets;
        this = default;
    }

    /// <summary>The rows are gone.</summary>
    public void MoveToLost(ref PublishResult result)
    {
        result.LostRows += _rows;
        result.LostRecords += _records;
        result.LostPackets += _packets;
        result.LostOctets += _octets;
        this = default;
    }
}
