using Collector.Testing;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates;

/// <summary>Template Sets as devices and attackers write them.</summary>
public sealed class TemplateSetTests
{
    private static readonly byte[] Eight = new WireWriter().U32(1000, 2000).ToArray();

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void T11_ManyTemplatesInOneSet_AreAllLearned(int version)
    {
        var builder = new ExportMessageBuilder(version);
        byte[] set = [.. Enumerable.Range(256, 12).SelectMany(id => builder.TemplateRecord(id, (1, 4), (2, 4)))];
        builder.Set(version == 9 ? 0 : 2, set);
        DecoderRun run = new DecoderRun().Feed(builder.Data(256, Eight).Data(267, Eight).Build());
        Assert.Equal(2, run.Records.Count);
        Assert.Equal(12, run.Counters((ushort)version).Templates);
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(9, 4)]
    [InlineData(10, 3)]
    [InlineData(10, 8)]
    public void P2_PaddingBehindTemplates_IsNoTemplate(int version, int padding)
    {
        var builder = new ExportMessageBuilder(version);
        builder.Set(version == 9 ? 0 : 2, [.. builder.TemplateRecord(Wire.Template, (1, 4), (2, 4)), .. new byte[padding]]).Data(Wire.Template, Eight);
        DecoderRun run = new DecoderRun().Feed(builder.Build());
        Assert.Single(run.Records);
        Assert.Equal(0, run.Counters((ushort)version)[DecodeFault.BadTemplate]);
        Assert.Equal(1, run.Counters((ushort)version).Templates);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void P3_PaddingBehindOptionsTemplates_IsAccepted(int padding)
    {
        byte[] template = new WireWriter().U16(400).U16(4).U16(4).U16(1).U16(4).U16(34).U16(4).Bytes(new byte[padding]).ToArray();
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.NetFlow9().Set(1, template).Data(400, new WireWriter().U32(1, 100).ToArray()).Build());
        Assert.Equal((1L, 1L), (run.Counters(9).Templates, run.Counters(9).OptionsRecords));
    }

    [Fact]
    public void F5_OnlyFieldsOfNoLength_IsABadTemplate()
    {
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, (1, 0), (2, 0)).Data(Wire.Template, Eight).Build());
        Assert.Equal((1L, 1L), (run.Counters(10)[DecodeFault.BadTemplate], run.Counters(10)[DecodeFault.MissingTemplate]));
        Assert.Empty(run.Records);
    }

    [Theory]
    [InlineData(16, 0)]
    [InlineData(17, 1)]
    public void F5_ManyFieldsOfNoLength_AreABadTemplate(int empty, long faults)
    {
        FieldSpecifier[] fields = [(4, 1), .. Enumerable.Repeat<FieldSpecifier>((1, 0), empty)];
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, fields).Build());
        Assert.Equal(faults, run.Counters(10)[DecodeFault.BadTemplate]);
    }

    [Fact]
    public void FieldOfNoLength_IsAsIfAbsent() => Assert.Equal(
        (1000ul, 2000ul),
        Wire.Decode(ExportMessageBuilder.NetFlow9().Template(Wire.Template, (1, 4), (1, 0), (2, 4)).Data(Wire.Template, Eight)) is var r ? (r.Octets, r.Packets) : default);

    [Fact]
    public void F7_CountBeyondTheBytes_AllocatesNothing()
    {
        var run = new DecoderRun();
        byte[] datagram = ExportMessageBuilder.Ipfix().Set(2, new WireWriter().U16(Wire.Template).U16(65_535).Bytes(new byte[1_400]).ToArray()).Build();
        run.FeedOnly(datagram);
        long allocated = Allocation.OfSteadyState(() =>
        {
            run.FeedOnly(datagram);
        });
        Assert.Equal(0, allocated);
        Assert.InRange(run.Counters(10)[DecodeFault.Truncated], 2, 21);
    }

    [Fact]
    public void TooManyFields_IsABadTemplate()
    {
        FieldSpecifier[] fields = [.. Enumerable.Repeat(new FieldSpecifier(210, 1), 1_025)];
        Assert.Equal(1, new DecoderRun().Feed(ExportMessageBuilder.NetFlow9().Template(Wire.Template, fields).Build()).Counters(9)[DecodeFault.BadTemplate]);
    }

    [Fact]
    public void IdBelow256_IsABadTemplate_AndTheNextIsLearned()
    {
        var builder = ExportMessageBuilder.NetFlow9();
        builder.Set(0, [.. builder.TemplateRecord(77, (1, 4)), .. builder.TemplateRecord(Wire.Template, (1, 4), (2, 4))]).Data(Wire.Template, Eight);
        DecoderRun run = new DecoderRun().Feed(builder.Build());
        Assert.Single(run.Records);
        Assert.Equal(1, run.Counters(9)[DecodeFault.BadTemplate]);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void T12_OptionsTemplateWithoutScope_IsLearned(int version)
    {
        DecoderRun run = new DecoderRun().Feed(new ExportMessageBuilder(version)
            .OptionsTemplate(400, [], (34, 4))
            .Data(400, new WireWriter().U32(100).ToArray())
            .Template(Wire.Template, (1, 4), (2, 4))
            .Data(Wire.Template, Eight)
            .Build());
        Assert.Equal(100u, Assert.Single(run.Records).SamplingInterval);
    }

    [Fact]
    public void T12_OptionsTemplateWithEnterpriseElement_IsLearned()
    {
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.Ipfix()
            .OptionsTemplate(400, [(149, 4)], new FieldSpecifier(7, 2, 6876), (34, 4))
            .Data(400, new WireWriter().U32(0).U16(7).U32(100).ToArray())
            .Template(Wire.Template, (1, 4), (2, 4))
            .Data(Wire.Template, Eight)
            .Build());
        Assert.Equal(100u, Assert.Single(run.Records).SamplingInterval);
    }

    [Fact]
    public void T10_MissingTemplate_CostsOnlyItsOwnSets_AndIsListed()
    {
        var run = new DecoderRun();
        run.Feed(ExportMessageBuilder.NetFlow9().Template(Wire.Template, (1, 4), (2, 4))
            .Data(999, Eight).Data(Wire.Template, Eight).Data(998, Eight).Data(Wire.Template, Eight).Build(), time: 10);
        run.Feed(ExportMessageBuilder.NetFlow9().Data(999, Eight).Build(), time: 20);
        Assert.Equal(2, run.Records.Count);
        Assert.Equal(3, run.Counters(9)[DecodeFault.MissingTemplate]);
        Assert.Equal([(999, 10L, 20L, 2L), (998, 10L, 10L, 1L)], run.Counters(9).MissingTemplates.Select(m => ((int)m.Id, m.Since, m.LastSeen, m.Sets)));
        run.Feed(ExportMessageBuilder.NetFlow9().Template(999, (1, 4)).Build(), time: 30);
        Assert.Equal([998], run.Counters(9).MissingTemplates.Select(m => (int)m.Id));
    }

    [Fact]
    public void T10_ThirtyTemplatesInTwoPackets_OneLost_TheOthersWork()
    {
        DecoderRun run = new DecoderRun();
        byte[][] packets = [.. new[] { 256, 271 }.Select(first =>
        {
            var builder = ExportMessageBuilder.NetFlow9();
            return builder.Set(0, [.. Enumerable.Range(first, 15).SelectMany(id => builder.TemplateRecord(id, (1, 4), (2, 4)))]).Build();
        })];
        run.Feed(packets[1]);
        for (int id = 256; id < 286; id++)
        {
            run.Feed(ExportMessageBuilder.NetFlow9().Data(id, Eight).Build());
        }

        Assert.Equal(Enumerable.Range(271, 15), run.Records.Select(r => (int)r.TemplateId));
        Assert.Equal(Enumerable.Range(256, 15), run.Counters(9).MissingTemplates.Select(m => (int)m.Id));
        Assert.Empty(run.Feed(packets[0]).Counters(9).MissingTemplates);
    }

    [Fact]
    public void T10_ListOfMissingTemplates_IsBounded()
    {
        var run = new DecoderRun();
        for (int id = 256; id < 2_000; id++)
        {
            run.Feed(ExportMessageBuilder.NetFlow9().Data(id, Eight).Build());
        }

        Assert.Equal(32, run.Counters(9).MissingTemplates.Count);
        Assert.Equal(1_744, run.Counters(9)[DecodeFault.MissingTemplate]);
    }

    [Theory]
    [InlineData(8, 50)]
    [InlineData(1, 128)]
    [InlineData(10, 65_534)]
    [InlineData(1, 9_000)]
    [InlineData(2, 17)]
    [InlineData(21, 3)]
    [InlineData(56, 200)]
    public void F6_FieldOfAbsurdLength_IsPassedOver_AndWhatFollowsIsRight(int element, int length)
    {
        foreach (int version in (int[])[9, 10])
        {
            if (length + 4 >= ushort.MaxValue)
            {
                // No datagram holds such a record.
                var refused = new DecoderRun().Feed(new ExportMessageBuilder(version).Template(Wire.Template, (element, length), (7, 4)).Build());
                Assert.Equal(1, refused.Counters((ushort)version)[DecodeFault.BadTemplate]);
                continue;
            }

            byte[] record = [.. Enumerable.Repeat((byte)0xA5, length), 0, 0, 0, 53];
            DecoderRun run = new DecoderRun().Feed(new ExportMessageBuilder(version).Template(Wire.Template, (element, length), (7, 4)).Data(Wire.Template, record, record).Build());
            Assert.Equal([53, 53], run.Records.Select(r => (int)r.SourcePort));
        }
    }
}
