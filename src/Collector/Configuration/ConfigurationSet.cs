using Collector.Configuration.Pmacct;
using Collector.Pipeline;

namespace Collector.Configuration;

/// <summary>The configurations of one process: usually one; with several -f one of each, which share what there is once in a process.</summary>
/// <remarks>
/// Each has its own sockets, rules, maps, BGP speaker and outputs: what comes in at the sockets of one goes to its outputs only. Log, pid file, pages
/// and memory are shared.
/// </remarks>
public sealed record ConfigurationSet
{
    private ConfigurationSet(IReadOnlyList<LoadedConfiguration> all) => All = all;

    /// <summary>In the order of the command line.</summary>
    public IReadOnlyList<LoadedConfiguration> All { get; private init; }

    /// <summary>The log of the process.</summary>
    public LogOptions Log { get; private init; } = new();

    /// <summary>The pid file of the process; null: none.</summary>
    public string? PidFile { get; private init; }

    /// <summary>The pages of the process.</summary>
    public HttpOptions Http => All[0].Options.Http;

    /// <summary>Where all of it comes from.</summary>
    public string Origin => string.Join(" and ", All.Select(c => c.Origin));

    /// <summary>What was found in the files, and between them.</summary>
    public IEnumerable<Finding> Findings => All.SelectMany(c => c.Findings);

    /// <summary>True when the collector must not start.</summary>
    public bool HasErrors => All.Any(c => c.HasErrors);

    /// <summary>Reads each configuration; what two of them cannot both have is an error of the later.</summary>
    public static ConfigurationSet Load(IReadOnlyList<ConfigurationRequest> requests)
    {
        LoadedConfiguration[] loaded = [.. requests.Select(ConfigurationFiles.Load)];
        if (loaded is [var single])
        {
            return Of(single);
        }

        string[] labels = Labels(loaded);
        loaded = [.. loaded.Select((c, i) => Share(c, labels[i], loaded.Length))];
        for (int i = 1; i < loaded.Length; i++)
        {
            loaded[i] = loaded[i] with { Findings = [.. loaded[i].Findings, .. loaded[..i].SelectMany(earlier => ConfigurationConflicts.Between(earlier, loaded[i]))] };
        }

        LogOptions[] logs = [.. loaded.Select(c => c.Options.Log)];
        return new ConfigurationSet(loaded)
        {
            Log = (logs.FirstOrDefault(l => l.File is not null || l.Syslog is not null) ?? logs[0]) with { Level = logs.Min(l => l.Level) },
            PidFile = loaded.Select(c => c.Options.PidFile).FirstOrDefault(f => f is not null),
        };
    }

    /// <summary>The set of one configuration.</summary>
    public static ConfigurationSet Of(LoadedConfiguration single) => new([single]) { Log = single.Options.Log, PidFile = single.Options.PidFile };

    private static LoadedConfiguration Share(LoadedConfiguration loaded, string label, int count) => loaded with
    {
        Label = label,
        Options = loaded.Options with
        {
            // Two daemons beside each other refuse what the other collects; so do two files.
            Protocols = loaded.Daemon == PmacctDaemon.Sfacctd ? FlowProtocols.SFlow : FlowProtocols.NetFlow,
            MemoryLimitBytes = PipelineParts.MemoryLimitOf(loaded.Options) / count,
        },
    };

    /// <summary>The names of the files; where two are the same, the whole paths, and numbers behind what is the same still.</summary>
    private static string[] Labels(LoadedConfiguration[] all)
    {
        string[] names = [.. all.Select(c => Path.GetFileName(c.Origin))];
        string[] labels = [.. all.Select((c, i) => names.Count(n => n == names[i]) > 1 ? c.Origin : names[i])];
        return [.. labels.Select((l, i) => labels[..i].Count(e => e == l) is > 0 and int n ? $"{l} ({n + 1})" : l)];
    }
}
