using Collector.Flows;
using Collector.Pipeline;
using Collector.SFlowCounters;

namespace Collector.Telemetry;

/// <summary>What became of the counter samples of sFlow.</summary>
/// <param name="Blocks">Blocks of counters read by the workers.</param>
/// <param name="BlocksLost">Those of them that found the queue to the publisher full.</param>
/// <param name="Objects">Objects made, those that tell of a sub-agent included.</param>
/// <param name="FileObjects">Objects written to files.</param>
/// <param name="FileLosses">Objects that could not be written to a file.</param>
/// <param name="KafkaObjects">Objects that Kafka has taken.</param>
/// <param name="KafkaLosses">Objects that Kafka did not take.</param>
public sealed record CounterLedger(long Blocks, long BlocksLost, long Objects, long FileObjects, long FileLosses, long KafkaObjects, long KafkaLosses)
{
    internal static CounterLedger? Of(PipelineParts parts) => parts.SFlowCounters is not { } published ? null : new CounterLedger(
        Sum(parts, s => s.CounterRecords), LostBlocksOf(parts), published.Objects, published.FileObjects, published.FileLosses, published.KafkaObjects, published.KafkaLosses);

    internal static long LostBlocksOf(PipelineParts parts) => Sum(parts, s => s.CounterRecordsLost);

    private static long Sum(PipelineParts parts, Func<SourceCounters, long> number)
    {
        long sum = 0;
        foreach (SourceTable table in parts.Workers.SelectMany(w => w.SourceTables))
        {
            foreach (SourceCounters source in table.Snapshot)
            {
                sum += number(source);
            }
        }

        return sum;
    }
}
