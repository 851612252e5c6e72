using Collector.Configuration;
using Collector.Flows;
using Collector.Maps;
using Collector.Net;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Maps;

public sealed class IdMapTests
{
    private readonly Findings _findings = new("x.map");

    private static FlowRecord From(string exporter, uint ingress = 0, uint egress = 0) =>
        new() { ExporterAddress = IpAddress.Parse(exporter), IngressInterface = ingress, EgressInterface = egress };

    [Theory]
    [InlineData("192.0.2.1", 7u, 100u)]
    [InlineData("192.0.2.1", 8u, 200u)]
    [InlineData("192.0.2.77", 7u, 300u)]
    [InlineData("2001:db8::1", 7u, 400u)]
    [InlineData("198.51.100.1", 7u, 0u)]
    public void SamplingMap_FirstLineThatFits_GivesTheInterval(string exporter, uint ingress, uint expected)
    {
        var map = SamplingMap.Read(new StringReader("id=100 ip=192.0.2.1 in=7\nid=200 ip=192.0.2.1\nid=300 ip=192.0.2.0/24\nid=400 ip=::/0\n"), _findings);
        Assert.Equal(expected != 0, map.TryFind(From(exporter, ingress), out uint interval));
        Assert.Equal(expected, interval);
        Assert.Empty(_findings.All);
    }

    [Theory]
    [InlineData("id=0 ip=192.0.2.1", "id=0 does not fit; write one in how many packets is sampled")]
    [InlineData("id=x ip=192.0.2.1", "id=x does not fit")]
    [InlineData("id=5", "required key missing: write ip=")]
    [InlineData("ip=192.0.2.1", "required key missing: write id=")]
    [InlineData("id=5 ip=192.0.2.1 src_as=1", "unknown key 'src_as'")]
    [InlineData("id=5 ip=192.0.2.1 inn=1", "did you mean 'in'")]
    [InlineData("id=5 ip=192.0.2.1 in=1 in=2", "key 'in' stands here twice")]
    [InlineData("id=5 ip=192.0.2.0/33", "ip=192.0.2.0/33 does not fit; write an address or a prefix")]
    public void LineWithAFault_IsToldAndLeftOut(string line, string expected)
    {
        Assert.Equal(1, SamplingMap.Read(new StringReader($"{line}\nid=9 ip=10.0.0.1"), _findings).Count);
        Assert.Contains(expected, Assert.Single(_findings.All).ToString(), StringComparison.Ordinal);
        Assert.True(_findings.HasErrors);
    }

    [Fact]
    public void BgpAgentMap_ByAddressFamilyOfTheFlow()
    {
        var map = BgpAgentMap.Read(
            new StringReader("bgp_ip=192.0.2.9 bgp_port=1179 ip=192.0.2.1 filter='ip'\nid=2001:db8::9 ip=192.0.2.1 filter=ip6\n"), _findings);
        Assert.Empty(_findings.All);
        Assert.False(map.DependsOnExporterOnly);
        Assert.True(map.TryFind(From("192.0.2.1") with { Family = FlowFamily.IPv4 }, out BgpAgent four));
        Assert.True(map.TryFind(From("192.0.2.1") with { Family = FlowFamily.IPv6 }, out BgpAgent six));
        Assert.Equal((IpAddress.Parse("192.0.2.9"), (ushort)1179), (four.Address, four.Port));
        Assert.Equal((IpAddress.Parse("2001:db8::9"), (ushort)0), (six.Address, six.Port));
        Assert.True(BgpAgentMap.Read(new StringReader("bgp_ip=192.0.2.9 ip=0.0.0.0/0"), _findings).DependsOnExporterOnly);
    }

    [Fact]
    public void BgpSourceMap_AsksTheRouteOfTheSource()
    {
        var map = BgpSourceMap.Read(
            new StringReader("id=65001 ip=192.0.2.1 bgp_nexthop=198.51.100.1\nid=65002 ip=192.0.2.1 peer_dst_as=64512\nid=bgp ip=192.0.2.1 in=3\n"), _findings);
        Assert.Empty(_findings.All);
        Assert.True(map.TryFind(From("192.0.2.1"), new BgpMatchValues { SourceNextHop = IpAddress.Parse("198.51.100.1") }, out BgpSourceValue byNextHop));
        Assert.True(map.TryFind(From("192.0.2.1"), new BgpMatchValues { SourcePeerAs = 64_512 }, out BgpSourceValue byPeer));
        Assert.True(map.TryFind(From("192.0.2.1", ingress: 3), default, out BgpSourceValue byRoute));
        Assert.False(map.TryFind(From("192.0.2.1"), default, out _));
        Assert.Equal((65_001u, 65_002u, true), (byNextHop.Number, byPeer.Number, byRoute.FromRoute));
    }

    [Theory]
    [InlineData("0:65512:1", 0x0000_FFE8_0000_0001ul)]
    [InlineData("1:192.0.2.1:7", 0x0001_C000_0201_0007ul)]
    [InlineData("2:4200000000:1", 0x0002_FA56_EA00_0001ul)]
    [InlineData("0:0:0", 0ul)]
    public void FlowToRdMap_ReadsEveryType(string text, ulong expected)
    {
        var map = FlowToRdMap.Read(new StringReader($"id={text} ip=192.0.2.1 in=1 mpls_label_bottom=16"), _findings);
        Assert.Empty(_findings.All);
        Assert.True(map.TryFind(From("192.0.2.1", ingress: 1) with { MplsLabelBottom = 16 }, out ulong rd));
        Assert.Equal(expected, rd);
    }

    [Fact]
    public void BgpPeerDestinationMap_TranslatesTheNextHop()
    {
        var map = BgpPeerDestinationMap.Read(new StringReader("id=192.0.2.9 bgp_nexthop=198.51.100.1\nid=192.0.2.8 bgp_nexthop=198.51.100.2 ip=192.0.2.1"), _findings);
        Assert.True(map.TryFind(From("203.0.113.1") with { NextHop = IpAddress.Parse("198.51.100.1") }, out IpAddress tail));
        Assert.Equal("192.0.2.9", tail.ToString());
        Assert.False(map.TryFind(From("203.0.113.1") with { NextHop = IpAddress.Parse("198.51.100.2") }, out _));
        Assert.True(map.TryFind(From("192.0.2.1") with { NextHop = IpAddress.Parse("198.51.100.2") }, out _));
    }

    [Fact]
    public void Lookup_AllocatesNothing()
    {
        var map = BgpAgentMap.Read(new StringReader("bgp_ip=192.0.2.9 ip=192.0.2.1 in=5 filter='ip'\nbgp_ip=192.0.2.8 ip=192.0.2.0/24\n"), _findings);
        FlowRecord record = From("192.0.2.1", ingress: 4);
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                Assert.True(map.TryFind(in record, out _));
            }
        }));
    }
}
