using System.Text.Json;
using Collector.Testing.Builders;
using Collector.Tests.Pipeline;
using Xunit;

namespace Collector.Tests.Live;

/// <summary>Each kind of loss, injected by exact number into a running daemon and read back from its ledger.</summary>
public sealed class LedgerTests : IDisposable
{
    private readonly LiveCollector _live = new();

    [Fact]
    public void DatagramsThatCannotBeUsed_AreCountedByNameAndNumber_AndTheRestIsPublished()
    {
        _live.Start(_live.Configure("plugins: print[hosts]\naggregate[hosts]: src_host\nprint_refresh_time[hosts]: 3600", "hosts"));
        byte[] flow = new WireWriter().U32(0x0A00_0001, 0x0A00_0002, 1, 100).ToArray();
        ExportMessageBuilder template = ExportMessageBuilder.NetFlow9().Template(256, (8, 4), (12, 4), (2, 4), (1, 4));
        (string Fault, int Times, byte[] Payload)[] faults =
        [
            ("", 1, template.Data(256, flow, flow).Build()),
            ("", 10, WorkerRig.ThirtyFlows(0)),
            ("short datagram", 3, [0, 9]),
            ("short datagram", 2, [0, 5, 0, 1, 0, 0, 0, 0, 0, 0]),
            ("short datagram", 1, [0, 10, 0, 16, 0, 0, 0, 0, 0, 0]),
            ("unknown version", 4, new WireWriter().U16(6).Bytes(new byte[60]).ToArray()),
            ("truncated", 5, ExportMessageBuilder.NetFlow9().Set(256, flow, declaredLength: 100).Build()),
            ("bad set length", 6, ExportMessageBuilder.NetFlow9().Set(256, flow, declaredLength: 3).Build()),
            ("missing template", 7, ExportMessageBuilder.NetFlow9().Data(300, flow).Build()),
            ("reserved set", 8, ExportMessageBuilder.NetFlow9().Set(99, flow).Build()),
            ("bad template", 9, ExportMessageBuilder.NetFlow9().Set(0, ExportMessageBuilder.NetFlow9().TemplateRecord(200, (8, 4))).Build()),
            ("bad message length", 10, new ExportMessageBuilder(10) { DeclaredLength = 90 }.Template(400, (8, 4)).Build()),
            ("bad count", 11, new NetFlow5Builder { Count = 31 }.Record(V5()).Record(V5()).Build()),
            ("bad sample", 12, new SFlowBuilder().Sample(1, [0, 0, 0, 1]).Build()),
            ("unknown format", 13, new SFlowBuilder().Sample(999, new byte[8]).Build()),
        ];
        _live.Send([.. faults.SelectMany(f => Enumerable.Repeat(f.Payload, f.Times))]);

        LedgerText ledger = _live.StopAndReadLedger();

        foreach (IGrouping<string, (string Fault, int Times, byte[] Payload)> fault in faults.Where(f => f.Fault.Length > 0).GroupBy(f => f.Fault))
        {
            long expected = fault.Sum(f => f.Times);
            Assert.True(ledger.Sum("source 127.0.0.1", fault.Key) == expected, $"{fault.Key} {expected} times:\n{ledger}");
            Assert.Contains($"{expected} {fault.Key}", _live.Process.Error.Split('\n').Last(l => l.Contains("): datagrams ", StringComparison.Ordinal)));
        }

        // Two of v9, 10 × 30 of v5, one in each cut Set, two in each v5 datagram with an impossible count.
        const long Records = 2 + 300 + 5 + 22;
        Assert.Equal(faults.Sum(f => f.Times), ledger.Sum("source 127.0.0.1", "datagrams"));
        Assert.Equal(faults.Sum(f => f.Times), ledger.Sum("socket 127.0.0.1", "datagrams"));
        Assert.Equal(faults.Sum(f => (long)f.Times * f.Payload.Length), ledger.Sum("source 127.0.0.1", "octets"));
        Assert.Equal(Records, ledger.Sum("source 127.0.0.1", "records"));
        Assert.Equal(Records, ledger.Sum("output hosts", "offered"));
        Assert.Equal(Records, ledger.Output("hosts", "published", "records"));
        Assert.Equal(Records, _live.Rows("hosts").Sum(Packets));
        ledger.AssertCloses("hosts");
    }

    [Fact]
    public void FolderThatCannotBeWritten_LosesItsOwnRowsOnly()
    {
        File.WriteAllText(Path.Combine(_live.Folder, "blocked"), "a file where a folder is expected");
        string configuration = _live.Configure(
            "plugins: print[good], print[bad]\naggregate: src_host\nprint_refresh_time: 3600\nprint_output[bad]: json\n"
            + $"print_output_file[bad]: {_live.Folder}/blocked/rows.json",
            "good");
        _live.Start(configuration);
        _live.Send(WorkerRig.ThirtyFlows(0), WorkerRig.ThirtyFlows(30), WorkerRig.ThirtyFlows(0));

        LedgerText ledger = _live.StopAndReadLedger();

        Assert.Equal((60, 90, 90, 9_000), Loss(ledger, "bad", "lost in the sink"));
        Assert.Equal((0, 0, 0, 0), Loss(ledger, "bad", "published"));
        Assert.Equal((60, 90, 90, 9_000), Loss(ledger, "good", "published"));
        ledger.AssertCloses("bad");
        ledger.AssertCloses("good");
        Assert.Equal(60, _live.Rows("good").Length);
        Assert.Contains($"{_live.Folder}/blocked/rows.json", _live.Process.Error);
    }

    [Fact]
    public void ReceiveBufferThatOverflows_ReceivedAndDroppedByTheKernelAreAllThatWasSent()
    {
        const int Sent = 600;
        _live.Start(_live.Configure("nfacctd_pipe_size: 65536\nplugins: print[hosts]\naggregate[hosts]: src_host\nprint_refresh_time[hosts]: 3600", "hosts"));
        _live.Process.Signal(CollectorProcess.SigStop);
        _live.WaitUntil(() => File.ReadAllText($"/proc/{_live.Process.Id}/stat").Split(") ")[1].StartsWith('T'), "the daemon to stand");
        _live.Send([.. Enumerable.Repeat(WorkerRig.ThirtyFlows(0), Sent)]);
        _live.Process.Signal(CollectorProcess.SigCont);

        LedgerText ledger = _live.StopAndReadLedger();

        long received = ledger.Sum("socket 127.0.0.1", "datagrams"), dropped = ledger.Sum("socket 127.0.0.1", "kernel drops");
        Assert.InRange(dropped, 1, Sent - 1);
        Assert.Equal(Sent, received + dropped);
        Assert.Equal(received * 30, ledger.Output("hosts", "published", "packets"));
        Assert.Equal(received * 30, _live.Rows("hosts").Sum(Packets));
        Assert.Contains($"kernel drops {dropped}", _live.Process.Error);
        ledger.AssertCloses("hosts");
    }

    public void Dispose() => _live.Dispose();

    private static NetFlow5Record V5() => new(Net.IpAddress.FromIPv4(0x0A00_0003), Net.IpAddress.FromIPv4(0x0A00_0004), 17, 1, 2);

    private static (long Rows, long Records, long Packets, long Octets) Loss(LedgerText ledger, string output, string what) =>
        (ledger.Output(output, what, "rows"), ledger.Output(output, what, "records"), ledger.Output(output, what, "packets"), ledger.Output(output, what, "octets"));

    private static long Packets(string row) => JsonDocument.Parse(row).RootElement.GetProperty("packets").GetInt64();
}
