using System.Diagnostics;
using System.Globalization;
using Collector.Testing;
using Collector.Tests.Live;
using Collector.Tests.Oracle;
using Collector.Tests.Receiving;
using Xunit;

namespace Collector.Tests.Enrichment.Differential;

/// <summary>nfacctd 1.7.7 and the collector in one network of their own, under one configuration, with the same sessions and the same datagrams.</summary>
internal sealed class SideBySide : IDisposable
{
    private const int TheirPort = 2100, OurPort = 2101, TheirBgp = 17_900, OurBgp = 17_901;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly string _folder = Directory.CreateTempSubdirectory("side-by-side-").FullName;
    private readonly List<Announcer> _announcers = [];

    public string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs both and asserts that each record is the same.</summary>
    /// <param name="lines">Lines of nfacctd.conf without ports and files.</param>
    /// <param name="leastRecords">Fewer than this and nothing was compared.</param>
    public void AssertSame(string lines, int leastRecords)
    {
        string theirs = Path.Combine(_folder, "theirs.json"), ours = Path.Combine(_folder, "ours.json"), log = Path.Combine(_folder, "bgp.log");
        string theirConf = Write("nfacctd.conf", Configuration(lines, TheirPort, TheirBgp, theirs) + $"bgp_daemon_msglog_file: {log}\n");
        string ourConf = Write("collector.conf", Configuration(lines, OurPort, OurBgp, ours));
        var start = new ProcessStartInfo(Peers.Find("nfacctd")!, ["-f", theirConf]) { WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["TZ"] = "UTC";
        using Process nfacctd = Process.Start(start)!;
        var told = new System.Text.StringBuilder();
        nfacctd.OutputDataReceived += (_, e) => Append(told, e.Data);
        nfacctd.ErrorDataReceived += (_, e) => Append(told, e.Data);
        nfacctd.BeginErrorReadLine();
        nfacctd.BeginOutputReadLine();
        try
        {
            using var collector = new CollectorProcess(new Dictionary<string, string> { ["STATE_DIRECTORY"] = _folder }, "run", "-f", ourConf);
            collector.WaitForError("receiving on ");
            Wait(() => Text(told).Contains("waiting for NetFlow", StringComparison.Ordinal), () => Text(told));
            Announce(TheirBgp);
            Announce(OurBgp);
            Wait(() => File.Exists(log) && File.ReadAllText(log).Split(SameTable.LastPrefix).Length == 4, () => Text(told));
            long paths = SameTable.First.Count + SameTable.Second.Count + SameTable.WithPaths.Count;
            Wait(() => OurPaths(collector) >= paths, () => collector.Error);
            foreach (string exporter in new[] { SameTable.FirstPeer, SameTable.SecondPeer, "127.0.0.3", SameTable.AddPathPeer, "127.0.0.5" })
            {
                Send(exporter);
            }

            Thread.Sleep(1_500);
            CollectorProcess.SendSignal(nfacctd.Id, CollectorProcess.SigInt);
            collector.Signal(CollectorProcess.SigTerm);
            Assert.True(collector.WaitForExit(30) == 0, collector.Error);
            Assert.True(nfacctd.WaitForExit(30_000), Text(told));
            Wait(() => File.Exists(theirs), () => Text(told));
            string[] expected = File.ReadAllLines(theirs), actual = File.ReadAllLines(ours);
            Assert.True(expected.Length >= leastRecords, $"{expected.Length} records of nfacctd:\n{Text(told)}");
            IReadOnlyList<string> differences = RecordComparison.Differences(expected, actual, new HashSet<string>());
            Assert.True(differences.Count == 0, $"{differences.Count} differences in {expected.Length} records:\n{string.Join('\n', differences.Take(40))}");
        }
        finally
        {
            if (!nfacctd.HasExited)
            {
                nfacctd.Kill(entireProcessTree: true);
            }
        }
    }

    public void Dispose()
    {
        _announcers.ForEach(a => a.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(string lines, int port, int bgp, string output) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        nfacctd_ip: 127.0.0.1
        nfacctd_port: {port}
        bgp_daemon: true
        bgp_daemon_ip: 127.0.0.1
        bgp_daemon_port: {bgp}
        bgp_daemon_max_peers: 10
        plugins: print[all]
        print_output: json
        print_refresh_time: 3600
        print_output_file: {output}
        plugin_buffer_size: 10240
        plugin_pipe_size: 10240000
        nfacctd_pipe_size: 4000000
        {lines}

        """);

    private static long OurPaths(CollectorProcess collector)
    {
        collector.Signal(CollectorProcess.SigUsr1);
        Thread.Sleep(100);
        string text = collector.Error;
        string last = text[(Math.Max(0, text.LastIndexOf("ledger: process:", StringComparison.Ordinal)))..];
        return System.Text.RegularExpressions.Regex.Matches(last, @"bgp peer \S+ established: paths (\d+)").Sum(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private static void Wait(Func<bool> condition, Func<string> state) => Assert.True(SpinWait.SpinUntil(condition, Limit), $"not within {Limit.TotalSeconds} s:\n{state()}");

    private static void Append(System.Text.StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Text(System.Text.StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static void Send(string exporter)
    {
        foreach (int port in new[] { TheirPort, OurPort })
        {
            using var sender = new UdpSender(exporter, port);
            foreach (byte[] datagram in SameFlows.Of())
            {
                sender.Send(datagram);

                // nfacctd hands records to its plugin through a pipe, which drops when it is full.
                Thread.Sleep(2);
            }
        }
    }

    private void Announce(int port)
    {
        foreach ((string address, string id, bool addPath, IReadOnlyList<byte[]> table) in new[]
        {
            (SameTable.FirstPeer, SameTable.FirstId, false, SameTable.First), (SameTable.SecondPeer, SameTable.SecondId, false, SameTable.Second),
            (SameTable.AddPathPeer, SameTable.AddPathId, true, SameTable.WithPaths),
        })
        {
            var announcer = new Announcer(address, port, id, 65_000, addPath);
            _announcers.Add(announcer);
            announcer.Send(table);
        }
    }
}
