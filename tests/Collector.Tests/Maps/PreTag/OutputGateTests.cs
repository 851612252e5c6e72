using Collector.Configuration;
using Collector.Flows;
using Collector.Maps;
using Collector.Maps.Filters;
using Collector.Maps.PreTag;
using Collector.Net;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Maps.PreTag;

public sealed class OutputGateTests
{
    private static FlowRecord[] Flows(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new FlowRecord
        {
            ExporterAddress = IpAddress.Parse("192.0.2.1"), Family = FlowFamily.IPv4, Protocol = (byte)(i % 2 == 0 ? 6 : 17), DestinationPort = (ushort)(i % 3), Packets = 2, Octets = 100,
        }),
    ];

    private static FilterExpression Filter(string text) => FilterExpression.TryParse(text, out FilterExpression? filter, out _) ? filter : throw new FormatException(text);

    [Fact]
    public void Filter_CountsWhatItKeepsOut()
    {
        var gate = new OutputGate(new OutputMaps { Filter = Filter("tcp") }, new ValueTable());
        FlowRecord[] records = Flows(9);
        Assert.Equal(5, gate.Pass(records, null).Length);
        Assert.Equal((4L, 8ul, 400ul), (gate.FilteredRecords, gate.FilteredPackets, gate.FilteredOctets));
        Assert.Equal(17, records[1].Protocol);
    }

    [Fact]
    public void AllPass_NothingIsCopied()
    {
        var gate = new OutputGate(new OutputMaps { Filter = Filter("ip") }, new ValueTable());
        FlowRecord[] records = Flows(9);
        Assert.True(gate.Pass(records, null) == records.AsSpan());
        Assert.Equal(0, gate.FilteredRecords);
    }

    [Fact]
    public void PostTag_IsForThisOutputOnly()
    {
        var gate = new OutputGate(new OutputMaps { PostTag = 7, PostTag2 = 8 }, new ValueTable());
        FlowRecord[] records = Flows(3);
        Assert.All(gate.Pass(records, null).ToArray(), r => Assert.Equal((7ul, 8ul), (r.Tag, r.Tag2)));
        Assert.All(records, r => Assert.Equal(0ul, r.Tag));
    }

    [Fact]
    public void Lists_MakeOthersOne()
    {
        string path = Path.GetTempFileName();
        MapFile<NumberList> List(string lines, Func<TextReader, Findings, NumberList> read)
        {
            File.WriteAllText(path, lines);
            var file = new MapFile<NumberList>("x", path, false, read);
            Assert.True(file.Load([]));
            return file;
        }

        var maps = new OutputMaps { Ports = List("1\n", NumberList.ReadPorts), Protocols = List("tcp\n", NumberList.ReadProtocols), Tos = List("4\n", NumberList.ReadTos) };
        File.Delete(path);
        Span<FlowRecord> passed = new OutputGate(maps, new ValueTable()).Pass(Flows(3), null);
        Assert.Equal([0, 1, 0], passed.ToArray().Select(r => (int)r.DestinationPort));
        Assert.Equal([6, 255, 6], passed.ToArray().Select(r => (int)r.Protocol));
        Assert.All(passed.ToArray(), r => Assert.Equal(255, r.Tos));
    }

    [Fact]
    public void TosAsDscp_ComesBeforeTheListAndTheKey()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "46\n");
        var list = new MapFile<NumberList>("x", path, false, NumberList.ReadTos);
        Assert.True(list.Load([]));
        File.Delete(path);
        FlowRecord[] records = [new() { Tos = 0xB8, TunnelTos = 0x29 }, new() { Tos = 0xBB }, new() { Tos = 0x28 }];
        Assert.Equal([46, 46, 10], Tos(new OutputMaps { TosAsDscp = true }));
        Assert.Equal([46, 46, 255], Tos(new OutputMaps { TosAsDscp = true, Tos = list }));
        Assert.Equal(10, new OutputGate(new OutputMaps { TosAsDscp = true }, new ValueTable()).Pass(records, null)[0].TunnelTos);
        Assert.Equal(0xB8, records[0].Tos);

        int[] Tos(OutputMaps maps) => [.. new OutputGate(maps, new ValueTable()).Pass(records, null).ToArray().Select(r => (int)r.Tos)];
    }

    [Fact]
    public void Pass_SteadyState_AllocatesNothing()
    {
        var gate = new OutputGate(new OutputMaps { Filter = Filter("tcp"), TagFilter = TagFilter.Parse("0"), LabelFilter = LabelFilter.Parse("null"), PostTag = 1 }, new ValueTable());
        FlowRecord[] records = Flows(100);
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                gate.Pass(records, null);
            }
        }));
    }
}
