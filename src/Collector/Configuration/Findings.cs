namespace Collector.Configuration;

/// <summary>All that was found in one configuration file, so that the operator sees every error at once. One thread.</summary>
public sealed class Findings(string file)
{
    private readonly List<Finding> _all = [];
    private readonly Dictionary<int, string> _places = [];
    private readonly Dictionary<string, string> _keyPlaces = [];

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

    /// <summary>What was found in one line.</summary>
    public IEnumerable<string> TextsOf(int line) => _all.Where(f => f.Line == line).Select(f => f.Text).Distinct();

    /// <summary>The place of the last line of each key (with the name in brackets where there is one), as the loader has read them.</summary>
    public IReadOnlyDictionary<string, string> KeyPlaces => _keyPlaces;

    /// <summary>Which daemon the file was written for, as its keys or its name say.</summary>
    public Pmacct.PmacctDaemon Daemon { get; set; }

    /// <summary>Remembers where a key stands, for what shows only beside another file.</summary>
    public void NameKey(string key, int line) => _keyPlaces[key] = PlaceOf(line);

    /// <summary>Names a line that is not in the file: a switch of the command line, which is read as one behind its end.</summary>
    public void NamePlace(int line, string place) => _places[line] = place;

    /// <summary>The line in words: file:line, or the switch of the command line.</summary>
    public string PlaceOf(int line) => _places.TryGetValue(line, out string? place) ? place : $"{File}:{line}";

    private Finding Placed(Finding finding) => _places.TryGetValue(finding.Line, out string? place) ? finding with { File = place, Line = 0 } : finding;
}
