using Collector.Differential.Captures;
using Collector.Differential.Generation;
using Collector.Differential.Running;
using Collector.Testing;

namespace Collector.Differential;

/// <summary>The full matrix: every drawn configuration over every capture, pmacct 1.7.7 beside the collector. Exit code 0 when all is equal.</summary>
internal static class MatrixProgram
{
    private static async Task<int> Main(string[] arguments)
    {
        if (MatrixOptions.Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(MatrixOptions.Usage);
            return 2;
        }

        if (options.Show is { } show)
        {
            Show(ConfigurationGenerator.Matrix[show]);
            return 0;
        }

        if (Peers.Find("nfacctd") is null || Peers.Find("sfacctd") is null)
        {
            await Console.Error.WriteLineAsync("nfacctd and sfacctd are not installed (package pmacct)");
            return 1;
        }

        MatrixCase[] cases =
        [
            .. (options.Part ? MatrixSelection.Part : MatrixSelection.Full).Where(c =>
                (options.Configurations.Count == 0 || options.Configurations.Contains(c.Configuration.Number))
                && c.Capture.Name.Contains(options.Capture, StringComparison.Ordinal)),
        ];
        int done = 0;
        MatrixReport report = await MatrixRun.RunAsync(cases, options.AtOnce, result =>
        {
            int number = Interlocked.Increment(ref done);
            if (options.Capture.Length > 0 && result.Excepted.Count > 0)
            {
                Console.WriteLine($"configuration {result.Case.Configuration.Number}, {result.Case.Capture.Name}: excepted are {string.Join("; ", result.Excepted.Keys.Select(e => e.Name))}");
            }

            if (result.Differences.Count > 0 || number % 200 == 0)
            {
                Console.WriteLine($"{number}/{cases.Length} configuration {result.Case.Configuration.Number}, {result.Case.Capture.Name}: {result.Differences.Count} differences{string.Concat(result.Differences.Take(6).Select(d => "\n    " + d))}");
            }
        });
        Console.WriteLine(string.Join('\n', report.Complaints.Select(c => "pmacct: " + c)));
        Console.WriteLine(report);
        return report.Wrong.Any() ? 1 : 0;
    }

    private static void Show(GeneratedConfiguration configuration)
    {
        Console.WriteLine($"# cards: {string.Join("; ", configuration.Cards)}");
        using var folder = new TemporaryFolder();
        Console.WriteLine(File.ReadAllText(configuration.Write("nfacctd", folder.Path)).Replace(folder.Path, "", StringComparison.Ordinal));
        foreach ((string name, string text) in configuration.Files)
        {
            Console.WriteLine($"--- {name}\n{text}");
        }
    }
}
