using System.Globalization;

namespace Collector.Tests.Oracle;

/// <summary>A print plugin with keys of its own; <c>$offset</c> makes a bin end at the chosen second.</summary>
/// <param name="Name">The plugin's name.</param>
/// <param name="Keys">Lines without their prefix <c>print_</c>.</param>
internal sealed record LiveOutput(string Name, params string[] Keys)
{
    /// <summary>Keys of the daemon that are set to true for this plugin alone.</summary>
    public string[] Daemon { get; init; } = [];

    public IEnumerable<string> Lines(long boundary) =>
    [
        .. Keys.Select(k => $"print_{k.Replace(":", $"[{Name}]:", StringComparison.Ordinal)}".Replace("$offset", ((60 - (boundary % 60)) % 60).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
        .. Daemon.Select(d => $"{d}[{Name}]: true"),
    ];
}
