using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Live;

/// <summary>A real exporter on a real interface, a real broker, and a stop in the worst moment: what tshark sees in the export is what arrives.</summary>
public sealed class LiveExportTests : IDisposable
{
    private const int Flows = 400;
    private const int PacketsPerFlow = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("live").FullName;
    private readonly string _network = $"live{Environment.ProcessId}";
    private readonly string _interface = $"lv{Environment.ProcessId % 1_000_000}";
    private readonly List<Process> _processes = [];

    [LiveFact]
    public void Softflowd_StopWhileDatagramsAreQueued_EveryExportedPacketReachesKafka()
    {
        int port = FreePort.Udp();
        string topic = $"live-{Guid.NewGuid():N}";
        Run("ip", "netns", "add", _network);
        Run("ip", "link", "add", _interface, "type", "veth", "peer", "name", $"{_interface}p", "netns", _network);
        Run("ip", "addr", "add", "198.18.77.1/24", "dev", _interface);
        Run("ip", "link", "set", _interface, "up");
        Run("ip", "-n", _network, "addr", "add", "198.18.77.2/24", "dev", $"{_interface}p");
        Run("ip", "-n", _network, "link", "set", $"{_interface}p", "up");

        using var collector = new CollectorProcess("run", "-f", Configuration(port, topic));
        collector.WaitForError($"127.0.0.1:{port}");
        string recording = Path.Combine(_folder, "export.pcap");
        Process tcpdump = Start("tcpdump", "-i", "lo", "-U", "-n", "-s", "0", "-w", recording, $"udp and dst port {port}");
        string control = Path.Combine(_folder, "softflowd.ctl");
        Process softflowd = Start(
            "softflowd", "-d", "-i", _interface, "-n", $"127.0.0.1:{port}", "-v", "9", "-c", control, "-p", Path.Combine(_folder, "softflowd.pid"),
            $"udp and dst portrange 20000-{20000 + Flows - 1}");
        WaitFor(() => File.Exists(control) && new FileInfo(recording) is { Exists: true, Length: >= 24 }, "softflowd and tcpdump to start");

        SendTraffic();

        WaitFor(() => Statistics(control).Contains($"Number of active flows: {Flows}", StringComparison.Ordinal), $"softflowd to see {Flows} flows");

        // Stopped, the collector leaves the export in the kernel's queue; the signal to end is the first thing it meets afterwards.
        collector.Signal(CollectorProcess.SigStop);
        Run("softflowctl", "-c", control, "expire-all");

        // Not all that were sent: the kernel gives softflowd whole blocks of packets, and the last one is not full.
        long seen = PacketsSeen(Statistics(control));
        Assert.InRange(seen, Flows, Flows * PacketsPerFlow);
        Run("softflowctl", "-c", control, "shutdown");
        Assert.True(softflowd.WaitForExit(20_000), "softflowd did not stop");
        WaitFor(() => Exported(recording, port) == seen, "the recording to hold every flow");
        collector.Signal(CollectorProcess.SigTerm);
        collector.Signal(CollectorProcess.SigCont);
        int exitCode = collector.WaitForExit();
        Assert.True(exitCode == 0, $"exit code {exitCode}:\n{collector.Error}");
        tcpdump.Kill();

        long published = ConsumedPackets(topic);
        Assert.Equal(Exported(recording, port), published);
        Assert.Equal(seen, published);
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        Run("ip", "netns", "del", _network);
        Directory.Delete(_folder, recursive: true);
    }

    private string Configuration(int port, string topic)
    {
        string broker = KafkaFactAttribute.Bootstrap!;
        string path = Path.Combine(_folder, "nfacctd.conf");
        File.WriteAllText(path, $"""
            nfacctd_ip: 127.0.0.1
            nfacctd_port: {port}
            nfacctd_time_new: true
            plugins: kafka[live]
            aggregate[live]: src_host, dst_host, src_port, dst_port, proto
            kafka_broker_host[live]: {broker.Split(':')[0]}
            kafka_broker_port[live]: {broker.Split(',')[0].Split(':')[1]}
            kafka_topic[live]: {topic}
            kafka_refresh_time[live]: 3600

            """);
        return path;
    }

    // Datagrams into the pair from its far end, every flow with its own destination port.
    private void SendTraffic() => Run(
        "ip",
        "netns", "exec", _network, Peers.Find("python3")!, "-c",
        $"import socket,time\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\nfor r in range({PacketsPerFlow}):\n"
        + $"  for p in range({Flows}):\n    s.sendto(b'x'*100,('198.18.77.1',20000+p))\n  time.sleep(0.05)");

    private static long Exported(string recording, int port)
    {
        string text = Run("tshark", "-r", recording, "-d", $"udp.port=={port},cflow", "-T", "fields", "-e", "cflow.packets");
        return text.Split([',', '\n', ' '], StringSplitOptions.RemoveEmptyEntries).Sum(n => long.Parse(n, CultureInfo.InvariantCulture));
    }

    private static string Statistics(string control) => Run("softflowctl", "-c", control, "statistics");

    private static long PacketsSeen(string statistics) => long.Parse(
        statistics.Split("Packets processed: ")[1].Split('\n')[0], CultureInfo.InvariantCulture);

    private static long ConsumedPackets(string topic) => KafkaTopicReader.Read(KafkaFactAttribute.Bootstrap!, topic)
        .Sum(message => JsonDocument.Parse(message.Value).RootElement.GetProperty("packets").GetInt64());

    private static void WaitFor(Func<bool> condition, string what)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), $"waited 30 s for {what}");
            Thread.Sleep(100);
        }
    }

    private Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(Peers.Find(program)!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes.Add(process);
        return process;
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Peers.Find(program)!, arguments) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }
}

/// <summary>Needs root, softflowd, tcpdump, tshark, python3 and a broker.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LiveFactAttribute : FactAttribute
{
    public LiveFactAttribute() =>
        Skip = Peers.NotRoot() ?? Peers.MissingPrograms("ip", "softflowd", "tcpdump", "tshark", "python3")
            ?? (KafkaFactAttribute.Bootstrap is null && !Peers.Required ? "KAFKA_BOOTSTRAP_SERVERS is not set" : null);
}
