using System.Text.RegularExpressions;

namespace Collector.Flows.Tests.Quirks;

/// <summary>Something that devices send and a decoder must survive.</summary>
/// <param name="Id">The id that the names of its tests begin with.</param>
/// <param name="Input">What comes in.</param>
/// <param name="Pattern">What else a test of it may be called; null: the id only.</param>
internal sealed record Quirk(string Id, string Input, string? Pattern = null)
{
    private readonly Regex _test = new(Pattern is null ? $"^([A-Z][0-9]+_)*{Id}_" : $"^(H4|{Id})_.*({Pattern})");

    /// <summary>True for the name of a test of this quirk; a test of several begins with all their ids.</summary>
    public bool IsTest(string method) => _test.IsMatch(method);
}
