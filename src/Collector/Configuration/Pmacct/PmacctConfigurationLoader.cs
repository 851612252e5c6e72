using Collector.Output;

namespace Collector.Configuration.Pmacct;

/// <summary>Reads nfacctd.conf or sfacctd.conf as pmacct does: in file order, the last line wins (pmacct-compat §10.1 to §10.3).</summary>
public static class PmacctConfigurationLoader
{
    /// <summary>Reads the configuration from text.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="lenient">True: unknown keys, unsupported keys and values that do not fit are warnings, and left out as pmacct would.</param>
    /// <param name="findings">Takes everything found; names the file.</param>
    /// <returns>The options; meaningful only when the findings have no error.</returns>
    public static CollectorOptions Load(TextReader text, bool lenient, Findings findings) => Load(text, new ConfigurationRequest { Lenient = lenient }, findings);

    /// <summary>Reads the configuration from text and the switches of the command line behind it.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="request">The switches, the daemon that the file was written for, and whether to be lenient.</param>
    /// <param name="findings">Takes everything found; names the file.</param>
    /// <returns>The options; meaningful only when the findings have no error.</returns>
    public static CollectorOptions Load(TextReader text, ConfigurationRequest request, Findings findings)
    {
        IReadOnlyList<PmacctLine> lines = ReadLines(text, request, findings);
        findings.Daemon = DaemonOf(lines, request, findings);
        return Load(lines, findings.Daemon, request.Lenient, findings);
    }

    /// <summary>The directives of the file, then those of the command line.</summary>
    internal static IReadOnlyList<PmacctLine> ReadLines(TextReader text, ConfigurationRequest request, Findings findings)
    {
        List<PmacctLine> lines = [.. PmacctGrammar.Read(text, findings)];
        int last = PmacctGrammar.MaxLines;
        List<PmacctLine> switches = [.. request.Switches.Select(s => s.ToLine(++last, findings))];
        if (switches.LastOrDefault(l => l.Key == "plugins") is { } plugins)
        {
            // Of several plugins lines the first counts, so that -P must take their place to win.
            foreach (PmacctLine line in lines.Where(l => l.Key == "plugins"))
            {
                findings.Warning(plugins.Number, $"takes the place of plugins: {line.Value} in {findings.PlaceOf(line.Number)} (nfacctd would leave -P out)");
            }

            lines.RemoveAll(l => l.Key == "plugins");
            switches.RemoveAll(l => l.Key == "plugins" && l != plugins);
        }

        lines.AddRange(switches);
        lines.ForEach(l => findings.NameKey(l.Plugin is null ? l.Key : $"{l.Key}[{l.Plugin}]", l.Number));
        return lines;
    }

    /// <summary>Reads directives.</summary>
    internal static CollectorOptions Load(IReadOnlyList<PmacctLine> lines, PmacctDaemon daemon, bool lenient, Findings findings)
    {
        var report = new PmacctReport(findings, lenient);
        IReadOnlyList<PmacctPlugin> plugins = PmacctPlugins.Read(lines, report);
        var core = new PmacctCore();
        foreach (PmacctLine line in lines)
        {
            Apply(line, core, plugins, report);
        }

        if (daemon == PmacctDaemon.Sfacctd)
        {
            LeaveOutClass(lines, plugins, findings);
        }

        foreach (PmacctPlugin plugin in plugins)
        {
            plugin.Output = plugin.Output with { CustomPrimitives = core.Options.CustomPrimitives };
        }

        core.Options = PmacctEnrichment.Join(core, plugins, report) with { Maps = core.Options.Maps with { Lenient = lenient } };
        CollectorOptions options = core.Build([.. plugins.Select(p => p.Build(report))], daemon, plugins.FirstOrDefault()?.Output.Kafka.WriterId);
        foreach (PmacctPlugin plugin in plugins)
        {
            plugin.CheckProRating(options.TimeNew, report);
        }

        PmacctEnrichment.Check(options, lines, report);
        foreach (OutputFault fault in SFlowCounterRules.Check(options.SFlowCounters))
        {
            string key = "sfacctd_counter_" + (fault.Key.StartsWith("kafka.properties", StringComparison.Ordinal) ? "kafka_config_file" : fault.Key.Replace('.', '_'));
            findings.Error(lines.LastOrDefault(l => l.Key == key)?.Number ?? lines.Last(l => l.Key.StartsWith("sfacctd_counter_", StringComparison.Ordinal)).Number, $"{key}: {fault.Text}");
        }

        return options;
    }

    // sfacctd has class only where it was built with nDPI: Debian's warns, and aggregates and prints without.
    private static void LeaveOutClass(IReadOnlyList<PmacctLine> lines, IReadOnlyList<PmacctPlugin> plugins, Findings findings)
    {
        foreach (PmacctPlugin plugin in plugins.Where(p => p.Output.Aggregate.Contains("class")))
        {
            string[] others = [.. plugin.Output.Aggregate.Where(p => p != "class")];
            findings.Warning(
                lines.LastOrDefault(l => l.Key == "aggregate")?.Number ?? 0,
                $"aggregate of plugin '{plugin.Name}': sFlow has no classes, and sfacctd leaves class out; remove it{(others.Length == 0 ? ", and write src_host, which is taken now" : "")}");
            plugin.Output = plugin.Output with { Aggregate = others.Length == 0 ? ["src_host"] : others };
        }
    }

    private static void Apply(PmacctLine line, PmacctCore core, IReadOnlyList<PmacctPlugin> plugins, PmacctReport report)
    {
        if (PmacctKeyTable.Find(line.Key) is not { } key)
        {
            report.Refuse(line.Number, $"unknown key {line.Key}{NearestName.Hint(line.Key, PmacctKeyTable.All.Select(k => k.Name))}");
            return;
        }

        if (key.Status == PmacctKeyStatus.NoEffect)
        {
            report.Findings.Note(line.Number, $"key {key.Name}: accepted, no effect: {key.Note}");
        }
        else if (key.Status == PmacctKeyStatus.Unsupported)
        {
            if (!key.IsDefault(line.Value))
            {
                report.Refuse(line.Number, $"key {key.Name} is not supported yet: {key.Note}");
            }
        }
        else if (key.Name != "plugins")
        {
            Use(key, line, core, plugins, report);
        }
    }

    private static void Use(PmacctKey key, PmacctLine line, PmacctCore core, IReadOnlyList<PmacctPlugin> plugins, PmacctReport report)
    {
        var value = new PmacctValue(line, report);
        if (PmacctSettings.Core.TryGetValue(key.Name, out Action<PmacctCore, PmacctValue>? set))
        {
            if (line.Plugin is not null && key.Scope == PmacctScope.Global)
            {
                report.Findings.Warning(line.Number, $"key {key.Name} belongs to the daemon, not to a plugin; it holds for all, remove [{line.Plugin}]");
            }

            set(core, value);
            return;
        }

        if (line.Plugin is null && key.Scope == PmacctScope.Named)
        {
            report.Refuse(line.Number, $"{key.Name} must be bound to a plugin, pmacct leaves it out otherwise; write {key.Name}[plugin name]: {line.Value}");
            return;
        }

        Action<PmacctPlugin, PmacctValue> apply = PmacctSettings.Plugin[key.Name];
        if (line.Plugin is not null && !plugins.Any(p => p.Name == line.Plugin))
        {
            report.Findings.Warning(line.Number, $"no plugin is called '{line.Plugin}'; the line is left out{NearestName.Hint(line.Plugin, plugins.Select(p => p.Name))}");
            return;
        }

        if (line.Plugin is null && PmacctEnrichment.IsOfNetworks(key.Name))
        {
            // What does not fit is told once, for the plugins.
            apply(core.Unbound, new PmacctValue(line, new PmacctReport(new Findings(report.Findings.File), lenient: true)));
        }

        foreach (PmacctPlugin plugin in plugins.Where(p => line.Plugin is null || p.Name == line.Plugin))
        {
            apply(plugin, value);
            plugin.Remember(line);
        }
    }

    /// <summary>The two daemons read the same keys and differ in the port they listen on when the file names none.</summary>
    internal static PmacctDaemon DaemonOf(IReadOnlyList<PmacctLine> lines, ConfigurationRequest request, Findings findings)
    {
        if (request.Daemon is { } named)
        {
            return named;
        }

        // Switches have the same keys for both.
        bool Has(string prefix) => lines.Any(l => l.Number <= PmacctGrammar.MaxLines && l.Key.StartsWith(prefix, StringComparison.Ordinal));
        bool sfacctd = Has("sfacctd_"), nfacctd = Has("nfacctd_");
        bool isSfacctd = sfacctd != nfacctd ? sfacctd : Path.GetFileName(findings.File).Contains("sfacctd", StringComparison.OrdinalIgnoreCase);
        return isSfacctd ? PmacctDaemon.Sfacctd : PmacctDaemon.Nfacctd;
    }
}
