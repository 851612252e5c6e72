using System.Text.Json;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>Debian's sfacctd 1.7.7 and the collector publish the same sFlow counters: member by member, in the same order.</summary>
public sealed class CounterOracleTests
{
    /// <summary>Formats that sfacctd has no members for: it prints objects without any, which we leave out of its side, and these of ours.</summary>
    private static readonly string[] OnlyOurs = ["sflow_cnt_tokenring", "sflow_cnt_vg", "sflow_cnt_processor"];

    [ProgramTheory("sfacctd")]
    [InlineData("made/sflow5-counters.pcap", 10)]
    [InlineData("made/sflow2.pcap", 4)]
    [InlineData("made/sflow4.pcap", 4)]
    [InlineData("sflow5-sfprobe-counters.pcap", 3)]
    [InlineData("sflow5-ovs-vlan.pcap", 20)]
    public async Task Counters_AreThoseOfSfacctd(string capture, int least)
    {
        string file = Path.Combine(RepositoryPaths.Pcaps, capture);
        string folder = Directory.CreateTempSubdirectory("counters-").FullName;
        try
        {
            string[] ours = await RunAsync(Path.Combine(AppContext.BaseDirectory, "collector"), folder, "ours", "timestamps_utc: true", f => ["replay", "--to-sinks", "-f", f, file]);
            string[] theirs = await RunAsync(Peers.Find("sfacctd")!, folder, "theirs", $"pcap_savefile: {file}\ndaemonize: false", f => ["-f", f]);
            string[] expected = [.. theirs.Where(o => !IsBare(o)).Select(WithoutTime)];
            string[] actual = [.. ours.Where(o => !OnlyOurs.Any(o.Contains)).Select(WithoutTime)];
            Assert.True(expected.Length >= least, $"{expected.Length} objects");
            Assert.Equal(expected, actual);
            Assert.Equal(Enumerable.Range(0, ours.Length), ours.Select(o => JsonDocument.Parse(o).RootElement.GetProperty("seq").GetInt32()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string[]> RunAsync(string program, string folder, string name, string lines, Func<string, string[]> arguments)
    {
        string counters = Path.Combine(folder, $"{name}.json"), configuration = Path.Combine(folder, $"{name}.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"plugins: print\nprint_output: json\nprint_output_file: {Path.Combine(folder, name)}.flows\nprint_refresh_time: 86400\naggregate: src_host\n"
            + $"sfacctd_time_new: true\nsfacctd_counter_output: json\nsfacctd_counter_file: {counters}\n{lines}\n");
        PeerProcessResult result = await PeerProcess.RunAsync(program, arguments(configuration), folder);
        Assert.True(result.ExitCode == 0, result.Error);
        return await File.ReadAllLinesAsync(counters);
    }

    private static bool IsBare(string line) => line.Contains("\"event_type\": \"log\"", StringComparison.Ordinal) && !line.Contains("sf_cnt_type", StringComparison.Ordinal);

    // The sequence counts objects that the other side does not have, and pmacct's time is that of the clock.
    private static string WithoutTime(string line) => line[line.IndexOf("\"peer", StringComparison.Ordinal)..];
}
