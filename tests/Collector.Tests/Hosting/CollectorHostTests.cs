using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Collector.Testing;
using Collector.Tests.Live;
using Xunit;

namespace Collector.Tests.Hosting;

/// <summary>The daemon as systemd and operators see it: one process, its signals, its exit code.</summary>
public sealed class CollectorHostTests : IDisposable
{
    private const int SigHup = 1, SigUsr2 = 12;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_UnderAServiceManager_SaysReadyAliveAndStopping()
    {
        using var manager = new NotifySocket();
        using var collector = new CollectorProcess(Environment(manager, watchdogSeconds: 1), "run", "--config", Write(""));

        Assert.Equal("READY=1", manager.Receive());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("WATCHDOG=1", manager.ReceiveUntil("WATCHDOG"));
        }

        collector.Signal(CollectorProcess.SigTerm);
        Assert.Equal("STOPPING=1", manager.ReceiveUntil("STOPPING"));
        Assert.StartsWith("STATUS=datagrams 0, records 0", manager.ReceiveUntil("STATUS"), StringComparison.Ordinal);
        Assert.Equal(0, collector.WaitForExit());
    }

    [Fact]
    public void Run_AbstractNotifySocket_SaysReady()
    {
        using var manager = new NotifySocket(isAbstract: true);
        using var collector = new CollectorProcess(Environment(manager, watchdogSeconds: null), "run", "--config", Write(""));

        Assert.Equal("READY=1", manager.Receive());
        collector.Signal(CollectorProcess.SigInt);
        Assert.Equal(0, collector.WaitForExit());
    }

    [Fact]
    public void Run_EachSignal_ActsAtOnceWithoutADatagram()
    {
        string log = Path.Combine(_folder.FullName, "log"), pid = Path.Combine(_folder.FullName, "pid");
        using var manager = new NotifySocket();
        using var collector = new CollectorProcess(
            Environment(manager, watchdogSeconds: null), "run", "--config", Write($"pid_file: {pid}\nlog: {{file: {log}, timestamps: false}}\n"));
        Assert.Equal("READY=1", manager.Receive());
        Assert.Equal(collector.Id.ToString(CultureInfo.InvariantCulture), File.ReadAllText(pid).Trim());

        collector.Signal(CollectorProcess.SigUsr1);
        WaitFor(log, "INFO: ledger: ");
        collector.Signal(SigUsr2);
        WaitFor(log, "INFO: SIGUSR2");
        File.Move(log, log + ".1");
        collector.Signal(SigHup);
        WaitFor(log, "INFO: SIGHUP");
        collector.Signal(CollectorProcess.SigTerm);

        Assert.Equal(0, collector.WaitForExit());
        Assert.EndsWith("INFO: stopped\n", File.ReadAllText(log), StringComparison.Ordinal);
        Assert.False(File.Exists(pid));
        Assert.Empty(collector.Output);
    }

    [Fact]
    public void Run_AddressThatAnotherProcessHas_IsOneSentenceAndExitCode1()
    {
        using var owner = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        owner.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string file = Path.Combine(_folder.FullName, "taken.yaml");
        File.WriteAllText(file, $"listen: [{owner.LocalEndPoint}]\nstate_directory: {_folder.FullName}\n");
        using var collector = new CollectorProcess("run", "--config", file);

        Assert.Equal(1, collector.WaitForExit());
        Assert.Contains($"already receives on {owner.LocalEndPoint}", collector.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_BgpPortThatAnotherProcessHas_EndsTheWorkersAndExitsWith1()
    {
        using var owner = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        owner.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        owner.Listen();
        string bgp = $"bgp: {{listen: [\"{owner.LocalEndPoint}\"], peers: [{{address: 127.0.0.1}}]}}\n";
        using var collector = new CollectorProcess("run", "--config", Write(bgp));

        Assert.Equal(1, collector.WaitForExit());
        Assert.Contains($"ERROR: BGP on {owner.LocalEndPoint}: ", collector.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", collector.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_StateFolderThatCannotBeWritten_IsAWarningOnly()
    {
        string file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");
        using var collector = new CollectorProcess("run", "--config", Write($"state_directory: {file}\n", state: false));
        collector.WaitForError("started with");
        collector.Signal(CollectorProcess.SigTerm);

        Assert.Equal(0, collector.WaitForExit());
        Assert.Contains($"WARN: state: {file} cannot be written", collector.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_LogFileThatCannotBeOpened_IsExitCode1()
    {
        using var collector = new CollectorProcess("run", "--config", Write($"log: {{file: {_folder.FullName}}}\n"));
        Assert.Equal(1, collector.WaitForExit());
        Assert.Contains($"the log file {_folder.FullName} cannot be opened", collector.Error, StringComparison.Ordinal);
    }

    [KafkaLibraryFact]
    public void Run_SecondSignal_GivesUpWhatKafkaDoesNotTake()
    {
        string file = Write("outputs: [{name: k, type: kafka, aggregate: [src_host], kafka: {brokers: \"127.0.0.1:1\"}}]\n");
        using var collector = new CollectorProcess("run", "--config", file);
        collector.WaitForError("started with");
        SendOneRecord(IPEndPoint.Parse(File.ReadAllLines(file)[0].Split('[', ']')[1]));
        collector.Signal(CollectorProcess.SigTerm);
        collector.WaitForError("stopping");
        collector.Signal(CollectorProcess.SigTerm);

        Assert.Equal(0, collector.WaitForExit(seconds: 20));
        Assert.Contains("WARN: giving up what is not published yet", collector.Error, StringComparison.Ordinal);
        Assert.Contains("lost in the sink 1 rows 1 records 10 packets 1500 octets", collector.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    public void AnyVerb_LibraryThatIsAbsent_IsOneSentenceAndExitCode1(string verb)
    {
        using var collector = new CollectorProcess(verb, "--config", Write("outputs: [{name: k, type: kafka, kafka: {library: /nonexistent/librdkafka.so}}]\n"));
        Assert.Equal(1, collector.WaitForExit());
        Assert.Contains("/nonexistent/librdkafka.so", Assert.Single(collector.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>One NetFlow v5 datagram with one record of 10 packets and 1,500 octets.</summary>
    private static void SendOneRecord(IPEndPoint collector)
    {
        byte[] datagram = new byte[24 + 48];
        (datagram[1], datagram[3]) = (5, 1);
        (datagram[24], datagram[27]) = (10, 1);
        datagram[24 + 19] = 10;
        (datagram[24 + 22], datagram[24 + 23]) = (1_500 >> 8, 1_500 & 0xFF);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo(datagram, collector);
    }

    private static Dictionary<string, string> Environment(NotifySocket manager, int? watchdogSeconds)
    {
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = manager.Variable };
        if (watchdogSeconds is { } seconds)
        {
            environment["WATCHDOG_USEC"] = $"{seconds}000000";
        }

        return environment;
    }

    private static void WaitFor(string file, string text) => Assert.True(
        SpinWait.SpinUntil(() => File.Exists(file) && File.ReadAllText(file).Contains(text, StringComparison.Ordinal), TimeSpan.FromSeconds(30)),
        $"'{text}' did not appear in {file}");

    /// <summary>A configuration that receives on a port of its own.</summary>
    private string Write(string text, bool state = true)
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string file = Path.Combine(_folder.FullName, "collector.yaml");
        File.WriteAllText(file, $"listen: [{free.LocalEndPoint}]\nworkers: 1\n{(state ? $"state_directory: {_folder.FullName}/state\n" : "")}{text}");
        return file;
    }
}
