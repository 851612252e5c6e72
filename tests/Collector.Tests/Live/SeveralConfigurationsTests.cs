using System.Net;
using System.Net.Sockets;
using System.Text;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Tests.Pipeline;
using Collector.Tests.Receiving;
using Xunit;
using static Collector.Testing.Builders.SFlowBuilder;

namespace Collector.Tests.Live;

/// <summary>nfacctd.conf and sfacctd.conf in one process: each with its port and its outputs, one log, one set of pages, one ledger that tells them apart.</summary>
public sealed class SeveralConfigurationsTests : IDisposable
{
    private static readonly byte[] SFlow = new SFlowBuilder().Flow(new SampleHeader(), SampledIp(100, 6, "192.0.2.1", "192.0.2.2", 1, 2, 2, 0)).Build();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [NamespaceFact]
    public void EachTakesWhatItsDaemonCollects_AtItsOwnPort() => PrivateNetwork.Run(() =>
    {
        string log = Path.Combine(_folder.FullName, "log"), pid = Path.Combine(_folder.FullName, "pid");
        string map = Write("pretag.map", "set_tag=7\n");
        string netflow = Write("nfacctd.conf", Lines("n", $"nfacctd_port: 2055\nlogfile: {log}\npidfile: {pid}\npre_tag_map: {map}\n"));
        string sflow = Write("sfacctd.conf", Lines("s", $"sfacctd_port: 6343\nlogfile: {log}\n"));
        using (var collector = new CollectorProcess(new Dictionary<string, string> { ["STATE_DIRECTORY"] = _folder.FullName }, "run", "-f", netflow, "-f", sflow, "--workers", "2"))
        {
            Wait(() => File.Exists(log) && File.ReadAllText(log).Contains("pages on http", StringComparison.Ordinal), () => collector.Error);
            Assert.Equal($"{collector.Id}\n", File.ReadAllText(pid));
            foreach (int port in new[] { 2055, 6343 })
            {
                using var sender = new UdpSender("127.0.0.1", port);
                sender.Send(WorkerRig.ThirtyFlows(0));
                sender.Send(SFlow);
                sender.Send(SFlow);
            }

            Wait(() => Sum("collector_source_datagrams_total") == 6, () => Metrics());
            string metrics = Metrics();
            Assert.Equal((2, 1), (Sum("collector_source_datagram_losses_total{configuration=\"nfacctd.conf\"", "other protocol"), Sum("collector_source_datagram_losses_total{configuration=\"sfacctd.conf\"", "other protocol")));
            string[] types = [.. metrics.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal))];
            Assert.Equal(types.Distinct(), types);
            string[] series = [.. metrics.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l[..l.LastIndexOf(' ')])];
            Assert.Equal(series.Distinct(), series);
            collector.Signal(CollectorProcess.SigTerm);
            Assert.True(collector.WaitForExit() == 0, collector.Error);
        }

        string[] flows = File.ReadAllLines(Path.Combine(_folder.FullName, "n.json")), samples = File.ReadAllLines(Path.Combine(_folder.FullName, "s.json"));
        Assert.Equal(30, flows.Length);
        Assert.All(flows, f => Assert.Contains("\"tag\": 7, ", f, StringComparison.Ordinal));
        string sample = Assert.Single(samples);
        Assert.Contains("\"tag\": 0, \"ip_src\": \"192.0.2.1\", \"packets\": 2", sample, StringComparison.Ordinal);
        string text = File.ReadAllText(log);
        Assert.Contains("INFO ( default/core ): [nfacctd.conf] receiving on [::]:2055 with 2 workers", WithoutTimes(text), StringComparison.Ordinal);
        Assert.Contains("INFO ( default/core ): [sfacctd.conf] receiving on [::]:6343 with 2 workers", WithoutTimes(text), StringComparison.Ordinal);
        Assert.False(File.Exists(pid));

        static int Sum(string prefix, string part = "") => Metrics().Split('\n').Where(l => l.StartsWith(prefix, StringComparison.Ordinal) && l.Contains(part, StringComparison.Ordinal))
            .Sum(l => int.Parse(l[(l.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    });

    [Fact]
    public void Replay_GivesTheRowsOfEachFileInOrder()
    {
        string netflow = Write("nfacctd.conf", "plugins: print[n]\nprint_output: json\naggregate: src_host, dst_host, proto\nnfacctd_time_new: true\n");
        string sflow = Write("sfacctd.conf", "plugins: print[s]\nprint_output: csv\naggregate: src_host, dst_host\nsfacctd_time_new: true\n");
        string[] captures = [Path.Combine(RepositoryPaths.Pcaps, "netflow9-softflowd-ipv4.pcap"), Path.Combine(RepositoryPaths.Pcaps, "sflow5-sfprobe-sampling.pcap")];
        byte[] first = Tests.Replay.ReplayProcess.Run(_folder.FullName, "-f", netflow, captures[0]).Output;
        byte[] second = Tests.Replay.ReplayProcess.Run(_folder.FullName, "-f", sflow, captures[1]).Output;
        Tests.Replay.ReplayProcess both = Tests.Replay.ReplayProcess.Run(_folder.FullName, ["-f", netflow, "-f", sflow, .. captures]);

        Assert.True(both.ExitCode == 0, both.Error);
        Assert.True(first.Length > 500 && second.Length > 200);
        Assert.Equal(Encoding.UTF8.GetString([.. first, .. second]), Encoding.UTF8.GetString(both.Output));
        Assert.Equal(second, Tests.Replay.ReplayProcess.Run(_folder.FullName, ["-f", netflow, "-f", sflow, "--output", "s", .. captures]).Output);
    }

    [Fact]
    public void Check_TellsOfBoth_AndOfWhatTheyCannotBothHave()
    {
        string netflow = Write("nfacctd.conf", Lines("n", "nfacctd_port: 2055\n")), sflow = Write("sfacctd.conf", Lines("s", ""));
        (int exitCode, string output, string error) = Run("check", "-f", netflow, "-f", sflow, "-l", "6344");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("sfacctd.conf: no errors\nlisten: [::]:6344\n", output, StringComparison.Ordinal);

        (exitCode, _, error) = Run("check", "-f", netflow, "-f", sflow, "-l", "2055");
        Assert.Equal(1, exitCode);
        Assert.Equal($"command line, -l 2055: sfacctd.conf receives on [::]:2055, and so does nfacctd.conf ({netflow}:5); give each a port of its own\n", error);

        (exitCode, _, error) = Run("convert", "-f", netflow, "-f", sflow);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("convert: one -f at a time", error, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using var collector = new CollectorProcess(arguments);
        return (collector.WaitForExit(), collector.Output, collector.Error);
    }

    private static string WithoutTimes(string log) => string.Join('\n', log.Split('\n').Select(l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..]));

    private static void Wait(Func<bool> condition, Func<string> state) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)), state());

    /// <summary>A scrape on this thread, which alone is in the private network.</summary>
    private static string Metrics()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, 9590);
        socket.Send("GET /metrics HTTP/1.0\r\n\r\n"u8);
        using var answer = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int n = socket.Receive(buffer); n > 0; n = socket.Receive(buffer))
        {
            answer.Write(buffer, 0, n);
        }

        string text = Encoding.UTF8.GetString(answer.ToArray());
        return text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }

    private string Lines(string name, string lines) =>
        $"plugins: print[{name}]\nprint_output: json\nprint_output_file: {_folder.FullName}/{name}.json\naggregate: tag, src_host\n{lines}";

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
