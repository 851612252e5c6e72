using Collector.Output;
using Collector.Sinks.Kafka;

namespace Collector.Configuration;

/// <summary>What must hold between the settings of one output, whichever file they came from.</summary>
public static class OutputRules
{
    /// <summary>Everything that is wrong with an output, each as a sentence that says what to write instead.</summary>
    public static IEnumerable<string> Check(OutputOptions output)
    {
        WindowOptions window = output.Window;
        if (output.Aggregate.Count == 0)
        {
            yield return "aggregate is empty; name primitives, or write none for one grand total";
        }

        PrimitiveSelection.TryParse(output.Aggregate, output.Text, out _, out IReadOnlyList<string> mistakes);
        foreach (string mistake in mistakes)
        {
            yield return mistake;
        }

        if (window.OffsetSeconds > 0 && (window.HistoryMonths > 0 || window.OffsetSeconds >= window.HistorySeconds))
        {
            yield return $"history_offset ({DurationText.Format(window.OffsetSeconds)}) must be shorter than history; write a shorter one, or none";
        }

        if (output.Kind == OutputKind.File && output.File.Path.Length == 0)
        {
            yield return "an output of type file needs the name of the file; write file: {path: /var/lib/collector/flows.json}";
        }

        if (output.Kind == OutputKind.File && output.File.LatestFile?.Contains('%', StringComparison.Ordinal) == true)
        {
            yield return "the name of the link to the latest file takes no % variables; write it without";
        }

        if (output.Kind == OutputKind.Kafka)
        {
            foreach (KafkaOptionError error in KafkaOptionErrors.Of(output))
            {
                yield return $"{error.Key}: {error.Message}";
            }
        }
    }

    /// <summary>True for letters of m, h, d, w and M, or nothing.</summary>
    public static bool IsRoundoff(string text) => text.All(c => "mhdwM".Contains(c, StringComparison.Ordinal));

    /// <summary>Why a librdkafka setting may not be set, or null when it may.</summary>
    public static string? RefuseProperty(string name) => name switch
    {
        // The mock cluster of librdkafka lives inside the producer: rows would be taken by nobody and counted as published.
        _ when name.StartsWith("test.mock.", StringComparison.Ordinal) => "settings of librdkafka's mock cluster are for its own tests; remove it",
        _ => null,
    };
}
