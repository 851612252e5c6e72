namespace Collector.Differential.Generation;

/// <summary>One print plugin of a drawn configuration.</summary>
/// <param name="Name">Plugin name.</param>
/// <param name="Aggregate">Primitives; empty for pmacct's default.</param>
/// <param name="Path">Name of the printed file, variables of pmacct inside.</param>
internal sealed record GeneratedOutput(string Name, IReadOnlyList<string> Aggregate, string Path)
{
    /// <summary>The primitives that the daemon has.</summary>
    public IReadOnlyList<string> AggregateOf(string daemon)
    {
        string[] had = [.. Aggregate.Where(p => Primitives.Has(daemon, p))];
        return had.Length > 0 || Aggregate.Count == 0 ? had : ["src_host", "dst_host"];
    }
}
