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
    public void T10_MissingTemplate_CostsOnlyItsOwnSets()
    {
        DecoderRun run = new DecoderRun().Feed(ExportMessageBuilder.NetFlow9().Template(Wire.Template, (1, 4), (2, 4))
            .Data(999, Eight).Data(Wire.Template, Eight).Data(998, Eight).Data(Wire.Template, Eight).Build());
        Assert.Equal(2, run.Records.Count);
        Assert.Equal(2, run.Counters(9)[DecodeFault.MissingTemplate]);
    }
}
