using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates;

/// <summary>Whose template a Set uses (DESIGN §4 "Key of a template") and what bounds them.</summary>
public sealed class TemplateTableTests
{
    private const ushort A = 1001, B = 1002;
    private const long Minute = 60_000_000;

    // The same eight bytes read in two ways.
    private static readonly byte[] Source1000Octets2000 = new WireWriter().U32(1000, 2000).ToArray();
    private static readonly byte[] OctetsFirst = Layout((1, 4), (2, 4));
    private static readonly byte[] PacketsFirst = Layout((2, 4), (1, 4));
    private static readonly byte[] Data = ExportMessageBuilder.NetFlow9().Data(Wire.Template, Source1000Octets2000).Build();

    [Fact]
    public void T1_WireOrderDecides_DataBeforeItsTemplateIsMissing()
    {
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix()
            .Data(Wire.Template, Source1000Octets2000)
            .Template(Wire.Template, (1, 4), (2, 4))
            .Data(Wire.Template, Source1000Octets2000)
            .Template(Wire.Template, (2, 4), (1, 4))
            .Data(Wire.Template, Source1000Octets2000)
            .Build());
        Assert.Equal([1000ul, 2000ul], run.Records.Select(r => r.Octets));
        Assert.Equal(1, run.Counters(10)[DecodeFault.MissingTemplate]);
    }

    [Fact]
    public void T2_TwoExportersWithTheSameIds_DoNotMix()
    {
        IpAddress other = IpAddress.Parse("192.0.2.2");
        DecoderRun run = new DecoderRun().Feed(OctetsFirst).Feed(PacketsFirst, other).Feed(Data).Feed(Data, other).Feed(Data);
        Assert.Equal([1000ul, 2000ul, 1000ul], run.Records.Select(r => r.Octets));
    }

    [Fact]
    public void T3_DomainsAndVersionsOfOneExporter_DoNotMix()
    {
        var run = new DecoderRun();
        run.Feed(OctetsFirst);
        run.Feed(new ExportMessageBuilder(9) { Domain = 7 }.Template(Wire.Template, (2, 4), (1, 4)).Build());
        run.Feed(new ExportMessageBuilder(10).Template(Wire.Template, (2, 4), (1, 4)).Build());
        run.Feed(Data);
        Assert.Equal(1000ul, Assert.Single(run.Records).Octets);
    }

    [Fact]
    public void T4_DataFromAnotherPort_UsesTheNewestOfTheSource()
    {
        DecoderRun run = new DecoderRun().Feed(OctetsFirst, port: A).Feed(Data, port: B);
        Assert.Equal(1000ul, Assert.Single(run.Records).Octets);
        Assert.Equal(0, run.Counters(9).TemplateConflicts);
    }

    [Fact]
    public void T5_TwoExportersBehindOneAddress_AreKeptApartAndCounted()
    {
        DecoderRun run = new DecoderRun().Feed(OctetsFirst, port: A).Feed(PacketsFirst, port: B).Feed(Data, port: A).Feed(Data, port: B).Feed(Data, port: A);
        Assert.Equal([1000ul, 2000ul, 1000ul], run.Records.Select(r => r.Octets));
        Assert.Equal(1, run.Counters(9).TemplateConflicts);
    }

    [Fact]
    public void T4_RestartOnANewPort_IsARedefinitionAndNoConflict()
    {
        DecoderRun run = new DecoderRun().Feed(OctetsFirst, port: A).Feed(PacketsFirst, port: B).Feed(Data, port: B);
        Assert.Equal(2000ul, Assert.Single(run.Records).Octets);
        Assert.Equal((0L, 1L), (run.Counters(9).TemplateConflicts, run.Counters(9).TemplateRedefinitions));
    }

    [Fact]
    public void T8_OlderPort_EndsAfterTheLifetimeAndIsCounted()
    {
        var run = new DecoderRun(new DecoderOptions { TemplateLifetime = 600 });
        run.Feed(OctetsFirst, port: A, time: 0).Feed(PacketsFirst, port: B, time: 5 * Minute).Feed(Data, port: A, time: 20 * Minute);
        Assert.Equal(2000ul, Assert.Single(run.Records).Octets);
        run.Feed(OctetsFirst, port: 1003, time: 21 * Minute);
        Assert.Equal(1, run.Counters(9).TemplatesExpired);
    }

    [Fact]
    public void T8_NewestTemplate_StaysHoweverOld()
    {
        var run = new DecoderRun(new DecoderOptions { TemplateLifetime = 600 });
        Assert.Single(run.Feed(OctetsFirst, time: 0).Feed(Data, time: 600 * Minute).Records);
    }

    [Fact]
    public void T6_NewLayout_HoldsAtOnce()
    {
        DecoderRun run = new DecoderRun().Feed(OctetsFirst).Feed(Data).Feed(PacketsFirst).Feed(Data).Feed(PacketsFirst).Feed(Data);
        Assert.Equal([1000ul, 2000ul, 2000ul], run.Records.Select(r => r.Octets));
        Assert.Equal(1, run.Counters(9).TemplateRedefinitions);
    }

    [Fact]
    public void T6_Change_IsSeenWithItsTime_AndDataOfTheOldLayoutInNewOneIsFlagged()
    {
        // The old layout has eight bytes a record, the new one five: three records of the old one leave bytes behind.
        byte[] longer = ExportMessageBuilder.NetFlow9().Data(Wire.Template, Source1000Octets2000, Source1000Octets2000, Source1000Octets2000).Build();
        var run = new DecoderRun();
        run.Feed(OctetsFirst, time: 0).Feed(Data, time: 1);
        Assert.Equal(0, run.Counters(9).TemplatesChanged);
        run.Feed(Layout((1, 4), (4, 1)), time: 7 * Minute).Feed(longer, time: 7 * Minute);
        Assert.Equal((7 * Minute, 1L), (run.Counters(9).TemplatesChanged, run.Counters(9)[DecodeFault.SuspectTemplate]));
    }

    [Theory]
    [InlineData(300, false)]
    [InlineData(2, false)]
    [InlineData(400, true)]
    [InlineData(3, true)]
    public void F4_Withdrawal_RemovesTheTemplate(int withdrawn, bool isOptions)
    {
        byte[] withdrawal = ExportMessageBuilder.Ipfix().Set(isOptions ? 3 : 2, new WireWriter().U16(withdrawn).U16(0).ToArray()).Build();
        byte[] data = ExportMessageBuilder.Ipfix().Data(Wire.Template, Source1000Octets2000).Build(), options = ExportMessageBuilder.Ipfix().Data(400, Source1000Octets2000).Build();
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (1, 4), (2, 4)).OptionsTemplate(400, [(149, 4)], (34, 4)).Build())
            .Feed(data).Feed(options).Feed(withdrawal).Feed(data).Feed(options);
        Assert.Equal((isOptions ? 2 : 1, isOptions ? 1L : 2L), (run.Records.Count, run.Counters(10).OptionsRecords));
        Assert.Equal(1, run.Counters(10)[DecodeFault.MissingTemplate]);
        Assert.Equal((0L, 1L), (run.Counters(10)[DecodeFault.BadTemplate], run.Counters(10).TemplateWithdrawals));
    }

    [Fact]
    public void F4_NetFlow9TemplateWithoutFields_IsABadTemplateAndWithdrawsNothing()
    {
        DecoderRun run = new DecoderRun().Feed(OctetsFirst).Feed(ExportMessageBuilder.NetFlow9().Set(0, new WireWriter().U16(Wire.Template).U16(0).ToArray()).Build()).Feed(Data);
        Assert.Single(run.Records);
        Assert.Equal((1L, 0L), (run.Counters(9)[DecodeFault.BadTemplate], run.Counters(9).TemplateWithdrawals));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void P5_PaddingNotZeroAfterAChange_IsFlagged(int padding)
    {
        byte[] data = PaddedWithASeven(padding);
        var run = new DecoderRun(new DecoderOptions { TemplateLifetime = 600 });
        run.Feed(PacketsFirst, time: 0).Feed(data, time: Minute);
        Assert.Equal((1, 0L), (run.Records.Count, run.Counters(9)[DecodeFault.SuspectTemplate]));
        run.Feed(OctetsFirst, time: 2 * Minute).Feed(data, time: 3 * Minute).Feed(Data, time: 3 * Minute);
        Assert.Equal((3, 1L), (run.Records.Count, run.Counters(9)[DecodeFault.SuspectTemplate]));

        // A layout that has held for the lifetime is beyond doubt: the exporter just pads so.
        run.Feed(data, time: 13 * Minute);
        Assert.Equal((4, 1L), (run.Records.Count, run.Counters(9)[DecodeFault.SuspectTemplate]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void P5_PaddingNotZero_IsDiscardedOnRequest_WhetherTheTemplateChangedOrNot(int padding)
    {
        byte[] data = PaddedWithASeven(padding);
        var run = new DecoderRun(new DecoderOptions { DiscardSuspectSets = true, TemplateLifetime = 600 });
        run.Feed(PacketsFirst, time: 0).Feed(data, time: Minute);
        run.Feed(OctetsFirst, time: 2 * Minute).Feed(data, time: 3 * Minute).Feed(Data, time: 3 * Minute).Feed(data, time: 13 * Minute);
        Assert.Equal((1, 3L), (run.Records.Count, run.Counters(9)[DecodeFault.SuspectTemplate]));
    }

    [Fact]
    public void F10_DomainLimit_TheOldestGivesWay()
    {
        var run = new DecoderRun(new DecoderOptions { MaxTemplatesPerDomain = 2 });
        run.Feed(Layout(256, (1, 4), (2, 4))).Feed(Layout(257, (1, 4), (2, 4))).Feed(Layout(256, (1, 4), (2, 4))).Feed(Layout(258, (1, 4), (2, 4)));
        foreach (int id in (int[])[256, 257, 258])
        {
            run.Feed(ExportMessageBuilder.NetFlow9().Data(id, Source1000Octets2000).Build());
        }

        Assert.Equal([256, 258], run.Records.Select(r => (int)r.TemplateId));
        Assert.Equal((1L, 1L), (run.Counters(9)[DecodeFault.TemplateLimit], run.Counters(9)[DecodeFault.MissingTemplate]));
    }

    [Fact]
    public void F10_WorkerLimit_TheOldestOfTheSameSourceGivesWay()
    {
        var run = new DecoderRun(new DecoderOptions { MaxTemplates = 3 });
        IpAddress flooder = IpAddress.Parse("192.0.2.66");
        run.Feed(OctetsFirst);
        for (uint domain = 0; domain < 100; domain++)
        {
            run.Feed(new ExportMessageBuilder(9) { Domain = domain }.Template(Wire.Template, (1, 4), (2, 4)).Build(), flooder);
        }

        Assert.Single(run.Feed(Data).Records);
        Assert.Equal(98, Enumerable.Range(0, 100).Sum(d => run.Decoder.Sources[flooder, 9, (uint)d, false][DecodeFault.TemplateLimit]));
    }

    [Fact]
    public void SourcesBeyondTheLimit_AreDecodedWithoutMixing()
    {
        var run = new DecoderRun(new DecoderOptions { MaxSources = 2 });
        IpAddress[] sources = [.. Enumerable.Range(1, 5).Select(i => IpAddress.FromIPv4(0x0A000000 + (uint)i))];
        foreach (IpAddress source in sources)
        {
            run.Feed(ExportMessageBuilder.NetFlow9().Template(Wire.Template, (1, 4), (2, 4)).Data(Wire.Template, Source1000Octets2000).Build(), source);
        }

        Assert.Equal(5, run.Records.Count);
        run.Feed(Data, sources[4]).Feed(Data, sources[3]);
        Assert.Equal(6, run.Records.Count);
        Assert.Equal(1, run.Decoder.Sources.Other[DecodeFault.MissingTemplate]);
    }

    [Fact]
    public void IdleSource_GivesWayToANewOne()
    {
        var run = new DecoderRun(new DecoderOptions { MaxSources = 1, TemplateLifetime = 600 });
        IpAddress later = IpAddress.Parse("192.0.2.2");
        run.Feed(OctetsFirst, time: 0).Feed(OctetsFirst, later, time: 11 * Minute).Feed(Data, later, time: 12 * Minute).Feed(Data, time: 13 * Minute);
        Assert.Single(run.Records);
    }

    private static byte[] Layout(params FieldSpecifier[] fields) => Layout(Wire.Template, fields);

    private static byte[] Layout(int id, params FieldSpecifier[] fields) => ExportMessageBuilder.NetFlow9().Template(id, fields).Build();

    private static byte[] PaddedWithASeven(int padding) => ExportMessageBuilder.NetFlow9().Set(Wire.Template, [.. Source1000Octets2000, .. new byte[padding - 1], 7]).Build();
}
