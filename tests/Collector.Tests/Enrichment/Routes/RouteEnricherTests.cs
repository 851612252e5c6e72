using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Enrichment.Origins;
using Collector.Flows;
using Collector.Net;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Enrichment.Routes;

public sealed class RouteEnricherTests : IDisposable
{
    private static readonly EnrichmentOptions AllBgp = new() { As = AsSource.Bgp, Network = NetworkSource.Bgp };
    private static readonly EnrichmentOptions Longest = new() { As = AsSource.Longest, Network = NetworkSource.Longest };

    private readonly RouteRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Bgp_BothRoutes_FillTheRecord()
    {
        AdjRibIn peer = _rig.Peer("192.0.2.1");
        _rig.Announce(peer, "10.0.0.0/8", "65010 65011");
        _rig.Announce(peer, "172.16.0.0/12", "65020 65021 {65022,65023}", "10.0.0.9", 200, 50, "65020:1 65535:65281", "65020:1:2");
        FlowRecord r = _rig.Enrich(AllBgp, RouteRig.Flow("10.1.2.3", "172.16.5.6"));
        Assert.Equal((65011u, 65023u, 65020u, 0u), (r.SourceAs, r.DestinationAs, r.PeerDestinationAs, r.PeerSourceAs));
        Assert.Equal(("65020_65021_{65022,65023}", "65020:1_no-export", "65020:1:2"), (_rig.Text(r.AsPath), _rig.Text(r.StandardCommunities), _rig.Text(r.LargeCommunities)));
        Assert.Equal((200u, 50u), (r.LocalPreference, r.MultiExitDiscriminator));
        Assert.Equal(((byte)8, (byte)12, "10.0.0.0", "172.16.0.0"), (r.SourceMask, r.DestinationMask, r.SourceNetwork.ToString(), r.DestinationNetwork.ToString()));
        Assert.Equal(("10.0.0.9", FlowFamily.IPv4), (r.NextHop.ToString(), r.NextHopFamily));
        Assert.Equal((0u, 0u, 0u), (r.SourceAsPath, r.SourceStandardCommunities, r.SourceLocalPreference));
    }

    [Fact]
    public void Bgp_SourceAttributes_OnlyWhereTheirTypeSaysSo()
    {
        AdjRibIn peer = _rig.Peer("192.0.2.1");
        _rig.Announce(peer, "10.0.0.0/8", "65010 65011", localPreference: 150, med: 7, communities: "65010:5", large: "65010:1:1");
        FlowRecord r = _rig.Enrich(
            AllBgp with
            {
                PeerSourceAs = SourceAttributeType.Bgp,
                SourceAsPath = true,
                SourceStandardCommunities = true,
                SourceLargeCommunities = true,
                SourceLocalPreference = SourceAttributeType.Bgp,
                SourceMed = SourceAttributeType.Bgp,
            },
            RouteRig.Flow("10.1.2.3", "172.16.5.6"));
        Assert.Equal(("65010_65011", "65010:5", "65010:1:1"), (_rig.Text(r.SourceAsPath), _rig.Text(r.SourceStandardCommunities), _rig.Text(r.SourceLargeCommunities)));
        Assert.Equal((65010u, 150u, 7u), (r.PeerSourceAs, r.SourceLocalPreference, r.SourceMultiExitDiscriminator));
        Assert.Equal((0u, (byte)0, "0.0.0.0", FlowFamily.None), (r.DestinationAs, r.DestinationMask, r.DestinationNetwork.ToString(), r.NextHopFamily));
    }

    [Theory]
    [InlineData(24, 65001u, 24, "")]
    [InlineData(16, 65011u, 16, "65010_65011")]
    [InlineData(8, 65011u, 16, "65010_65011")]
    public void Longest_TiesGoToBgp(byte exported, uint expectedAs, byte expectedMask, string expectedPath)
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "10.1.0.0/16", "65010 65011", communities: "65010:1");
        FlowRecord flow = RouteRig.Flow("9.9.9.9", "10.1.2.3", destinationMask: exported);
        (flow.DestinationAs, flow.NextHop, flow.NextHopFamily) = (65001, IpAddress.Parse("10.7.7.7"), FlowFamily.IPv4);
        FlowRecord r = _rig.Enrich(Longest, flow);
        Assert.Equal((expectedAs, expectedMask, expectedPath), (r.DestinationAs, r.DestinationMask, _rig.Text(r.AsPath)));
        Assert.Equal(expectedPath.Length > 0 ? "10.0.0.254" : "10.7.7.7", r.NextHop.ToString());
    }

    [Fact]
    public void AsFromTheDatagram_NetworksFromBgp_LeavesAsNumbers()
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "10.1.0.0/16", "65010 65011");
        FlowRecord flow = RouteRig.Flow("9.9.9.9", "10.1.2.3", destinationMask: 24);
        flow.DestinationAs = 65001;
        FlowRecord r = _rig.Enrich(new EnrichmentOptions { Network = NetworkSource.Bgp }, flow);
        Assert.Equal((65001u, (byte)16, 0u, "10.0.0.254"), (r.DestinationAs, r.DestinationMask, r.AsPath, r.NextHop.ToString()));
    }

    [Theory]
    [InlineData(true, 5, FlowFamily.None)]
    [InlineData(false, 5, FlowFamily.IPv4)]
    [InlineData(true, 9, FlowFamily.IPv4)]
    public void NextHop_OfVersion5_IsDroppedInDialect17(bool pmacct17, ushort version, FlowFamily expected)
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "10.1.0.0/16", "65010");
        FlowRecord flow = RouteRig.Flow("9.9.9.9", "10.1.2.3");
        flow.ExportVersion = version;
        Assert.Equal(expected, _rig.Enrich(AllBgp, flow, pmacct17: pmacct17).NextHopFamily);
    }

    [Theory]
    [InlineData(false, 65100u)]
    [InlineData(true, 65010u)]
    public void PeerAs_ConfederationMembers_AreSkippedOnRequest(bool skip, uint expected)
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "10.1.0.0/16", "(65100) 65010 65011");
        Assert.Equal(expected, _rig.Enrich(AllBgp with { PeerAsSkipSubAs = skip }, RouteRig.Flow("9.9.9.9", "10.1.2.3")).PeerDestinationAs);
    }

    [Fact]
    public void AsPathRadius_KeepsTheFirstHops()
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "10.1.0.0/16", "65010 65010 65011 65012");
        FlowRecord r = _rig.Enrich(AllBgp with { AsPathRadius = 2 }, RouteRig.Flow("9.9.9.9", "10.1.2.3"));
        Assert.Equal(("65010_65010", 65012u), (_rig.Text(r.AsPath), r.DestinationAs));
    }

    [Fact]
    public void CommunityPattern_KeepsWhatFits()
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "10.1.0.0/16", "65010", communities: "65010:1 65020:2 65020:3");
        FlowRecord r = _rig.Enrich(AllBgp with { StandardCommunityPattern = "65020:" }, RouteRig.Flow("9.9.9.9", "10.1.2.3"));
        Assert.Equal("65020:2_65020:3", _rig.Text(r.StandardCommunities));
    }

    [Fact]
    public void EmptyPath_CommunityToAs_GivesPeerAndOrigin()
    {
        AdjRibIn peer = _rig.Peer("192.0.2.1");
        _rig.Announce(peer, "10.1.0.0/16", communities: "1:1 64512:64600");
        _rig.Announce(peer, "10.2.0.0/16", large: "64512:64601:9");
        EnrichmentOptions options = AllBgp with { StandardCommunityToAs = "64512:", LargeCommunityToAs = "64512:" };
        FlowRecord r = _rig.Enrich(options, RouteRig.Flow("10.2.0.1", "10.1.2.3"));
        Assert.Equal((64600u, 64512u, 64601u), (r.DestinationAs, r.PeerDestinationAs, r.SourceAs));
    }

    [Fact]
    public void AddPath_DestinationByNextHop_SourceTheFirst()
    {
        AdjRibIn peer = _rig.Peer("192.0.2.1", addPath: RouteFamily.IPv4Unicast);
        _rig.Announce(peer, "10.0.0.0/8", "65010 65011", "10.0.0.11", pathId: 1);
        _rig.Announce(peer, "10.0.0.0/8", "65020 65021", "10.0.0.12", pathId: 2);
        _rig.Announce(peer, "10.5.0.0/16", "65030 65031", "10.0.0.13", pathId: 1);
        uint DestinationAs(string? nextHop)
        {
            FlowRecord flow = RouteRig.Flow("10.1.2.3", "10.5.6.7");
            (flow.NextHop, flow.NextHopFamily) = nextHop is null ? default : (IpAddress.Parse(nextHop), FlowFamily.IPv4);
            FlowRecord r = _rig.Enrich(AllBgp, flow);
            Assert.Equal(65011u, r.SourceAs);
            return r.DestinationAs;
        }

        Assert.Equal(
            (65011u, 65021u, 65031u, 0u, 0u), (DestinationAs("10.0.0.11"), DestinationAs("10.0.0.12"), DestinationAs("10.0.0.13"), DestinationAs("10.0.0.99"), DestinationAs(null)));
    }

    [Fact]
    public void RouteDistinguisher_VpnThenLabeledThenTheGlobalTable()
    {
        const ulong Rd = 0x0000_FDE9_0000_0007;
        AdjRibIn peer = _rig.Peer("192.0.2.1");
        _rig.Announce(peer, "10.0.0.0/8", "65001", rd: Rd, family: RouteFamily.IPv4Vpn);
        _rig.Announce(peer, "10.0.0.0/8", "65002");
        _rig.Announce(peer, "11.0.0.0/8", "65003", family: RouteFamily.IPv4Labeled);
        _rig.Announce(peer, "11.0.0.0/8", "65004");
        _rig.Announce(peer, "12.0.0.0/8", "65005");
        uint DestinationAs(string destination, ulong rd)
        {
            FlowRecord flow = RouteRig.Flow("9.9.9.9", destination);
            flow.RouteDistinguisher = rd;
            return _rig.Enrich(AllBgp, flow).DestinationAs;
        }

        Assert.Equal((65001u, 65003u, 65005u), (DestinationAs("10.1.1.1", Rd), DestinationAs("11.1.1.1", Rd), DestinationAs("12.1.1.1", Rd)));
        Assert.Equal((65002u, 65004u, 65002u), (DestinationAs("10.1.1.1", 0), DestinationAs("11.1.1.1", 0), DestinationAs("10.1.1.1", Rd + 1)));
    }

    [Theory]
    [InlineData(0, 65001u)]
    [InlineData(1, 65002u)]
    [InlineData(2, 65003u)]
    [InlineData(9, 65003u)]
    public void FollowDefault_GoesFromPeerToPeer(int follow, uint expected)
    {
        AdjRibIn first = _rig.Peer("192.0.2.1"), second = _rig.Peer("192.0.2.2"), third = _rig.Peer("192.0.2.3");
        _rig.Announce(first, "0.0.0.0/0", "65001", "192.0.2.2");
        _rig.Announce(first, "9.0.0.0/8", "65009", "192.0.2.2");
        _rig.Announce(second, "0.0.0.0/0", "65002", "192.0.2.3");
        _rig.Announce(third, "0.0.0.0/0", "65003", "192.0.2.3");
        FlowRecord r = _rig.Enrich(AllBgp with { FollowDefault = follow }, RouteRig.Flow("9.9.9.9", "10.1.2.3"));
        Assert.Equal((expected, 65009u), (r.DestinationAs, r.SourceAs));
    }

    [Fact]
    public void FollowDefault_ToNobody_IsNoRoute()
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "0.0.0.0/0", "65001", "192.0.2.99");
        Assert.Equal(0u, _rig.Enrich(AllBgp with { FollowDefault = 1 }, RouteRig.Flow("9.9.9.9", "10.1.2.3")).DestinationAs);
        Assert.Equal(1, _rig.Enricher!.AsZero.Destinations(AsZeroReason.NoPeer));
    }

    [Theory]
    [InlineData(false, "192.0.2.3")]
    [InlineData(true, "203.0.113.1")]
    public void FollowNextHop_EndsInsideOrOutside(bool external, string expected)
    {
        AdjRibIn first = _rig.Peer("192.0.2.1"), second = _rig.Peer("192.0.2.2"), third = _rig.Peer("192.0.2.3");
        _rig.Announce(first, "10.0.0.0/8", "65001", "192.0.2.2");
        _rig.Announce(second, "10.0.0.0/8", "65002", "192.0.2.3");
        _rig.Announce(third, "10.0.0.0/8", "65003", "203.0.113.1");
        IpPrefix.TryParse("192.0.2.0/24", out IpPrefix inside);
        FlowRecord r = _rig.Enrich(AllBgp with { FollowNextHop = [inside], FollowNextHopExternal = external }, RouteRig.Flow("9.9.9.9", "10.1.2.3"));
        Assert.Equal((expected, 65001u), (r.NextHop.ToString(), r.DestinationAs));
    }

    [Fact]
    public void Maps_AgentVpnNextHopAndSource_DecideAsTheirLinesSay()
    {
        const ulong Rd = 0x0000_FDE9_0000_0007;
        AdjRibIn peer = _rig.Peer("198.51.100.1", addPath: RouteFamily.IPv4Unicast);
        _rig.Announce(peer, "10.0.0.0/8", "65001 65002", "10.0.0.11", pathId: 1);
        _rig.Announce(peer, "10.0.0.0/8", "65003 65004", "10.0.0.12", pathId: 2);
        _rig.Announce(peer, "10.0.0.0/8", "65007", "10.0.0.13", rd: Rd, family: RouteFamily.IPv4Vpn);
        _rig.Announce(peer, "9.0.0.0/8", "65009", "10.0.0.14", localPreference: 170, med: 3, pathId: 1);
        _rig.Map(m => m with
        {
            BgpAgent = _rig.MapOf("bgp_ip=198.51.100.1 ip=192.0.2.0/24"),
            FlowToRd = _rig.MapOf("id=0:65001:7 ip=192.0.2.1 in=5\nid=0:65001:8 ip=192.0.2.1 in=6\n"),
            BgpPeerDestination = _rig.MapOf("id=10.0.0.12 bgp_nexthop=10.9.9.9"),
            BgpPeerSourceAs = _rig.MapOf("id=64999 ip=192.0.2.1 in=7\nid=bgp ip=0.0.0.0/0\n"),
            BgpSourceLocalPreference = _rig.MapOf("id=bgp ip=0.0.0.0/0 bgp_nexthop=10.0.0.14"),
            BgpSourceMed = _rig.MapOf("id=77 ip=0.0.0.0/0"),
        });
        EnrichmentOptions options = AllBgp with { PeerSourceAs = SourceAttributeType.Map, SourceLocalPreference = SourceAttributeType.Map, SourceMed = SourceAttributeType.Map };
        FlowRecord Enrich(uint ingress, string nextHop)
        {
            FlowRecord flow = RouteRig.Flow("9.9.9.9", "10.1.2.3");
            (flow.IngressInterface, flow.NextHop, flow.NextHopFamily) = (ingress, IpAddress.Parse(nextHop), FlowFamily.IPv4);
            return _rig.Enrich(options, flow);
        }

        FlowRecord r = Enrich(1, "10.9.9.9");
        Assert.Equal((65004u, 65009u, 170u, 77u), (r.DestinationAs, r.PeerSourceAs, r.SourceLocalPreference, r.SourceMultiExitDiscriminator));
        Assert.Equal(65002u, Enrich(1, "10.0.0.11").DestinationAs);
        r = Enrich(5, "10.0.0.11");
        Assert.Equal((65007u, Rd), (r.DestinationAs, r.RouteDistinguisher));
        Assert.Equal(0u, Enrich(6, "10.0.0.11").DestinationAs);
        Assert.Equal(64999u, Enrich(7, "10.0.0.11").PeerSourceAs);
    }

    [Theory]
    [InlineData("10.1.2.3", 'v')]
    [InlineData("10.2.2.3", 'V')]
    [InlineData("11.1.2.3", 'U')]
    [InlineData("12.1.2.3", 'i')]
    [InlineData("13.1.2.3", 'u')]
    [InlineData("14.1.2.3", 'v')]
    [InlineData("15.1.2.3", 'i')]
    [InlineData("99.1.2.3", 'u')]
    public void Roa_OfBothRoutes_InvalidIsLookedAtWithWhatLiesAround(string address, char expected)
    {
        AdjRibIn peer = _rig.Peer("192.0.2.1", asNumber: 64999);
        _rig.Announce(peer, "10.0.0.0/8", "65010");
        _rig.Announce(peer, "10.1.0.0/16", "65011");
        _rig.Announce(peer, "10.2.0.0/16", "65666");
        _rig.Announce(peer, "11.0.0.0/8", "65010");
        _rig.Announce(peer, "11.1.0.0/16", "65666");
        _rig.Announce(peer, "12.1.0.0/16", "65666");
        _rig.Announce(peer, "13.0.0.0/8", "65666");
        _rig.Announce(peer, "14.0.0.0/8");
        _rig.Announce(peer, "15.0.0.0/8", "65001 {65010,65011}");
        EnrichmentSources sources = _rig.Use(AllBgp with { SourceRoa = true });
        sources.Use(new RoaTable(
        [
            Roa("10.0.0.0/8", 65010), Roa("10.1.0.0/16", 65011), Roa("10.2.0.0/16", 65012), Roa("11.1.0.0/16", 65012), Roa("12.1.0.0/16", 65012),
            Roa("14.0.0.0/8", 64999), Roa("15.0.0.0/8", 65011),
        ]));
        FlowRecord[] records = [RouteRig.Flow(address, address)];
        _rig.Enricher!.Enrich(records);
        char Letter(byte status) => status == 0 ? 'u' : (char)status;
        Assert.Equal((expected, expected), (Letter(records[0].SourceRoa), Letter(records[0].DestinationRoa)));

        static Roa Roa(string prefix, uint asNumber)
        {
            IpPrefix.TryParse(prefix, out IpPrefix network);
            return new Roa(network, network.Length, asNumber);
        }
    }

    [Fact]
    public void AttributeThatIsReplaced_IsNeverTakenForTheOldOne()
    {
        AdjRibIn peer = _rig.Peer("192.0.2.1");
        for (int i = 1; i <= 5_000; i++)
        {
            _rig.Announce(peer, "10.0.0.0/8", $"{i} {i + 1}");
            if (i == 1)
            {
                _rig.Use(AllBgp);
            }

            FlowRecord[] records = [RouteRig.Flow("9.9.9.9", "10.1.2.3")];
            _rig.Enricher!.Enrich(records);
            _rig.Routes.Reclaim();
            Assert.Equal($"{i}_{i + 1}", _rig.Text(records[0].AsPath));
        }
    }

    [Fact]
    public void ValuesThatRotate_AreInternedAnew()
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "10.0.0.0/8", "65001 65002");
        Assert.Equal("65001_65002", _rig.Text(_rig.Enrich(AllBgp, RouteRig.Flow("9.9.9.9", "10.1.2.3")).AsPath));
        _rig.Values.Rotate();
        FlowRecord[] records = [RouteRig.Flow("9.9.9.9", "10.1.2.3")];
        _rig.Enricher!.Enrich(records);
        Assert.Equal("65001_65002", _rig.Text(records[0].AsPath));
    }

    [Fact]
    public void Enrich_EverythingConfigured_AllocatesNothing()
    {
        AdjRibIn peer = _rig.Peer("192.0.2.1");
        _rig.Announce(peer, "10.0.0.0/8", "65010 65011", communities: "1:2");
        _rig.Announce(peer, "9.0.0.0/8", communities: "64512:64600");
        _rig.Use(
            Longest with { PeerSourceAs = SourceAttributeType.Bgp, SourceAsPath = true, SourceStandardCommunities = true, FollowDefault = 2, StandardCommunityToAs = "64512:" },
            "1_2,10.0.0.0/24\n");
        FlowRecord flow = RouteRig.Flow("9.9.9.9", "10.1.2.3");
        FlowRecord[] records = [flow, flow, RouteRig.Flow("10.0.0.1", "10.1.2.3", "192.0.2.7"), default];
        FlowRecord[] fresh = [.. records];
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                fresh.CopyTo(records, 0);
                _rig.Enricher!.Enrich(records);
            }
        }));
    }

    [Fact]
    public void Record_WithoutAddresses_IsLeftAlone() => Assert.Equal(0u, _rig.Enrich(AllBgp, default).SourceAs);
}
