using System.Diagnostics;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Collector.Output;
using Collector.Sinks;
using Collector.Sinks.Files;
using Collector.Testing;
using Collector.Tests.Output;
using Xunit;

namespace Collector.Tests.Sinks.Files;

public sealed class FileSinkTests : IDisposable
{
    private static readonly DateTimeOffset At = DateTimeOffset.Parse("2026-11-20T17:13:01Z");

    private readonly string _folder = Directory.CreateTempSubdirectory("collector-files-").FullName;
    private readonly RecordingLogger _logger = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rows_GoToTheFileOfTheirBinAndExporter()
    {
        OutputOptions options = Options("%Y%m%d/%H%M-$peer_src_ip.json");
        TestPurge purge = NewPurge("peer_src_ip,src_port");
        purge.Add(Record(1, "10.0.0.1"), At.AddMinutes(-1));
        purge.Add(Record(2, "10.0.0.2"), At.AddMinutes(-1));
        purge.Add(Record(3, "10.0.0.1"), At.AddMinutes(-1));
        purge.Add(Record(4, "10.0.0.1"), At.AddMinutes(-2));
        PublishResult result = Sink(options, "peer_src_ip,src_port").Publish(purge, default);
        Assert.Equal(new PublishResult { PublishedRows = 4, PublishedRecords = 4, PublishedPackets = 10, PublishedOctets = 100 }, result);
        Assert.Equal([1, 3], Ports("20261120/1712-10_0_0_1.json"));
        Assert.Equal([2], Ports("20261120/1712-10_0_0_2.json"));
        Assert.Equal([4], Ports("20261120/1711-10_0_0_1.json"));
        Assert.Equal(3, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void BinsOfOneName_ShareTheFile()
    {
        TestPurge purge = NewPurge("src_port");
        purge.Add(Record(1), At.AddMinutes(-1));
        purge.Add(Record(2), At.AddMinutes(-2));
        purge.Add(Record(3), At.AddMinutes(-1));
        Sink(Options("%Y%m%d.json"), "src_port").Publish(purge, default);
        Assert.Equal([1, 2, 3], Ports("20261120.json"));
    }

    [Fact]
    public void RowsThatTheChecksKeptBack_LeaveAnEmptyFile()
    {
        TestPurge purge = new(new KeyLayout([], [])) { Number = 1, Time = (At - DateTimeOffset.UnixEpoch).Ticks / 10, TotalEntries = 2, HasDropped = true };
        Sink(Options("a.csv") with { Format = OutputFormat.Csv }, "src_port").Publish(purge, default);
        Assert.Equal(["SRC_PORT,PACKETS,BYTES"], File.ReadAllLines(In("a.csv")));
    }

    [Fact]
    public void WithoutHistory_TheNameHasTheTimeOfThePurge()
    {
        Sink(Options("%H%M%S.json"), "src_port").Publish(Purge(1), default);
        Assert.Equal([1], Ports("171301.json"));
    }

    [Fact]
    public void SecondPurge_ReplacesOrAppends()
    {
        using FileSink truncating = Sink(Options("a.json"), "src_port");
        truncating.Publish(Purge(1, 2), default);
        truncating.Publish(Purge(3), default);
        Assert.Equal([3], Ports("a.json"));
        using FileSink appending = Sink(Options("b.json", f => f with { Append = true }), "src_port");
        appending.Publish(Purge(1, 2), default);
        appending.Publish(Purge(3), default);
        Assert.Equal([1, 2, 3], Ports("b.json"));
    }

    [Fact]
    public void Csv_HasOneHeaderInAFile()
    {
        OutputOptions options = Options("a.csv", f => f with { Append = true }) with { Format = OutputFormat.Csv };
        Sink(options, "src_port").Publish(Purge(1), default);
        Sink(options, "src_port").Publish(Purge(2), default);
        Assert.Equal("SRC_PORT,PACKETS,BYTES\n1,1,10\n2,2,20\n", File.ReadAllText(In("a.csv")));
    }

    [Fact]
    public void Markers_SurroundTheRowsAndStandInFrontOfTheHeader()
    {
        OutputOptions options = Options("a.csv") with { Format = OutputFormat.Csv, Markers = true };
        Sink(options, "src_port").Publish(Purge(1), default);
        int pid = Environment.ProcessId;
        Assert.Equal($"--START ({pid})--\nSRC_PORT,PACKETS,BYTES\n1,1,10\n--END ({pid})--\n", File.ReadAllText(In("a.csv")));
    }

    [Fact]
    public void EmptyPurge_WritesNothingUnlessAsked()
    {
        Sink(Options("a.json"), "src_port").Publish(Purge(), default);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        OutputOptions asked = Options("%H%M.json", f => f with { WriteEmptyFile = true, LatestFile = In("latest") }) with { Markers = true };
        Sink(asked, "src_port").Publish(Purge(), default);
        Assert.Equal(2, File.ReadAllLines(In("1713.json")).Length);
        Assert.Equal(In("1713.json"), new FileInfo(In("latest")).LinkTarget);
    }

    [Fact]
    public void LatestFile_FollowsTheNewest()
    {
        OutputOptions options = Options("%H%M.json", f => f with { LatestFile = In("links/latest") });
        TestPurge purge = NewPurge("src_port");
        purge.Add(Record(1), At.AddMinutes(-2));
        purge.Add(Record(2), At.AddMinutes(-1));
        using FileSink sink = Sink(options, "src_port");
        sink.Publish(purge, default);
        Assert.Equal([2], Ports("links/latest"));

        // A file that was written later than ours stays the latest.
        File.WriteAllText(In("foreign"), "");
        File.SetLastWriteTimeUtc(In("foreign"), DateTime.UtcNow.AddHours(1));
        File.Delete(In("links/latest"));
        File.CreateSymbolicLink(In("links/latest"), In("foreign"));
        sink.Publish(purge, default);
        Assert.Equal(In("foreign"), new FileInfo(In("links/latest")).LinkTarget);
        Assert.Empty(_logger.Messages);
    }

    [Fact]
    public void LatestFileThatIsNoLink_IsLeftAlone()
    {
        File.WriteAllText(In("latest"), "precious");
        PublishResult result = Sink(Options("a.json", f => f with { LatestFile = In("latest") }), "src_port").Publish(Purge(1), default);
        Assert.Equal(1, result.PublishedRows);
        Assert.Equal("precious", File.ReadAllText(In("latest")));
        Assert.Contains("no symbolic link has this name", Assert.Single(_logger.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void FullDisk_CostsTheRowsOfThatFileOnly()
    {
        OutputOptions options = new() { Name = "out", File = new FileOutputOptions { Path = In("$tag") } };
        File.CreateSymbolicLink(In("2"), "/dev/full");
        TestPurge purge = NewPurge("tag");
        purge.Add(new FlowRecord { Tag = 1, Packets = 1, Octets = 10 });
        purge.Add(new FlowRecord { Tag = 2, Packets = 2, Octets = 20 }, records: 7);
        purge.Add(new FlowRecord { Tag = 3, Packets = 3, Octets = 30 });
        PublishResult result = Sink(options, "tag").Publish(purge, default);
        Assert.Equal(
            new PublishResult
            {
                PublishedRows = 2,
                PublishedRecords = 2,
                PublishedPackets = 4,
                PublishedOctets = 40,
                LostRows = 1,
                LostRecords = 7,
                LostPackets = 2,
                LostOctets = 20,
            },
            result);
        string message = Assert.Single(_logger.Messages);
        Assert.StartsWith($"output 'out': cannot write {In("2")}: No space left on device", message, StringComparison.Ordinal);
    }

    [RootFact("mount", "umount")]
    public void DiskThatFillsUp_KeepsWholeRowsAndCountsTheOthers()
    {
        Directory.CreateDirectory(In("small"));
        Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", In("small"));
        try
        {
            PublishResult result = Sink(Options("small/a.json"), "src_port").Publish(Purge([.. Enumerable.Range(1, 10_000)]), default);
            Assert.Equal(result.PublishedRows, Ports("small/a.json").Length);
            Assert.InRange(result.PublishedRows, 1, 9_999);
            Assert.Equal(10_000, result.PublishedRows + result.LostRows);
            Assert.Equal(10_000 * 10_001 / 2, result.PublishedPackets + result.LostPackets);
        }
        finally
        {
            Run("umount", In("small"));
        }
    }

    [Fact]
    public void FolderThatIsAFile_CostsTheRowsAndOneSentence()
    {
        File.WriteAllText(In("file"), "");
        using FileSink sink = Sink(Options("file/a.json"), "src_port");
        PublishResult result = sink.Publish(Purge(1, 2), default);
        Assert.Equal(new PublishResult { LostRows = 2, LostRecords = 2, LostPackets = 3, LostOctets = 30 }, result);
        sink.Publish(Purge(1), default);
        Assert.Single(_logger.Messages);
    }

    [Fact]
    public void FileMovedAway_IsMadeAnew()
    {
        using FileSink sink = Sink(Options("a.json", f => f with { Append = true }), "src_port");
        sink.Publish(Purge(1), default);
        File.Move(In("a.json"), In("a.json.1"));
        sink.Reopen();
        sink.Publish(Purge(2), default);
        Assert.Equal([2], Ports("a.json"));
        Assert.Equal([1], Ports("a.json.1"));
    }

    [Fact]
    public void ManyRows_AllArrive()
    {
        int[] ports = [.. Enumerable.Range(1, 20_000)];
        PublishResult result = Sink(Options("a.json"), "src_port").Publish(Purge(ports), default);
        Assert.Equal(20_000, result.PublishedRows);
        Assert.Equal(ports, Ports("a.json"));
    }

    [Fact]
    public void MistakeInTheName_IsRefused() => Assert.Throws<ArgumentException>(() => Sink(Options("%Q"), "src_port"));

    private static FlowRecord Record(int port, string exporter = "10.0.0.1") => new()
    {
        SourcePort = (ushort)port,
        ExporterAddress = IpAddress.Parse(exporter),
        Packets = (ulong)port,
        Octets = 10UL * (ulong)port,
    };

    private static TestPurge NewPurge(string aggregate) =>
        new(new KeyLayout(TestPurge.Select(aggregate).KeyFields)) { Number = 1, Time = At.ToUnixTimeMilliseconds() * 1000, TotalEntries = 0 };

    private static TestPurge Purge(params int[] ports)
    {
        TestPurge purge = NewPurge("src_port");
        foreach (int port in ports)
        {
            purge.Add(Record(port));
        }

        return purge;
    }

    private OutputOptions Options(string path, Func<FileOutputOptions, FileOutputOptions>? change = null)
    {
        FileOutputOptions file = new() { Path = In(path) };
        return new OutputOptions { Name = "out", Text = new TextOptions { Utc = true }, File = change is null ? file : change(file) };
    }

    private FileSink Sink(OutputOptions options, string aggregate)
    {
        PrimitiveSelection selection = TestPurge.Select(aggregate);
        KeyLayout layout = new(selection.KeyFields);
        return new FileSink(options, RowWriter.Create(options, selection, layout), layout, _logger, new ManualTime());
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private int[] Ports(string file) =>
    [
        .. File.ReadAllLines(In(file)).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("port_src").GetInt32()),
    ];
}
