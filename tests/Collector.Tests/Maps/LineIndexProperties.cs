using Collector.Flows;
using Collector.Maps;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Maps;

/// <summary>The index answers what going through the lines from the top answers.</summary>
public sealed class LineIndexProperties
{
    private static readonly (string Key, string[] Values)[] Choices =
    [
        ("in", ["0", "1", "2", "-1"]),
        ("out", ["1", "-2"]),
        ("src_as", ["65001", "65002", "-65001"]),
        ("src_net", ["10.0.0.0/8", "10.1.0.0/16", "10.1.1.1", "0.0.0.0/0", "2001:db8::/32", "-10.1.0.0/16"]),
        ("dst_port", ["53", "443"]),
        ("flowset_id", ["256", "-256"]),
        ("src_mac", ["00:00:00:00:00:01"]),
        ("filter", ["tcp", "udp port 53"]),
    ];

    [Fact]
    public void Find_AnyMapAnyRecordAnyStart_IsTheFirstLineThatHolds()
    {
        var random = new Random(20_261_126);
        int hits = 0;
        for (int round = 0; round < 300; round++)
        {
            List<IReadOnlyList<MatchCondition>> lines = [.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => Line(random))];
            var index = new LineIndex(lines);
            for (int i = 0; i < 50; i++)
            {
                FlowRecord record = Record(random);
                BgpMatchValues bgp = default;
                int from = random.Next(0, lines.Count + 1);
                int expected = LineIndex.None;
                for (int line = from; line < lines.Count && expected == LineIndex.None; line++)
                {
                    bool holds = true;
                    foreach (MatchCondition condition in lines[line])
                    {
                        holds &= condition.Holds(new MatchInput(in record, in bgp, null));
                    }

                    expected = holds ? line : expected;
                }

                Assert.Equal(expected, index.Find(new MatchInput(in record, in bgp, null), from));
                hits += expected != LineIndex.None ? 1 : 0;
            }
        }

        Assert.InRange(hits, 3_000, 14_000);
    }

    [Fact]
    public void FindAll_AnyMapAnyRecords_IsWhatFindSaysOfEach()
    {
        var random = new Random(20_261_127);
        string[] exporters = ["192.0.2.1", "192.0.2.2", "2001:db8::1"];
        int hits = 0;
        for (int round = 0; round < 300; round++)
        {
            List<IReadOnlyList<MatchCondition>> lines = [.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => (IReadOnlyList<MatchCondition>)
                (random.Next(2) == 0 ? Line(random) : [Condition("ip", exporters[random.Next(3)]), .. Line(random)]))];
            var index = new LineIndex(lines);
            FlowRecord[] records = [.. Enumerable.Range(0, random.Next(0, 50)).Select(_ =>
            {
                FlowRecord record = Record(random);
                record.ExporterAddress = IpAddress.Parse(exporters[random.Next(3)]);
                return record;
            })];
            int[] found = new int[records.Length];
            index.FindAll(records, null, found);
            for (int i = 0; i < records.Length; i++)
            {
                BgpMatchValues bgp = default;
                Assert.Equal(index.Find(new MatchInput(in records[i], in bgp, null), 0), found[i]);
                hits += found[i] != LineIndex.None ? 1 : 0;
            }
        }

        Assert.InRange(hits, 2_000, 7_400);
    }

    [Fact]
    public void HundredThousandExactLines_AreOneShape()
    {
        var index = new LineIndex([.. Enumerable.Range(0, 100_000).Select(i => (IReadOnlyList<MatchCondition>)
            [Condition("ip", IpAddress.FromIPv4((uint)(0x0A00_0000 + (i / 100))).ToString()), Condition("in", $"{i % 100}")])]);
        Assert.Equal(1, index.Shapes);
        BgpMatchValues bgp = default;
        for (int i = 0; i < 100_000; i += 997)
        {
            var record = new FlowRecord { ExporterAddress = IpAddress.FromIPv4((uint)(0x0A00_0000 + (i / 100))), IngressInterface = (uint)(i % 100) };
            Assert.Equal(i, index.Find(new MatchInput(in record, in bgp, null), 0));
        }
    }

    private static MatchCondition Condition(string key, string value) => MatchKeys.PreTag[key](value, out _)!.Value;

    private static MatchCondition[] Line(Random random) =>
        [.. Choices.Where(_ => random.Next(4) == 0).Select(c => Condition(c.Key, c.Values[random.Next(c.Values.Length)]))];

    private static FlowRecord Record(Random random) => new()
    {
        ExportVersion = (ushort)(random.Next(2) == 0 ? 5 : 9),
        Family = FlowFamily.IPv4,
        SourceAddress = IpAddress.Parse(new[] { "10.0.0.1", "10.1.2.3", "10.1.1.1", "192.0.2.1", "2001:db8::1" }[random.Next(5)]),
        IngressInterface = (uint)random.Next(3),
        EgressInterface = (uint)random.Next(3),
        SourceAs = (uint)(65_000 + random.Next(3)),
        DestinationPort = (ushort)(random.Next(2) == 0 ? 53 : 443),
        Protocol = (byte)(random.Next(2) == 0 ? 6 : 17),
        TemplateId = (ushort)(256 + random.Next(2)),
    };
}
