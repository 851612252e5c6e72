using System.IO.Pipes;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Output;
using Collector.Sinks;
using Collector.Sinks.Stdout;
using Collector.Tests.Output;
using Xunit;

namespace Collector.Tests.Sinks.Stdout;

public class StdoutSinkTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.Parse("2026-11-20T17:13:01Z");

    private readonly RecordingLogger _logger = new();
    private readonly ManualTime _time = new();

    [Fact]
    public void Rows_AreLinesAndCounted()
    {
        MemoryStream stream = new();
        OutputOptions options = new() { Name = "out" };
        using StdoutSink sink = Sink(options, "src_port", stream);
        TestPurge purge = Purge("src_port", 2, records: 5);
        PublishResult result = sink.Publish(purge, default);
        Assert.Equal(
            "{\"event_type\": \"purge\", \"port_src\": 0, \"packets\": 10, \"bytes\": 1000}\n{\"event_type\": \"purge\", \"port_src\": 1, \"packets\": 10, \"bytes\": 1000}\n",
            Encoding.UTF8.GetString(stream.ToArray()));
        Assert.Equal(new PublishResult { PublishedRows = 2, PublishedRecords = 10, PublishedPackets = 20, PublishedOctets = 2000 }, result);
    }

    [Fact]
    public void Csv_HasOneHeaderInALife()
    {
        MemoryStream stream = new();
        OutputOptions options = new() { Name = "out", Format = OutputFormat.Csv };
        using StdoutSink sink = Sink(options, "src_port", stream);
        sink.Publish(Purge("src_port", 1), default);
        sink.Publish(Purge("src_port", 1), default);
        Assert.Equal("SRC_PORT,PACKETS,BYTES\n0,10,1000\n0,10,1000\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void Markers_SurroundAPurgeWithRows()
    {
        MemoryStream stream = new();
        using StdoutSink sink = Sink(new OutputOptions { Name = "out", Markers = true }, "none", stream);
        sink.Publish(Purge("none", 0), default);
        Assert.Equal(0, stream.Length);
        sink.Publish(Purge("none", 1, replay: true), default);
        Assert.Equal(
            """
            {"event_type": "purge_init", "writer_id": "out/0"}
            {"event_type": "purge", "packets": 10, "bytes": 1000}
            {"event_type": "purge_close", "writer_id": "out/0", "purged_entries": 1, "total_entries": 1, "duration": 0}

            """,
            Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void ManyRows_AreFewWrites()
    {
        WriteCounter stream = new();
        using StdoutSink sink = Sink(new OutputOptions { Name = "out" }, "src_port", stream);
        PublishResult result = sink.Publish(Purge("src_port", 10_000), default);
        Assert.Equal(10_000, result.PublishedRows);
        Assert.InRange(stream.Writes, 1, (int)(stream.Total / 60_000) + 1);
    }

    [Fact]
    public void ClosedPipe_CostsItsRowsAndOneSentenceAMinute()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        pipe.DisposeLocalCopyOfClientHandle();
        using FileStream direct = new(new Microsoft.Win32.SafeHandles.SafeFileHandle(pipe.SafePipeHandle.DangerousGetHandle(), false), FileAccess.Write, 0);
        using StdoutSink sink = Sink(new OutputOptions { Name = "out" }, "src_port", direct);
        PublishResult lost = new() { LostRows = 3, LostRecords = 3, LostPackets = 30, LostOctets = 3000 };
        Assert.Equal(lost, sink.Publish(Purge("src_port", 3), default));
        Assert.Equal(lost, sink.Publish(Purge("src_port", 3), default));
        string message = Assert.Single(_logger.Messages);
        Assert.StartsWith("output 'out': cannot write standard output: Broken pipe", message, StringComparison.Ordinal);
        Assert.EndsWith("3 rows lost now, 0 since the last message", message, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        sink.Publish(Purge("src_port", 2), default);
        Assert.EndsWith("2 rows lost now, 3 since the last message", _logger.Messages[1], StringComparison.Ordinal);
    }

    [Fact]
    public void FailureInTheMiddle_CountsEveryRowOnce()
    {
        WriteCounter stream = new() { FailAfter = 2 };
        using StdoutSink sink = Sink(new OutputOptions { Name = "out" }, "src_port", stream);
        PublishResult result = sink.Publish(Purge("src_port", 10_000), default);
        Assert.Equal(stream.Lines, result.PublishedRows);
        Assert.InRange(result.PublishedRows, 1, 9_999);
        Assert.Equal(10_000, result.PublishedRows + result.LostRows);
        Assert.Equal(10 * result.LostRows, result.LostPackets);
        Assert.Equal(1000 * result.PublishedRows, result.PublishedOctets);
    }

    private static TestPurge Purge(string aggregate, int rows, uint records = 1, bool replay = false)
    {
        TestPurge purge = new(new KeyLayout(TestPurge.Select(aggregate).KeyFields))
        {
            Number = 1,
            Time = At.ToUnixTimeMilliseconds() * 1000,
            TotalEntries = rows,
            IsReplay = replay,
        };
        for (int i = 0; i < rows; i++)
        {
            purge.Add(new FlowRecord { SourcePort = (ushort)i, Packets = 10, Octets = 1000 }, records: records);
        }

        return purge;
    }

    private StdoutSink Sink(OutputOptions options, string aggregate, Stream stream)
    {
        PrimitiveSelection selection = TestPurge.Select(aggregate);
        return new StdoutSink(options, RowWriter.Create(options, selection, new KeyLayout(selection.KeyFields)), _logger, () => stream, _time);
    }

    private sealed class WriteCounter : MemoryStream
    {
        public int Writes { get; private set; }

        public int FailAfter { get; init; } = int.MaxValue;

        public long Total { get; private set; }

        public long Lines { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (++Writes > FailAfter)
            {
                throw new IOException("no more");
            }

            Total += buffer.Length;
            Lines += buffer.Count((byte)'\n');
        }
    }
}
