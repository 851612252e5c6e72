using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates.Plans;

/// <summary>Start, end and the time that bins (pmacct-compat §2.3), in seconds after or before the export time unless said otherwise.</summary>
public sealed class TimeTests
{
    private const long Second = 1_000_000;
    private const ulong ExportSeconds = 1_700_000_000;
    private const long Export = (long)ExportSeconds * Second;
    private const ulong NtpSeconds = ExportSeconds + 2_208_988_800;

    [Theory]
    [InlineData(990_000, -10)]
    [InlineData(990_500, -9)]
    [InlineData(1_000_160, 0)]
    [InlineData(1_060_000, 60)]
    public void NetFlow9Uptime_IsASignedDifferenceInWholeSeconds(ulong uptime, int seconds)
    {
        FlowRecord r = Wire.Decode(9, [((22, 4), uptime), ((21, 4), uptime), ((1, 4), 1)]);
        Assert.Equal((Export + (seconds * Second), Export + (seconds * Second), Export + (seconds * Second)), (r.StartTime, r.EndTime, r.BinTime));
    }

    // pmacct-compat §2.3: the switch counts milliseconds as seconds, for bins only.
    [Fact]
    public void NetFlow9UptimeInSeconds_MovesTheBinOnly()
    {
        FlowRecord r = Wire.Decode(9, [((22, 4), 997_800), ((1, 4), 1)], new DecoderOptions { UptimesInSeconds = true });
        Assert.Equal((Export - (2 * Second), Export - (2_200 * Second)), (r.StartTime, r.BinTime));
    }

    [Fact]
    public void D1_UptimeBeforeItWrapped_IsShortlyBefore()
    {
        FieldSpecifier[] fields = [(22, 4), (1, 4)];
        var message = new ExportMessageBuilder(9) { SysUpTime = 0x100 };
        FlowRecord r = Wire.Decode(message.Template(Wire.Template, fields).Data(Wire.Template, Wire.Record(fields, 0xFFFF_F000, 1)));
        Assert.Equal(Export - (4 * Second), r.StartTime);
    }

    [Fact]
    public void P11_UptimeOfEightBytes_UsesTheLowFour() =>
        Assert.Equal(Export - (10 * Second), Wire.Decode(9, [((22, 8), 990_000), ((1, 4), 1)]).StartTime);

    // Juniper MX by 160 ms, Cisco by up to 100 s.
    [Theory]
    [InlineData(160, 0)]
    [InlineData(100_000, 100)]
    public void D2_UptimeAfterTheHeaders_IsInTheFuture_NotDaysBack(ulong ahead, int seconds) =>
        Assert.Equal(Export + (seconds * Second), Wire.Decode(9, [((22, 4), 1_000_000 + ahead), ((1, 4), 1)]).StartTime);

    [Theory]
    [InlineData(false, 939)]
    [InlineData(true, 1000)]
    public void D3_EndBeforeStart_IsCounted_AndMovedOnRequest(bool order, int milliseconds)
    {
        (FieldSpecifier Field, ulong Value)[] fields = [((152, 8), (ExportSeconds * 1000) + 1000), ((153, 8), (ExportSeconds * 1000) + 939), ((1, 4), 1)];
        FieldSpecifier[] specifiers = [.. fields.Select(f => f.Field)];
        DecoderRun run = new DecoderRun(new DecoderOptions { OrderFlowTimes = order }).Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, specifiers)
            .Data(Wire.Template, Wire.Record(specifiers, [.. fields.Select(f => f.Value)])).Build());
        Assert.Equal((Export + Second, Export + (milliseconds * 1000)), (run.Records[0].StartTime, run.Records[0].EndTime));
        Assert.Equal(1, run.Counters(10).EndsBeforeStart);
    }

    // softflowd 0.9.9 sent its uptime as the time, others begin in 1970.
    [Theory]
    [InlineData(9, 1_000u, false)]
    [InlineData(9, 1_000u, true)]
    [InlineData(10, 0u, false)]
    [InlineData(10, 0u, true)]
    [InlineData(10, 4_000_000_000u, true)]
    public void D4_WrongClock_IsCounted_AndReplacedOnRequest(int version, uint seconds, bool replace)
    {
        FieldSpecifier[] fields = [(22, 4), (1, 4)];
        DecoderRun run = new DecoderRun(new DecoderOptions { ReplaceWrongClock = replace }).Feed(new ExportMessageBuilder(version) { ExportSeconds = seconds }
            .Template(Wire.Template, fields).Data(Wire.Template, Wire.Record(fields, 990_000, 1)).Build());
        long expected = replace ? DecoderRun.Arrival : seconds * Second;
        Assert.Equal((expected, expected - (version == 9 ? 10 * Second : 0)), (run.Records[0].ExportTime, run.Records[0].StartTime));
        SourceCounters counters = run.Counters((ushort)version);
        Assert.Equal((1L, (seconds * Second) - DecoderRun.Arrival), (counters.WrongClocks, counters.ClockOffset));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public void D4_WrongClockOfOldVersions_IsCounted_AndReplacedOnRequest(int version)
    {
        byte[] datagram = new NetFlow5Builder { Version = version, Seconds = 1_000 }.Record(new NetFlow5Record(IpAddress.FromIPv4(1), IpAddress.FromIPv4(2), 6, 1, 2) { First = 990_000 }).Build();
        foreach (bool replace in (bool[])[false, true])
        {
            DecoderRun run = new DecoderRun(new DecoderOptions { ReplaceWrongClock = replace }).Feed(datagram);
            Assert.Equal(((replace ? DecoderRun.Arrival : 1_000 * Second) - (10 * Second), 1L), (run.Records[0].StartTime, run.Counters((ushort)version).WrongClocks));
        }
    }

    [Fact]
    public void D4_ClockThatIsRight_IsNotCounted() => Assert.Equal(
        (0L, -5 * Second),
        new DecoderRun().Feed(new ExportMessageBuilder(9) { ExportSeconds = (uint)ExportSeconds - 5 }.Build()).Counters(9) is var c ? (c.WrongClocks, c.ClockOffset) : default);

    [Fact]
    public void D7_FlowsBeyondTheLimits_AreBinnedByArrival_AndCounted()
    {
        var options = new DecoderOptions { LateLimit = 600 * Second, FutureLimit = 60 * Second };
        DecoderRun run = new DecoderRun(options).Feed(Starts(-601, -600, 0, 60, 61, -3 * 3600));
        Assert.Equal([0, Export - (600 * Second), Export, Export + (60 * Second), 0, 0], run.Records.Select(r => r.BinTime));
        Assert.Equal((2L, 1L), (run.Counters(10).LateRecords, run.Counters(10).FutureRecords));
        run = new DecoderRun().Feed(Starts(-3 * 3600, 3 * 3600));
        Assert.Equal([Export - (10_800 * Second), Export + (10_800 * Second)], run.Records.Select(r => r.BinTime));
        Assert.Equal((0L, 0L), (run.Counters(10).LateRecords, run.Counters(10).FutureRecords));
    }

    [Fact]
    public void D7_BinByExportTime_OnRequest()
    {
        var options = new DecoderOptions { BinByExportTime = true };
        Assert.Equal([Export, Export], new DecoderRun(options).Feed(Starts(-3 * 3600, 3 * 3600)).Records.Select(r => r.BinTime));
        byte[] datagram = new NetFlow5Builder().Record(new NetFlow5Record(IpAddress.FromIPv4(1), IpAddress.FromIPv4(2), 6, 1, 2) { First = 1 }).Build();
        Assert.Equal(Export, Assert.Single(new DecoderRun(options).Feed(datagram).Records).BinTime);
    }

    [Fact]
    public void D6_IpfixUptime_CountsFromSystemInit()
    {
        ulong init = (ExportSeconds * 1000) - 500_000;
        FlowRecord r = Wire.Decode(10, [((22, 4), 490_700), ((21, 4), 499_000), ((160, 8), init), ((1, 4), 1)]);
        Assert.Equal((Export - (10 * Second), Export - Second), (r.StartTime, r.EndTime));
    }

    [Fact]
    public void IpfixUptime_TakesSystemInitOfOptions_ElseTheExportTime()
    {
        FieldSpecifier[] fields = [(22, 4), (21, 4), (1, 4)];
        byte[] data = ExportMessageBuilder.Ipfix().Template(Wire.Template, fields).Data(Wire.Template, Wire.Record(fields, 490_000, 499_000, 1)).Build();
        byte[] options = ExportMessageBuilder.Ipfix().OptionsTemplate(400, [(149, 4)], (160, 8))
            .Data(400, Wire.Record([(149, 4), (160, 8)], 0, (ExportSeconds * 1000) - 500_000)).Build();
        DecoderRun run = new DecoderRun().Feed(data).Feed(options).Feed(data);
        Assert.Equal([(Export, 0L), (Export - (10 * Second), Export - Second)], run.Records.Select(r => (r.StartTime, r.EndTime)));
    }

    [Fact]
    public void D5_EveryKindOfTime_IsRead()
    {
        Assert.Equal(Export - Second, Start(150, 4, ExportSeconds - 1));
        Assert.Equal(Export - Second, Start(150, 8, ExportSeconds - 1));
        Assert.Equal(Export + 123_000, Start(152, 8, (ExportSeconds * 1000) + 123));
        Assert.Equal(Export + 123_000, Start(323, 8, (ExportSeconds * 1000) + 123));
        Assert.Equal(Export + 500_000, Start(154, 8, (NtpSeconds << 32) | 0x8000_0000));
        Assert.Equal(Export + 250_000, Start(156, 8, (NtpSeconds << 32) | 0x4000_0000));
        Assert.Equal(Export - 1_500_000, Start(158, 4, 1_500_000));
        Assert.Equal(Export + 250_000, Wire.Decode(9, [((156, 8), (NtpSeconds << 32) | 0x4000_0000), ((1, 4), 1)]).StartTime);
    }

    [Fact]
    public void D5_MixedKinds_EachByItsOwnUnit()
    {
        FlowRecord r = Wire.Decode(10, [((150, 4), ExportSeconds - 9), ((155, 8), ((NtpSeconds - 1) << 32) | 0x8000_0000), ((1, 4), 1)]);
        Assert.Equal((Export - (9 * Second), Export - 500_000), (r.StartTime, r.EndTime));
        r = Wire.Decode(10, [((152, 8), (ExportSeconds * 1000) - 1), ((157, 8), NtpSeconds << 32), ((1, 4), 1)]);
        Assert.Equal((Export - 1_000, Export), (r.StartTime, r.EndTime));
    }

    [Fact]
    public void MicrosecondsAsPairOfSixteenBytes_AreRead()
    {
        byte[] record = new WireWriter().U64(ExportSeconds).U64(654_321).U32(1).ToArray();
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (154, 16), (1, 4)).Data(Wire.Template, record));
        Assert.Equal((Export + 654_321, Export), (r.StartTime, r.BinTime));
    }

    [Fact]
    public void C6_DeltaMicroseconds_OfOpenVSwitch()
    {
        FlowRecord r = Wire.Decode(10, [((158, 4), 2_500_000), ((159, 4), 500_000), ((1, 4), 1)]);
        Assert.Equal((Export - 2_500_000, Export - 500_000, Export - (3 * Second)), (r.StartTime, r.EndTime, r.BinTime));
    }

    [Fact]
    public void PrintedStartAndBin_PreferDifferentElements()
    {
        FlowRecord r = Wire.Decode(10, [((323, 8), ExportSeconds * 1000), ((154, 8), (NtpSeconds - 7) << 32), ((1, 4), 1)]);
        Assert.Equal((Export, Export - (7 * Second)), (r.StartTime, r.BinTime));
    }

    [Fact]
    public void NoTime_StartsAtExportAndHasNoEnd()
    {
        FlowRecord r = Wire.Decode(10, [((1, 4), 1)]);
        Assert.Equal((Export, 0L, Export, Export, DecoderRun.Arrival), (r.StartTime, r.EndTime, r.BinTime, r.ExportTime, r.ArrivalTime));
    }

    [Theory]
    [InlineData(150, 8)]
    [InlineData(152, 8)]
    [InlineData(154, 16)]
    [InlineData(160, 8)]
    [InlineData(22, 8)]
    public void AbsurdTimes_NeverOverflow(int id, int length)
    {
        byte[] record = [.. Enumerable.Repeat((byte)0xFF, length + 12)];
        FlowRecord r = Wire.Decode(ExportMessageBuilder.Ipfix().Template(Wire.Template, (id, length), (22, 4), (160, 8)).Data(Wire.Template, record));
        Assert.InRange(r.StartTime, 0, 260_000_000_000 * Second);
    }

    // A message with a flow for each start, in seconds after the export time.
    private static byte[] Starts(params int[] seconds)
    {
        FieldSpecifier[] fields = [(150, 4), (1, 4)];
        byte[][] records = [.. seconds.Select(s => Wire.Record(fields, ExportSeconds + (ulong)s, 1))];
        return ExportMessageBuilder.Ipfix().Template(Wire.Template, fields).Data(Wire.Template, records).Build();
    }

    private static long Start(int id, int length, ulong value) => Wire.Decode(10, [((id, length), value), ((1, 4), 1)]).StartTime;
}
