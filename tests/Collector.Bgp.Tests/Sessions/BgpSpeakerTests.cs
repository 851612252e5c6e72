using System.Net;
using System.Net.Sockets;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;
using Collector.Net;
using Collector.Testing.Builders;
using Xunit;
using AddressFamily = System.Net.Sockets.AddressFamily;
using BgpFamily = Collector.Bgp.Messages.AddressFamily;

namespace Collector.Bgp.Tests.Sessions;

public class BgpSpeakerTests
{
    private static readonly byte[] EndOfRib = new UpdateBuilder().Message();

    private static byte[] Announce(params string[] prefixes) => new UpdateBuilder().Mandatory("192.0.2.1", 65001, 65002).Announce(prefixes).Message();

    [Fact]
    public async Task Passive_AnswersWithWhatThePeerOffers()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer peer = rig.Connect("0104 00010001 0104 00190046 0200 4104 FA56EA00 4508 0001 01 03 0002 01 01 4006 0078 00010180 F902 0102", 4_200_000_000);
        OpenMessage open = peer.Establish();
        Assert.Equal((4_200_000_000u, 180, 0x7F00_0001u), (open.As, open.HoldSeconds, open.RouterId));
        Assert.Equal([1, 2, 65, 69, 64], open.Capabilities.Raw.Select(c => (int)c.Code));
        Assert.Equal([new AddPathFamily(new(1, 1), 1)], open.Capabilities.AddPath);
        Assert.Empty(open.Capabilities.GracefulRestart!.Families);
        rig.UntilLogged("up");
        RoutePeer known = Assert.Single(rig.Table.Peers.Peers.ToArray());
        Assert.Equal((4_200_000_000u, IpAddress.Parse("127.0.0.1"), IpAddress.Parse("10.0.0.1")), (known.Description.AsNumber, known.Description.Address, known.Description.RouterId));
        Assert.True(known.Description.HasAddPath(RouteFamily.IPv4Unicast) && !known.Description.HasAddPath(RouteFamily.IPv6Unicast));
        Assert.Equal(90, rig.Peer.HoldSeconds);
    }

    [Fact]
    public async Task EchoesFamilies_AgreesToThoseThatAreNotKept()
    {
        await using var rig = new SpeakerRig(new SpeakerOptions { TakesAll = true, EchoesFamilies = true, AddPath = false, LocalAs = 65099, RouterId = IpAddress.Parse("10.9.9.9"), HoldSeconds = 30 });
        using ScriptedPeer peer = rig.Connect("0104 00190046 4504 00010103");
        OpenMessage open = peer.Establish();
        Assert.Equal([new BgpFamily(25, 70)], open.Capabilities.Multiprotocol);
        await using var pmacct = new SpeakerRig(new SpeakerOptions { TakesAll = true, EchoesFamilies = true, HoldSeconds = ushort.MaxValue });
        using ScriptedPeer other = pmacct.Connect();
        Assert.Equal(90, other.Establish().HoldSeconds);
        Assert.Equal((65099u, 0x0A09_0909u, 30, 0), (open.As, open.RouterId, open.HoldSeconds, open.Capabilities.AddPath.Count));
    }

    [Fact]
    public async Task Routes_ComeAndGo()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer peer = rig.Connect();
        peer.Establish();
        byte[] stream =
        [
            .. Announce("10.0.0.0/8", "10.1.0.0/16"),
            .. new UpdateBuilder().Origin(0).AsPath(65001).MpReach(2, 1, new byte[16], UpdateBuilder.Prefixes("2001:db8::/32")).Message(),
            .. new UpdateBuilder().Withdraw("10.1.0.0/16", "10.9.0.0/16").Message(),
            .. EndOfRib,
        ];
        foreach (byte b in stream)
        {
            peer.Send(b);
        }

        rig.UntilLogged("end of rib IPv4Unicast");
        Assert.Equal(["10.0.0.0/8", "2001:db8::/32"], rig.Routes);
        Assert.Equal(["up", "+10.0.0.0/8", "+10.1.0.0/16", "+2001:db8::/32", "-10.1.0.0/16", "end of rib IPv4Unicast"], rig.Log.Lines);
        PeerCounters c = rig.Peer.Counters;
        Assert.Equal((3, 2, 1, 4), (c.Announced, c.Withdrawn, c.UnknownWithdrawn, c.Received(MessageType.Update)));
        using RouteReader reader = rig.Table.CreateReader();
        Assert.True(reader.TryFind(rig.Peer.Rib!.Index, RouteFamily.IPv4Unicast, 0, IpAddress.Parse("10.2.3.4"), out Route route));
        Assert.Equal((65002u, 65001u), (reader.Attributes(route).OriginAs, reader.Attributes(route).PeerAs));
    }

    [Fact]
    public async Task TreatAsWithdraw_TakesTheRoutesAway_AndTheSessionGoesOn()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer peer = rig.Connect();
        peer.Establish();
        peer.Send(Announce("10.0.0.0/8", "10.1.0.0/16"));
        peer.Send(new UpdateBuilder().Attribute(0x40, 1, 9).AsPath(1).NextHop("192.0.2.1").Announce("10.0.0.0/8").Message());
        peer.Send(EndOfRib);
        rig.UntilLogged("end of rib");
        Assert.Equal(["10.1.0.0/16"], rig.Routes);
        Assert.Equal((1, 1), (rig.Peer.Counters.TreatedAsWithdrawn, rig.Peer.Counters[UpdateFault.OriginMalformed]));
        Assert.True(rig.Peer.IsEstablished);
    }

    [Fact]
    public async Task SessionReset_SendsANotification_AndNothingOfTheMessageHolds()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer peer = rig.Connect();
        peer.Establish();
        peer.Send(new UpdateBuilder().Mandatory("192.0.2.1", 1).Announce("10.0.0.0/8").RawAnnounced(99).Message());
        Assert.Equal("3/10", peer.ReceiveNotification());
        rig.UntilLogged("down");
        Assert.DoesNotContain(rig.Log.Lines, l => l.StartsWith('+'));
        Assert.Empty(rig.Table.Peers.Peers.ToArray());
    }

    [Fact]
    public async Task PathLimit_EndsTheSessionWithCease()
    {
        await using var rig = new SpeakerRig(limits: new RouteTableOptions { MaxPathsPerPeer = 2 });
        using ScriptedPeer peer = rig.Connect();
        peer.Establish();
        peer.Send(Announce("10.0.0.0/8", "10.1.0.0/16"));
        peer.Send(Announce("10.0.0.0/8"));
        peer.Send(Announce("10.2.0.0/16"));
        byte[] body = peer.Receive(MessageType.Notification);
        Assert.Equal("06010001010000" + "0002", Convert.ToHexString(body));
        rig.UntilLogged("Maximum Number of Prefixes Reached");
        Assert.Equal(1, rig.Peer.Counters.PathLimits);
        Assert.Empty(rig.Routes);
    }

    [Fact]
    public async Task SessionLoss_DeletesTheRoutes()
    {
        await using var rig = new SpeakerRig();
        using (ScriptedPeer peer = rig.Connect())
        {
            peer.Establish();
            peer.Send(Announce("10.0.0.0/8"));
            rig.UntilRoutes("10.0.0.0/8");
        }

        rig.UntilLogged("down:");
        Assert.Contains("x10.0.0.0/8", rig.Log.Lines);
        Assert.Equal(1, rig.Peer.Counters.Deleted);
        Assert.Null(rig.Peer.Rib);
    }

    [Fact]
    public async Task OnlyListedPeers_MayConnect_AndOnlyWithTheirAs()
    {
        await using var rig = new SpeakerRig(new SpeakerOptions { Peers = [new PeerOptions { Address = IpAddress.Parse("192.0.2.0"), PrefixLength = 24 }] });
        using ScriptedPeer stranger = rig.Connect();
        Assert.True(stranger.IsClosed());
        rig.UntilLogged("it is not listed");
        Assert.Equal(1, rig.Speaker.NotListed);
        await using var strict = new SpeakerRig(new SpeakerOptions { Peers = [new PeerOptions { Address = IpAddress.Parse("127.0.0.0"), PrefixLength = 8, RemoteAs = 65002 }] });
        using ScriptedPeer wrong = strict.Connect();
        Assert.Equal("2/2", wrong.ReceiveNotification());
        strict.UntilLogged("Bad Peer AS");
    }

    [Fact]
    public async Task MaxPeers_IsCounted()
    {
        await using var rig = new SpeakerRig(new SpeakerOptions { TakesAll = true, MaxPeers = 0 });
        using ScriptedPeer peer = rig.Connect();
        Assert.True(peer.IsClosed());
        rig.UntilLogged("the limit");
        Assert.Equal(1, rig.Speaker.TooManyPeers);
    }

    [Fact]
    public async Task HoldTimer_EndsASessionThatIsSilent()
    {
        var clock = new ManualClock();
        await using var rig = new SpeakerRig(time: clock);
        using ScriptedPeer peer = rig.Connect();
        peer.Establish();
        rig.UntilLogged("up");
        for (int i = 0; i < 2; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            peer.Receive(MessageType.KeepAlive);
        }

        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("4/0", peer.ReceiveNotification());
        rig.UntilLogged("Hold Timer Expired");
    }

    [Fact]
    public async Task SecondConnection_IsRefusedWhileTheFirstIsEstablished()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer first = rig.Connect();
        first.Establish();
        rig.UntilLogged("up");
        using ScriptedPeer second = rig.Connect();
        Assert.Equal("6/7", second.ReceiveNotification());
        first.Send(Announce("10.0.0.0/8"));
        rig.UntilRoutes("10.0.0.0/8");
    }

    [Fact]
    public async Task GracefulRestart_KeepsRoutesUntilEndOfRib()
    {
        await using var rig = new SpeakerRig();
        using (ScriptedPeer before = rig.Connect(ScriptedPeer.Graceful))
        {
            before.Establish();
            before.Send(Announce("10.0.0.0/8", "10.1.0.0/16"));
            before.Send(new UpdateBuilder().Origin(0).AsPath(65001).MpReach(2, 1, new byte[16], UpdateBuilder.Prefixes("2001:db8::/32")).Message());
            rig.UntilRoutes("10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32");
        }

        // IPv6 was not in the capability, so its routes go at once.
        rig.UntilLogged("down gracefully");
        Assert.Equal(["10.0.0.0/8 stale", "10.1.0.0/16 stale"], rig.Routes);
        Assert.Equal(PeerState.Stale, Assert.Single(rig.Table.Peers.Peers.ToArray()).State);

        using ScriptedPeer after = rig.Connect(ScriptedPeer.Graceful);
        after.Establish();
        after.Send(Announce("10.0.0.0/8"));
        rig.UntilRoutes("10.0.0.0/8", "10.1.0.0/16 stale");
        after.Send(EndOfRib);
        rig.UntilRoutes("10.0.0.0/8");
        Assert.Equal(PeerState.Established, Assert.Single(rig.Table.Peers.Peers.ToArray()).State);
    }

    [Fact]
    public async Task GracefulRestart_WithoutForwarding_DropsWhatIsStaleAtOnce()
    {
        await using var rig = new SpeakerRig();
        using (ScriptedPeer before = rig.Connect(ScriptedPeer.Graceful))
        {
            before.Establish();
            before.Send(Announce("10.0.0.0/8"));
            rig.UntilRoutes("10.0.0.0/8");
        }

        rig.UntilRoutes("10.0.0.0/8 stale");
        using ScriptedPeer after = rig.Connect(ScriptedPeer.Usual + "4006 8078 00010100");
        after.Establish();
        rig.UntilRoutes();
    }

    [Fact]
    public async Task GracefulRestart_EndsWithItsTime()
    {
        var clock = new ManualClock();
        await using var rig = new SpeakerRig(time: clock);
        using (ScriptedPeer before = rig.Connect(ScriptedPeer.Graceful))
        {
            before.Establish();
            before.Send(Announce("10.0.0.0/8"));
            rig.UntilRoutes("10.0.0.0/8");
        }

        rig.UntilRoutes("10.0.0.0/8 stale");
        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(["10.0.0.0/8 stale"], rig.Routes);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(rig.Routes);
        Assert.Empty(rig.Table.Peers.Peers.ToArray());
    }

    [Fact]
    public async Task GracefulRestart_IsNoneAfterANotification()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer peer = rig.Connect(ScriptedPeer.Graceful);
        peer.Establish();
        peer.Send(Announce("10.0.0.0/8"));
        rig.UntilRoutes("10.0.0.0/8");
        peer.Send(UpdateBuilder.Message(3, 6, 2));
        rig.UntilLogged("down: the peer sent Cease/Administrative Shutdown");
        Assert.Empty(rig.Routes);
    }

    [Fact]
    public async Task GracefulRestart_ReplacesAConnectionWhoseEndWasNotSeen()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer before = rig.Connect(ScriptedPeer.Graceful);
        before.Establish();
        before.Send(Announce("10.0.0.0/8"));
        rig.UntilRoutes("10.0.0.0/8");
        using ScriptedPeer after = rig.Connect(ScriptedPeer.Graceful);
        after.Establish();
        rig.UntilRoutes("10.0.0.0/8 stale");
        Assert.True(before.IsClosed());
        after.Send(Announce("10.0.0.0/8"));
        rig.UntilRoutes("10.0.0.0/8");
    }

    [Fact]
    public async Task RoutesOfASnapshot_GoWhenAPeerWithoutGracefulRestartIsQuiet()
    {
        var clock = new ManualClock();
        var table = new RouteTable(new RouteTableOptions(), clock);
        lock (table.WriterLock)
        {
            AdjRibIn rib = table.AddPeer(new PeerDescription { Address = IpAddress.Parse("127.0.0.1") })!;
            uint attributes = table.Attributes.Intern(new ReceivedAttributes());
            rib.Announce(new Nlri { Prefix = IpAddress.Parse("10.0.0.0"), Length = 8 }, attributes);
            rib.Announce(new Nlri { Prefix = IpAddress.Parse("10.1.0.0"), Length = 16 }, attributes);
            table.Attributes.Release(attributes);
            rib.MarkAllStale();
            rib.SetState(PeerState.Stale);
        }

        await using var rig = new SpeakerRig(time: clock, table: table);
        Assert.Equal(["10.0.0.0/8 stale", "10.1.0.0/16 stale"], rig.Routes);
        using ScriptedPeer peer = rig.Connect();
        peer.Establish();
        peer.Send(Announce("10.0.0.0/8"));
        rig.UntilRoutes("10.0.0.0/8", "10.1.0.0/16 stale");
        for (int i = 0; i < 59; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            peer.Send(UpdateBuilder.Message(4));
        }

        Assert.Equal(["10.0.0.0/8", "10.1.0.0/16 stale"], rig.Routes);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["10.0.0.0/8"], rig.Routes);
    }

    [Fact]
    public async Task RoutesOfASnapshot_GoAfterTheirTime()
    {
        var clock = new ManualClock();
        var table = new RouteTable(new RouteTableOptions(), clock);
        lock (table.WriterLock)
        {
            AdjRibIn rib = table.AddPeer(new PeerDescription { Address = IpAddress.Parse("127.0.0.1") })!;
            uint attributes = table.Attributes.Intern(new ReceivedAttributes());
            rib.Announce(new Nlri { Prefix = IpAddress.Parse("10.0.0.0"), Length = 8 }, attributes);
            table.Attributes.Release(attributes);
            rib.MarkAllStale();
            rib.SetState(PeerState.Stale);
        }

        await using var rig = new SpeakerRig(time: clock, table: table);
        clock.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal(["10.0.0.0/8 stale"], rig.Routes);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(rig.Routes);
    }

    [Fact]
    public async Task Reload_AsksForTheRoutesAgain_AndEndsSessionsOfPeersThatAreGone()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer peer = rig.Connect();
        peer.Establish();
        rig.UntilLogged("up");
        rig.Speaker.Reload(rig.Speaker.Options);
        Assert.Equal("00010001", Convert.ToHexString(peer.Receive(MessageType.RouteRefresh)));
        Assert.Equal("00020001", Convert.ToHexString(peer.Receive(MessageType.RouteRefresh)));
        rig.Speaker.Reload(rig.Speaker.Options with { TakesAll = false });
        Assert.Equal("6/3", peer.ReceiveNotification());
    }

    [Fact]
    public async Task EnhancedRefresh_TakesAwayWhatIsNotSentAgain()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer peer = rig.Connect(ScriptedPeer.Usual + "4600");
        Assert.True(peer.Establish().Capabilities.EnhancedRouteRefresh);
        peer.Send(Announce("10.0.0.0/8", "10.1.0.0/16"));
        peer.Send(new UpdateBuilder().Origin(0).AsPath(65001).MpReach(2, 1, new byte[16], UpdateBuilder.Prefixes("2001:db8::/32")).Message());
        peer.Send(UpdateBuilder.Message(5, 0, 1, 1, 1));
        rig.UntilRoutes("10.0.0.0/8 stale", "10.1.0.0/16 stale", "2001:db8::/32");
        peer.Send(Announce("10.0.0.0/8"));
        rig.UntilRoutes("10.0.0.0/8", "10.1.0.0/16 stale", "2001:db8::/32");
        peer.Send(UpdateBuilder.Message(5, 0, 1, 2, 1));
        rig.UntilRoutes("10.0.0.0/8", "2001:db8::/32");
        Assert.Contains("x10.1.0.0/16", rig.Log.Lines);
        peer.Send(UpdateBuilder.Message(5, 0, 1, 2, 1, 0));
        Assert.Equal("7/1", peer.ReceiveNotification());
    }

    [Fact]
    public async Task Stop_SendsCease_AndLeavesTheTable()
    {
        await using var rig = new SpeakerRig();
        using ScriptedPeer peer = rig.Connect();
        peer.Establish();
        peer.Send(Announce("10.0.0.0/8"));
        rig.UntilRoutes("10.0.0.0/8");
        Task stop = rig.Speaker.StopAsync();
        Assert.Equal("6/2", peer.ReceiveNotification());
        peer.Dispose();
        await stop;
        Assert.Equal(1, Assert.Single(rig.Speaker.Peers).Rib!.Paths);
    }

    [Fact]
    public async Task Active_ConnectsUntilThePeerIsThere()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ushort port = (ushort)((IPEndPoint)listener.LocalEndPoint!).Port;
        var clock = new ManualClock();
        var options = new PeerOptions { Address = IpAddress.Parse("127.0.0.1"), Connect = true, Port = port, RemoteAs = 65001 };
        await using var rig = new SpeakerRig(new SpeakerOptions { Peers = [options] }, time: clock);
        rig.UntilLogged("no connection: ConnectionRefused");
        listener.Listen(1);
        SpeakerRig.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(31));
                return listener.Poll(10_000, SelectMode.SelectRead);
            },
            () => string.Join("; ", rig.Log.Lines));
        using var peer = new ScriptedPeer(listener.Accept());
        OpenMessage open = OpenMessage.Read(peer.Receive(MessageType.Open), out _)!;
        Assert.Equal((65001u, 6, 6), (open.As, open.Capabilities.Multiprotocol.Count, open.Capabilities.AddPath.Count));
        peer.Send(ScriptedPeer.OpenOf(ScriptedPeer.Usual));
        peer.Receive(MessageType.KeepAlive);
        peer.Send(UpdateBuilder.Message(4));
        peer.Send(Announce("10.0.0.0/8"));
        rig.UntilRoutes("10.0.0.0/8");
    }

    [Theory]
    [InlineData("10.0.0.1", "6/7", false)]
    [InlineData("200.0.0.1", "6/7", true)]
    public async Task Collision_TheSideWithTheHigherIdentifierKeepsItsConnection(string routerId, string notification, bool inboundStays)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var options = new PeerOptions { Address = IpAddress.Parse("127.0.0.1"), Connect = true, Port = (ushort)((IPEndPoint)listener.LocalEndPoint!).Port, RemoteAs = 65001 };
        await using var rig = new SpeakerRig(new SpeakerOptions { Peers = [options] });
        using var outbound = new ScriptedPeer(listener.Accept());
        outbound.Receive(MessageType.Open);
        using var inbound = new ScriptedPeer(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp).ConnectedTo(rig.Port));
        outbound.Send(ScriptedPeer.OpenOf(ScriptedPeer.Usual, routerId: routerId));
        outbound.Receive(MessageType.KeepAlive);
        inbound.Send(ScriptedPeer.OpenOf(ScriptedPeer.Usual, routerId: routerId));
        ScriptedPeer loses = inboundStays ? outbound : inbound, stays = inboundStays ? inbound : outbound;
        Assert.Equal(notification, loses.ReceiveNotification());
        if (inboundStays)
        {
            stays.Establish();
        }
        else
        {
            stays.Send(UpdateBuilder.Message(4));
        }

        rig.UntilLogged("up");
    }
}
