using System.Diagnostics;
using System.Text.Json;
using Collector.Testing;
using Collector.Tests.Pipeline;
using Xunit;

namespace Collector.Tests.Live;

/// <summary>The daemon as its operator meets it: messages, signals, exit codes.</summary>
public sealed class DaemonTests : IDisposable
{
    private const string Hosts = "plugins: print[hosts]\naggregate[hosts]: src_host\n";

    private readonly LiveCollector _live = new();

    [Fact]
    public void PortInUse_NamesTheOtherProcessAndExitsWithOne()
    {
        string configuration = _live.Configure(Hosts, "hosts");
        _live.Start(configuration);

        using CollectorProcess second = _live.Launch(configuration);

        Assert.Equal(1, second.WaitForExit(20));
        string line = Assert.Single(second.Error.Split('\n'), l => l.Contains("ERROR", StringComparison.Ordinal));
        Assert.Contains($"collector (pid {_live.Process.Id}) already receives on 127.0.0.1:{_live.Port}", line);
        Assert.Contains("--share-port", line);
        Assert.DoesNotContain("   at ", second.Error);
    }

    [Fact]
    public void SharePort_StartsBesideTheOtherProcessAndWarns()
    {
        string configuration = _live.Configure(Hosts, "hosts");
        _live.Start(configuration);

        using CollectorProcess second = _live.Launch(configuration, "--share-port");

        second.WaitForError("receiving on ");
        Assert.Contains($"WARN ( default/core ): collector (pid {_live.Process.Id}) receives on 127.0.0.1:{_live.Port} too", second.Error);
        second.Signal(CollectorProcess.SigTerm);
        Assert.Equal(0, second.WaitForExit(20));
    }

    [Theory]
    [InlineData(CollectorProcess.SigTerm)]
    [InlineData(CollectorProcess.SigInt)]
    public void StopSignal_PublishesWhatIsInEveryWindowAndExitsWithZeroAtOnce(int signal)
    {
        _live.Start(_live.Configure(
            "plugins: print[bins], print[hosts]\naggregate: src_host\nprint_refresh_time: 3600\nprint_history[bins]: 1h\nprint_history_roundoff[bins]: h",
            "bins",
            "hosts"));
        uint now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        _live.Send(WorkerRig.ThirtyFlows(0, now), WorkerRig.ThirtyFlows(0, now - 7_200), WorkerRig.ThirtyFlows(10, now + 7_200));

        long begun = Stopwatch.GetTimestamp();
        _live.Process.Signal(signal);
        Assert.Equal(0, _live.Process.WaitForExit(20));

        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10));
        Assert.Equal(90, _live.Rows("bins").Length);
        Assert.Equal(3, _live.Rows("bins").Select(r => JsonDocument.Parse(r).RootElement.GetProperty("stamp_inserted").GetString()).Distinct().Count());
        Assert.Equal(40, _live.Rows("hosts").Length);
        Assert.Equal("", _live.Process.Output);
        Assert.EndsWith("INFO ( default/core ): stopped\n", _live.Process.Error);
    }

    [Fact]
    public void Hangup_RotatedFilesAppearAnew()
    {
        string log = Path.Combine(_live.Folder, "collector.log");
        string configuration = _live.Configure(
            $"{Hosts}print_refresh_time[hosts]: 1\nprint_output_file_append[hosts]: true\nlogfile: {log}", "hosts");
        using CollectorProcess daemon = _live.Launch(configuration);
        _live.WaitUntil(() => File.Exists(log) && File.ReadAllText(log).Contains("receiving on ", StringComparison.Ordinal), "the log");
        _live.Send(WorkerRig.ThirtyFlows(0));
        _live.WaitUntil(() => _live.Rows("hosts").Length == 30, "thirty rows");

        File.Move(_live.FileOf("hosts"), _live.FileOf("hosts.1"));
        File.Move(log, log + ".1");
        daemon.Signal(1);
        daemon.Signal(CollectorProcess.SigUsr1);
        _live.Send(WorkerRig.ThirtyFlows(100)[..^(48 * 10)]);
        _live.WaitUntil(() => _live.Rows("hosts").Length == 20, "twenty rows in a new file");
        _live.WaitUntil(() => File.Exists(log) && File.ReadAllText(log).Contains("ledger: output hosts", StringComparison.Ordinal), "a new log");

        daemon.Signal(CollectorProcess.SigTerm);
        Assert.Equal(0, daemon.WaitForExit(20));
        Assert.Equal(30, _live.Rows("hosts.1").Length);
        Assert.DoesNotContain("stopped", File.ReadAllText(log + ".1"));
        Assert.EndsWith("INFO ( default/core ): stopped\n", File.ReadAllText(log));
    }

    [Fact]
    public void UserSignal_LogsTheLedgerAndGoesOn()
    {
        CollectorProcess daemon = _live.Start(_live.Configure($"{Hosts}print_refresh_time[hosts]: 1", "hosts"));
        _live.Send(WorkerRig.ThirtyFlows(0));
        _live.WaitUntil(() => _live.Rows("hosts").Length == 30, "thirty rows");

        daemon.Signal(CollectorProcess.SigUsr1);
        daemon.WaitForError("ledger: process:");

        LedgerText ledger = LedgerText.ParseLog(daemon.Error);
        Assert.Equal(1, ledger.Sum("source 127.0.0.1 version 5", "datagrams"));
        Assert.Equal(30, ledger.Output("hosts", "entered", "records"));
        ledger.AssertCloses("hosts");
        _live.Send(WorkerRig.ThirtyFlows(0));
        ledger = _live.StopAndReadLedger();
        Assert.Equal(60, ledger.Output("hosts", "published", "records"));
    }

    [KafkaLibraryFact]
    public void BrokerThatIsNotThere_TheDaemonStartsAndStopsAllTheSame()
    {
        CollectorProcess daemon = _live.Start(_live.Configure(
            "plugins: kafka[flows]\naggregate[flows]: src_host\nkafka_refresh_time[flows]: 3600\nkafka_broker_host[flows]: 127.0.0.1\nkafka_broker_port[flows]: 1"));
        daemon.WaitForError("127.0.0.1:1");
        LedgerText ledger = _live.StopAndReadLedger();
        Assert.Equal(0, ledger.Output("flows", "entered", "records"));
    }

    [KafkaLibraryFact]
    public void BrokerThatIsNotThere_SecondStopSignalGivesUp_AndTheLedgerCountsWhatWasLost()
    {
        CollectorProcess daemon = _live.Start(_live.Configure(
            "plugins: kafka[flows], print[hosts]\naggregate: src_host\nkafka_refresh_time[flows]: 3600\nprint_refresh_time[hosts]: 3600\n"
            + "kafka_broker_host[flows]: 127.0.0.1\nkafka_broker_port[flows]: 1",
            "hosts"));
        _live.Send(WorkerRig.ThirtyFlows(0), WorkerRig.ThirtyFlows(0));
        daemon.Signal(CollectorProcess.SigTerm);
        daemon.WaitForError("stopping: ");
        LedgerText ledger = _live.StopAndReadLedger();

        Assert.Contains("giving up what is not published yet", daemon.Error);
        Assert.Equal(30, ledger.Output("flows", "lost in the sink", "rows"));
        Assert.Equal(60, ledger.Output("flows", "lost in the sink", "records"));
        Assert.Equal(6_000, ledger.Output("flows", "lost in the sink", "octets"));
        Assert.Equal(60, ledger.Output("hosts", "published", "records"));
        ledger.AssertCloses("flows");
        ledger.AssertCloses("hosts");
    }

    [Fact]
    public void BadConfiguration_EveryErrorAtOnceWithItsLine_AndExitsWithOne()
    {
        string configuration = Path.Combine(_live.Folder, "bad.conf");
        File.WriteAllText(configuration, "nfacctd_port: 70000\nplugins: print[a]\nprint_output[a]: json\naggregate[a]: src_hots\nprint_refresh_time[a]: soon\nno_such_key: 1\n");

        using CollectorProcess daemon = _live.Launch(configuration);

        Assert.Equal(1, daemon.WaitForExit(20));
        string[] lines = [.. daemon.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(["1", "4", "5", "6"], lines.Select(l => l[(configuration.Length + 1)..].Split(':')[0]).Order());
        Assert.All(lines, l => Assert.StartsWith(configuration + ":", l));
        Assert.Contains("src_host", lines.Single(l => l.Contains("src_hots", StringComparison.Ordinal)).Split("src_hots")[1]);
        Assert.Equal("", daemon.Output);
    }

    [Theory]
    [InlineData("run", "--no-such-switch")]
    [InlineData("--workers", "many")]
    [InlineData("run", "--workers=0")]
    [InlineData("replay")]
    [InlineData("fly")]
    public void BadCommandLine_ExitsWithTwoAndNamesTheWayToHelp(params string[] arguments)
    {
        using var process = new CollectorProcess(arguments);
        Assert.Equal(2, process.WaitForExit(20));
        Assert.Contains("collector --help", process.Error);
        Assert.Equal("", process.Output);
    }

    public void Dispose() => _live.Dispose();
}
