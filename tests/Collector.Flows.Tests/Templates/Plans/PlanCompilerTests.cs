using System.Runtime.CompilerServices;
using Collector.Flows.Templates;
using Collector.Flows.Templates.Plans;
using Collector.Testing.Builders;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Flows.Tests.Templates.Plans;

/// <summary>What makes the unsafe executor safe: whatever the template, no step reads beyond a record or writes beyond the target.</summary>
public sealed class PlanCompilerTests
{
    private static readonly Gen<FieldSpecifier> Field =
        from id in Gen.Frequency((9, Gen.Choose(1, 610)), (1, Gen.Choose(40_000, 40_006)))
        from length in Gen.Frequency((8, Gen.Elements(1, 2, 3, 4, 6, 8, 16)), (1, Gen.Choose(0, 300)), (1, Gen.Constant(65_535)))
        from enterprise in Gen.Elements(0u, 0u, 0u, 43874u, 2011u, 29305u, 2636u)
        select new FieldSpecifier(id, length, enterprise);

    private static readonly FieldSpecifier[] Everything = [.. Enumerable.Range(1, 610).SelectMany(i => (FieldSpecifier[])[(i, 4), (i, 16), (i, 6), (i, 3), (i, 8), (i, 1)])];

    [Fact]
    public void AnyTemplate_StaysWithinItsRecord() =>
        Prop.ForAll(Field.ArrayOf().ToArbitrary(), Gen.Elements(9, 10).ToArbitrary(), (fields, version) =>
        {
            // IPFIX has no elements above 32767: that bit announces an enterprise number.
            fields = [.. fields.Where(f => version == 9 || f.Id < 0x8000)];
            return fields.Length == 0 || IsWithin(version, fields);
        })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(200));

    [Theory]
    [InlineData(9, 0)]
    [InlineData(10, 500)]
    [InlineData(10, 1_000)]
    [InlineData(10, 2_636)]
    public void EveryElementInEveryLength_StaysWithinItsRecord(int version, int skip) => Assert.True(IsWithin(version, Everything[skip..(skip + 1_024)]));

    [Fact]
    public void UnusedFields_CostNoStep()
    {
        Template template = Compile(9, [(8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (1, 4), (2, 4), (22, 4), (21, 4), (61, 1)]);
        RecordPlan plan = template.PlanFor(new DecoderOptions { Fields = FlowFieldSet.Of(FlowField.SourceAddress, FlowField.DestinationAddress) });
        Assert.Equal([StepKind.Widen4To8, StepKind.Widen4To8, StepKind.IPv4, StepKind.IPv4], plan.Steps.Select(s => s.Kind));
    }

    [Fact]
    public void OtherOptions_CompileAnew()
    {
        Template template = Compile(9, [(8, 4), (1, 4)]);
        var options = new DecoderOptions();
        Assert.Same(template.PlanFor(options), template.PlanFor(options));
        Assert.Single(template.PlanFor(new DecoderOptions { Fields = FlowFieldSet.Of() }).Steps);
    }

    private static bool IsWithin(int version, FieldSpecifier[] fields)
    {
        Template template = Compile(version, fields);
        RecordPlan plan = template.PlanFor(new DecoderOptions { UseIpNextHop = true, DiscardWithoutNextHop = true, BothDirections = true, Nsel = NselCounters.Both });
        return IsWithin(template, plan) && (plan.Reverse is null || IsWithin(template, plan.Reverse));
    }

    private static bool IsWithin(Template template, RecordPlan plan)
    {
        int size = Unsafe.SizeOf<FlowRecord>();
        return plan.Steps.All(s => s.Offset >= 0 && s.OffsetB >= 0
                && s.Offset + Math.Max(s.Length, Reads(s.Kind)) <= plan.RecordLength
                && (s.FieldB < 0 || s.OffsetB + s.LengthB <= plan.RecordLength)
                && s.Target < size && s.Argument < size)
            && (plan.Section is not { } section || Enumerable.Range(0, SectionOperands.Count).All(i => section.Lengths[i] is < 0 or 65_535
                || section.Offsets[i] + section.Lengths[i] <= plan.RecordLength))
            && plan.MplsLabels.All(o => o + 3 <= plan.RecordLength)
            && plan.RecordLength == template.Fields.Where(f => !f.IsVariable).Sum(f => f.Length)
            && plan.Steps.Where(s => s.Field >= 0).All(s => !template.Fields[s.Field].IsVariable);
    }

    // What a step reads whatever its field's length says.
    private static int Reads(StepKind kind) => kind switch
    {
        StepKind.Copy1 or StepKind.Copy1IfIPv4 or StepKind.Copy1IfIPv6 => 1,
        StepKind.Copy2 or StepKind.Widen2To4 => 2,
        StepKind.Copy4 or StepKind.Widen4To8 or StepKind.IPv4 or StepKind.IPv4IfIPv4 or StepKind.IPv4WithFamily or StepKind.ExporterIPv4 => 4,
        StepKind.Mac => 6,
        StepKind.Copy8 or StepKind.Layer2Segment => 8,
        StepKind.IPv6 or StepKind.IPv6IfIPv6 or StepKind.IPv6WithFamily or StepKind.IPv6WithFamilyIfUnset or StepKind.ExporterIPv6 => 16,
        _ => 0,
    };

    private static Template Compile(int version, FieldSpecifier[] fields)
    {
        var builder = new ExportMessageBuilder(version);
        var reader = new TemplateSetReader((ushort)version, false, builder.TemplateRecord(Wire.Template, fields));
        Assert.True(reader.TryRead(out TemplateDefinition definition));
        return new Template(definition);
    }
}
