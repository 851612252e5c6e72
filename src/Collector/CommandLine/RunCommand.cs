using System.CommandLine;
using Collector.Configuration;
using Collector.Configuration.Pmacct;
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
        command.SetAction((result, _) => RunAsync(configuration.Requests(result)));
        return command;
    }

    public static async Task<int> RunAsync(IReadOnlyList<ConfigurationRequest> requests)
    {
        // pmacct's -T config and -T setup: what there is to say about the configuration, and nothing else.
        if (requests.Any(r => r.Switches.Any(IsDryRun)))
        {
            return CheckCommand.Run([.. requests.Select(r => r with { Switches = [.. r.Switches.Where(s => !IsDryRun(s))] })]);
        }

        ConfigurationSet loaded = FindingsReport.Load(requests, FindingSeverity.Error);
        return loaded.HasErrors ? ExitCode.Configuration : await CollectorHost.RunAsync(loaded);
    }

    private static bool IsDryRun(PmacctSwitch given) => given.Key == "dry_run";
}
