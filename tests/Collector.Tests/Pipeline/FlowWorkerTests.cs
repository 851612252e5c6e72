using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.LoadGenerator;
using Collector.Pipeline;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Testing.Captures;
using Collector.Tests.Replay;
using Xunit;

namespace Collector.Tests.Pipeline;

public sealed class FlowWorkerTests
{
    private const string Conversations = "src_host,dst_host,src_port,dst_port,proto,tos,tcpflags,in_iface,out_iface,src_as,dst_as,as_path,flows";
    private const string Networks = "peer_src_ip,src_net,dst_net,src_mask,dst_mask,class";

    [Theory]
    [InlineData((int)LoadProtocol.NetFlow5, 0.0)]
    [InlineData((int)LoadProtocol.NetFlow9, 0.3)]
    [InlineData((int)LoadProtocol.Ipfix, 0.3)]
    [InlineData((int)LoadProtocol.SFlow, 0.3)]
    public void Process_SteadyState_AllocatesNothing(int protocol, double ipv6)
    {
        IReadOnlyList<CapturedPayload> load = Load((LoadProtocol)protocol, ipv6);
        using var rig = new WorkerRig([Conversations, Networks], options: new CollectorOptions { Renormalize = true });
        Play(rig.Worker, load);
        int keys = rig.Worker.Outputs[0].Keys;
        long records = rig.Worker.OfferedRecords;
        int plays = 1;
        long allocated = Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                Play(rig.Worker, load);
                plays++;
            }
        });
        Assert.Equal(0, allocated);
        Assert.True(load.Count * 10 > 2_000, $"{load.Count * 10} datagrams");
        Assert.Equal(plays * records, rig.Worker.OfferedRecords);
        Assert.Equal(keys, rig.Worker.Outputs[0].Keys);
        Assert.InRange(keys, 300, int.MaxValue);
        Assert.Empty(rig.HandOvers);
    }

    [Fact]
    public void AllowFile_OthersAreRefusedAndCounted()
    {
        string allow = Path.GetTempFileName();
        File.WriteAllText(allow, "192.0.2.1\n");
        using var rig = new PipelineRig(2, options: new CollectorOptions { Maps = new MapOptions { AllowFile = allow } });
        rig.ThirtyFlows(0, 0);
        rig.ThirtyFlows(1, 0);
        rig.ThirtyFlows(1, 0);
        Assert.Equal((30, 0), (rig.Parts.Workers[0].OfferedRecords, rig.Parts.Workers[1].OfferedRecords));
        SourceCounters refused = Assert.Single(rig.Parts.Workers[1].Refused.Snapshot.ToArray(), s => s.Datagrams > 0);
        Assert.Equal(("192.0.2.2", 2L), (refused.Source.ToString(), refused[DecodeFault.NotAllowed]));

        // A reload takes effect with the next datagram.
        File.WriteAllText(allow, "192.0.2.0/24\n");
        Assert.Empty(rig.Parts.Maps.Load());
        rig.ThirtyFlows(1, 0);
        Assert.Equal(30, rig.Parts.Workers[1].OfferedRecords);
        File.Delete(allow);
    }

    [Fact]
    public unsafe void Process_MoreKeysThanRoom_HandsTablesOverEarlyAndLosesNothing()
    {
        using var rig = new WorkerRig(["src_host", "proto"], capacity: 70);
        for (int i = 0; i < 20; i++)
        {
            rig.Process(WorkerRig.ThirtyFlows(i * 30));
        }

        rig.Worker.Finish(WorkerRig.Start * 1_000_000);

        TableHandOver[] hosts = [.. rig.HandOvers.Where(h => h.Output == 0)];
        Assert.Equal([70, 70, 70, 70, 70, 70, 70, 70, 40], hosts.Select(h => h.Table.Count));
        Assert.All(hosts[..^1], h => Assert.True(h.Early && !h.Last && h.Commit == long.MaxValue));
        Assert.True(hosts[^1] is { Early: false, Last: true });
        Assert.Equal(8, rig.Worker.Outputs[0].EarlyFlushes);
        Assert.Equal(600, hosts.Sum(h => h.Table.EnteredRecords));
        Assert.Equal(600, rig.Worker.Outputs[0].EnteredRecords);
        Assert.Equal(60_000ul, rig.Worker.Outputs[0].EnteredOctets);

        // The other output is not flushed with it.
        TableHandOver protocols = Assert.Single(rig.HandOvers, h => h.Output == 1);
        Assert.Equal(600ul, protocols.Table[0]->Packets);
    }

    [Fact]
    public void Process_MoreNamesThanTheTableOfValuesHolds_EveryPacketKeepsItsName()
    {
        const int Names = 500;
        var values = new ValueTable(maxEntries: 300);
        using var rig = new WorkerRig(["class", "class,src_host"], values: values);
        ExportMessageBuilder templates = ExportMessageBuilder.NetFlow9().OptionsTemplate(257, [(1, 4)], (95, 4), (96, 8)).Template(256, (8, 4), (95, 4), (2, 4));
        rig.Process(templates.Data(257, [.. Enumerable.Range(1, Names).Select(Application)]).Build());

        // One datagram fills several batches, so the values rotate between two records of one Set.
        byte[] flows = ExportMessageBuilder.NetFlow9().Data(256, [.. Enumerable.Range(1, Names).Select(Flow)]).Build();
        for (int i = 0; i < 4; i++)
        {
            rig.Process(flows);
        }

        rig.Worker.Finish(WorkerRig.Start * 1_000_000);

        Assert.True(values.Epoch > 4, $"rotated {values.Epoch} times");
        Assert.Equal(0, values.Refused);
        for (int output = 0; output < 2; output++)
        {
            Dictionary<string, long> packets = rig.PacketsBy(FlowField.ClassName, output);
            Assert.Equal(Enumerable.Range(1, Names).ToDictionary(i => $"app{i}", i => 4L * i), packets);
        }
    }

    [Fact]
    public void Tick_DeadlinesPassed_AnswersOnceWithTheNumberOfTheLast()
    {
        using var rig = new WorkerRig(["src_host"]);
        rig.Worker.Tick(WorkerRig.Start * 1_000_000, purge: true);
        Assert.Empty(rig.HandOvers);
        for (int i = 1; i <= 3; i++)
        {
            rig.Worker.Tick((WorkerRig.Start + (i * 60) + 1) * 1_000_000, purge: true);
            rig.Worker.Tick((WorkerRig.Start + (i * 60) + 2) * 1_000_000, purge: true);
        }

        // Five minutes of silence are one answer; the clock steps back without another.
        rig.Worker.Tick((WorkerRig.Start + 481) * 1_000_000, purge: true);
        rig.Worker.Tick((WorkerRig.Start + 100) * 1_000_000, purge: true);
        Assert.Equal([1, 2, 3, 8], rig.HandOvers.Select(h => h.Number));
    }

    private static byte[] Application(int id)
    {
        byte[] name = new byte[8];
        Encoding.ASCII.GetBytes($"app{id}", name);
        return new WireWriter().U32(0, (uint)id).Bytes(name).ToArray();
    }

    private static byte[] Flow(int id) => new WireWriter().U32(0x0A00_0001, (uint)id, (uint)id).ToArray();

    private static IReadOnlyList<CapturedPayload> Load(LoadProtocol protocol, double ipv6)
    {
        using var folder = new CaptureFolder();
        string file = Path.Combine(folder.Path, "load.pcap");
        CaptureLoad.Run(new LoadOptions
        {
            Protocol = protocol,
            IPv6Share = ipv6,
            Sources = 4,
            Keys = 400,
            Ring = 100,
            Rate = 2_000,
            Count = 8_000,
            Sampling = 10,
            AnnounceDatagrams = 20,
            CaptureFile = file,
            Start = DateTimeOffset.FromUnixTimeSeconds(WorkerRig.Start),
        });
        return PcapFile.Read(file);
    }

    private static void Play(FlowWorker worker, IReadOnlyList<CapturedPayload> load)
    {
        for (int i = 0; i < load.Count; i++)
        {
            CapturedPayload datagram = load[i];
            worker.Tick(datagram.Time, purge: true);
            worker.Process(new Datagram { Payload = datagram.Payload, Source = datagram.Source, SourcePort = datagram.SourcePort, ArrivalTime = datagram.Time, Number = worker.Datagrams });
            worker.Flush();
        }
    }
}
