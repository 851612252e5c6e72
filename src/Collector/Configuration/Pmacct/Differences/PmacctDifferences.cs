namespace Collector.Configuration.Pmacct.Differences;

/// <summary>What consumers and operators could notice when the collector takes the place of nfacctd or sfacctd 1.7.7, for one configuration.</summary>
/// <remarks>
/// Facts, each seen by running both: the tables of differences of the tests (Oracle/KnownDifferences, Enrichment/Differential) and pmacct-compat §11.3.
/// What is an error or has no effect is not here; the loader says that.
/// </remarks>
public static class PmacctDifferences
{
    /// <summary>Reads a configuration and tells how the collector differs under it.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="request">The switches of the command line.</param>
    /// <param name="file">The file as the operator named it.</param>
    /// <param name="isAlone">False with several -f, where each file collects what its daemon does.</param>
    /// <returns>A sentence each, with the key and its line in front, in the order of lines.</returns>
    public static IReadOnlyList<string> Of(TextReader text, ConfigurationRequest request, string file, bool isAlone = true)
    {
        var findings = new Findings(file);
        IReadOnlyList<PmacctLine> lines = PmacctConfigurationLoader.ReadLines(text, request, findings);
        PmacctDaemon daemon = PmacctConfigurationLoader.DaemonOf(lines, request, findings);
        CollectorOptions options = PmacctConfigurationLoader.Load(lines, daemon, request.Lenient, findings);
        var configuration = new LinesAndOptions(lines, options, daemon, isAlone);
        IEnumerable<(PmacctLine? Line, string Sentence)> all =
        [
            .. ValueDifferences.Of(configuration), .. WindowDifferences.Of(configuration), .. RouteDifferences.Of(configuration), .. ProcessDifferences.Of(configuration),
            .. PrintDifferences.Of(configuration),
        ];
        return
        [
            .. all.OrderBy(d => d.Line?.Number ?? 0).Select(d => d.Line is { } line
                ? $"{findings.PlaceOf(line.Number)}: {(line.Plugin is null ? line.Key : $"{line.Key}[{line.Plugin}]")}: {d.Sentence}"
                : $"{file}: {d.Sentence}"),
        ];
    }
}

/// <summary>A configuration as it was written and as it was understood.</summary>
internal sealed record LinesAndOptions(IReadOnlyList<PmacctLine> Lines, CollectorOptions Options, PmacctDaemon Daemon, bool IsAlone)
{
    /// <summary>The name of the daemon.</summary>
    public string Name => Daemon == PmacctDaemon.Sfacctd ? "sfacctd" : "nfacctd";

    /// <summary>The line of the outputs: plugins.</summary>
    public PmacctLine? Plugins => Line("plugins");

    /// <summary>The last line with one of the keys, or null.</summary>
    public PmacctLine? Line(params string[] keys) => Lines.LastOrDefault(l => keys.Contains(l.Key));

    /// <summary>The line of the first aggregate that names one of the primitives; null where none does.</summary>
    public PmacctLine? Aggregate(params string[] primitives) =>
        Lines.FirstOrDefault(l => l.Key == "aggregate" && l.Value.Split(',').Any(p => primitives.Contains(p.Trim().ToLowerInvariant())));
}
