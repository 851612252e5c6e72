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
        command.SetAction((result, _) => Task.FromResult(Run(configuration.Request(result), new ReplayRequest
        {
            Files = result.GetValue(files)!,
            ToSinks = result.GetValue(toSinks),
            ConfiguredPortsOnly = result.GetValue(ports) == "config",
            StateDirectory = result.GetValue(state),
            Output = result.GetValue(output),
        })));
        return command;
    }

    private static int Run(ConfigurationRequest request, ReplayRequest replay)
    {
        LoadedConfiguration loaded = FindingsReport.Load(request, FindingSeverity.Warning);
        if (loaded.HasErrors)
        {
            return ExitCode.Configuration;
        }

        if (replay.Output is { } name && !loaded.Options.Outputs.Any(o => o.Name == name))
        {
            Console.Error.WriteLine($"{loaded.Origin} has no output '{name}'; --output takes one of: {string.Join(", ", loaded.Options.Outputs.Select(o => o.Name))}");
            return ExitCode.Usage;
        }

        return ReplayHost.Run(loaded, replay);
    }
}
