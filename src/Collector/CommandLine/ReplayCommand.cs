using System.CommandLine;
using Collector.Configuration;
using Collector.Hosting;
using Collector.Pipeline;

namespace Collector.CommandLine;

/// <summary>collector replay: captures instead of sockets, capture time instead of the clock.</summary>
internal static class ReplayCommand
{
    public static Command Create(ConfigurationSwitches configuration)
    {
        var files = new Argument<string[]>("FILE") { Description = "captures (pcap or pcapng), in order", Arity = ArgumentArity.OneOrMore };
        var toSinks = new Option<bool>("--to-sinks") { Description = "publish to the configured outputs instead of stdout" };
        var ports = new Option<string>("--ports")
        {
            Description = "which UDP payloads are read: any, or those to the configured listen ports (config)",
            DefaultValueFactory = _ => "any",
        };
        ports.AcceptOnlyFromAmong("any", "config");
        var state = new Option<string?>("--state") { Description = "read and write state (templates) in this folder", HelpName = "DIR" };
        var output = new Option<string?>("--output") { Description = "only this output", HelpName = "NAME" };
        var command = new Command("replay", "Decodes captures and prints the rows to stdout.") { files, toSinks, ports, state, output };
        configuration.AddWorkersTo(command);
        configuration.AddPmacctTo(command);
        command.SetAction((result, _) => Task.FromResult(Run(configuration.Requests(result), new ReplayRequest
        {
            Files = result.GetValue(files)!,
            ToSinks = result.GetValue(toSinks),
            ConfiguredPortsOnly = result.GetValue(ports) == "config",
            StateDirectory = result.GetValue(state),
            Output = result.GetValue(output),
        })));
        return command;
    }

    private static int Run(IReadOnlyList<ConfigurationRequest> requests, ReplayRequest replay)
    {
        ConfigurationSet loaded = FindingsReport.Load(requests, FindingSeverity.Warning);
        if (loaded.HasErrors)
        {
            return ExitCode.Configuration;
        }

        // One after the other, so that the rows of the first file come first.
        LoadedConfiguration[] wanted = [.. loaded.All.Where(c => replay.Output is null || c.Options.Outputs.Any(o => o.Name == replay.Output))];
        if (wanted.Length == 0)
        {
            IEnumerable<string> names = loaded.All.SelectMany(c => c.Options.Outputs).Select(o => o.Name);
            Console.Error.WriteLine($"{loaded.Origin} has no output '{replay.Output}'; --output takes one of: {string.Join(", ", names)}");
            return ExitCode.Usage;
        }

        foreach (LoadedConfiguration configuration in wanted)
        {
            int exitCode = ReplayHost.Run(configuration, replay);
            if (exitCode != ExitCode.Ok)
            {
                return exitCode;
            }
        }

        return ExitCode.Ok;
    }
}
