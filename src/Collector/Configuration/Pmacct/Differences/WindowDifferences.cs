namespace Collector.Configuration.Pmacct.Differences;

/// <summary>Rows, windows and how they are sent.</summary>
internal static class WindowDifferences
{
    public static IEnumerable<(PmacctLine? Line, string Sentence)> Of(LinesAndOptions c)
    {
        if (c.Line("print_history", "kafka_history", "amqp_history", "sql_history") is { } history && c.Daemon == PmacctDaemon.Nfacctd && !c.Options.TimeNew)
        {
            yield return (history, "a late flow that starts exactly on the boundary of a bin gets the bin that starts there; nfacctd puts it into the one before");
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
                $"while brokers are away, '{output.Name}' holds up to {output.MaxBacklogPurges} purges and {ByteSizeText.Format(output.MaxBacklogBytes)} and sends them later, then the newest is lost and counted; "
                + "nfacctd loses what it cannot send at once");
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
