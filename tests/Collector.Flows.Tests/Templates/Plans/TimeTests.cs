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

    private static long Start(int id, int length, ulong value) => Wire.Decode(10, [((id, length), value), ((1, 4), 1)]).StartTime;
}
