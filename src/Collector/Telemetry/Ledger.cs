using System.Globalization;
using Collector.Aggregation;
using Collector.Enrichment;
using Collector.Flows;
using Collector.Pipeline;
using Collector.Receiving;
using Collector.Sinks;

namespace Collector.Telemetry;

/// <summary>What came in and what became of it, gathered from the counters of those who did the work. No number here is derived from another.</summary>
public static class Ledger
{
    /// <summary>The totals of the whole process.</summary>
    public static Summary Summary(PipelineParts parts, ReceiveSockets? sockets)
    {
        ReceiveSocket[] all = [.. LedgerSnapshot.SocketsOf(parts, sockets)];
        return new Summary
        {
            Datagrams = parts.Workers.Sum(w => (long)w.Datagrams),
            Records = parts.Workers.Sum(w => w.OfferedRecords),
            KernelDrops = all.Sum(s => s.KernelDrops),
            Losses = [.. Losses(parts, all)],
            Keys = parts.Workers.Sum(w => w.Outputs.Sum(o => (long)o.Keys)) + parts.Mergers.Sum(m => (long)m.PendingEntries),
            Published = parts.Publishers.Sum(p => p.Published.PublishedRows),
        };
    }

    /// <summary>One line per source and domain, per socket and per output, and one of the process.</summary>
    /// <param name="parts">Workers, mergers and publishers.</param>
    /// <param name="sockets">The sockets; null in a replay.</param>
    /// <param name="pauses">Pauses of the garbage collector.</param>
    /// <param name="now">Microseconds since the Unix epoch.</param>
    public static IEnumerable<string> Lines(PipelineParts parts, ReceiveSockets? sockets, GcPauses pauses, long now) =>
    [
        .. LedgerText.Lines(LedgerSnapshot.Take(parts, sockets), now),
        string.Create(
            CultureInfo.InvariantCulture,
            $"process: gc pauses {pauses.Count}, longest {pauses.LongestMicroseconds} us, all {pauses.TotalMicroseconds} us; "
            + $"longest merge {parts.Collector.MaxMergeMicroseconds} us; table memory {parts.TableBytes} bytes"),
    ];

    private static IEnumerable<NamedLoss> Losses(PipelineParts parts, ReceiveSocket[] sockets)
    {
        foreach (DecodeFault fault in Enum.GetValues<DecodeFault>().Where(f => f != DecodeFault.None))
        {
            long count = 0;
            foreach (FlowWorker worker in parts.Workers)
            {
                foreach (SourceTable table in worker.SourceTables)
                {
                    foreach (SourceCounters source in table.Snapshot)
                    {
                        count += source[fault];
                    }
                }
            }

            yield return new NamedLoss(PeerFaultWatch.NameOf(fault), count);
        }

        yield return new NamedLoss("truncated by the socket", sockets.Sum(s => s.Truncated));
        yield return new NamedLoss("left at stop", parts.Workers.Sum(w => w.LeftAtStop));
        yield return new NamedLoss("sflow counters for want of room", CounterLedger.LostBlocksOf(parts));
        yield return new NamedLoss("sflow counters in files", parts.SFlowCounters?.FileLosses ?? 0);
        yield return new NamedLoss("sflow counters in Kafka", parts.SFlowCounters?.KafkaLosses ?? 0);
        yield return new NamedLoss("rows in backlog", parts.Publishers.Sum(p => p.Backlog.LostRows));
        yield return new NamedLoss("rows in sinks", parts.Publishers.Sum(p => p.Published.LostRows));
        yield return new NamedLoss("records for want of memory", parts.Mergers.Sum(m => m.LostRecords) + parts.Workers.Sum(w => w.Outputs.Sum(o => o.LostRecords)));
        yield return new NamedLoss("values refused", parts.Workers.Sum(w => w.Decoder.Values.Refused));
    }
}
