using System.CommandLine;
using Collector.Configuration;
using Collector.Hosting;

namespace Collector.CommandLine;

/// <summary>collector run: the daemon.</summary>
internal static class RunCommand
{
    public static Command Create(ConfigurationSwitches configuration)
    {
        var command = new Command("run", "Receives datagrams until it is told to stop (the default verb).");
        configuration.AddReceivingTo(command);
        configuration.AddPmacctTo(command);
        command.SetAction((result, _) => RunAsync(configuration.Request(result)));
        return command;
    }

    public static async Task<int> RunAsync(ConfigurationRequest request)
    {
        // pmacct's -T config and -T setup: what there is to say about the configuration, and nothing else.
        if (request.Switches.FirstOrDefault(s => s.Key == "dry_run") is not null)
        {
            return CheckCommand.Run(request with { Switches = [.. request.Switches.Where(s => s.Key != "dry_run")] });
        }

        LoadedConfiguration loaded = FindingsReport.Load(request, FindingSeverity.Error);
        return loaded.HasErrors ? ExitCode.Configuration : await CollectorHost.RunAsync(loaded);
    }
}
