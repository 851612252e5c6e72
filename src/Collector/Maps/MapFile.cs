using Collector.Configuration;

namespace Collector.Maps;

/// <summary>A map file and what it was compiled to last. Readers take <see cref="Current"/> once per batch; a reload replaces it whole.</summary>
/// <typeparam name="T">The compiled map; immutable.</typeparam>
public sealed class MapFile<T> : IMapFile
    where T : class
{
    private readonly Func<TextReader, Findings, T> _read;
    private readonly bool _lenient;
    private volatile T? _current;

    /// <param name="key">The configuration key that names the file.</param>
    /// <param name="path">The file.</param>
    /// <param name="lenient">True: lines with faults are left out, as pmacct does; false: they refuse the whole file.</param>
    /// <param name="read">Compiles the text; faults go to the findings.</param>
    public MapFile(string key, string path, bool lenient, Func<TextReader, Findings, T> read) => (Key, Path, _lenient, _read) = (key, path, lenient, read);

    /// <inheritdoc/>
    public string Key { get; }

    /// <inheritdoc/>
    public string Path { get; }

    /// <summary>The map in force; null before the first successful <see cref="Load"/>.</summary>
    public T? Current => _current;

    /// <inheritdoc/>
    public bool Load(ICollection<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var found = new Findings(Path);
        T? map = null;
        try
        {
            using var text = new StreamReader(Path);
            map = _read(text, found);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            found.Error(0, $"{Key}: the file cannot be read: {e.Message}");
        }

        bool accepted = map is not null && (_lenient || !found.HasErrors);
        foreach (Finding finding in found.All)
        {
            findings.Add(accepted && finding.Severity == FindingSeverity.Error
                ? finding with { Severity = FindingSeverity.Warning, Text = $"{finding.Text}; the line is left out" }
                : finding);
        }

        if (accepted)
        {
            _current = map;
        }

        return accepted;
    }
}

/// <summary>A map file of any kind, for loading and reloading.</summary>
public interface IMapFile
{
    /// <summary>The configuration key that names the file.</summary>
    string Key { get; }

    /// <summary>The file.</summary>
    string Path { get; }

    /// <summary>Reads the file; when it cannot be used, what was in force stays in force.</summary>
    /// <param name="findings">Takes everything found.</param>
    /// <returns>False when the file cannot be used; the findings then have an error.</returns>
    bool Load(ICollection<Finding> findings);
}
