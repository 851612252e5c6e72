namespace Collector.Differential.Running;

/// <summary>What one side printed under a configuration over a capture.</summary>
/// <param name="Files">Lines by the file's name, relative to the folder.</param>
/// <param name="Failure">Why nothing can be said of it; null when it ended as asked.</param>
/// <param name="Complaints">Lines of its log about the configuration.</param>
internal sealed record SideResult(IReadOnlyDictionary<string, string[]> Files, string? Failure, IReadOnlyList<string> Complaints)
{
    /// <summary>The failure of a daemon that a signal ended.</summary>
    public const string Crash = "crashed";

    /// <summary>Nothing printed, and why.</summary>
    public static SideResult Failed(string why) => new(new Dictionary<string, string[]>(), why, []);

    /// <summary>Reads what stands in a folder of printed files.</summary>
    public static IReadOnlyDictionary<string, string[]> ReadFiles(string folder) => Directory.GetFiles(folder, "*.out", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(folder, f), File.ReadAllLines, StringComparer.Ordinal);
}
