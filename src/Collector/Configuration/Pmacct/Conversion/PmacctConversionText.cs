using System.Text;
using Collector.Configuration.Yaml.Writing;

namespace Collector.Configuration.Pmacct.Conversion;

/// <summary>Lays keys out as a YAML file: sections indented, a comment behind each key.</summary>
internal static class PmacctConversionText
{
    // Behind -f these hold without a line that says so; collector.yaml has other defaults.
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["listen"] = "the default port of the daemon",
        ["template_wait"] = "nfacctd leaves out data that comes before its template",
        ["core_proc_name"] = "the default of pmacct; logs its lines, and its statistics at SIGUSR1",
        ["files_umask"] = "the default of pmacct",
        ["log.timestamps"] = "the default of pmacct",
        ["bgp.router_id"] = "the default of pmacct",
        ["bgp.hold_time"] = "the peer's, as pmacct",
        ["bgp.max_peers"] = "the default of pmacct",
        ["bgp.echo_capabilities"] = "as pmacct",
        ["bgp.take_all"] = "as pmacct",
    };

    /// <summary>Writes the file.</summary>
    /// <param name="file">Where it comes from.</param>
    /// <param name="entries">The keys, those of a section one behind the other.</param>
    /// <param name="originOf">The old keys of a path, or null.</param>
    /// <param name="silent">Lines that set nothing, each with the reason.</param>
    public static string Write(string file, IReadOnlyList<YamlEntry> entries, Func<string, string?> originOf, IReadOnlyList<string> silent)
    {
        var text = new StringBuilder();
        text.Append("# collector convert: the same as ").Append(OneLine(file)).Append("; keys that are not here have their default.\n");
        string[] open = [];
        foreach (YamlEntry entry in entries)
        {
            string[] parts = entry.Path.Split('.');
            int common = 0;
            while (common < open.Length && common < parts.Length - 1 && open[common] == parts[common])
            {
                common++;
            }

            bool isFirstOfItem = false;
            for (int depth = common; depth < parts.Length - 1; depth++)
            {
                (string name, bool isItem, bool isFirst) = Split(parts[depth]);
                if (!isItem || isFirst)
                {
                    text.Append(depth == 0 ? "\n" : "").Append(Indent(parts, depth)).Append(name).Append(":\n");
                }

                isFirstOfItem = isItem && depth == parts.Length - 2;
            }

            string indent = Indent(parts, parts.Length - 1);
            text.Append(isFirstOfItem ? $"{indent[..^2]}- " : indent).Append(parts[^1]).Append(": ").Append(entry.Text);
            string? comment = originOf(entry.Path) ?? Defaults.GetValueOrDefault(entry.Path);
            text.Append(comment is null ? "\n" : $"  # {OneLine(comment)}\n");
            open = parts[..^1];
        }

        if (silent.Count > 0)
        {
            text.Append("\n# Lines that set nothing here:\n");
            foreach (string line in silent)
            {
                text.Append("# ").Append(OneLine(line)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static (string Name, bool IsItem, bool IsFirst) Split(string part)
    {
        int bracket = part.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? (part, false, false) : (part[..bracket], true, part.EndsWith("[0]", StringComparison.Ordinal));
    }

    /// <summary>Two blanks for each section around, two more where that is a list.</summary>
    private static string Indent(string[] parts, int depth) => new(' ', 2 * parts.Take(depth).Sum(p => p.EndsWith(']') ? 2 : 1));

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
