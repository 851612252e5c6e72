using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>Debian's nfacctd and sfacctd 1.7.7 and the collector write the same files in columns and CSV, byte for byte but for the order of rows.</summary>
public sealed class PrintedFileTests : IDisposable
{
    // pmacct reads a capture at once: its print plugin must be there before. Three at a time leave it the machine that it needs for that.
    private const int AtOnce = 3, Attempts = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("printed-").FullName;

    public PrintedFileTests()
    {
        foreach ((string name, string text) in PrintedFileCase.Maps)
        {
            File.WriteAllText(Path.Combine(_folder, name), text);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("nfacctd", "sfacctd")]
    public async Task Files_AreThoseOfPmacct()
    {
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(PrintedFileCase.All.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (numbered, _) =>
        {
            (int number, PrintedFileCase printed) = numbered;
            string ours = await CollectorAsync(printed, number, runs: 1);
            string theirs = "";
            for (int attempt = 0; attempt < Attempts && theirs != ours; attempt++)
            {
                // Now and then pmacct's processes wait for each other for ever.
                try
                {
                    theirs = await PmacctAsync(printed, number, runs: 1);
                }
                catch (TimeoutException stuck)
                {
                    theirs = stuck.Message;
                }
            }

            if (ours != theirs)
            {
                wrong.Add($"{number} {printed}{Environment.NewLine}pmacct{Environment.NewLine}{Start(theirs)}{Environment.NewLine}collector{Environment.NewLine}{Start(ours)}");
            }
        });
        Assert.True(wrong.IsEmpty, string.Join(Environment.NewLine, wrong));
    }

    [ProgramTheory("nfacctd")]
    [InlineData("csv", "true")]
    [InlineData("formatted", "true")]
    [InlineData("", "true")]
    [InlineData("csv", "false")]
    public async Task SecondRunOnAFile_AppendsWithoutAnotherHeading(string format, string append)
    {
        PrintedFileCase printed = new("netflow9-softflowd-ipv4", format, "src_host", $"print_output_file_append: {append}", "print_markers: true");
        string ours = await CollectorAsync(printed, 0, runs: 2);
        string theirs = await PmacctAsync(printed, 0, runs: 2);
        Assert.Contains("SRC_IP", ours, StringComparison.Ordinal);
        Assert.Equal(theirs, ours);
    }

    [ProgramFact("nfacctd")]
    public async Task PrimitivesOfAnyLength_AreRefusedAsColumns()
    {
        PrintedFileCase printed = new("netflow9-softflowd-ipv4", "formatted", "src_host, as_path, label");
        string file = Write(printed, "refused", [$"pcap_savefile: {CaptureOf(printed)}"]);
        PeerProcessResult theirs = await PeerProcess.RunAsync(Peers.Find("nfacctd")!, ["-f", file], _folder);
        Assert.Contains("not supported in print plugin with formatted output", theirs.Error, StringComparison.Ordinal);
        PeerProcessResult ours = await PeerProcess.RunAsync(Path.Combine(AppContext.BaseDirectory, "collector"), ["check", "--lenient", "-f", file], _folder);
        Assert.Equal(1, ours.ExitCode);
        Assert.Contains($"{file}:2: aggregate: label, as_path can be of any length", ours.Output + ours.Error, StringComparison.Ordinal);
    }

    private static string Start(string text) => string.Join(Environment.NewLine, text.Split('\n').Take(5));

    private async Task<string> CollectorAsync(PrintedFileCase printed, int number, int runs)
    {
        string configuration = Write(printed, $"ours{number}", []);
        for (int run = 0; run < runs; run++)
        {
            PeerProcessResult result = await PeerProcess.RunAsync(
                Path.Combine(AppContext.BaseDirectory, "collector"), ["replay", "--to-sinks", "-f", configuration, CaptureOf(printed)], _folder);
            Assert.True(result.ExitCode == 0, result.Error);
        }

        return Sorted($"ours{number}");
    }

    private async Task<string> PmacctAsync(PrintedFileCase printed, int number, int runs)
    {
        string configuration = Write(printed, $"theirs{number}", ["daemonize: false", $"pcap_savefile: {CaptureOf(printed)}", "pcap_savefile_delay: 1"]);
        File.Delete(Path.Combine(_folder, $"theirs{number}.out"));
        for (int run = 0; run < runs; run++)
        {
            PeerProcessResult result = await PeerProcess.RunAsync(Peers.Find(printed.Program)!, ["-f", configuration], _folder);
            Assert.True(result.ExitCode == 0, result.Error);
        }

        return Sorted($"theirs{number}");
    }

    private static string CaptureOf(PrintedFileCase printed) => Directory.GetFiles(RepositoryPaths.Pcaps, printed.Capture + ".pcap*")[0];

    private string Write(PrintedFileCase printed, string name, string[] more)
    {
        string file = Path.Combine(_folder, $"{name}.conf");
        File.WriteAllLines(file, printed.Configuration(Path.Combine(_folder, $"{name}.out"), _folder).Concat(more));
        return file;
    }

    // Rows between lines that are no rows are sorted; the process id of markers is that of the writer.
    private string Sorted(string name)
    {
        string file = Path.Combine(_folder, $"{name}.out");
        if (!File.Exists(file))
        {
            return "";
        }

        List<string> sorted = [], rows = [];
        foreach (string line in File.ReadAllText(file).Split('\n'))
        {
            bool isMarker = line.StartsWith("--", StringComparison.Ordinal);
            if (isMarker || (line.Length > 0 && char.IsAsciiLetterUpper(line[0])))
            {
                sorted.AddRange(rows.Order(StringComparer.Ordinal));
                rows.Clear();
                sorted.Add(isMarker ? Regex.Replace(line, "[0-9]+", "PID") : line);
                continue;
            }

            rows.Add(line);
        }

        return string.Join('\n', sorted.Concat(rows.Order(StringComparer.Ordinal)));
    }
}
