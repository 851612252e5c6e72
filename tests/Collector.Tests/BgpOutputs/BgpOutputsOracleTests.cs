using System.Diagnostics;
using System.Globalization;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Tests.Enrichment.Differential;
using Collector.Tests.Live;
using Collector.Tests.Oracle;
using Xunit;

namespace Collector.Tests.BgpOutputs;

/// <summary>Message log and table dump beside those of nfacctd 1.7.7: the same sessions and messages to both, the same objects from both.</summary>
public sealed class BgpOutputsOracleTests : IDisposable
{
    private const int TheirBgp = 17_900, OurBgp = 17_901;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    // What depends on when and from where a session came; and the tag, since bgp_daemon_tag_map came with 1.7.8.
    private static readonly HashSet<string> Volatile = ["timestamp", "peer_tcp_port", "seq", "tag"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-bgp-");

    public void Dispose() => _folder.Delete(recursive: true);

    [NamespaceFact("nfacctd")]
    public void SessionsRoutesAndTables_GiveTheObjectsOfNfacctd() => PrivateNetwork.Run(() =>
    {
        using Process nfacctd = StartNfacctd(Configuration("theirs", 2100, TheirBgp));
        using var collector = new CollectorProcess(
            new Dictionary<string, string> { ["STATE_DIRECTORY"] = _folder.FullName }, "run", "-f", Configuration("ours", 2101, OurBgp));
        try
        {
            using (Announcer theirs = Announce(TheirBgp), ours = Announce(OurBgp))
            {
                // The dumps of the next full minute tell what both have.
                Wait(() => IsComplete("theirs.dump") && IsComplete("ours.dump"), collector);
                AssertSame("dump");
                Assert.Equal([SameTable.FirstPeer], Lines("theirs.neighbors"));
                Assert.Equal(Lines("theirs.neighbors"), Lines("ours.neighbors"));
                foreach (Announcer announcer in new[] { theirs, ours })
                {
                    announcer.Send([new UpdateBuilder().Withdraw("10.1.0.0/16", "99.0.0.0/8").Message(), new UpdateBuilder().Mandatory("10.0.0.9", 65050).Announce("10.0.0.0/8").Message()]);
                }

                Wait(() => Lines("theirs.log").Any(l => l.Contains("65050", StringComparison.Ordinal)) && Lines("ours.log").Any(l => l.Contains("65050", StringComparison.Ordinal)), collector);
            }

            Wait(() => Lines("theirs.log").Any(IsClose) && Lines("ours.log").Any(IsClose), collector);
            Wait(() => Lines("theirs.neighbors").Length == 0 && Lines("ours.neighbors").Length == 0, collector);
            collector.Signal(CollectorProcess.SigTerm);
            Assert.True(collector.WaitForExit() == 0, collector.Error);
            AssertSame("log");
            Assert.All(Lines("ours.dump").Concat(Lines("ours.log")), l => Assert.Contains("\"tag\": 7, ", l, StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, Lines("ours.log").Length + 1).Except([DumpSequence()]), Lines("ours.log").Select(SequenceOf));
        }
        finally
        {
            nfacctd.Kill(entireProcessTree: true);
        }
    });

    private static bool IsClose(string line) => line.Contains("\"event_type\": \"log_close\"", StringComparison.Ordinal);

    private static int SequenceOf(string line) => int.Parse(line.Split("\"seq\": ")[1].Split(',', '}')[0], CultureInfo.InvariantCulture);

    // The second session of the same test would be another peer: one says all that can be said of routes.
    private static Announcer Announce(int port)
    {
        var announcer = new Announcer(SameTable.FirstPeer, port, SameTable.FirstId, 65_000, addPath: false);
        announcer.Send(SameTable.First);
        return announcer;
    }

    private static Process StartNfacctd(string configuration)
    {
        var start = new ProcessStartInfo(Peers.Find("nfacctd")!, ["-f", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["TZ"] = "UTC";
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Wait(Func<bool> condition, CollectorProcess collector) =>
        Assert.True(SpinWait.SpinUntil(() => Pause() && condition(), Limit), $"not within {Limit.TotalSeconds} s:\n{collector.Error}");

    private static bool Pause()
    {
        Thread.Sleep(50);
        return true;
    }

    private int DumpSequence() => SequenceOf(Lines("ours.dump")[0]);

    private void AssertSame(string suffix)
    {
        string[] expected = Lines("theirs." + suffix), actual = Lines("ours." + suffix);
        IReadOnlyList<string> differences = RecordComparison.Differences(expected, actual, Volatile);
        Assert.True(differences.Count == 0, $"{suffix}, {expected.Length} objects:\n{string.Join('\n', differences)}");
        Assert.True(expected.Length >= SameTable.First.Count, $"{suffix}: {expected.Length} objects");
    }

    private bool IsComplete(string name) => Lines(name).Any(l => l.Contains("dump_close", StringComparison.Ordinal) && !l.Contains("\"entries\": 0", StringComparison.Ordinal));

    private string[] Lines(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        return File.Exists(path) ? [.. File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries)] : [];
    }

    private string Configuration(string side, int port, int bgp)
    {
        string folder = _folder.FullName, path = Path.Combine(folder, side + ".conf");
        File.WriteAllText(Path.Combine(folder, "tags.map"), "set_tag=7\n");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            nfacctd_ip: 127.0.0.1
            nfacctd_port: {port}
            bgp_daemon: true
            bgp_daemon_ip: 127.0.0.1
            bgp_daemon_port: {bgp}
            bgp_daemon_msglog_file: {folder}/{side}.log
            bgp_daemon_tag_map: {folder}/tags.map
            bgp_neighbors_file: {folder}/{side}.neighbors
            bgp_table_dump_file: {folder}/{side}.dump
            bgp_table_dump_refresh_time: 60
            plugins: print
            print_output: json
            print_output_file: {folder}/{side}.flows
            aggregate: src_host

            """));
        return path;
    }
}
