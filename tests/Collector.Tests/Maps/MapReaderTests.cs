using Collector.Configuration;
using Collector.Maps;
using Xunit;

namespace Collector.Tests.Maps;

public sealed class MapReaderTests
{
    private readonly Findings _findings = new("x.map");

    private IReadOnlyList<MapLine> Read(string text) => MapReader.Read(new StringReader(text), _findings);

    [Fact]
    public void Pairs_StandBetweenBlanksAndTabs()
    {
        MapLine line = Assert.Single(Read("  set_tag=1\tip=192.0.2.1   in=7 \r\n"));
        Assert.Equal([new("set_tag", "1"), new("ip", "192.0.2.1"), new("in", "7")], line.Pairs);
    }

    [Fact]
    public void CommentsAndEmptyLines_AreNoEntriesButCount() =>
        Assert.Equal(4, Assert.Single(Read("! a\n  # b = c\n\n id=5 ip=10.0.0.1\n")).Number);

    [Theory]
    [InlineData("filter='src net 10.0.0.0/8 and tcp'", "src net 10.0.0.0/8 and tcp")]
    [InlineData("filter=\"port 80\"", "port 80")]
    [InlineData("filter='a \"b\" c'", "a \"b\" c")]
    [InlineData("filter=ip", "ip")]
    public void Quotes_HoldBlanksTogetherAndGo(string text, string value) => Assert.Equal(value, Assert.Single(Assert.Single(Read(text)).Pairs).Value);

    [Fact]
    public void EqualsWithinAValue_BelongsToIt() => Assert.Equal("a=b", Read("set_label=a=b")[0].Pairs[0].Value);

    [Theory]
    [InlineData("set_tag=1 filter='tcp || udp'", "'|' must not stand in a map")]
    [InlineData("set_tag=1 ip = 10.0.0.1", "without blanks around '='")]
    [InlineData("set_tag=1 orphan", "malformed line at 'orphan'")]
    [InlineData("=1", "malformed line")]
    [InlineData("set_tag=", "malformed line")]
    [InlineData("filter='tcp", "the quote ' is not closed; write key='value'")]
    public void MalformedLine_IsLeftOutAndToldWithItsNumber(string text, string expected)
    {
        Assert.Equal(3, Assert.Single(Read($"\n{text}\nid=5 ip=10.0.0.1")).Number);
        Assert.Contains(expected, Assert.Single(_findings.All).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("x.map:2: ", _findings.All[0].ToString(), StringComparison.Ordinal);
    }
}
