using System.CommandLine;
using Collector.Configuration;
using Collector.Configuration.Pmacct.Differences;
using Collector.Enrichment;
using Collector.Maps;
using Collector.Sinks.Kafka;

namespace Collector.CommandLine;

/// <summary>collector check: prints everything that is wrong with a configuration and exits with 1 if any of it is an error.</summary>
internal static class CheckCommand
{
    public static Command Create(ConfigurationSwitches configuration)
    {
        var command = new Command("check", "Validates a configuration and prints every error with file and line.");
        configuration.AddPmacctTo(command);
        command.SetAction(result => Run(configuration.Requests(result)));
        return command;
    }

    /// <summary>Checks the configurations of one process.</summary>
    public static int Run(IReadOnlyList<ConfigurationRequest> requests)
    {
        ConfigurationSet loaded = FindingsReport.Load(requests, FindingSeverity.Note);
        if (loaded.HasErrors || loaded.All.Count(c => CheckSources(c.Options)) < loaded.All.Count)
        {
            return ExitCode.Configuration;
        }

        string?[] libraries = [.. loaded.All.Select(CheckKafka)];
        if (libraries.Contains(null))
        {
            return ExitCode.Configuration;
        }

        for (int i = 0; i < libraries.Length; i++)
        {
            Write(loaded.All[i], libraries[i]!, requests[i], isAlone: libraries.Length == 1);
        }

        return ExitCode.Ok;
    }

    private static void Write(LoadedConfiguration loaded, string libraries, ConfigurationRequest request, bool isAlone)
    {
        Console.WriteLine($"{loaded.Origin}: no errors{libraries}");
        Console.WriteLine($"listen: {string.Join(", ", loaded.Options.Listen)}");
        foreach (OutputOptions output in loaded.Options.Outputs)
        {
            Console.WriteLine($"output {output.Name}: {output.Destination}, every {DurationText.Format(output.Window.RefreshSeconds)}: {string.Join(", ", output.Aggregate)}");
        }

        foreach (string difference in Differences(request, isAlone))
        {
            Console.WriteLine($"differs from pmacct 1.7.7: {difference}");
        }
    }

    /// <summary>What a switch from nfacctd or sfacctd to the collector changes.</summary>
    private static IReadOnlyList<string> Differences(ConfigurationRequest request, bool isAlone)
    {
        if (!request.IsPmacct)
        {
            return [];
        }

        // The file was read before; one that is a pipe has nothing left to tell.
        using TextReader text = request.OpenPmacct();
        return PmacctDifferences.Of(text, request, request.PmacctOrigin, isAlone);
    }

    /// <summary>Reads the map files, and those that records are resolved with; prints what is wrong and returns false when the collector would not start.</summary>
    private static bool CheckSources(CollectorOptions options)
    {
        IReadOnlyList<Finding> findings = [.. new MapSet(options, options.Outputs).Load(), .. new EnrichmentSources(options).Load()];
        foreach (Finding finding in findings)
        {
            Console.Error.WriteLine(finding);
        }

        return !findings.Any(f => f.Severity == FindingSeverity.Error);
    }

    /// <summary>Asks librdkafka itself about its settings; prints what it refuses and returns null, else names its version.</summary>
    private static string? CheckKafka(LoadedConfiguration loaded)
    {
        string versions = "";
        bool refused = false;
        foreach (OutputOptions output in loaded.Options.Outputs.Where(o => o.Kind == OutputKind.Kafka))
        {
            try
            {
                var library = KafkaLibrary.Load(output.Kafka.Library);
                versions = $" (librdkafka {library.Version}, {library.Path})";
                foreach (string error in KafkaPropertyCheck.Errors(library, KafkaProperties.Of(output.Kafka)))
                {
                    Console.Error.WriteLine($"{loaded.Origin}: output '{output.Name}': {error}");
                    refused = true;
                }
            }
            catch (KafkaConfigurationException e)
            {
                Console.Error.WriteLine($"{loaded.Origin}: output '{output.Name}': {e.Message}");
                refused = true;
            }
        }

        return refused ? null : versions;
    }
}
