using System.Text.RegularExpressions;

namespace Collector.Differential.Generation;

/// <summary>A drawn configuration, for nfacctd as for sfacctd.</summary>
/// <param name="Number">From 0; names it in reports.</param>
/// <param name="Lines">Lines of the daemon and of the outputs, in order.</param>
/// <param name="Outputs">The print plugins.</param>
/// <param name="Files">Maps and lists by name.</param>
/// <param name="Cards">Names of the cards it was made of.</param>
internal sealed partial record GeneratedConfiguration(
    int Number,
    IReadOnlyList<ConfigurationLine> Lines,
    IReadOnlyList<GeneratedOutput> Outputs,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyList<string> Cards)
{
    /// <summary>How many workers the collector gets: the records are the same for any number.</summary>
    public int Workers => 1 + Number % 3;

    /// <summary>Whether a filter expression stands anywhere: pmacct finishes the packets that it makes up for filters only.</summary>
    public bool HasFilter => Lines.Any(l => l.Key == "aggregate_filter") || Files.Values.Any(f => f.Contains("filter='", StringComparison.Ordinal));

    /// <summary>All keys that a daemon's file has.</summary>
    public IEnumerable<string> Keys(string daemon) => Lines.Where(l => l.IsFor(daemon)).Select(l => l.KeyOf(daemon)).Concat(["plugins", "aggregate", "print_output_file"]);

    /// <summary>The value of a key for an output: what stands last wins.</summary>
    public string? ValueOf(string daemon, GeneratedOutput output, params string[] keys) =>
        Lines.LastOrDefault(l => l.IsFor(daemon) && keys.Contains(l.KeyOf(daemon)) && (l.Plugin is null || l.Plugin == output.Name))?.Value;

    /// <summary>Whether a switch is on for an output.</summary>
    public bool IsOn(string daemon, GeneratedOutput output, params string[] keys) => ValueOf(daemon, output, keys) == "true";

    /// <summary>Writes the file and its maps into a folder.</summary>
    /// <param name="daemon">nfacctd or sfacctd.</param>
    /// <param name="folder">Where maps and printed files go.</param>
    /// <param name="own">Lines of one side only.</param>
    /// <returns>Path of the configuration file.</returns>
    public string Write(string daemon, string folder, params string[] own)
    {
        foreach ((string name, string text) in Files)
        {
            File.WriteAllText(Path.Combine(folder, name), OwnTerms(text, daemon));
        }

        string path = Path.Combine(folder, "daemon.conf");
        File.WriteAllLines(path,
        [
            $"plugins: {string.Join(", ", Outputs.Select(o => $"print[{o.Name}]"))}",
            .. Lines.Where(l => l.IsFor(daemon)).Select(l => l.Text(daemon, folder)),
            .. Outputs.Where(o => o.Aggregate.Count > 0).Select(o => $"aggregate[{o.Name}]: {string.Join(", ", o.AggregateOf(daemon))}"),
            .. Outputs.Select(o => $"print_output_file[{o.Name}]: {folder}/{o.Path}"),
            .. own,
        ]);
        return path;
    }

    // {NETFLOW|SFLOW}: what each daemon calls the same.
    private static string OwnTerms(string text, string daemon) => Terms().Replace(text, daemon == "sfacctd" ? "$2" : "$1");

    [GeneratedRegex(@"\{([^|}]*)\|([^}]*)\}")]
    private static partial Regex Terms();
}
