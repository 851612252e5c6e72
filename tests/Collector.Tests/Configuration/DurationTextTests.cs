using Collector.Configuration;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Configuration;

public class DurationTextTests
{
    [Theory]
    [InlineData("60", 60, 0)]
    [InlineData("300s", 300, 0)]
    [InlineData("5m", 300, 0)]
    [InlineData("2h", 7_200, 0)]
    [InlineData("1d", 86_400, 0)]
    [InlineData("1w", 604_800, 0)]
    [InlineData("3M", 0, 3)]
    [InlineData(" 30 ", 30, 0)]
    [InlineData("0", 0, 0)]
    public void TryParse_PmacctForms_AreRead(string text, int seconds, int months)
    {
        Assert.True(DurationText.TryParse(text, out int actualSeconds, out int actualMonths));
        Assert.Equal((seconds, months), (actualSeconds, actualMonths));
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("5 minutes")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("5H")]
    [InlineData("99999999999")]
    [InlineData("99999w")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(DurationText.TryParse(text, out _, out _));

    [Fact]
    public void TryParseSeconds_Months_AreRefused() => Assert.False(DurationText.TryParseSeconds("1M", out _));

    [Fact]
    public void Format_AnyLength_ReadsBack() => Prop.ForAll<NonNegativeInt>(n =>
    {
        Assert.True(DurationText.TryParseSeconds(DurationText.Format(n.Get), out int seconds));
        Assert.Equal(n.Get, seconds);
    }).QuickCheckThrowOnFailure();
}
