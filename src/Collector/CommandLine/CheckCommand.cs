using System.CommandLine;
using Collector.Configuration;

namespace Collector.CommandLine;

/// <summary>collector check: prints everything that is wrong with a configuration and exits with 1 if any of it is an error.</summary>
internal static class CheckCommand
{
    public static Command Create(ConfigurationSwitches configuration)
    {
        var command = new Command("check", "Validates a configuration and prints every error with file and line.");
        command.SetAction(result => Run(configuration.Request(result)));
        return command;
    }

    private static int Run(ConfigurationRequest request)
    {
        LoadedConfiguration loaded = FindingsReport.Load(request, FindingSeverity.Note);
        if (loaded.HasErrors)
        {
            return ExitCode.Configuration;
        }

        Console.WriteLine($"{loaded.Origin}: no errors");
        Console.WriteLine($"listen: {string.Join(", ", loaded.Options.Listen)}");
        foreach (OutputOptions output in loaded.Options.Outputs)
        {
            Console.WriteLine($"output {output.Name}: {Describe(output)}, every {DurationText.Format(output.Window.RefreshSeconds)}: {string.Join(", ", output.Aggregate)}");
        }

        return ExitCode.Ok;
    }

    private static string Describe(OutputOptions output) => output.Kind switch
    {
        OutputKind.Kafka => $"Kafka topic {output.Kafka.Topic} at {output.Kafka.Brokers}",
        OutputKind.File => $"file {output.File.Path}",
        _ => "standard output",
    };
}
