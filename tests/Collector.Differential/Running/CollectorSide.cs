using Collector.Configuration;
using Collector.Differential.Generation;
using Collector.Hosting;
using Collector.Pipeline;

namespace Collector.Differential.Running;

/// <summary>The collector's replay over one capture, in this process: a thousand starts of a runtime would take longer than all the rest.</summary>
internal static class CollectorSide
{
    /// <summary>Runs it to its end.</summary>
    public static SideResult Run(GeneratedConfiguration configuration, string daemon, string capture)
    {
        using var folder = new TemporaryFolder();
        string file = configuration.Write(daemon, folder.Path);
        LoadedConfiguration loaded = ConfigurationFiles.Load(new ConfigurationRequest { PmacctFile = file, Workers = configuration.Workers });
        string[] complaints = [.. loaded.Findings.Select(f => f.ToString().Replace(folder.Path, "", StringComparison.Ordinal))];
        if (loaded.HasErrors)
        {
            return SideResult.Failed(string.Join(" | ", complaints)) with { Complaints = complaints };
        }

        int code = ReplayHost.Run(loaded, new ReplayRequest { Files = [capture], ToSinks = true });
        return code == 0 ? new SideResult(SideResult.ReadFiles(folder.Path), null, complaints) : SideResult.Failed($"exit code {code}") with { Complaints = complaints };
    }
}
