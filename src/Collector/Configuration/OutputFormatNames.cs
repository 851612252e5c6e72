namespace Collector.Configuration;

/// <summary>The names of <see cref="OutputFormat"/>, the same behind print_output and in collector.yaml.</summary>
internal static class OutputFormatNames
{
    /// <summary>All of them.</summary>
    public static (string Word, OutputFormat Value)[] All { get; } =
    [
        ("json", OutputFormat.Json),
        ("csv", OutputFormat.Csv),
        ("formatted", OutputFormat.Formatted),
        ("event_csv", OutputFormat.EventCsv),
        ("event_formatted", OutputFormat.EventFormatted),
    ];

    /// <summary>The format of a name; null: there is none.</summary>
    public static OutputFormat? Find(string name) => Array.FindIndex(All, f => f.Word == name) is >= 0 and int i ? All[i].Value : null;

    /// <summary>The name of a format.</summary>
    public static string Of(OutputFormat format) => Array.Find(All, f => f.Value == format).Word;
}
