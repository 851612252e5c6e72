namespace Collector.Differential.Generation;

/// <summary>A configuration while cards are played on it.</summary>
internal sealed class ConfigurationBuilder(int number, Draw draw)
{
    private readonly List<ConfigurationLine> _lines = [];
    private readonly List<OutputBuilder> _outputs = [];
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary>Slots that are taken: of two cards with one slot only one is played.</summary>
    public HashSet<string> Slots { get; } = [];

    /// <summary>Names of the cards played.</summary>
    public List<string> Cards { get; } = [];

    /// <summary>The outputs so far.</summary>
    public IReadOnlyList<OutputBuilder> Outputs => _outputs;

    /// <summary>The source of choices.</summary>
    public Draw Draw => draw;

    /// <summary>Adds a line for the whole daemon.</summary>
    public void Line(string key, string value, Daemon daemon = Daemon.Both) => _lines.Add(new ConfigurationLine(key, value, null, daemon));

    /// <summary>Adds a line for one output.</summary>
    public void Bound(string plugin, string key, string value, Daemon daemon = Daemon.Both) => _lines.Add(new ConfigurationLine(key, value, plugin, daemon));

    /// <summary>Adds a line that must be the same for all outputs: in brackets now and then where there is one.</summary>
    public void ForAll(string key, string value) => _lines.Add(new ConfigurationLine(key, value, _outputs.Count == 1 && draw.Chance(1, 2) ? _outputs[0].Name : null));

    /// <summary>Makes the effect of a card visible in every output.</summary>
    public void Want(params string[] primitives) => _outputs.ForEach(o => o.Want(primitives));

    /// <summary>Adds a file and returns what stands for its path in a value.</summary>
    public string AddFile(string kind, IEnumerable<string> lines)
    {
        string name = $"{kind}{_files.Count}";
        _files[name] = string.Join('\n', lines) + "\n";
        return "FILE:" + name;
    }

    /// <summary>Adds an output.</summary>
    public OutputBuilder Output(IReadOnlyList<string> aggregate)
    {
        var output = new OutputBuilder(this, $"{(char)('a' + _outputs.Count)}{number}", aggregate);
        _outputs.Add(output);
        return output;
    }

    /// <summary>The configuration; lines for all outputs stand before bound ones, which would lose their value otherwise.</summary>
    public GeneratedConfiguration Build() => new(
        number,
        [.. _lines.Where(l => l.Plugin is null), .. _lines.Where(l => l.Plugin is not null)],
        [.. _outputs.Select(o => new GeneratedOutput(o.Name, o.Aggregate, o.Path))],
        _files,
        Cards);
}
