using Collector.Differential.Captures;
using Collector.Differential.Generation;

namespace Collector.Differential.Comparison;

/// <summary>What one comparison is about: an exception says by it where it applies.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Output">The output whose files are compared.</param>
/// <param name="Capture">The capture.</param>
internal sealed record CaseContext(GeneratedConfiguration Configuration, GeneratedOutput Output, MatrixCapture Capture)
{
    /// <summary>nfacctd or sfacctd.</summary>
    public string Daemon { get; } = Capture.Daemon;

    /// <summary>The output's primitives.</summary>
    public IReadOnlyList<string> Aggregate => Output.AggregateOf(Daemon);

    /// <summary>Whether a switch is on for the output.</summary>
    public bool IsOn(params string[] keys) => Configuration.IsOn(Daemon, Output, keys);

    /// <summary>The value of a key for the output.</summary>
    public string? ValueOf(params string[] keys) => Configuration.ValueOf(Daemon, Output, keys);

    /// <summary>Whether rows carry bins.</summary>
    public bool HasHistory => ValueOf("print_history", "kafka_history", "amqp_history", "sql_history") is not null;

    /// <summary>Whether bins are those of arrival, which is the wall clock for nfacctd and the capture's for a replay.</summary>
    public bool BinsByArrival => Daemon == "sfacctd" || IsOn($"{Daemon}_time_new", "pmacctd_time_new");

    /// <summary>The text of the output's pre_tag_map; null without one.</summary>
    public string? TagMap => ValueOf("pre_tag_map") is { } path ? Configuration.Files[path["FILE:".Length..]] : null;

    /// <summary>Whether counters are multiplied by the interval that the exporter or a map tells.</summary>
    public bool Renormalizes => IsOn($"{Daemon}_renormalize", "pmacctd_renormalize", "uacctd_renormalize")
        && ValueOf($"{Daemon}_ext_sampling_rate", "pmacctd_ext_sampling_rate", "uacctd_ext_sampling_rate") is null;

    /// <summary>CSV instead of JSON.</summary>
    public bool IsCsv => ValueOf("print_output", "kafka_output", "amqp_output") == "csv";

    /// <summary>Between columns of CSV.</summary>
    public string Separator => ValueOf("print_output_separator") switch { "\\t" => "\t", "\\s" => " ", { } s => s, null => "," };
}
