namespace Collector.Configuration;

/// <summary>All that was found in one configuration file, so that the operator sees every error at once. One thread.</summary>
public sealed class Findings(string file)
{
    private readonly List<Finding> _all = [];
    private readonly Dictionary<int, string> _places = [];

    /// <summary>The file as the operator named it.</summary>
    public string File { get; } = file;

    /// <summary>In the order of lines, each once: a line that holds for several outputs is found wrong for each of them.</summary>
    public IReadOnlyList<Finding> All => [.. _all.Distinct().OrderBy(f => f.Line).Select(Placed)];

    /// <summary>True when the collector must not start.</summary>
    public bool HasErrors => _all.Exists(f => f.Severity == FindingSeverity.Error);

    /// <summary>Adds something that keeps the collector from starting.</summary>
    public void Error(int line, string text) => _all.Add(new Finding(FindingSeverity.Error, File, line, text));

    /// <summary>Adds something that is probably not meant so.</summary>
    public void Warning(int line, string text) => _all.Add(new Finding(FindingSeverity.Warning, File, line, text));

    /// <summary>Adds something worth knowing.</summary>
    public void Note(int line, string text) => _all.Add(new Finding(FindingSeverity.Note, File, line, text));

    /// <summary>Names a line that is not in the file: a switch of the command line, which is read as one behind its end.</summary>
    public void NamePlace(int line, string place) => _places[line] = place;

    /// <summary>The line in words: file:line, or the switch of the command line.</summary>
    public string PlaceOf(int line) => _places.TryGetValue(line, out string? place) ? place : $"{File}:{line}";

    private Finding Placed(Finding finding) => _places.TryGetValue(finding.Line, out string? place) ? finding with { File = place, Line = 0 } : finding;
}
