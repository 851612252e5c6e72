namespace Collector.Tests.Oracle;

/// <summary>Where the collector means to differ from pmacct 1.7.7, and where 1.7.7 fails.</summary>
internal static class KnownDifferences
{
    public static IReadOnlyList<KnownDifference> OfPcaps { get; } = [];

    public static IReadOnlyList<KnownDifference> OfSharedCaptures { get; } = [];
}
