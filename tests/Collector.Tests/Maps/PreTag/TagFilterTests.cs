using System.Text;
using Collector.Maps.PreTag;
using Xunit;

namespace Collector.Tests.Maps.PreTag;

public sealed class TagFilterTests
{
    [Theory]
    [InlineData("10", 10, true)]
    [InlineData("10", 0, false)]
    [InlineData("0", 0, true)]
    [InlineData("10-20, 30", 15, true)]
    [InlineData("10-20, 30", 25, false)]
    [InlineData("-6", 6, false)]
    [InlineData("-6", 7, true)]
    [InlineData("-10-20", 15, false)]
    [InlineData("5, -6", 6, false)]
    [InlineData("5, -6", 7, true)]
    public void Passes_FirstElementThatFitsDecides(string filter, ulong tag, bool expected) => Assert.Equal(expected, TagFilter.Parse(filter)!.Passes(tag));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("20-10")]
    [InlineData("1--2")]
    public void WrongFilter_IsNone(string filter) => Assert.Null(TagFilter.Parse(filter));

    [Theory]
    [InlineData("gold", "gold", true)]
    [InlineData("gold", "silver", false)]
    [InlineData("gold", "silver,gold", true)]
    [InlineData("gold", "golden", false)]
    [InlineData("null", "", true)]
    [InlineData("null", "x", false)]
    [InlineData("-gold", "gold", false)]
    [InlineData("-gold", "", true)]
    [InlineData("a, null", "", true)]
    public void LabelFilter_ComparesEachLabel(string filter, string labels, bool expected) =>
        Assert.Equal(expected, LabelFilter.Parse(filter)!.Passes(Encoding.UTF8.GetBytes(labels)));
}
