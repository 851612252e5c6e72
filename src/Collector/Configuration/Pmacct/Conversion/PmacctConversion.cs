using Collector.Configuration.Yaml.Writing;

namespace Collector.Configuration.Pmacct.Conversion;

/// <summary>A configuration of pmacct as collector.yaml: the same options, with the lines that each key comes from.</summary>
/// <remarks>
/// Built on the loaded options, so that a key cannot mean one thing to run and another to convert. Where a key comes from is found by leaving its
/// lines out: what then differs in the result is what they say. So no table beside the loader tells which key sets what.
/// </remarks>
public sealed class PmacctConversion
{
    private readonly string _file;
    private readonly IReadOnlyList<PmacctLine> _lines;
    private readonly PmacctDaemon _daemon;
    private readonly Findings _findings;
    private readonly bool _lenientMaps;

    private PmacctConversion(string file, IReadOnlyList<PmacctLine> lines, PmacctDaemon daemon, bool lenientMaps, Findings findings)
    {
        (_file, _lines, _daemon, _lenientMaps, _findings) = (file, lines, daemon, lenientMaps, findings);
    }

    /// <summary>Reads a configuration; what is not supported is left out with a warning, as with --lenient.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="request">The switches of the command line.</param>
    /// <param name="findings">Takes everything found; names the file.</param>
    /// <returns>collector.yaml; of use only when the findings have no error.</returns>
    public static string Convert(TextReader text, ConfigurationRequest request, Findings findings)
    {
        IReadOnlyList<PmacctLine> lines = PmacctConfigurationLoader.ReadLines(text, request, findings);
        var conversion = new PmacctConversion(findings.File, lines, PmacctConfigurationLoader.DaemonOf(lines, request, findings), request.Lenient, findings);
        return conversion.Write(request);
    }

    private string Write(ConfigurationRequest request)
    {
        IReadOnlyList<YamlEntry> entries = Entries(_lines, request, _findings);
        var origins = new Dictionary<string, List<PmacctLine>>();
        var silent = new List<(PmacctLine Line, string Reason)>();
        foreach (IGrouping<(string, string?), PmacctLine> group in _lines.Where(l => l.Key != "plugins").GroupBy(l => (l.Key, l.Plugin)))
        {
            PmacctLine last = group.Last();
            silent.AddRange(group.SkipLast(1).Select(l => (l, $"{Place(last)} says it again, and the last line wins")));
            HashSet<YamlEntry> without = [.. Entries([.. _lines.Where(l => !group.Contains(l))], request, new Findings(_file))];
            string[] set = [.. entries.Where(e => !without.Contains(e)).Select(e => e.Path)];
            foreach (string path in set)
            {
                origins.TryAdd(path, []);
                origins[path].Add(last);
            }

            if (set.Length == 0)
            {
                silent.Add((last, ReasonOf(last)));
            }
        }

        if (_lines.FirstOrDefault(l => l.Key == "plugins") is { } plugins)
        {
            foreach (YamlEntry entry in entries.Where(e => e.Path.EndsWith("].name", StringComparison.Ordinal)))
            {
                origins[entry.Path] = [plugins];
            }
        }

        // A plugin that is not supported is left out; what it was to do is told where its line is missing.
        silent.AddRange(_lines.Where(l => l.Key == "plugins").SelectMany(l => _findings.TextsOf(l.Number).Select(t => (l, t))));
        return PmacctConversionText.Write(
            _file,
            entries,
            path => origins.TryGetValue(path, out List<PmacctLine>? lines) ? string.Join(", ", lines.Select(Named)) : null,
            [.. silent.OrderBy(s => s.Line.Number).Select(s => $"{Named(s.Line)}: {s.Reason}")]);
    }

    private IReadOnlyList<YamlEntry> Entries(IReadOnlyList<PmacctLine> lines, ConfigurationRequest request, Findings findings)
    {
        CollectorOptions options = PmacctConfigurationLoader.Load(lines, _daemon, lenient: true, findings);
        return RootForm.Write(ConfigurationFiles.Override(options with { Maps = options.Maps with { Lenient = _lenientMaps } }, request));
    }

    private string ReasonOf(PmacctLine line)
    {
        PmacctKey? key = PmacctKeyTable.Find(line.Key);
        return key switch
        {
            null => "no key of pmacct",
            { Status: PmacctKeyStatus.NoEffect } => $"no effect here: {key.Note}",
            { Status: PmacctKeyStatus.Unsupported } when !key.IsDefault(line.Value) => $"NOT SUPPORTED: {key.Note}",
            _ when line.Plugin is not null && !_lines.Any(l => l.Key == "plugins" && l.Value.Contains(line.Plugin, StringComparison.Ordinal)) => "no plugin of this name",
            _ => "says what holds anyway",
        };
    }

    private string Named(PmacctLine line) => line.Plugin is null ? $"{line.Key} ({Place(line)})" : $"{line.Key}[{line.Plugin}] ({Place(line)})";

    private string Place(PmacctLine line) => line.Number <= PmacctGrammar.MaxLines ? $"line {line.Number}" : _findings.PlaceOf(line.Number);
}
