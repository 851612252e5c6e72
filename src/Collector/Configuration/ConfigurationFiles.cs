using Collector.Configuration.Pmacct;
using Collector.Configuration.Yaml;

namespace Collector.Configuration;

/// <summary>Finds and reads the configuration that the command line asks for.</summary>
public static class ConfigurationFiles
{
    private static readonly string[] Places = ["collector.yaml", "/etc/collector/collector.yaml"];

    /// <summary>Reads the configuration; whatever is wrong is among the findings.</summary>
    public static LoadedConfiguration Load(ConfigurationRequest request) => Load(request, Places);

    /// <summary>The same, looking in other places for a configuration that is not named.</summary>
    internal static LoadedConfiguration Load(ConfigurationRequest request, IReadOnlyList<string> places)
    {
        string? file = request.IsPmacct ? request.PmacctFile : request.YamlFile ?? places.FirstOrDefault(File.Exists);
        var findings = new Findings(request.IsPmacct ? request.PmacctOrigin : file ?? "built-in defaults");
        CollectorOptions options = file is not null ? Read(file, request, findings)
            : request.IsPmacct ? PmacctConfigurationLoader.Load(TextReader.Null, request, findings)
            : new CollectorOptions();
        return new LoadedConfiguration(Override(options, request), findings.File, findings.All) { Places = findings.KeyPlaces, Daemon = findings.Daemon };
    }

    private static CollectorOptions Read(string file, ConfigurationRequest request, Findings findings)
    {
        try
        {
            using var text = new StreamReader(file);
            return request.IsPmacct ? PmacctConfigurationLoader.Load(text, request, findings) : YamlConfigurationLoader.Load(text, findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Error(0, $"the file cannot be read: {e.Message}");
            return new CollectorOptions();
        }
    }

    /// <summary>The options with what the command line says in place of the file.</summary>
    internal static CollectorOptions Override(CollectorOptions options, ConfigurationRequest request)
    {
        BgpOutputOptions bgp = options.Bgp.Outputs;
        bool pmacct17 = request.Pmacct17 ?? options.Pmacct17;
        return options with
        {
            Pmacct17 = pmacct17,
            SharePort = options.SharePort || request.SharePort,
            Workers = request.Workers ?? options.Workers,
            Outputs = [.. options.Outputs.Select(o => o with { Text = o.Text with { Pmacct17 = pmacct17 } })],
            SFlowCounters = options.SFlowCounters with { Text = options.SFlowCounters.Text with { Pmacct17 = pmacct17 } },
            Bgp = options.Bgp with { Outputs = bgp with { Objects = bgp.Objects with { Text = bgp.Objects.Text with { Pmacct17 = pmacct17 } } } },
        };
    }
}
