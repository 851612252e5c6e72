using Collector.Configuration;

namespace Collector.CommandLine;

/// <summary>Prints what was found in a configuration, one finding a line, on stderr.</summary>
internal static class FindingsReport
{
    /// <summary>Loads the configuration and prints what is wrong with it.</summary>
    /// <param name="request">Which configuration.</param>
    /// <param name="least">Findings below this are not printed.</param>
    public static LoadedConfiguration Load(ConfigurationRequest request, FindingSeverity least)
    {
        LoadedConfiguration loaded = ConfigurationFiles.Load(request);
        foreach (Finding finding in loaded.Findings.Where(f => f.Severity >= least))
        {
            Console.Error.WriteLine(finding);
        }

        return loaded;
    }
}
