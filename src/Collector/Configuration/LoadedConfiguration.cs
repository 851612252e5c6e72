namespace Collector.Configuration;

/// <summary>A configuration and what was found while it was read.</summary>
/// <param name="Options">The options; meaningful only without errors.</param>
/// <param name="Origin">The file, or "built-in defaults".</param>
/// <param name="Findings">In the order of lines.</param>
public sealed record LoadedConfiguration(CollectorOptions Options, string Origin, IReadOnlyList<Finding> Findings)
{
    /// <summary>Tells several configurations of one process apart, in the log and on pages; empty where there is one.</summary>
    public string Label { get; init; } = "";

    /// <summary>Which daemon a pmacct configuration was written for, as its keys or its name say.</summary>
    public Pmacct.PmacctDaemon Daemon { get; init; }

    /// <summary>Where the keys of a pmacct configuration stand, for errors that show only beside another.</summary>
    public IReadOnlyDictionary<string, string> Places { get; init; } = new Dictionary<string, string>();

    /// <summary>The place of the first of these keys that is there; else the file.</summary>
    public string PlaceOf(params string[] keys) => keys.Select(k => Places.GetValueOrDefault(k)).OfType<string>().FirstOrDefault() ?? Origin;

    /// <summary>True when the collector must not start.</summary>
    public bool HasErrors => Findings.Any(f => f.Severity == FindingSeverity.Error);
}
