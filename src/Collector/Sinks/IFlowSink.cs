using Collector.Aggregation;

namespace Collector.Sinks;

/// <summary>Where the rows of one output go: standard output, files, Kafka.</summary>
/// <remarks>All methods are called by the one publishing thread of the output, in order. They may block: that is never felt by the workers.</remarks>
public interface IFlowSink : IDisposable
{
    /// <summary>Opens what can be opened at start. A destination that is not there yet is no error.</summary>
    void Start();

    /// <summary>Publishes all rows of one purge and returns when the destination has taken or refused every one.</summary>
    /// <param name="purge">The rows; valid until the method returns.</param>
    /// <param name="stop">Signalled when the process must end: give up what cannot be delivered, and count it.</param>
    /// <returns>What became of the rows.</returns>
    PublishResult Publish(Purge purge, CancellationToken stop);

    /// <summary>SIGHUP: files are closed and opened anew.</summary>
    void Reopen();
}

/// <summary>What became of the rows of one purge, in rows, packets and octets, so that the ledger closes.</summary>
public record struct PublishResult
{
    /// <summary>Rows that the destination has taken.</summary>
    public long PublishedRows;

    /// <summary>Records that those rows sum.</summary>
    public long PublishedRecords;

    /// <summary>Packets of those rows.</summary>
    public long PublishedPackets;

    /// <summary>Octets of those rows.</summary>
    public long PublishedOctets;

    /// <summary>Rows that were lost on the way, each counted by its reason in the sink's own counters.</summary>
    public long LostRows;

    /// <summary>Records that those rows sum.</summary>
    public long LostRecords;

    /// <summary>Packets of those rows.</summary>
    public long LostPackets;

    /// <summary>Octets of those rows.</summary>
    public long LostOctets;
}
