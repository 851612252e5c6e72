using Collector.Testing.Builders;
using Collector.Tests.Pipeline;
using Xunit;
using static Collector.Testing.Builders.SFlowBuilder;

namespace Collector.Tests.Live;

/// <summary>Counter samples and discarded packets sent to a running daemon: published, and read back from its ledger by exact number.</summary>
public sealed class SFlowCounterTests : IDisposable
{
    private static readonly byte[] Payload = new SFlowBuilder()
        .Sample(2, new WireWriter().U32(1, 3, 3).Bytes(Record(1, new byte[88])).Bytes(Record(2, new byte[52])).Bytes(Record(2004, new byte[8])).ToArray())
        .Sample(5, new WireWriter().U32(1, 0, 7, 0, 1, 2, 258, 0).ToArray())
        .Sample(5, new WireWriter().U32(2, 0, 7, 0, 1, 2, 257, 0).ToArray())
        .Build();

    private readonly LiveCollector _live = new();

    [Fact]
    public void Counters_GoToTheirFile_WhichIsOpenedAnewAtSighup()
    {
        string file = _live.FileOf("counters");
        _live.Start(_live.Configure($"plugins: print[hosts]\naggregate[hosts]: src_host\nprint_refresh_time[hosts]: 3600\nsfacctd_counter_file: {file}", "hosts"));
        _live.Send(Payload, Payload);
        _live.WaitUntil(() => _live.Rows("counters").Length == 5, "five objects");
        File.Move(file, file + ".1");
        _live.Process.Signal(CollectorProcess.SigHup);
        int sent = 2;
        _live.WaitUntil(
            () =>
            {
                _live.Send(Payload);
                sent++;
                _live.WaitUntil(() => Lines() == 1 + 2 * sent, "all objects");
                return File.Exists(file);
            },
            "the file to be opened anew");

        LedgerText ledger = _live.StopAndReadLedger();

        int lines = Lines();
        Assert.Equal(1 + 2 * sent, lines);
        Assert.Equal(
            (2 * sent, 0, lines, lines, 0),
            (ledger.Sum("sflow counters", "blocks"), ledger.Sum("sflow counters", "lost for want of room in the queue"), ledger.Sum("sflow counters", "objects"),
                ledger.Sum("sflow counters", "files"), ledger.Sum("sflow counters", "lost")));
        Assert.Equal(
            (sent, sent, sent, 3 * sent),
            (ledger.Sum("source 127.0.0.1", "unknown counters"), ledger.Sum("source 127.0.0.1", "packets discarded for acl"),
                ledger.Sum("source 127.0.0.1", "packets discarded for ttl_exceeded"), ledger.Sum("source 127.0.0.1", "other samples")));

        int Lines() => File.ReadAllLines(file + ".1").Length + _live.Rows("counters").Length;
    }

    [Fact]
    public void FileThatCannotBeWritten_IsANamedLoss()
    {
        _live.Start(_live.Configure($"plugins: print[hosts]\naggregate[hosts]: src_host\nprint_refresh_time[hosts]: 3600\nsfacctd_counter_file: {_live.Folder}", "hosts"));
        _live.Send(Payload);
        LedgerText ledger = _live.StopAndReadLedger();
        Assert.Equal((3, 0, 3), (ledger.Sum("sflow counters", "objects"), ledger.Sum("sflow counters", "files"), ledger.Sum("sflow counters", "lost")));
        Assert.Contains("3 sflow counters in files", _live.Process.Error, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _live.Dispose();
}
