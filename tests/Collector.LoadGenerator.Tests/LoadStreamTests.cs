using Xunit;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Collector.LoadGenerator.Tests;

public sealed class LoadStreamTests
{
    private const int NetFlow9RecordLength = 53;

    [Fact]
    public void NetFlow9_TheLoadOfThePerformanceTargets()
    {
        var load = new CapturedLoad(new LoadOptions { Rate = 1e6, Count = 2_600, Ring = 10, Keys = 260 });
        byte[] data = load.Datagrams[1].Payload;
        Assert.Equal(1_404, data.Length);
        Assert.Equal(26, ReadUInt16BigEndian(data.AsSpan(2)));
        byte[] announcement = load.Datagrams[0].Payload;
        Assert.Equal(18, ReadUInt16BigEndian(announcement.AsSpan(26)));
        Assert.Equal((2_600L, 101L, 1L, 260), (load.Report.Records, load.Report.Datagrams, load.Report.TemplateDatagrams, load.Report.Keys));
    }

    [Fact]
    public void NetFlow5_SequenceCountsRecords() => AssertSequence(LoadProtocol.NetFlow5, 16, (payload, _) => ReadUInt16BigEndian(payload.AsSpan(2)));

    [Fact]
    public void NetFlow9_SequenceCountsDatagramsOfTemplatesToo() => AssertSequence(LoadProtocol.NetFlow9, 12, (_, _) => 1);

    [Fact]
    public void Ipfix_SequenceCountsDataRecordsOfOptionsToo() =>
        AssertSequence(LoadProtocol.Ipfix, 8, (payload, isTemplates) => isTemplates ? 1u : (uint)(payload.Length - 20) / 69);

    [Fact]
    public void SFlow_DatagramsAndSamplesAreCountedPerAgent()
    {
        AssertSequence(LoadProtocol.SFlow, 16, (_, _) => 1, first: 1);
        var load = new CapturedLoad(Small(LoadProtocol.SFlow));
        foreach (var source in load.Datagrams.GroupBy(d => d.Source))
        {
            uint samples = 0;
            foreach (byte[] payload in source.Select(d => d.Payload))
            {
                for (int at = 28; at < payload.Length; at += 8 + (int)ReadUInt32BigEndian(payload.AsSpan(at + 4)))
                {
                    Assert.Equal(++samples, ReadUInt32BigEndian(payload.AsSpan(at + 8)));
                    Assert.Equal(samples * 50, ReadUInt32BigEndian(payload.AsSpan(at + 20)));
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keys_AreCountedExactly(bool uniform)
    {
        var options = new LoadOptions { Rate = 1e6, Keys = 1_000, Ring = 60, DrawUniformly = uniform, AnnounceDatagrams = 1_000_000 };
        var partly = new CapturedLoad(options with { Count = 500 });
        Assert.Equal(FiveTuples(partly), partly.Report.Keys);
        var often = new CapturedLoad(options with { Count = 5_000 });
        Assert.Equal(FiveTuples(often), often.Report.Keys);
        Assert.InRange(often.Report.Keys, uniform ? 500 : 1_000, uniform ? 999 : 1_000);
    }

    [Fact]
    public void Prefixes_AreAsManyAsAsked()
    {
        var load = new CapturedLoad(new LoadOptions { Rate = 1e6, Keys = 5_000, Ring = 1, Prefixes = 40, Count = 5_000 });
        Assert.Equal(40, Records(load).Select(r => ReadUInt32BigEndian(r) >> 8).Distinct().Count());
    }

    [Fact]
    public void Templates_ComeFirstAndAgainAfterDatagramsAndAfterSeconds()
    {
        var options = new LoadOptions { Rate = 26, Count = 26 * 30, Ring = 1, Keys = 26 };
        Assert.Equal([0, 11, 22], Announcements(new CapturedLoad(options with { AnnounceDatagrams = 10, AnnounceSeconds = 1e6 })));
        Assert.Equal([0, 6, 12, 18, 24, 30], Announcements(new CapturedLoad(options with { AnnounceDatagrams = 1_000, AnnounceSeconds = 5 })));
    }

    [Fact]
    public void LateFlows_StartUpToTheGivenTimeBefore()
    {
        var options = new LoadOptions { Rate = 1e6, Count = 26_000, Ring = 1_000, Keys = 100 };
        Assert.Equal(0, Late(new CapturedLoad(options)));
        Assert.InRange(Late(new CapturedLoad(options with { LateShare = 0.1, LateSeconds = 600 })), 2_000, 3_000);

        static int Late(CapturedLoad load) => load.Datagrams.Where(d => ReadUInt16BigEndian(d.Payload.AsSpan(20)) == 256)
            .Sum(d => Records(d.Payload).Count(r => ReadUInt32BigEndian(d.Payload.AsSpan(4)) - ReadUInt32BigEndian(r.AsSpan(45)) > 6_000));
    }

    [Theory]
    [InlineData("--target")]
    [InlineData("--protocol mixed")]
    [InlineData("v5")]
    [InlineData("--pcap")]
    public void OptionsThatDoNotFit_AreRefusedByName(string named)
    {
        var wrong = new LoadOptions
        {
            Target = named == "--target" ? new(System.Net.IPAddress.Parse("192.0.2.1"), 2055) : new LoadOptions().Target,
            Protocol = named == "v5" ? LoadProtocol.NetFlow5 : named == "--protocol mixed" ? LoadProtocol.Mixed : LoadProtocol.NetFlow9,
            IPv6Share = named == "v5" ? 0.5 : 0,
            CaptureFile = named == "--pcap" ? "x" : null,
        };
        Assert.Contains(named, Assert.Single(wrong.Errors()), StringComparison.Ordinal);
    }

    private static LoadOptions Small(LoadProtocol protocol) => new()
    {
        Protocol = protocol,
        Sources = 3,
        Keys = 100,
        Ring = 9,
        Rate = 1_000,
        Count = 3_000,
        Sampling = 50,
        AnnounceDatagrams = 4,
    };

    /// <summary>Every sequence number is the one before plus what the datagram before counted, over announcements and the end of the ring.</summary>
    private static void AssertSequence(LoadProtocol protocol, int at, Func<byte[], bool, uint> counts, uint first = 0)
    {
        var load = new CapturedLoad(Small(protocol));
        Assert.True(load.Datagrams.Count > 36);
        foreach (var source in load.Datagrams.GroupBy(d => d.Source))
        {
            uint expected = first;
            int offset = protocol == LoadProtocol.Ipfix ? 16 : 20;
            foreach (byte[] payload in source.Select(d => d.Payload))
            {
                Assert.Equal(expected, ReadUInt32BigEndian(payload.AsSpan(at)));
                expected += counts(payload, ReadUInt16BigEndian(payload.AsSpan(offset)) < 256);
            }
        }
    }

    private static int[] Announcements(CapturedLoad load) =>
        [.. load.Datagrams.Index().Where(d => ReadUInt16BigEndian(d.Item.Payload.AsSpan(20)) == 0).Select(d => d.Index)];

    private static int FiveTuples(CapturedLoad load) => Records(load).Select(r => Convert.ToHexString(r.AsSpan(0, 8)) + Convert.ToHexString(r.AsSpan(12, 5))).Distinct().Count();

    private static IEnumerable<byte[]> Records(CapturedLoad load) =>
        load.Datagrams.Select(d => d.Payload).Where(p => ReadUInt16BigEndian(p.AsSpan(20)) == 256).SelectMany(Records);

    private static IEnumerable<byte[]> Records(byte[] payload)
    {
        for (int at = 24; at + NetFlow9RecordLength <= payload.Length; at += NetFlow9RecordLength)
        {
            yield return payload[at..(at + NetFlow9RecordLength)];
        }
    }
}
