using System.Text;
using Collector.BgpOutputs;
using Collector.Configuration;
using Collector.Maps;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Maps;

public sealed class BgpTagMapTests
{
    private readonly Findings _findings = new("x.map");

    [Theory]
    [InlineData("192.0.2.1", "", "100")]
    [InlineData("192.0.2.7", "", "net")]
    [InlineData("192.0.2.7", "65001:5", "5")]
    [InlineData("2001:db8::1", "", "six")]
    [InlineData("2001:db9::1", "65001:100 no-export", "rest")]
    [InlineData("198.51.100.1", "65001:7", "7 foo,bar")]
    [InlineData("198.51.100.1", "", "rest")]
    public void Find_FirstLineThatFits_AndThoseThatItsJumpsLeadTo(string peer, string communities, string expected)
    {
        BgpTagMap map = Read("""
            ! the peers
            set_tag=100 ip=192.0.2.1
            set_tag=5 ip=192.0.2.0/24 comms=65001:5
            set_label=net ip=192.0.2.0/24
            set_tag=3 ip=198.51.100.0/24 comms=65001:7 jeq=a
            set_label=six ip=2001:db8::/32
            set_label=rest
            set_label=foo label=a jeq=b
            set_tag=4 stack=sum label=b jeq=c
            set_label=never
            set_label=bar label=c
            """);

        Assert.Equal(expected, Text(map.Find(IpAddress.Parse(peer), Encoding.ASCII.GetBytes(communities))));
        Assert.Empty(_findings.All);
        Assert.True(map.ByRoute);
    }

    [Fact]
    public void Find_NothingFits_IsNoTag()
    {
        BgpTagMap map = Read("set_tag=1 ip=192.0.2.1\n");

        Assert.Equal(default, map.Find(IpAddress.Parse("192.0.2.2"), default));
        Assert.Equal(default, map.Find(IpAddress.Parse("2001:db8::1"), default));
        Assert.False(map.ByRoute);
    }

    [Fact]
    public void Find_TagThatCounts_GrowsWithEachObject()
    {
        BgpTagMap map = Read("set_tag=7++\n");

        Assert.True(map.ByRoute);
        Assert.Equal([7UL, 8, 9], Enumerable.Range(0, 3).Select(_ => map.Find(IpAddress.Parse("192.0.2.2"), default).Tag));
    }

    [Theory]
    [InlineData("set_tag=1 in=5")]
    [InlineData("set_tag2=1 ip=192.0.2.1")]
    [InlineData("set_tos=1")]
    [InlineData("ip=192.0.2.1")]
    [InlineData("set_tag=1 filter='udp'")]
    public void Read_LineForFlows_IsLeftOutWithAWarning_SoThatOneFileServesBoth(string line)
    {
        BgpTagMap map = Read($"{line}\nset_tag=9 ip=192.0.2.0/24\n");

        Assert.Equal((1, 9UL), (map.Count, map.Find(IpAddress.Parse("192.0.2.1"), default).Tag));
        Assert.Equal(
            "x.map:1: warning: this line is left out: peers and routes are matched by ip and comms, and have set_tag and set_label, label and jeq; other keys are for flows",
            Assert.Single(_findings.All).ToString());
    }

    [Theory]
    [InlineData("set_tag=x", "x.map:1: set_tag=x does not fit; write a whole number")]
    [InlineData("set_tga=1", "x.map:1: unknown key 'set_tga'; did you mean 'set_tag'?")]
    [InlineData("set_label=gold", "x.map:1: pre_tag_label_encode_as_map: write set_label=key%value")]
    public void Read_LineWithAFault_IsAnError(string line, string expected)
    {
        BgpTagMap.Read(new StringReader(line), labelsAreMaps: true, _findings);

        Assert.StartsWith(expected, Assert.Single(_findings.All).ToString(), StringComparison.Ordinal);
        Assert.True(_findings.HasErrors);
    }

    private static string Text(BgpTag tag) => $"{(tag.HasTag ? tag.Tag : "")} {(tag.Label is { } label ? Encoding.UTF8.GetString(label) : "")}".Trim();

    private BgpTagMap Read(string text) => BgpTagMap.Read(new StringReader(text), labelsAreMaps: false, _findings);
}
