namespace Collector.Configuration;

/// <summary>A configuration and what was found while it was read.</summary>
/// <param name="Options">The options; meaningful only without errors.</param>
/// <param name="Origin">The file, or "built-in defaults".</param>
/// <param name="Findings">In the order of lines.</param>
public sealed record LoadedConfiguration(CollectorOptions Options, string Origin, IReadOnlyList<Finding> Findings)
{
    /// <summary>True when the collector must not start.</summary>
    public bool HasErrors => Findings.Any(f => f.Severity == FindingSeverity.Error);
}
