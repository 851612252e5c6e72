using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Collector.Pipeline;
using Collector.Telemetry;
using Collector.Testing.Builders;
using Collector.Tests.Pipeline;
using Xunit;

namespace Collector.Tests.Telemetry;

/// <summary>Every loss before the outputs, injected by exact number and read back from the snapshot; its equations close.</summary>
public sealed class LedgerSnapshotTests
{
    private static readonly byte[] Flow = new WireWriter().U32(0x0A00_0001, 0x0A00_0002, 1, 100).ToArray();

    private static readonly FieldSpecifier[] Fields = [(8, 4), (12, 4), (2, 4), (1, 4)];

    /// <summary>How to cause each fault once, with the records that are decoded all the same. A fault without a way here fails the test below.</summary>
    private static readonly (DecodeFault Fault, byte[][] Datagrams, int Records)[] Injections =
    [
        (DecodeFault.ShortDatagram, [[0, 9]], 0),
        (DecodeFault.UnknownVersion, [new WireWriter().U16(3).Bytes(new byte[60]).ToArray()], 0),
        (DecodeFault.UnknownAddressType, [new WireWriter().U32(5, 7, 0, 1, 1000, 1, 0, 0, 0, 0, 0).ToArray()], 0),
        (DecodeFault.BadCount, [new NetFlow5Builder { Count = 31 }.Record(V5()).Record(V5()).Build()], 2),
        (DecodeFault.Truncated, [V9().Template(300, Fields).Set(300, Flow, declaredLength: 100).Build()], 1),
        (DecodeFault.BadSetLength, [V9().Set(300, Flow, declaredLength: 3).Build()], 0),
        (DecodeFault.BadMessageLength, [new ExportMessageBuilder(10) { DeclaredLength = 90 }.Template(400, (8, 4)).Build()], 0),
        (DecodeFault.MissingTemplate, [V9().Data(999, Flow).Build()], 0),
        (DecodeFault.SuspectTemplate, [V9().Template(301, (8, 4)).Template(301, Fields).Set(301, [.. Flow, 7]).Build()], 1),
        (DecodeFault.BadTemplate, [V9().Set(0, V9().TemplateRecord(200, (8, 4))).Build()], 0),
        (DecodeFault.TemplateLimit, [new ExportMessageBuilder(9) { Domain = 70 }.Template(300, Fields).Template(301, Fields).Template(302, Fields).Template(303, Fields).Template(304, Fields).Build()], 0),
        (DecodeFault.ReservedSet, [V9().Set(99, Flow).Build()], 0),
        (DecodeFault.BadRecord, [Ipfix().Template(300, (94, 65_535), (1, 4)).Data(300, [200, 1, 2, 3, 4, 5]).Build()], 0),
        (DecodeFault.BadList, [Ipfix().Template(300, (291, 65_535), (1, 4)).Data(300, [2, 9, 9, 0, 0, 0, 1]).Build()], 1),
        (DecodeFault.MissingListTemplate, [Ipfix().Template(300, (292, 65_535), (1, 4)).Data(300, [7, 3, 3, 231, 1, 2, 3, 4, 0, 0, 0, 1]).Build()], 1),
        (DecodeFault.BadSample, [new SFlowBuilder().Sample(1, [0, 0, 0, 1]).Build()], 0),
        (DecodeFault.UnknownFormat, [new SFlowBuilder().Sample(999, new byte[8]).Build()], 0),
        (DecodeFault.BadSampledHeader, [new SFlowBuilder().Flow(new SampleHeader(), SFlowBuilder.SampledHeader(1, PacketBuilder.Ethernet(0x800, [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6]))).Build()], 1),
        (DecodeFault.OptionsLimit, [SamplersBeyondTheLimit()], 0),
        (DecodeFault.NotAllowed, [V9().Data(999, Flow).Build()], 0),
        (DecodeFault.SourceLimit, [V9().Data(999, Flow).Build()], 0),
        (DecodeFault.OtherProtocol, [V9().Template(300, Fields).Data(300, Flow).Build()], 0),
    ];

    [Fact]
    public void EveryFault_HasAWayToCauseIt() =>
        Assert.Equal(Enum.GetValues<DecodeFault>().Where(f => f != DecodeFault.None).Order(), Injections.Select(i => i.Fault).Order());

    [Fact]
    public void EveryFault_InjectedByNumber_IsReadBackAndTheEquationsClose()
    {
        int times = 1;
        foreach ((DecodeFault fault, byte[][] datagrams, int records) in Injections.Where(i => i.Fault is not (DecodeFault.NotAllowed or DecodeFault.SourceLimit)))
        {
            times = (times % 5) + 1;
            FlowProtocols protocols = fault == DecodeFault.OtherProtocol ? FlowProtocols.SFlow : FlowProtocols.All;
            using var rig = new PipelineRig(1, options: new CollectorOptions { MaxTemplatesPerDomain = 4, Protocols = protocols });
            for (int i = 0; i < times; i++)
            {
                // Each time another source, so that what one leaves behind does not change the next.
                Process(rig, datagrams, IpAddress.FromIPv4(0xC633_6401u + (uint)i));
            }

            rig.Finish(1);
            LedgerSnapshot ledger = LedgerSnapshot.Take(rig.Parts, null);
            long counted = ledger.Sources.SelectMany(s => s.DatagramLosses.Concat(s.PartLosses)).Where(l => l.Name == PeerFaultWatch.NameOf(fault)).Sum(l => l.Count);
            Assert.True(counted == times, $"{fault}: {counted}, expected {times}");
            Assert.Equal((fault, times * datagrams.Length), (fault, (int)ledger.Sources.Sum(s => s.Datagrams)));
            Assert.Equal((fault, times * records), (fault, (int)ledger.Sources.Sum(s => s.Records)));
            AssertCloses(ledger);
        }
    }

    [Fact]
    public void SourcesBeyondTheLimit_AreCountedUnderOtherWithoutASequence()
    {
        using var rig = new PipelineRig(1, options: new CollectorOptions { MaxSources = 2 });
        for (uint i = 0; i < 7; i++)
        {
            Process(rig, [V9().Template(300, Fields).Data(300, Flow).Build()], IpAddress.FromIPv4(0xC633_6401u + i));
        }

        rig.Finish(1);
        LedgerSnapshot ledger = LedgerSnapshot.Take(rig.Parts, null);
        SourceLedger other = Assert.Single(ledger.Sources, s => s.IsOther);
        Assert.Equal((5L, 5L, 5L), (other.Datagrams, other.Records, other.PartLosses.Single(l => l.Name == "source limit").Count));
        Assert.Contains("sequence lost unknown", rig.Ledger.ToString());
        AssertCloses(ledger);
    }

    [Fact]
    public void GapsAndMissingTemplates_StandInTheLines()
    {
        using var rig = new PipelineRig(1);
        IpAddress source = IpAddress.Parse("192.0.2.7");
        foreach (uint sequence in (uint[])[1, 2, 5])
        {
            Process(rig, [new ExportMessageBuilder(9) { Sequence = sequence }.Template(300, Fields).Data(300, Flow).Build()], source);
        }

        foreach (uint sequence in (uint[])[10, 15])
        {
            Process(rig, [new ExportMessageBuilder(10) { Sequence = sequence }.Data(999, Flow).Build()], source);
        }

        string running = rig.Ledger.ToString();
        Assert.Contains("sequence lost 0 datagrams, awaited 2", running);
        Assert.Contains("sequence lost 0 and unknown 1 times, lost or undecoded 5 records", running);
        Assert.Contains("templates not announced: 999 for 0 s (2 sets)", running);
        rig.Finish(1);
        Assert.Contains("sequence lost 2 datagrams, awaited 0", rig.Ledger.ToString());
        AssertCloses(LedgerSnapshot.Take(rig.Parts, null));
    }

    internal static void AssertCloses(LedgerSnapshot ledger)
    {
        Assert.All(ledger.Sources, s => Assert.Equal(s.Datagrams, s.DecodedDatagrams + s.DatagramLosses.Sum(l => l.Count)));
        long decoded = ledger.Sources.Sum(s => s.Records + s.ReverseRecords + s.AccountedOptionsRecords);
        Assert.All(ledger.Outputs, o =>
        {
            Assert.Equal(decoded, o.Offered);
            Assert.Equal(o.Offered + o.Duplicated, o.Entered.Records + o.Refused.Records);
            Assert.Equal(o.Entered, o.Losses.Aggregate(o.Open + o.Pending + o.Queued + o.Published, (sum, l) => sum + l.Amount));
        });
    }

    private static void Process(PipelineRig rig, byte[][] datagrams, IpAddress source)
    {
        FlowWorker worker = rig.Parts.Workers[0];
        foreach (byte[] payload in datagrams)
        {
            worker.Process(new Datagram { Payload = payload, Source = source, SourcePort = 50_000, ArrivalTime = WorkerRig.Start * 1_000_000, Number = worker.Datagrams });
        }

        worker.Flush();
    }

    private static byte[] SamplersBeyondTheLimit()
    {
        byte[][] samplers = [.. Enumerable.Range(1, 4_097).Select(i => new WireWriter().U32((uint)i, 10).ToArray())];
        return Ipfix().OptionsTemplate(400, [(149, 0)], (302, 4), (34, 4)).Data(400, samplers).Build();
    }

    private static NetFlow5Record V5() => new(IpAddress.FromIPv4(0x0A00_0003), IpAddress.FromIPv4(0x0A00_0004), 17, 1, 2);

    private static ExportMessageBuilder V9() => ExportMessageBuilder.NetFlow9();

    private static ExportMessageBuilder Ipfix() => ExportMessageBuilder.Ipfix();
}
