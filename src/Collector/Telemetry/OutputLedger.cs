using Collector.Aggregation;
using Collector.Pipeline;
using Collector.Sinks;

namespace Collector.Telemetry;

/// <summary>What one output was offered, and what became of it, at one moment.</summary>
/// <remarks>
/// Closes, once nothing is on its way, as <c>offered + duplicated = entered + filtered + refused</c> in records and as
/// <c>entered = open + pending + queued + published + losses</c> in records, packets and octets.
/// </remarks>
public sealed record OutputLedger
{
    /// <summary>Name of the output.</summary>
    public required string Name { get; init; }

    /// <summary>Records offered.</summary>
    public long Offered { get; init; }

    /// <summary>Records that entered a second time by rule (sum_*, return of a pre_tag_map, pro-rating).</summary>
    public long Duplicated { get; init; }

    /// <summary>What entered a table.</summary>
    public LedgerAmount Entered { get; init; }

    /// <summary>What the filters of the output kept out.</summary>
    public LedgerAmount Filtered { get; init; }

    /// <summary>What found no room in the memory limit and did not enter.</summary>
    public LedgerAmount Refused { get; init; }

    /// <summary>What is in tables that the workers fill now.</summary>
    public LedgerAmount Open { get; init; }

    /// <summary>What was merged and is kept for a later purge.</summary>
    public LedgerAmount Pending { get; init; }

    /// <summary>What waits for the destination.</summary>
    public LedgerAmount Queued { get; init; }

    /// <summary>Rows that wait for the destination.</summary>
    public long QueuedRows { get; init; }

    /// <summary>What the destination has taken.</summary>
    public LedgerAmount Published { get; init; }

    /// <summary>Rows that the destination has taken.</summary>
    public long PublishedRows { get; init; }

    /// <summary>What entered and was lost, by name; all names, also those of 0.</summary>
    public required IReadOnlyList<LedgerLoss> Losses { get; init; }

    /// <summary>Tables handed over before their time.</summary>
    public long EarlyFlushes { get; init; }

    /// <summary>Flows over more bins than a flow is divided among, which went whole into the bin of their start.</summary>
    public long LongFlows { get; init; }

    /// <summary>Runs of the trigger that were started, failed and were left out; null without a trigger.</summary>
    public (long Started, long Failed, long Skipped)? Triggers { get; init; }

    internal static OutputLedger Of(PipelineParts parts, int index)
    {
        OutputTable[] tables = [.. parts.Workers.Select(w => w.Outputs[index])];
        OutputPublisher publisher = parts.Publishers[index];
        PurgeMerger merger = parts.Mergers[index];
        PublishResult published = publisher.Published, backlog = publisher.Backlog, queued = publisher.Queued;
        return new OutputLedger
        {
            Name = publisher.Name,
            Offered = parts.Workers.Sum(w => w.OfferedRecords),
            Duplicated = tables.Sum(t => t.DuplicatedRecords),
            Entered = Sum(tables, t => new LedgerAmount(t.EnteredRecords, t.EnteredPackets, t.EnteredOctets)),
            Filtered = Sum(tables, t => new LedgerAmount(t.FilteredRecords, t.FilteredPackets, t.FilteredOctets)),
            Refused = Sum(tables, t => new LedgerAmount(t.LostRecords, t.LostPackets, t.LostOctets)),
            Open = Sum(tables, t => new LedgerAmount(t.OpenRecords, t.OpenPackets, t.OpenOctets)),
            Pending = new LedgerAmount(merger.PendingRecords, merger.PendingPackets, merger.PendingOctets),
            Queued = PublishedOf(queued),
            QueuedRows = queued.PublishedRows,
            Published = PublishedOf(published),
            PublishedRows = published.PublishedRows,
            Losses =
            [
                new LedgerLoss("lost in the sink", published.LostRows, LostOf(published)),
                new LedgerLoss("backlog", backlog.LostRows, LostOf(backlog)),
                new LedgerLoss("preprocess", merger.DroppedRows, new LedgerAmount(merger.DroppedRecords, merger.DroppedPackets, merger.DroppedOctets)),
                new LedgerLoss("memory", 0, new LedgerAmount(merger.LostRecords, merger.LostPackets, merger.LostOctets)),
            ],
            LongFlows = tables.Sum(t => t.LongFlows),
            EarlyFlushes = tables.Sum(t => t.EarlyFlushes) + merger.EarlyFlushes,
            Triggers = publisher.Trigger is { } trigger ? (trigger.Started, trigger.Failed, trigger.Skipped) : null,
        };
    }

    private static LedgerAmount PublishedOf(PublishResult r) => new(r.PublishedRecords, (ulong)r.PublishedPackets, (ulong)r.PublishedOctets);

    private static LedgerAmount LostOf(PublishResult r) => new(r.LostRecords, (ulong)r.LostPackets, (ulong)r.LostOctets);

    private static LedgerAmount Sum(OutputTable[] tables, Func<OutputTable, LedgerAmount> value) => tables.Aggregate(default(LedgerAmount), (sum, t) => sum + value(t));
}
