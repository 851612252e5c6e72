using Collector.Aggregation;

namespace Collector.Configuration.Pmacct.Differences;

/// <summary>Rows, windows and how they are sent.</summary>
internal static class WindowDifferences
{
    private static int SecondsOf(PmacctLine line) => DurationText.TryParse(line.Value, out int seconds, out int months) && months == 0 ? seconds : 0;

    public static IEnumerable<(PmacctLine? Line, string Sentence)> Of(LinesAndOptions c)
    {
        if (c.Line("print_history", "kafka_history", "amqp_history", "sql_history") is { } history && c.Daemon == PmacctDaemon.Nfacctd && !c.Options.TimeNew)
        {
            yield return (history, "a late flow that starts exactly on the boundary of a bin gets the bin that starts there; nfacctd puts it into the one before");
        }

        if (c.Line("nfacctd_pre_processing_checks") is { } checks && c.Options.DiscardSuspectSets)
        {
            yield return (checks, "Sets with padding that is not zero are left out, as releases after 1.7.7 do; nfacctd 1.7.7 does not know the key");
        }

        if (c.Line("nfacctd_stitching", "sfacctd_stitching", "pmacctd_stitching", "uacctd_stitching") is { } stitching
            && c.Options.Outputs.Any(o => o.Stitching && o.Window.HasHistory && o.Window.HistoryMonths == 0 && o.Window.RefreshSeconds < o.Window.HistorySeconds))
        {
            yield return (stitching, "where a bin is published in several purges, each row has the times of its own records; nfacctd may print those of the first row again");
        }

        if (c.Line("nfacctd_pro_rating") is { } proRating && c.Options.Outputs.Any(o => o.ProRating && o.Window.HasHistory))
        {
            yield return (
                proRating,
                "a flow that starts exactly on the boundary of an older bin is divided once; nfacctd counts it a second time, whole, in the bin before. "
                + $"A flow over more than {ProRating.MaxBins} bins is not divided, and is counted");
        }

        foreach ((string key, int seconds) in c.Lines.Where(l => l.Key.EndsWith("_history", StringComparison.Ordinal)).Select(l => (l.Key, SecondsOf(l))).Distinct())
        {
            if (seconds > 0 && (seconds < 60 || seconds % 60 != 0))
            {
                yield return (c.Line(key), $"rows have bins of {seconds} s; nfacctd 1.7.7 leaves a history out that is no whole number of minutes, and writes no stamps");
            }
        }

        foreach (OutputOptions output in c.Options.Outputs.Where(o => o.Kind == OutputKind.Kafka))
        {
            PmacctLine? writer = c.Lines.LastOrDefault(l => l.Key == "writer_id_string" && (l.Plugin is null || l.Plugin == output.Name));
            if (output.Kafka.WriterId.Contains("$writer_pid", StringComparison.Ordinal))
            {
                yield return (writer ?? c.Plugins, $"the pid in writer_id of '{output.Name}' is the collector's, the same in every purge; nfacctd has another for each purge");
            }

            yield return (
                c.Line("kafka_max_writers") ?? c.Plugins,
                $"while brokers are away, '{output.Name}' holds up to {output.MaxBacklogPurges} purges and {ByteSizeText.Format(output.MaxBacklogBytes)} and sends them later; beyond that the newest is lost and counted. "
                + "nfacctd has a writer for each purge, and drops purges beyond kafka_max_writers (10)");
        }

        if (c.Options.Outputs.Count > 0)
        {
            yield return (c.Plugins, "the rows of one purge come in another order; within a window they are the same");
        }

        if (c.Line("pre_tag_label_filter") is { } labels && labels.Value.Contains(',', StringComparison.Ordinal))
        {
            yield return (labels, "each of the labels lets records in; nfacctd 1.7.7 compares the first only");
        }

        if (c.Line("sampling_rate") is { } rate && rate.Value != "1")
        {
            yield return (rate, $"every record is taken; {c.Name} takes one in {rate.Value} and does not scale the counters, so that sums grow by that");
        }
    }
}
