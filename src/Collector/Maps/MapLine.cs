namespace Collector.Maps;

/// <summary>One key=value of a map line.</summary>
/// <param name="Key">As written; pmacct's keys are lower case.</param>
/// <param name="Value">Without the quotes around it.</param>
internal readonly record struct MapPair(string Key, string Value);

/// <summary>One entry of a map file.</summary>
/// <param name="Number">The line, from 1.</param>
/// <param name="Pairs">In the order of the line.</param>
internal sealed record MapLine(int Number, IReadOnlyList<MapPair> Pairs);
