using Collector.Maps.Filters;
using Collector.Maps.PreTag;
using Collector.Output;
using Collector.Sinks.Kafka;

namespace Collector.Configuration;

/// <summary>What is wrong with an output although each of its values is well formed.</summary>
/// <param name="Key">The key below the output as in collector.yaml, for example aggregate or kafka.topic.</param>
/// <param name="Text">What is wrong and what to write instead.</param>
public readonly record struct OutputFault(string Key, string Text);

/// <summary>What must hold for the settings of one output, whichever file they came from.</summary>
public static class OutputRules
{
    /// <summary>Everything that is wrong with an output.</summary>
    public static IEnumerable<OutputFault> Check(OutputOptions output)
    {
        WindowOptions window = output.Window;
        if (output.Aggregate.Count == 0)
        {
            yield return new("aggregate", "aggregate is empty; name primitives, or write none for one grand total");
        }

        if (PrimitiveSelection.TryParse(output, out PrimitiveSelection? selection, out IReadOnlyList<string> errors))
        {
            if (output.Format is OutputFormat.Formatted or OutputFormat.EventFormatted
                && FormattedRowWriter.Unfit(selection, output.Text.Pmacct17) is { Count: > 0 } unfit)
            {
                yield return new(
                    "aggregate",
                    $"aggregate: {string.Join(", ", unfit)} can be of any length and the formatted form has columns of fixed width; choose csv or json, or leave them out");
            }
        }
        else
        {
            foreach (string error in errors)
            {
                yield return new("aggregate", error);
            }
        }

        if (window.OffsetSeconds > 0 && (window.HistoryMonths > 0 || window.OffsetSeconds >= window.HistorySeconds))
        {
            yield return new("history_offset", $"history_offset {DurationText.Format(window.OffsetSeconds)} is not shorter than history; write a shorter one, or none");
        }

        if (output.ProRating && output.Stitching)
        {
            yield return new("pro_rating", "pro_rating (nfacctd_pro_rating) and stitching (nfacctd_stitching) exclude each other; remove one");
        }

        foreach (OutputFault fault in CheckSelection(output.Selection))
        {
            yield return fault;
        }

        foreach (OutputFault fault in output.Kind switch { OutputKind.File => CheckFile(output.File), OutputKind.Kafka => CheckKafka(output), _ => [] })
        {
            yield return fault;
        }
    }

    /// <summary>Why pro_rating does nothing in an output, as a sentence; null where it does something, or is not asked for.</summary>
    public static string? IdleProRating(OutputOptions output, bool timeNew) => !output.ProRating ? null
        : !output.Window.HasHistory ? "pro_rating has no effect without history: flows are counted whole; write a history, or remove it"
        : timeNew ? "pro_rating has no effect with time_new: flows are counted whole in the bin of their arrival; remove one of the two" : null;

    /// <summary>True for letters of m, h, d, w and M, or nothing.</summary>
    public static bool IsRoundoff(string text) => text.All(c => "mhdwM".Contains(c, StringComparison.Ordinal));

    private static IEnumerable<OutputFault> CheckSelection(SelectionOptions selection)
    {
        const string Tags = "write tags and ranges separated by commas, such as 0, 10-20, -6";
        if (selection.TagFilter is { } tags && TagFilter.Parse(tags) is null)
        {
            yield return new("pre_tag_filter", $"pre_tag_filter: '{tags}' does not fit; {Tags}");
        }

        if (selection.Tag2Filter is { } tags2 && TagFilter.Parse(tags2) is null)
        {
            yield return new("pre_tag2_filter", $"pre_tag2_filter: '{tags2}' does not fit; {Tags}");
        }

        if (selection.LabelFilter is { } labels && LabelFilter.Parse(labels) is null)
        {
            yield return new("pre_tag_label_filter", $"pre_tag_label_filter: '{labels}' does not fit; write labels separated by commas, null for none");
        }

        if (selection.Filter is { } filter && !FilterExpression.TryParse(filter, out _, out string error))
        {
            yield return new("aggregate_filter", $"aggregate_filter: {error}");
        }
    }

    private static IEnumerable<OutputFault> CheckFile(FileOutputOptions file)
    {
        if (file.Path.Length == 0)
        {
            yield return new("file.path", "an output of type file needs the name of the file; write file: {path: /var/lib/collector/flows.json}");
        }

        if (file.LatestFile?.Contains('%', StringComparison.Ordinal) == true)
        {
            yield return new("file.latest_file", "the name of the link to the latest file takes no % variables; write it without");
        }
    }

    private static IEnumerable<OutputFault> CheckKafka(OutputOptions output) => KafkaOptionErrors.Of(output).Select(e => new OutputFault(e.Key, e.Message));
}
