using Collector.Flows.Sequences;
using Collector.Net;
using Collector.Testing;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Sequences;

/// <summary>Losses on the way here, told by each protocol's own numbers (quirks.md §4h).</summary>
public sealed class SequenceArithmeticTests
{
    private const ushort A = 1001, B = 1002;

    private static readonly byte[] Eight = new WireWriter().U32(1000, 2000).ToArray();

    /// <summary>v5 counts flows, v9 export packets, IPFIX data records: what three datagrams of two records each advance.</summary>
    public static TheoryData<int, uint> Steps => new() { { 5, 2 }, { 9, 1 }, { 10, 2 } };

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_FirstPacket_IsNoLoss_AndWhatFollowsNeither(int version, uint step)
    {
        DecoderRun run = Known(version);
        Feed(run, version, 1_000_000, 1_000_000 + step, 1_000_000 + (2 * step));
        AssertCounters(run, version);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_Gap_IsAwaitedFirst_AndLostInTheEnd(int version, uint step)
    {
        DecoderRun run = Known(version);
        Feed(run, version, 0, 4 * step);
        AssertCounters(run, version, awaited: 3 * step);
        run.Decoder.Finish();
        AssertCounters(run, version, lost: 3 * step);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_Gap_IsLostAfterThirtyTwoDatagrams(int version, uint step)
    {
        DecoderRun run = Known(version);
        Feed(run, version, [0, .. Enumerable.Range(4, 34).Select(i => (uint)i * step)]);
        AssertCounters(run, version, lost: 3 * step);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_Gap_IsLostAfterTwoSeconds(int version, uint step)
    {
        DecoderRun run = Known(version);
        Feed(run, version, 0, 2 * step);
        run.Feed(Message(version, 3 * step), time: DecoderRun.Arrival + 2_000_000);
        AssertCounters(run, version, lost: step);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void H4_ReorderByOneToThree_IsCorrected(int by)
    {
        foreach ((int version, uint step) in new[] { (5, 2u), (9, 1u), (10, 2u) })
        {
            List<uint> order = [.. Enumerable.Range(0, 20).Select(i => (uint)i * step)];
            uint late = order[8];
            order.RemoveAt(8);
            order.Insert(8 + by, late);
            DecoderRun run = Known(version);
            Feed(run, version, [.. order]);
            AssertCounters(run, version, reordered: 1);
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_PartOfAGapThatComesLate_IsTakenOffTheLoss(int version, uint step)
    {
        DecoderRun run = Known(version);
        Feed(run, version, 0, 6 * step, 3 * step, 7 * step, 2 * step);
        AssertCounters(run, version, awaited: 3 * step, reordered: 2);
        run.Decoder.Finish();
        AssertCounters(run, version, lost: 3 * step, reordered: 2);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_Duplicates_AreCountedAndNoLoss(int version, uint step)
    {
        DecoderRun run = Known(version);
        Feed(run, version, 0, step, step, 2 * step, 0, 3 * step);
        AssertCounters(run, version, duplicates: 2);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_Wrap_IsNoLoss_AndAGapAcrossItIsRight(int version, uint step)
    {
        DecoderRun run = Known(version);
        uint first = uint.MaxValue - (2 * step) + 1;
        Feed(run, version, first, first + step, first + (2 * step), first + (4 * step));
        run.Decoder.Finish();
        AssertCounters(run, version, lost: step);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(9)]
    public void T9_UptimeAndSequenceFall_IsARestartAndNoLoss(int version)
    {
        DecoderRun run = Known(version);
        uint step = version == 5 ? 2u : 1u;
        Feed(run, version, 500_000, 500_000 + step);
        run.Feed(Message(version, 0, uptime: 3_000)).Feed(Message(version, step, uptime: 4_000));
        AssertCounters(run, version, restarts: 1);
    }

    [Fact]
    public void T9_UptimeFallsAndSequenceJumpsAhead_IsARestartAndNoLoss()
    {
        DecoderRun run = Known(9).Feed(Message(9, 10)).Feed(Message(9, 11)).Feed(Message(9, 200_000, uptime: 3_000)).Feed(Message(9, 200_001, uptime: 4_000));
        AssertCounters(run, 9, restarts: 1);
    }

    [Fact]
    public void T9_IpfixSequenceFallsWithALaterExportTime_IsARestart()
    {
        DecoderRun run = Known(10);
        Feed(run, 10, 4_000, 4_002);
        run.Feed(Message(10, 0, seconds: 1_700_000_030)).Feed(Message(10, 2, seconds: 1_700_000_030));
        AssertCounters(run, 10, restarts: 1);
    }

    [Fact]
    public void T9_UptimeThatWraps_IsNoRestart()
    {
        DecoderRun run = Known(9).Feed(Message(9, 1, uptime: uint.MaxValue - 5_000), time: DecoderRun.Arrival);
        run.Feed(Message(9, 3, uptime: 15_000), time: DecoderRun.Arrival + 20_000_000);
        run.Decoder.Finish();
        AssertCounters(run, 9, lost: 1);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_JumpBeyondAnyLoss_IsARestartWhoseLossIsUnknown(int version, uint step)
    {
        DecoderRun run = Known(version);
        Feed(run, version, 0, step, 1_000_000_000, 1_000_000_000 + step);
        AssertCounters(run, version, restarts: 1, unknown: 1);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_TwoExportersBehindOneAddress_AreFollowedByPort(int version, uint step)
    {
        DecoderRun run = Known(version);
        for (uint i = 0; i < 40; i++)
        {
            run.Feed(Message(version, 5_000_000 + (i * step)), port: A);
            run.Feed(Message(version, i * step), port: B);
        }

        AssertCounters(run, version);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void H4_TwoPortsOfOneExporter_ShareASequence(int version, uint step)
    {
        DecoderRun run = Known(version);
        for (uint i = 0; i < 40; i++)
        {
            run.Feed(Message(version, 7_000 + (i * step)), port: i % 3 == 0 ? A : B);
        }

        AssertCounters(run, version);
    }

    [Fact]
    public void H4_ManyPorts_KeepConstantState()
    {
        DecoderRun run = Known(9);
        for (uint i = 0; i < 5_000; i++)
        {
            run.Feed(Message(9, i), port: (ushort)(10_000 + (i * 7)));
        }

        AssertCounters(run, 9);
        byte[] datagram = Message(9, 1_000);
        ushort port = 0;
        Assert.Equal(0, Allocation.OfSteadyState(() => run.FeedOnly(datagram, port += 13)));
    }

    [Fact]
    public void H4_NetFlow9SenderThatCountsFlows_IsFoundOut()
    {
        DecoderRun run = Known(9);
        uint sequence = 0;
        foreach (int records in (int[])[2, 3, 2, 5, 2, 2, 4, 1, 2])
        {
            run.Feed(Message(9, sequence, records));
            sequence += (uint)records;
        }

        Assert.Equal(SequenceUnit.Records, run.Counters(9).Sequence.OtherUnit);
        run.Feed(Message(9, sequence + 7));
        run.Decoder.Finish();
        AssertCounters(run, 9, lost: 7);
    }

    [Fact]
    public void H4_NetFlow9LossAsLargeAsTheRecords_IsCountedAfterAll()
    {
        // Two records and one packet lost look like a sender that counts flows, until the next packet tells otherwise.
        DecoderRun run = Known(9);
        Feed(run, 9, 10, 12);
        AssertCounters(run, 9, awaited: 1);
        Feed(run, 9, 13, 14);
        AssertCounters(run, 9, lost: 1);
        Assert.Null(run.Counters(9).Sequence.OtherUnit);
    }

    [Fact]
    public void H4_IpfixSenderThatCountsMessages_IsFoundOut()
    {
        DecoderRun run = Known(10);
        Feed(run, 10, 1, 2, 3, 4, 5, 6, 9);
        Assert.Equal(SequenceUnit.Datagrams, run.Counters(10).Sequence.OtherUnit);
        run.Decoder.Finish();
        AssertCounters(run, 10, lost: 2);
    }

    [Fact]
    public void H4_SequenceThatStandsStill_TellsNothing()
    {
        DecoderRun run = Known(9);
        for (uint i = 0; i < 10; i++)
        {
            run.Feed(Message(9, 0, uptime: 1_000_000 + (i * 500)));
        }

        Assert.Equal(SequenceUnit.None, run.Counters(9).Sequence.OtherUnit);
        AssertCounters(run, 9);
    }

    [Fact]
    public void H4_IpfixOptionsRecords_CountLikeData()
    {
        byte[] options = new ExportMessageBuilder(10) { Sequence = 100 }.OptionsTemplate(400, [(149, 4)], (34, 4)).Build();
        var run = Known(10).Feed(options);
        byte[] first = new ExportMessageBuilder(10) { Sequence = 100 }.Data(400, Eight).Data(Wire.Template, Eight, Eight).Build();
        run.Feed(first).Feed(Message(10, 103));
        AssertCounters(run, 10);
    }

    [Fact]
    public void H4_IpfixAfterAMissingTemplate_LossIsUnknownAndNot0()
    {
        DecoderRun run = Known(10).Feed(new ExportMessageBuilder(10) { Sequence = 100 }.Data(999, Eight, Eight, Eight).Data(Wire.Template, Eight).Build());
        run.Feed(Message(10, 104)).Feed(Message(10, 106));
        AssertCounters(run, 10, unknown: 1, undecoded: 3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void H4_IpfixSetThatIsHeldAndReplayedInItsMessage_IsKnown(int holdSeconds)
    {
        var run = new DecoderRun(new DecoderOptions { HoldSeconds = holdSeconds });
        run.Feed(new ExportMessageBuilder(10) { Sequence = 100 }.Data(Wire.Template, Eight, Eight).Template(Wire.Template, (1, 4), (2, 4)).Data(Wire.Template, Eight).Build());
        run.Feed(Message(10, 103));
        AssertCounters(run, 10, unknown: holdSeconds == 0 ? 1 : 0, undecoded: holdSeconds == 0 ? 2 : 0);
    }

    [Fact]
    public void H4_TemplatesOnly_AdvanceNetFlow9AndNotIpfix()
    {
        var run = new DecoderRun();
        for (uint i = 0; i < 4; i++)
        {
            run.Feed(new ExportMessageBuilder(9) { Sequence = i }.Template(Wire.Template, (1, 4), (2, 4)).Build());
            run.Feed(new ExportMessageBuilder(10) { Sequence = 50 }.Template(Wire.Template, (1, 4), (2, 4)).Build());
        }

        run.Feed(Message(9, 4)).Feed(Message(10, 50)).Feed(Message(10, 52));
        AssertCounters(run, 9);
        AssertCounters(run, 10);
    }

    [Fact]
    public void H4_DomainsAndEngines_AreFollowedApart()
    {
        var run = new DecoderRun();
        for (uint i = 0; i < 10; i++)
        {
            run.Feed(new ExportMessageBuilder(9) { Domain = 1, Sequence = 100 + i }.Data(999, Eight).Build());
            run.Feed(new ExportMessageBuilder(9) { Domain = 2, Sequence = i }.Data(999, Eight).Build());
            run.Feed(V5(i * 2, 2, 1_000_000, engine: 1)).Feed(V5(7_000 + (i * 2), 2, 1_000_000, engine: 2));
        }

        Assert.All(run.Decoder.Sources.Snapshot.ToArray(), c => Assert.Equal((0, 0, 0), (c.Sequence.Lost, c.Sequence.Awaited, c.Sequence.Restarts)));
    }

    [Fact]
    public void H4_SourcesBeyondTheLimit_AreNotFollowed()
    {
        var run = new DecoderRun(new DecoderOptions { MaxSources = 1 });
        run.Feed(Message(9, 1)).Feed(Message(9, 1_000), IpAddress.Parse("192.0.2.9")).Feed(Message(9, 1), IpAddress.Parse("192.0.2.9"));
        Assert.Equal((0, 0, 0), (run.Decoder.Sources.Other.Sequence.Lost, run.Decoder.Sources.Other.Sequence.Awaited, run.Decoder.Sources.Other.Sequence.Restarts));
    }

    private static DecoderRun Known(int version)
    {
        // Announced by a datagram that comes before the sequence under test: it is a first one of its own port.
        var run = new DecoderRun();
        return version == 5 ? run : run.Feed(new ExportMessageBuilder(version) { Sequence = 3_000_000_000 }.Template(Wire.Template, (1, 4), (2, 4)).Build(), port: 999);
    }

    private static void Feed(DecoderRun run, int version, params ReadOnlySpan<uint> sequences)
    {
        foreach (uint sequence in sequences)
        {
            run.Feed(Message(version, sequence));
        }
    }

    private static byte[] Message(int version, uint sequence, int records = 2, uint uptime = 1_000_000, uint seconds = 1_700_000_000) => version == 5
        ? V5(sequence, records, uptime, 0)
        : new ExportMessageBuilder(version) { Sequence = sequence, SysUpTime = uptime, ExportSeconds = seconds }
            .Data(Wire.Template, [.. Enumerable.Repeat(Eight, records)]).Build();

    private static byte[] V5(uint sequence, int records, uint uptime, byte engine)
    {
        var builder = new NetFlow5Builder { Sequence = sequence, SysUpTime = uptime, EngineId = engine };
        for (int i = 0; i < records; i++)
        {
            builder.Record(new NetFlow5Record(IpAddress.FromIPv4(0x0A00_0003), IpAddress.FromIPv4(0x0A00_0004), 17, 1, 2));
        }

        return builder.Build();
    }

    private static void AssertCounters(
        DecoderRun run, int version, long lost = 0, long awaited = 0, long duplicates = 0, long reordered = 0, long restarts = 0, long unknown = 0, long undecoded = 0)
    {
        SequenceCounters s = run.Counters((ushort)version).Sequence;
        Assert.Equal(
            (lost, awaited, duplicates, reordered, restarts, unknown, undecoded), (s.Lost, s.Awaited, s.Duplicates, s.Reordered, s.Restarts, s.Unknown, s.LostOrUndecoded));
    }
}
