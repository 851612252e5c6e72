using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Flows.Tests;

public class FlowFieldSetTests
{
    private static readonly FlowField[] Every = Enum.GetValues<FlowField>();

    private static readonly Arbitrary<FlowField[]> SomeFields = Gen.Elements(Every).ArrayOf().ToArbitrary();

    [Fact]
    public void Set_ContainsWhatItWasMadeOf() => Prop.ForAll(SomeFields, fields =>
    {
        var set = FlowFieldSet.Of(fields);
        Assert.All(Every, f => Assert.Equal(fields.Contains(f), set.Contains(f)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Union_ContainsBoth() => Prop.ForAll(SomeFields, SomeFields, (a, b) =>
    {
        FlowFieldSet union = FlowFieldSet.Of(a).Union(FlowFieldSet.Of(b));
        Assert.Equal(FlowFieldSet.Of([.. a, .. b]), union);
        Assert.Equal(union, FlowFieldSet.Of(b).Union(FlowFieldSet.Of(a)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void All_ContainsEveryFieldAndDefaultNone() =>
        Assert.All(Every, f => Assert.Equal((true, false), (FlowFieldSet.All.Contains(f), default(FlowFieldSet).Contains(f))));
}
