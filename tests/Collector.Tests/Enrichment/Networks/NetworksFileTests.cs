using Collector.Configuration;
using Collector.Enrichment.Networks;
using Collector.Flows;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Enrichment.Networks;

public class NetworksFileTests
{
    [Theory]
    [InlineData("192.168.0.0/24", 24, 0u, 0u, "::")]
    [InlineData("65500,192.168.0.0/24", 24, 65500u, 0u, "::")]
    [InlineData("64512_65500,192.168.0.0/24", 24, 65500u, 64512u, "::")]
    [InlineData("10.0.0.1,65500,192.168.0.0/24", 24, 65500u, 0u, "10.0.0.1")]
    [InlineData("2001:db8::1,4200000000_65500,192.168.0.7/16", 16, 65500u, 4200000000u, "2001:db8::1")]
    [InlineData("old,10.0.0.1,65500,192.168.0.0/24", 24, 65500u, 0u, "10.0.0.1")]
    [InlineData("  65500 , 192.168.0.0/24 ", 24, 65500u, 0u, "::")]
    public void Line_EachForm_IsRead(string line, int length, uint origin, uint peer, string nextHop)
    {
        Findings findings = new("networks.lst");
        NetworkTable? table = NetworksFile.Read(new StringReader($"! comment\n# another\n\n{line}\r\n"), findings);
        Assert.Empty(findings.All);
        Assert.True(table!.TryFind(IpAddress.Parse("192.168.0.99"), true, out byte found, out NetworkEntry entry));
        Assert.Equal((length, origin, peer, IpAddress.Parse(nextHop)), (found, entry.OriginAs, entry.PeerAs, entry.NextHop));
    }

    [Theory]
    [InlineData("65500,192.168.0.0", "networks.lst:2: warning: missing '/' in '192.168.0.0'; write a network with its length, such as 192.0.2.0/24; line left out")]
    [InlineData("65500,192.168.0.0/33", "networks.lst:2: warning: '192.168.0.0/33' is no network; line left out")]
    [InlineData("1.10,192.168.0.0/24", "networks.lst:2: warning: '1.10' is no AS number; write 65501, or 64512_65501 with the peer's AS in front; line left out")]
    [InlineData("x,65500,192.168.0.0/24", "networks.lst:2: warning: 'x' is no address of a next hop; line left out")]
    public void Line_Wrong_IsLeftOutWithItsPlace(string line, string expected)
    {
        Findings findings = new("networks.lst");
        NetworkTable? table = NetworksFile.Read(new StringReader($"10.0.0.0/8\n{line}\n"), findings);
        Assert.Equal(expected, Assert.Single(findings.All).ToString());
        Assert.Equal(1, table!.Count);
    }

    [Fact]
    public void File_WithoutAnyLineThatFits_CannotBeUsed()
    {
        Findings findings = new("networks.lst");
        Assert.Null(NetworksFile.Read(new StringReader("192.0.2.1\n"), findings));
        Assert.Contains("no line can be used", findings.All[0].Text, StringComparison.Ordinal);
        Assert.True(findings.HasErrors);
    }

    [Fact]
    public void File_ManyWrongLines_NamesTheFirstAndCountsAll()
    {
        Findings findings = new("networks.lst");
        NetworksFile.Read(new StringReader("10.0.0.0/8\n" + string.Concat(Enumerable.Repeat("bad\n", 1000))), findings);
        Assert.Equal(21, findings.All.Count);
        Assert.Contains("1000 lines left out", findings.All[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void File_Missing_IsAnError()
    {
        Findings findings = new("/nowhere/networks.lst");
        Assert.Null(NetworksFile.Read("/nowhere/networks.lst", findings));
        Assert.StartsWith("/nowhere/networks.lst: the networks file cannot be read", findings.All[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Table_NestedAndRepeatedNetworks_FindsTheLongestAndTheLast()
    {
        NetworkTable table = NetworksFile.Read(new StringReader("1,10.0.0.0/8\n2,10.1.0.0/16\n3,10.1.0.0/16\n4,::/0\n"), new Findings("f"))!;
        Assert.True(table.TryFind(IpAddress.Parse("10.1.0.1"), true, out byte length, out NetworkEntry entry));
        Assert.Equal((16, 3u), (length, entry.OriginAs));
        Assert.True(table.TryFind(IpAddress.Parse("10.2.0.1"), true, out length, out entry));
        Assert.Equal((8, 1u), (length, entry.OriginAs));
        Assert.False(table.TryFind(IpAddress.Parse("11.0.0.1"), true, out length, out entry));
        Assert.Equal((0, 0u), (length, entry.OriginAs));
        Assert.True(table.TryFind(IpAddress.Parse("2001:db8::1"), false, out length, out entry));
        Assert.Equal(4u, entry.OriginAs);
        Assert.Equal(FlowFamily.None, entry.NextHopFamily);
    }
}
