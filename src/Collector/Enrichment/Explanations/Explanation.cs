namespace Collector.Enrichment.Explanations;

/// <summary>One step on the way from a flow to its AS numbers.</summary>
/// <param name="Name">exporter, peer, source, destination, networks_file, result.</param>
/// <param name="Text">What was found, in a sentence.</param>
public sealed record ExplanationStep(string Name, string Text);

/// <summary>Why a flow gets its AS numbers, prefixes and next hop, step by step.</summary>
/// <param name="Steps">In the order in which the enricher goes.</param>
/// <param name="SourceAs">The AS number of the source in the end.</param>
/// <param name="DestinationAs">The AS number of the destination in the end.</param>
/// <param name="SourceReason">Why the source's is 0, and what to do about it; null when it is not 0.</param>
/// <param name="DestinationReason">The same for the destination.</param>
public sealed record Explanation(
    IReadOnlyList<ExplanationStep> Steps, uint SourceAs, uint DestinationAs, string? SourceReason, string? DestinationReason)
{
    /// <summary>All of it as lines of text.</summary>
    public override string ToString() => string.Join(
        '\n',
        Steps.Select(s => $"{s.Name}: {s.Text}").Concat(new[] { SourceReason, DestinationReason }.OfType<string>()));
}
