using Collector.Testing;

namespace Collector.Tests.Oracle;

/// <summary>Runs pmacct 1.7.7 and the collector over the captures of one case.</summary>
internal static class OracleRun
{
    private const int PcapHeaderLength = 24;

    /// <summary>The objects that pmacct printed, one a line; null when it printed none because it refused, crashed or was too late.</summary>
    public static async Task<IReadOnlyList<string>?> PmacctAsync(OracleCase oracle, bool renormalize)
    {
        using var folder = new TemporaryFolder();
        string printed = Path.Combine(folder.Path, "printed.json");
        string[] conf =
        [
            .. oracle.Configuration(renormalize),
            "daemonize: false",
            $"pcap_savefile: {OneCapture(oracle.Files, folder.Path)}",
            $"print_output_file: {printed}",
            "print_write_empty_file: true",
            "print_refresh_time: 86400",
        ];
        PeerProcessResult result = await PeerProcess.RunAsync(Peers.Find(oracle.Program)!, ["-f", Write(folder, "pmacct.conf", conf)], folder.Path);
        return result.ExitCode == 0 && File.Exists(printed) ? oracle.Compared(await File.ReadAllLinesAsync(printed)) : null;
    }

    /// <summary>The lines that the collector's replay prints.</summary>
    /// <exception cref="InvalidOperationException">It did not exit with 0.</exception>
    public static async Task<IReadOnlyList<string>> CollectorAsync(OracleCase oracle, bool renormalize)
    {
        using var folder = new TemporaryFolder();
        string conf = Write(folder, "collector.conf", oracle.Configuration(renormalize));
        PeerProcessResult result = await PeerProcess.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "collector"), ["replay", "-f", conf, .. oracle.Files], folder.Path);
        return result.ExitCode == 0
            ? oracle.Compared(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            : throw new InvalidOperationException($"collector replay, exit code {result.ExitCode}: {result.Error}");
    }

    /// <summary>pmacct takes one capture: several, all little-endian pcap of Ethernet frames, are joined behind the first one's header.</summary>
    private static string OneCapture(IReadOnlyList<string> files, string folder)
    {
        if (files.Count == 1)
        {
            return files[0];
        }

        string joined = Path.Combine(folder, "joined.pcap");
        using FileStream target = File.Create(joined);
        byte[] first = File.ReadAllBytes(files[0]);
        target.Write(first);
        foreach (string file in files.Skip(1))
        {
            byte[] next = File.ReadAllBytes(file);
            if (!next.AsSpan(0, 4).SequenceEqual(first.AsSpan(0, 4)) || !next.AsSpan(20, 4).SequenceEqual(first.AsSpan(20, 4)))
            {
                throw new InvalidDataException($"{file} is not of the kind of {files[0]}");
            }

            target.Write(next.AsSpan(PcapHeaderLength));
        }

        return joined;
    }

    private static string Write(TemporaryFolder folder, string name, IEnumerable<string> lines)
    {
        string file = Path.Combine(folder.Path, name);
        File.WriteAllLines(file, lines);
        return file;
    }
}
