using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;
using Collector.Net;
using Collector.Testing;
using Xunit;

namespace Collector.Bgp.Tests.Peers;

/// <summary>Routing daemons as peers, each in a network namespace of its own: they connect, announce, flap and restart.</summary>
public class RealPeerTests
{
    private static readonly SpeakerOptions Internal = new() { Peers = [new PeerOptions { Address = IpAddress.Parse(RouterProcess.Router), RemoteAs = 4_200_000_001 }], RouterId = IpAddress.Parse("10.0.0.1") };

    private static readonly SpeakerOptions External = Internal with { LocalAs = 65000 };

    [NamespaceFact("bird", "birdc")]
    public void Bird() => RouterProcess.Run(Internal, (rig, folder) =>
    {
        string configuration = RouterProcess.Write(folder, "bird.conf", BirdConfiguration("10.1.0.0/16", "10.2.0.0/16"));
        string control = Path.Combine(folder, "bird.ctl");
        using RouterProcess bird = RouterProcess.Start("bird", ["-f", "-c", configuration, "-s", control, "-P", Path.Combine(folder, "bird.pid")]);
        string[] expected =
        [
            "10.1.0.0/16 [] 65001:100 no-export 65001:1:2 via 10.0.0.2",
            "10.2.0.0/16 [] 65001:100 no-export 65001:1:2 via 10.0.0.2",
            "2001:db8:1::/48 [] via 2001:db8::2",
        ];
        rig.UntilRoutesWithAttributes(expected);
        rig.UntilLogged("end of rib IPv6Unicast");
        Capabilities peer = rig.Peer.Open!.Capabilities;
        Assert.Equal((4_200_000_001u, 120), (rig.Peer.Open.As, peer.GracefulRestart!.RestartSeconds));
        Assert.True(rig.Peer.Rib!.Description.HasAddPath(RouteFamily.IPv4Unicast) && peer.EnhancedRouteRefresh);

        // A route flaps.
        RouterProcess.Write(folder, "bird.conf", BirdConfiguration("10.1.0.0/16"));
        RouterProcess.Command("birdc", "-s", control, "configure");
        rig.UntilLogged("-10.2.0.0/16");
        RouterProcess.Write(folder, "bird.conf", BirdConfiguration("10.1.0.0/16", "10.2.0.0/16"));
        RouterProcess.Command("birdc", "-s", control, "configure");
        rig.UntilRoutesWithAttributes(expected);

        // Asked for its routes again, it sends them; nothing is lost by that.
        long announced = rig.Peer.Counters.Announced;
        rig.Speaker.Reload(rig.Speaker.Options);
        Sessions.SpeakerRig.Until(() => rig.Peer.Counters.Announced >= announced + 3, () => $"{rig.Peer.Counters.Announced} of {announced} + 3");
        rig.UntilRoutesWithAttributes(expected);

        // It crashes; its routes are stale until it has announced them again.
        bird.Crash(() => rig.UntilRoutesWithAttributes([.. expected.Select(r => $"{r} stale")]));
        rig.UntilRoutesWithAttributes(expected);
        RouterProcess.Command("birdc", "-s", control, "disable", "collector");
        rig.UntilLogged("down: the peer sent Cease/Administrative Shutdown");
        Assert.Empty(rig.Routes);
    });

    [NamespaceFact("gobgpd", "gobgp")]
    public void GoBgp() => RouterProcess.Run(External, (rig, folder) =>
    {
        string configuration = RouterProcess.Write(folder, "gobgpd.toml", $"""
            [global.config]
              as = 4200000001
              router-id = "10.0.0.2"
              port = -1
            [[neighbors]]
              [neighbors.config]
                neighbor-address = "{RouterProcess.Speaker}"
                peer-as = 65000
              [neighbors.transport.config]
                local-address = "{RouterProcess.Router}"
                remote-port = 1790
              [neighbors.timers.config]
                connect-retry = 1
                idle-hold-time-after-reset = 1
              [neighbors.ebgp-multihop.config]
                enabled = true
                multihop-ttl = 5
              [neighbors.graceful-restart.config]
                enabled = true
                restart-time = 60
              [[neighbors.afi-safis]]
                [neighbors.afi-safis.config]
                  afi-safi-name = "ipv4-unicast"
                [neighbors.afi-safis.mp-graceful-restart.config]
                  enabled = true
                [neighbors.afi-safis.add-paths.config]
                  send-max = 4
              [[neighbors.afi-safis]]
                [neighbors.afi-safis.config]
                  afi-safi-name = "ipv6-unicast"
              [[neighbors.afi-safis]]
                [neighbors.afi-safis.config]
                  afi-safi-name = "l3vpn-ipv4-unicast"
            """);
        using RouterProcess gobgpd = RouterProcess.Start("gobgpd", ["-f", configuration, "--api-hosts", "127.0.0.1:50051", "--pprof-disable"]);
        rig.UntilLogged("up");
        Gobgp("global rib add 10.1.0.0/16 aspath 65010,65020 community 65001:100 large-community 65001:1:2 nexthop 10.0.0.2");
        Gobgp("global rib add -a ipv6 2001:db8:1::/48 community no-export nexthop 2001:db8::2");
        Gobgp("global rib add -a vpnv4 10.9.0.0/16 label 24001 rd 65001:7 rt 65001:7 nexthop 10.0.0.2");
        string[] expected =
        [
            "10.1.0.0/16 [4200000001 65010 65020] 65001:100 65001:1:2 via 10.0.0.2",
            "10.9.0.0/16 [4200000001] via 10.0.0.2",
            "2001:db8:1::/48 [4200000001] no-export via 2001:db8::2",
        ];
        rig.UntilRoutesWithAttributes(expected);
        Gobgp("global rib del 10.1.0.0/16");
        rig.UntilLogged("-10.1.0.0/16");
        Gobgp("global rib add 10.1.0.0/16 aspath 65010,65020 community 65001:100 large-community 65001:1:2 nexthop 10.0.0.2");
        rig.UntilRoutesWithAttributes(expected);
        Gobgp($"neighbor {RouterProcess.Speaker} disable");
        rig.UntilLogged("down: the peer sent Cease");
        Assert.Empty(rig.Routes);
        Gobgp($"neighbor {RouterProcess.Speaker} enable");
        rig.UntilRoutesWithAttributes(expected);
        static void Gobgp(string command) => Assert.Equal("", RouterProcess.Command("gobgp", ["-p", "50051", .. command.Split(' ')]).Trim());
    });

    [NamespaceFact("/usr/lib/frr/bgpd")]
    public void Frr() => RouterProcess.Run(External, (rig, folder) =>
    {
        string configuration = RouterProcess.Write(folder, "bgpd.conf", $"""
            router bgp 4200000001
             bgp router-id 10.0.0.2
             no bgp ebgp-requires-policy
             no bgp network import-check
             bgp graceful-restart
             bgp graceful-restart restart-time 90
             bgp graceful-restart preserve-fw-state
             neighbor {RouterProcess.Speaker} remote-as 65000
             neighbor {RouterProcess.Speaker} port 1790
             neighbor {RouterProcess.Speaker} update-source {RouterProcess.Router}
             neighbor {RouterProcess.Speaker} ebgp-multihop 5
             neighbor {RouterProcess.Speaker} timers connect 1
             neighbor {RouterProcess.Speaker} advertisement-interval 0
             address-family ipv4 unicast
              network 10.1.0.0/16
              network 10.2.0.0/16
              neighbor {RouterProcess.Speaker} route-map OUT out
              neighbor {RouterProcess.Speaker} addpath-tx-all-paths
             exit-address-family
             address-family ipv6 unicast
              network 2001:db8:1::/48
              neighbor {RouterProcess.Speaker} activate
              neighbor {RouterProcess.Speaker} route-map OUT6 out
             exit-address-family
            route-map OUT permit 10
             set community 65001:100 no-export
             set large-community 65001:1:2
             set as-path prepend 4200000001
            route-map OUT6 permit 10
             set ipv6 next-hop global 2001:db8::2
            """);
        using RouterProcess bgpd = RouterProcess.Start(
            "/usr/lib/frr/bgpd",
            ["-f", configuration, "-Z", "-n", "-S", "-p", "0", "-P", "0", "-i", Path.Combine(folder, "pid"), "--vty_socket", folder, "-z", Path.Combine(folder, "zserv"), "--log", "stdout"]);
        string[] expected =
        [
            "10.1.0.0/16 [4200000001 4200000001] 65001:100 no-export 65001:1:2 via 10.0.0.2",
            "10.2.0.0/16 [4200000001 4200000001] 65001:100 no-export 65001:1:2 via 10.0.0.2",
            "2001:db8:1::/48 [4200000001] via 2001:db8::2",
        ];
        rig.UntilRoutesWithAttributes(expected);
        Assert.True(rig.Peer.Rib!.Description.HasAddPath(RouteFamily.IPv4Unicast));
        rig.Speaker.Reload(rig.Speaker.Options);
        rig.UntilRoutesWithAttributes(expected);
        bgpd.Crash(() => rig.UntilLogged("down gracefully"));
        rig.UntilRoutesWithAttributes(expected);
    });

    [NamespaceFact("exabgp")]
    public void ExaBgp() => RouterProcess.Run(External, (rig, folder) =>
    {
        string configuration = RouterProcess.Write(folder, "exabgp.conf", ExaConfiguration("10.2.0.0/16"));
        using RouterProcess exabgp = RouterProcess.Start(
            "exabgp", [configuration], ("exabgp.api.cli", "false"), ("exabgp.daemon.user", "root"), ("exabgp.daemon.drop", "false"));
        rig.OtherSide = () => exabgp.Output;
        string[] first =
        [
            "10.1.0.0/16 [4200000001 65010] 65001:100 65001:1:2 via 10.0.0.2",
            "10.1.0.0/16 [4200000001 65011 65012] via 10.0.0.3",
            "10.2.0.0/16 [4200000001] via 10.0.0.2",
            "2001:db8:1::/48 [4200000001] no-export via 2001:db8::2",
        ];
        rig.UntilRoutesWithAttributes(first);
        RouterProcess.Write(folder, "exabgp.conf", ExaConfiguration("10.3.0.0/16"));
        exabgp.Signal(10);
        rig.UntilRoutesWithAttributes([first[0], first[1], "10.3.0.0/16 [4200000001] via 10.0.0.2", first[3]]);
        exabgp.Crash(() => rig.UntilLogged("down"));
        rig.UntilRoutesWithAttributes([first[0], first[1], "10.3.0.0/16 [4200000001] via 10.0.0.2", first[3]]);
    });

    private static string BirdConfiguration(params string[] prefixes) => $$"""
        router id 10.0.0.2;
        protocol device { }
        protocol static { ipv4; {{string.Join(' ', prefixes.Select(p => $"route {p} blackhole;"))}} }
        protocol static { ipv6; route 2001:db8:1::/48 blackhole; }
        protocol bgp collector {
          local {{RouterProcess.Router}} as 4200000001;
          neighbor {{RouterProcess.Speaker}} port 1790 as 4200000001;
          multihop;
          connect delay time 1;
          connect retry time 1;
          error wait time 1, 2;
          graceful restart on;
          ipv4 {
            import none;
            next hop self;
            add paths tx;
            export filter { bgp_community.add((65001, 100)); bgp_community.add((65535, 65281)); bgp_large_community.add((65001, 1, 2)); accept; };
          };
          ipv6 { import none; export filter { bgp_next_hop = 2001:db8::2; accept; }; };
        }
        """;

    private static string ExaConfiguration(string prefix) => $$"""
        neighbor {{RouterProcess.Speaker}} {
          router-id 10.0.0.2;
          local-address {{RouterProcess.Router}};
          local-as 4200000001;
          peer-as 65000;
          hold-time 30;
          connect 1790;
          capability { asn4; add-path send/receive; graceful-restart 120; route-refresh; }
          family { ipv4 unicast; ipv6 unicast; }
          static {
            route 10.1.0.0/16 { next-hop 10.0.0.2; path-information 1; as-path [ 4200000001 65010 ]; community [ 65001:100 ]; large-community [ 65001:1:2 ]; }
            route 10.1.0.0/16 { next-hop 10.0.0.3; path-information 2; as-path [ 4200000001 65011 65012 ]; }
            route {{prefix}} { next-hop 10.0.0.2; path-information 3; }
            route 2001:db8:1::/48 { next-hop 2001:db8::2; path-information 4; community [ no-export ]; }
          }
        }
        """;
}
