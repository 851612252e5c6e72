using Collector.Configuration;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Configuration;

public class ByteSizeTextTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("8388608", 8_388_608L)]
    [InlineData("8MiB", 8_388_608L)]
    [InlineData("64 kib", 65_536L)]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("2TiB", 2L << 40)]
    public void TryParse_Sizes_AreRead(string text, long bytes)
    {
        Assert.True(ByteSizeText.TryParse(text, out long actual));
        Assert.Equal(bytes, actual);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("8MB")]
    [InlineData("8M")]
    [InlineData("-1")]
    [InlineData("8388608TiB")]
    [InlineData("99999999999999999999")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(ByteSizeText.TryParse(text, out _));

    [Fact]
    public void Format_AnySize_ReadsBack() => Prop.ForAll<NonNegativeInt, byte>((n, shift) =>
    {
        long size = (long)n.Get << (shift % 32);
        Assert.True(ByteSizeText.TryParse(ByteSizeText.Format(size), out long bytes));
        Assert.Equal(size, bytes);
    }).QuickCheckThrowOnFailure();
}
