using Collector.Aggregation;
using Collector.Configuration;
using Xunit;

namespace Collector.Tests.Configuration;

/// <summary>The rows and what passes are what nfacctd 1.7.7 printed; maxima are of later releases.</summary>
public sealed class PreprocessOptionsTests
{
    private static readonly (int Port, ulong Packets, ulong Octets, ulong Flows)[] Rows =
    [
        (1, 10, 1000, 1), (2, 100, 10000, 1), (3, 5, 5, 1), (4, 0, 0, 1), (5, 10, 999, 1), (6, 9, 1001, 1), (7, 11, 1000, 1), (8, 10, 1010, 1), (9, 10, 1009, 1), (10, 20, 10, 2), (11, 0, 500, 1),
    ];

    [Theory]
    [InlineData("minp=10", false, "1 2 5 7 8 9 10")]
    [InlineData("minb=1000", false, "1 2 6 7 8 9")]
    [InlineData("minf=2", false, "10")]
    [InlineData("minppf=10", false, "1 2 5 7 8 9 10")]
    [InlineData("minbpp=101", false, "6 8")]
    [InlineData("minp=10,minb=1000", false, "1 2 5 6 7 8 9 10")]
    [InlineData("minp=10,minb=1000", true, "1 2 7 8 9")]
    [InlineData(" MINP = 10 , minb = 1000", true, "1 2 7 8 9")]
    [InlineData("minp=10,minp=100", false, "2")]
    [InlineData("maxp=10", false, "3 4 6 11")]
    [InlineData("maxf=2", false, "1 2 3 4 5 6 7 8 9 11")]
    [InlineData("maxb=1000", false, "3 4 5 10 11")]
    [InlineData("minp=10,maxp=11", true, "1 5 8 9")]
    public void Rows_pass_as_in_nfacctd(string text, bool all, string expected)
    {
        Assert.True(PreprocessOptions.TryParse(text, all, out PreprocessOptions options, out _));
        var checks = new RowChecks(options);
        Assert.Equal(expected, string.Join(' ', Rows.Where(r => checks.Pass(new AggregateEntry { Packets = r.Packets, Octets = r.Octets, Flows = r.Flows })).Select(r => r.Port)));
    }

    [Fact]
    public void Flows_WithoutTheirPrimitive_AreNone()
    {
        Assert.True(PreprocessOptions.TryParse("minp=5,minf=1", all: true, out PreprocessOptions options, out _));
        AggregateEntry row = new() { Packets = 5, Flows = 2 };
        Assert.True(new RowChecks(options).Pass(row));
        Assert.False(new RowChecks(options, countsFlows: false).Pass(row));
    }

    [Theory]
    [InlineData("bogus=3", "unknown check 'bogus'; the names are minp, minf, minb, maxp, maxf, maxb, minbpp, minppf")]
    [InlineData("minp=1,qnum=100", "'qnum' is for pmacct's SQL plugins only; remove it")]
    [InlineData("minp=abc", "'minp=abc' does not fit; write minp= and a whole number from 1")]
    [InlineData("minp=0", "'minp=0' does not fit; write minp= and a whole number from 1")]
    [InlineData("minp", "'minp' does not fit; write minp= and a whole number from 1")]
    [InlineData("minb=-5", "'minb=-5' does not fit; write minb= and a whole number from 1")]
    [InlineData(",", "there is no check; write one such as minp=10")]
    public void What_does_not_fit_is_told(string text, string error)
    {
        Assert.False(PreprocessOptions.TryParse(text, false, out _, out IReadOnlyList<string> errors));
        Assert.Equal([error], errors);
    }

    [Fact]
    public void The_text_reads_back()
    {
        Assert.True(PreprocessOptions.TryParse("minb=1000,maxp=5,minppf=2", true, out PreprocessOptions options, out _));
        Assert.True(PreprocessOptions.TryParse(options.ToString(), true, out PreprocessOptions again, out _));
        Assert.Equal(options, again);
    }
}
