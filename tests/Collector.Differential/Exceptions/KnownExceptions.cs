using Collector.Differential.Comparison;

namespace Collector.Differential.Exceptions;

/// <summary>Where the collector means to differ from pmacct 1.7.7 in the matrix. A row that no case needs is an error.</summary>
internal static class KnownExceptions
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<KnownException> All { get; } =
    [
        new("bin of a late flow on a boundary", "pmacct-compat.md 11.3, 1", "stamp_inserted", "file", "headings", "purged_entries", "total_entries")
        {
            AppliesTo = c => c.HasHistory && !c.BinsByArrival,
            SumsRows = true,
        },
        new("name of fw_event", "pmacct-compat.md 1.2, 68", "fw_event", "nat_event", "headings") { AppliesTo = c => c.Aggregate.Contains("fw_event") },
    ];
}
