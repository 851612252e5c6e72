namespace Collector.Differential.Generation;

/// <summary>A group of lines that belong together.</summary>
/// <typeparam name="T">What it is played on: the configuration or one output.</typeparam>
/// <param name="Name">For reports.</param>
/// <param name="Slot">Of two cards with one slot only one is played.</param>
/// <param name="Play">Adds the lines.</param>
internal sealed record Card<T>(string Name, string Slot, Action<T> Play)
{
    /// <summary>A further slot that must be free and is taken too; null for none.</summary>
    public string? Also { get; init; }

    /// <summary>Whether its slots are free.</summary>
    public bool Fits(IReadOnlySet<string> taken) => !taken.Contains(Slot) && (Also is null || !taken.Contains(Also));

    /// <summary>Takes the slots.</summary>
    public void Take(ISet<string> taken) => taken.UnionWith(Also is null ? [Slot] : [Slot, Also]);
}
