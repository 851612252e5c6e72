namespace Collector.Differential.Generation;

/// <summary>An output while cards are played on it.</summary>
internal sealed class OutputBuilder(ConfigurationBuilder configuration, string name, IReadOnlyList<string> aggregate)
{
    /// <summary>Plugin name.</summary>
    public string Name => name;

    /// <summary>Primitives; empty for the default.</summary>
    public IReadOnlyList<string> Aggregate { get; private set; } = aggregate;

    /// <summary>Name of the printed file.</summary>
    public string Path { get; set; } = name + ".out";

    /// <summary>Slots that are taken.</summary>
    public HashSet<string> Slots { get; } = [];

    /// <summary>The source of choices.</summary>
    public Draw Draw => configuration.Draw;

    /// <summary>The configuration around it.</summary>
    public ConfigurationBuilder Configuration => configuration;

    /// <summary>Whether primitives may be added: not to a sum, to none or to the default.</summary>
    public bool IsOpen => Aggregate.Count > 0 && !Aggregate.Any(p => p == "none" || Primitives.Sums.Contains(p));

    /// <summary>Adds a line for this output.</summary>
    public void Line(string key, string value, Daemon daemon = Daemon.Both) => configuration.Bound(name, key, value, daemon);

    /// <summary>Makes the effect of a card visible.</summary>
    public void Want(params string[] primitives)
    {
        if (IsOpen)
        {
            Aggregate = [.. Aggregate.Union(primitives)];
        }
    }
}
