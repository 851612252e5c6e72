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
        Write(loaded.Findings, least);
        return loaded;
    }

    /// <summary>Loads the configurations of one process and prints what is wrong with them, and between them.</summary>
    /// <param name="requests">Which configurations.</param>
    /// <param name="least">Findings below this are not printed.</param>
    public static ConfigurationSet Load(IReadOnlyList<ConfigurationRequest> requests, FindingSeverity least)
    {
        var loaded = ConfigurationSet.Load(requests);
        Write(loaded.Findings, least);
        return loaded;
    }

    private static void Write(IEnumerable<Finding> findings, FindingSeverity least)
    {
        foreach (Finding finding in findings.Where(f => f.Severity >= least))
        {
            Console.Error.WriteLine(finding);
        }
    }
}
