using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Enrichment.Explanations;
using Collector.Flows;
using Collector.Net;
using Collector.Tests.Enrichment.GeoIp;
using Xunit;

namespace Collector.Tests.Enrichment.Explanations;

/// <summary>The cases that took days of mail (pmacct issues 768, 777, 789, 603, 542), and the other reasons.</summary>
public sealed class FlowExplainerTests : IDisposable
{
    private static readonly EnrichmentOptions AllBgp = new() { As = AsSource.Bgp, Network = NetworkSource.Bgp };

    private readonly RouteRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Issue768_AgentMapNamesNobody_SaysWhichPeersThereAre()
    {
        _rig.Announce(_rig.Peer("198.51.100.1", "10.255.0.1"), "10.0.0.0/8", "65010");
        _rig.Map(m => m with { BgpAgent = _rig.MapOf("bgp_ip=198.51.100.9 ip=192.0.2.1") });
        Assert.Equal(
            "dst_as is 0: bgp_agent_map names 198.51.100.9 for exporter 192.0.2.1, and no BGP peer has that as router id or session address; "
            + "the peers are 198.51.100.1 (router id 10.255.0.1, AS 65001): write one of these in bgp_ip",
            Explain(AllBgp, RouteRig.Flow("9.9.9.9", "10.1.2.3")).DestinationReason);
    }

    [Fact]
    public void Issue777_GlobalTableFlowsTakenForAVpn_SaysHowToMapThem()
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "10.0.0.0/8", "65010");
        _rig.Map(m => m with { FlowToRd = _rig.MapOf("id=0:65001:7 ip=192.0.2.1") });
        Assert.Equal(
            "dst_as is 0: VPN 0:65001:7 (from flow_to_rd_map) has no route for 10.1.2.3; if these flows are of the global table, write id=0:0:0 for their interface in flow_to_rd_map",
            Explain(AllBgp, RouteRig.Flow("9.9.9.9", "10.1.2.3")).DestinationReason);
    }

    [Fact]
    public void Issue789_OwnPrefix_SaysSo()
    {
        _rig.Announce(_rig.Peer("192.0.2.1", asNumber: 64512), "10.1.0.0/16");
        Assert.Equal(
            "dst_as is 0: own prefix: the route 10.1.0.0/16 has an empty AS_PATH, it is originated in our own AS 64512; "
            + "to see that number write the prefix into networks_file, with as_source: longest and networks_file_no_lpm: true",
            Explain(AllBgp, RouteRig.Flow("9.9.9.9", "10.1.2.3")).DestinationReason);
    }

    [Fact]
    public void Issue603_NetworkZeroAlthoughTheAsIsKnown_ShowsTheDefaultRoute()
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "0.0.0.0/0", "64510");
        Explanation explanation = Explain(AllBgp, RouteRig.Flow("9.9.9.9", "10.1.2.3"));
        Assert.Equal((64510u, null), (explanation.SourceAs, explanation.SourceReason));
        Assert.Contains(
            new ExplanationStep("source", "9.9.9.9: route 0.0.0.0/0 (IPv4 unicast), next hop 10.0.0.254, origin AS 64510, peer AS 64510"), explanation.Steps);
    }

    [Fact]
    public void Issue603_OnlyOneFamilyAnnounced_SaysWhichIsMissing()
    {
        _rig.Announce(_rig.Peer("192.0.2.1"), "10.0.0.0/8", "65010");
        Assert.Equal(
            "dst_as is 0: peer 192.0.2.1 (router id 192.0.2.1, AS 65001) has announced no IPv6 routes at all; send that address family to the collector too",
            Explain(AllBgp, RouteRig.Flow("2001:db8::1", "2001:db8::2")).DestinationReason);
    }

    [Fact]
    public void Issue542_DestinationMissingSourceFine_SaysThatAddPathNeedsANextHop()
    {
        AdjRibIn peer = _rig.Peer("192.0.2.1", addPath: RouteFamily.IPv4Unicast);
        _rig.Announce(peer, "10.0.0.0/8", "65010", pathId: 1);
        _rig.Announce(peer, "9.0.0.0/8", "65009", pathId: 1);
        Explanation explanation = Explain(AllBgp, RouteRig.Flow("9.9.9.9", "10.1.2.3"));
        Assert.Equal((65009u, 0u), (explanation.SourceAs, explanation.DestinationAs));
        Assert.Equal(
            "dst_as is 0: the peer sends several paths (ADD-PATH), and the flow carries no BGP next hop that tells which one it took to 10.1.2.3; export element 18 or 63, "
            + "in sFlow extended_gateway, or do not send ADD-PATH to the collector",
            explanation.DestinationReason);
    }

    [Theory]
    [InlineData("no peer", "dst_as is 0: no BGP peer has the address of exporter 192.0.2.7 as router id or session address; the peers are 192.0.2.1 (router id 192.0.2.1, AS 65001): name the exporter's peer in bgp_agent_map, bgp_ip=PEER ip=192.0.2.7")]
    [InlineData("down", "dst_as is 0: the BGP peer of 192.0.2.1 has no session; AS numbers come back with it")]
    [InlineData("no route", "dst_as is 0: peer 192.0.2.1 (router id 192.0.2.1, AS 65001) has no route for 11.0.0.1 among its 2; it does not announce all it uses, or a default route is missing")]
    [InlineData("not asked", "dst_as is 0: BGP runs, but as_source takes AS numbers from the exporter, which says none; write as_source: bgp or longest (nfacctd_as)")]
    [InlineData("empty", "dst_as is 0: the route 12.0.0.0/8 has an empty AS_PATH although its peer is in AS 65001: look at that router's policy")]
    [InlineData("file", "dst_as is 0: networks_file decides and does not have 10.1.2.3, or names no AS for it")]
    public void OtherReasons_AreToldTooAndCounted(string name, string expected)
    {
        AdjRibIn peer = _rig.Peer("192.0.2.1");
        _rig.Announce(peer, "10.0.0.0/8", "65010");
        _rig.Announce(peer, "12.0.0.0/8");
        if (name == "down")
        {
            lock (_rig.Routes.WriterLock)
            {
                peer.SetState(PeerState.Down);
            }
        }

        FlowRecord flow = RouteRig.Flow("9.9.9.9", name switch { "no route" => "11.0.0.1", "empty" => "12.0.0.1", _ => "10.1.2.3" }, name == "no peer" ? "192.0.2.7" : "192.0.2.1");
        EnrichmentOptions options = name switch { "not asked" => new(), "file" => new() { As = AsSource.File }, _ => AllBgp };
        EnrichmentSources sources = _rig.Use(options, name == "file" ? "11.0.0.0/8\n" : null, localAs: 65500);
        Assert.Equal(expected, new FlowExplainer(new CollectorOptions { Enrichment = options }, sources, null).Explain(flow).DestinationReason);

        AsZeroReason reason = name switch
        {
            "no peer" => AsZeroReason.NoPeer,
            "down" => AsZeroReason.PeerDown,
            "no route" => AsZeroReason.NoRoute,
            "not asked" => AsZeroReason.SourceNotConfigured,
            "empty" => AsZeroReason.EmptyAsPath,
            _ => AsZeroReason.NetworksFile,
        };
        FlowRecord[] records = [flow];
        _rig.Enricher!.Enrich(records);
        Assert.Equal((1, 1), ((int)_rig.Enricher.AsZero.Destinations(reason), (int)Enum.GetValues<AsZeroReason>().Sum(_rig.Enricher.AsZero.Destinations)));
    }

    [Fact]
    public void Steps_OfAFlowThatIsResolved_TellPeerRoutesFileAndResult()
    {
        AdjRibIn peer = _rig.Peer("198.51.100.1", "192.0.2.1");
        _rig.Announce(peer, "10.0.0.0/8", "65010 65011");
        EnrichmentOptions options = AllBgp with { As = AsSource.Longest, Network = NetworkSource.Longest, NetworksFile = "networks.lst" };
        EnrichmentSources sources = _rig.Use(options, "7_8,9.9.9.0/24\n");
        Explanation explanation = new FlowExplainer(new CollectorOptions { Enrichment = options }, sources, null)
            .Explain(IpAddress.Parse("192.0.2.1"), IpAddress.Parse("9.9.9.9"), IpAddress.Parse("10.1.2.3"));
        string text = explanation.ToString();
        Assert.StartsWith("exporter: 192.0.2.1\npeer: 198.51.100.1 (router id 192.0.2.1, AS 65001), found by its router id, established since ", text, StringComparison.Ordinal);
        Assert.Contains("\nsource: 9.9.9.9: no route\n", text, StringComparison.Ordinal);
        Assert.Contains("\ndestination: 10.1.2.3: route 10.0.0.0/8 (IPv4 unicast), next hop 10.0.0.254, origin AS 65011, peer AS 65010\n", text, StringComparison.Ordinal);
        Assert.Contains("\nnetworks_file: networks.lst: source in 9.9.9.0/24 with AS 8, peer AS 7, destination not in it\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "result: src_as 8, src_net 9.9.9.0/24, peer_src_as 7; dst_as 65011, dst_net 10.0.0.0/8, peer_dst_as 65010, as_path '65010_65011', std_comm '', peer_dst_ip 10.0.0.254, dst_roa u",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Places_AreAStepOfTheirOwn()
    {
        EnrichmentOptions options = new() { GeoIpFile = GeoDatabases.PathOf("city-28") };
        var sources = new EnrichmentSources(options);
        Assert.Empty(sources.Load());
        Explanation explanation = new FlowExplainer(new CollectorOptions { Enrichment = options }, sources, null)
            .Explain(IpAddress.Parse("192.0.2.1"), IpAddress.Parse("10.1.1.1"), IpAddress.Parse("9.9.9.9"));
        Assert.EndsWith(
            "city-28.mmdb: source country 'DE', postal code '20095', at 53.5511, 9.9937, destination unknown",
            Assert.Single(explanation.Steps, s => s.Name == "geoipv2_file").Text,
            StringComparison.Ordinal);
    }

    private Explanation Explain(EnrichmentOptions options, FlowRecord record) =>
        new FlowExplainer(new CollectorOptions { Enrichment = options }, _rig.Use(options), _rig.Maps).Explain(record);
}
