using System.CommandLine;
using System.CommandLine.Parsing;

namespace Collector.CommandLine;

/// <summary>The command line: collector run, replay, check, convert, explain, diff. Without a verb it runs.</summary>
public static class CollectorCommand
{
    /// <summary>Parses the arguments and does what they say.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> InvokeAsync(string[] args)
    {
        var configuration = new ConfigurationSwitches();
        var root = new RootCommand("Collects NetFlow v5/v9, IPFIX and sFlow, aggregates, and publishes pmacct's JSON.");
        configuration.AddTo(root);
        configuration.AddReceivingTo(root);
        configuration.AddPmacctTo(root);
        root.SetAction((result, _) => RunCommand.RunAsync(configuration.Requests(result)));
        root.Add(RunCommand.Create(configuration));
        root.Add(ReplayCommand.Create(configuration));
        root.Add(CheckCommand.Create(configuration));
        root.Add(ConvertCommand.Create(configuration));
        root.Add(ExplainCommand.Create(configuration));
        root.Add(DiffCommand.Create());

        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("collector --help shows the verbs and switches.");
            return ExitCode.Usage;
        }

        // Signals are the host's: the library would end the process at the first SIGTERM after two seconds.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }
}
