using Collector.Output;

namespace Collector.Configuration.Pmacct;

/// <summary>Reads the plugins line (pmacct-compat §10.2).</summary>
internal static class PmacctPlugins
{
    private static readonly string[] Supported = ["print", "kafka"];
    private static readonly string[] Known = ["memory", "print", "kafka", "amqp", "mysql", "pgsql", "sqlite3", "tee", "nfprobe", "sfprobe"];

    /// <summary>The plugins in the order of the line. Only the first line counts.</summary>
    public static IReadOnlyList<PmacctPlugin> Read(IReadOnlyList<PmacctLine> lines, PmacctReport report)
    {
        List<PmacctLine> all = [.. lines.Where(l => l.Key == "plugins")];
        foreach (PmacctLine later in all.Skip(1))
        {
            report.Findings.Warning(later.Number, $"only the first plugins line counts (line {all[0].Number}); remove this one");
        }

        var plugins = new List<PmacctPlugin>();
        if (all.Count == 0)
        {
            report.Findings.Error(0, "no plugins line: pmacct would start the memory plugin, which is not supported: nothing here answers pmacct's client; write plugins: kafka or plugins: print");
            return plugins;
        }

        foreach (string entry in all[0].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            Add(plugins, entry, all[0].Number, report);
        }

        if (plugins.Count == 0 && !report.Findings.HasErrors)
        {
            report.Findings.Error(all[0].Number, "plugins names no plugin that the collector has; write plugins: kafka or plugins: print");
        }

        return plugins;
    }

    private static string Remedy(string type) => type switch
    {
        "memory" => "nothing here answers pmacct's client; write print, with print_output_file, or kafka",
        "amqp" => "nothing is published to RabbitMQ; write kafka",
        "tee" => "datagrams are not passed on; run nfacctd for that beside the collector, on another port, or let the exporters send to both",
        "nfprobe" or "sfprobe" => "it belongs to pmacctd on the probe; let it send to the collector's port (nfprobe_receiver, sfprobe_receiver) and keep it there",
        _ => "nothing is written to databases; write kafka or print, and load the rows from there",
    };

    private static void Add(List<PmacctPlugin> plugins, string entry, int line, PmacctReport report)
    {
        int open = entry.IndexOf('[', StringComparison.Ordinal);
        string type = (open < 0 ? entry : entry[..open]).Trim().ToLowerInvariant();
        string name = open < 0 ? $"default_{type}" : entry[(open + 1)..].TrimEnd(']').Trim();
        if (type == "core")
        {
            return;
        }

        if (open >= 0 && (!entry.EndsWith(']') || name.Length == 0 || name.AsSpan().IndexOfAny('[', ']') >= 0))
        {
            report.Findings.Error(line, $"plugins: '{entry}' has illegal brackets; write {type}[name]");
        }
        else if (!Known.Contains(type))
        {
            report.Refuse(line, $"plugins: unknown plugin '{type}'{NearestName.Hint(type, Supported)}");
        }
        else if (!Supported.Contains(type))
        {
            report.Refuse(line, $"plugins: {type} is not supported: {Remedy(type)}");
        }
        else if (plugins.Exists(p => p.Name == name))
        {
            report.Findings.Warning(line, $"plugins: a second plugin '{name}' is left out, as pmacct does; give it a name of its own: {type}[name]");
        }
        else
        {
            plugins.Add(new PmacctPlugin(type, name, line));
        }
    }
}
