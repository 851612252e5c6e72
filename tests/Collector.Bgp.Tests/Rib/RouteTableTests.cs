using Collector.Bgp.Rib;
using Collector.Net;
using Xunit;
using static Collector.Bgp.Tests.Rib.Routes;

namespace Collector.Bgp.Tests.Rib;

public sealed class RouteTableTests : IDisposable
{
    private readonly RouteTable _table = new(new RouteTableOptions(), TimeProvider.System);
    private readonly RouteReader _reader;
    private readonly AdjRibIn _peer;

    public RouteTableTests()
    {
        _reader = _table.CreateReader();
        _peer = AddPeer("10.0.0.1");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _table.Dispose();
    }

    private AdjRibIn AddPeer(string address) => _table.AddPeer(new PeerDescription { Address = IpAddress.Parse(address), AsNumber = 65001 })!;

    [Fact]
    public void TryFind_NestedPrefixes_LongestMatches()
    {
        _table.Announce(_peer, Nlri("0.0.0.0/0"), 1);
        _table.Announce(_peer, Nlri("10.0.0.0/8"), 2);
        _table.Announce(_peer, Nlri("10.1.0.0/16"), 3);
        _table.Announce(_peer, Nlri("10.1.2.0/24"), 4);
        _table.Announce(_peer, Nlri("10.1.2.3/32"), 5);
        _table.Announce(_peer, Nlri("10.1.2.128/25"), 6);

        Assert.Equal("5/32", _reader.Find(_peer, "10.1.2.3"));
        Assert.Equal("4/24", _reader.Find(_peer, "10.1.2.4"));
        Assert.Equal("6/25", _reader.Find(_peer, "10.1.2.200"));
        Assert.Equal("3/16", _reader.Find(_peer, "10.1.3.4"));
        Assert.Equal("2/8", _reader.Find(_peer, "10.2.3.4"));
        Assert.Equal("1/0", _reader.Find(_peer, "11.0.0.0"));
    }

    [Fact]
    public void TryFind_MoreSpecificsFirst_ShorterOnesFillTheRest()
    {
        _table.Announce(_peer, Nlri("10.1.2.3/32"), 5);
        _table.Announce(_peer, Nlri("10.1.2.0/24"), 4);
        _table.Announce(_peer, Nlri("10.0.0.0/8"), 2);
        _table.Announce(_peer, Nlri("10.1.0.0/16"), 3);

        Assert.Equal("5/32", _reader.Find(_peer, "10.1.2.3"));
        Assert.Equal("4/24", _reader.Find(_peer, "10.1.2.2"));
        Assert.Equal("3/16", _reader.Find(_peer, "10.1.1.0"));
        Assert.Equal("2/8", _reader.Find(_peer, "10.255.0.0"));
        Assert.True(_table.Withdraw(_peer, Nlri("10.1.2.0/24")));
        Assert.Equal("3/16", _reader.Find(_peer, "10.1.2.2"));
        Assert.Equal("none", _reader.Find(_peer, "11.0.0.0"));
    }

    [Fact]
    public void TryFind_IPv6_LongestMatches()
    {
        _table.Announce(_peer, Nlri("::/0"), 1);
        _table.Announce(_peer, Nlri("2001:db8::/32"), 2);
        _table.Announce(_peer, Nlri("2001:db8:1::/48"), 3);
        _table.Announce(_peer, Nlri("2001:db8:1:2::/64"), 4);
        _table.Announce(_peer, Nlri("2001:db8:1:2::3/128"), 5);
        _table.Announce(_peer, Nlri("2000::/3"), 6);

        Assert.Equal("5/128", _reader.Find(_peer, "2001:db8:1:2::3"));
        Assert.Equal("4/64", _reader.Find(_peer, "2001:db8:1:2::4"));
        Assert.Equal("3/48", _reader.Find(_peer, "2001:db8:1:3::"));
        Assert.Equal("2/32", _reader.Find(_peer, "2001:db8:2::"));
        Assert.Equal("6/3", _reader.Find(_peer, "3fff::"));
        Assert.Equal("1/0", _reader.Find(_peer, "fe80::1"));
    }

    [Fact]
    public void TryFind_TwoPeers_EachHasItsOwnAnswers()
    {
        AdjRibIn other = AddPeer("10.0.0.2");
        _table.Announce(_peer, Nlri("10.0.0.0/8"), 1);
        _table.Announce(other, Nlri("10.1.0.0/16"), 2);

        Assert.Equal("1/8", _reader.Find(_peer, "10.1.0.1"));
        Assert.Equal("2/16", _reader.Find(other, "10.1.0.1"));
        Assert.Equal("none", _reader.Find(other, "10.2.0.1"));
        Assert.False(_reader.TryFind(7, RouteFamily.IPv4Unicast, 0, IpAddress.Parse("10.1.0.1"), out _));
        Assert.False(_reader.TryFind(-1, RouteFamily.IPv4Unicast, 0, IpAddress.Parse("10.1.0.1"), out _));
    }

    [Fact]
    public void TryFind_Vpn_OnlyTheTableOfItsDistinguisher()
    {
        _table.Announce(_peer, Nlri("10.0.0.0/8", family: RouteFamily.IPv4Vpn, rd: 7, label: 24001), 1);
        _table.Announce(_peer, Nlri("10.0.0.0/8", family: RouteFamily.IPv4Vpn, rd: 8, label: 24002), 2);
        _table.Announce(_peer, Nlri("2001:db8::/32", family: RouteFamily.IPv6Vpn, rd: 7, label: 3), 3);

        Assert.Equal("1/8 label 24001", _reader.Find(_peer, "10.0.0.1", RouteFamily.IPv4Vpn, 7));
        Assert.Equal("2/8 label 24002", _reader.Find(_peer, "10.0.0.1", RouteFamily.IPv4Vpn, 8));
        Assert.Equal("3/32 label 3", _reader.Find(_peer, "2001:db8::1", RouteFamily.IPv6Vpn, 7));
        Assert.Equal("none", _reader.Find(_peer, "10.0.0.1", RouteFamily.IPv4Vpn, 9));
        Assert.Equal("none", _reader.Find(_peer, "10.0.0.1"));
        Assert.Equal("none", _reader.Find(_peer, "10.0.0.1", RouteFamily.IPv4Labeled));
    }

    [Fact]
    public void Announce_SamePathAgain_IsReplaced()
    {
        Assert.Equal(AnnounceResult.Added, _table.Announce(_peer, Nlri("10.0.0.0/8"), 1));
        Assert.Equal(AnnounceResult.Replaced, _table.Announce(_peer, Nlri("10.0.0.0/8"), 2));
        Assert.Equal(AnnounceResult.Replaced, _table.Announce(_peer, Nlri("10.0.0.0/8"), 2));

        Assert.Equal("2/8", _reader.Find(_peer, "10.0.0.1"));
        Assert.Equal(1, _peer.Paths);
        Assert.Equal(1, _table.Attributes.Count);
    }

    [Fact]
    public void Withdraw_UnknownPath_SaysSo()
    {
        _table.Announce(_peer, Nlri("10.0.0.0/8", pathId: 1), 1);

        Assert.False(_table.Withdraw(_peer, Nlri("10.0.0.0/9", pathId: 1)));
        Assert.False(_table.Withdraw(_peer, Nlri("10.0.0.0/8", pathId: 2)));
        Assert.False(_table.Withdraw(_peer, Nlri("2001:db8::/32")));
        Assert.False(_table.Withdraw(_peer, Nlri("10.0.0.0/8", family: RouteFamily.IPv4Vpn, rd: 1)));
        Assert.Equal(1, _peer.Paths);
    }

    [Fact]
    public void AddPath_SeveralPaths_FirstAnnouncedOrByNextHop()
    {
        _table.Announce(_peer, Nlri("10.0.0.0/8", pathId: 5), 1, "192.0.2.1");
        _table.Announce(_peer, Nlri("10.0.0.0/8", pathId: 2), 2, "192.0.2.2");
        _table.Announce(_peer, Nlri("10.1.0.0/16", pathId: 9), 3, "192.0.2.3");

        Assert.Equal("1/8", _reader.Find(_peer, "10.0.0.1"));
        Assert.Equal("2/8", FindByNextHop("10.0.0.1", "192.0.2.2"));
        Assert.Equal("2/8", FindByNextHop("10.1.0.1", "192.0.2.2"));
        Assert.Equal("3/16", FindByNextHop("10.1.0.1", "192.0.2.3"));
        Assert.Equal("none", FindByNextHop("10.0.0.1", "192.0.2.3"));
        Assert.Equal(3, _peer.Paths);

        _table.Withdraw(_peer, Nlri("10.0.0.0/8", pathId: 5));
        Assert.Equal("2/8", _reader.Find(_peer, "10.0.0.1"));
        Assert.Equal("none", FindByNextHop("10.0.0.1", "192.0.2.1"));
    }

    private string FindByNextHop(string address, string nextHop) =>
        _reader.TryFindByNextHop(_peer.Index, RouteFamily.IPv4Unicast, 0, IpAddress.Parse(address), IpAddress.Parse(nextHop), out Route route) ? _reader.Text(route) : "none";

    [Fact]
    public void MarkAllStale_SweepAfterSomeCameAgain_OnlyTheOthersGo()
    {
        _table.Announce(_peer, Nlri("10.0.0.0/8"), 1);
        _table.Announce(_peer, Nlri("11.0.0.0/8"), 2);
        _table.Announce(_peer, Nlri("2001:db8::/32"), 3);
        lock (_table.WriterLock)
        {
            _peer.MarkAllStale();
        }

        Assert.Equal("1/8 stale", _reader.Find(_peer, "10.0.0.1"));
        Assert.NotNull(_table.Peers.Find(_peer.Index)!.StaleSince);
        Assert.Equal(AnnounceResult.Replaced, _table.Announce(_peer, Nlri("10.0.0.0/8"), 1));
        Assert.Equal("1/8", _reader.Find(_peer, "10.0.0.1"));
        Assert.Equal(2, _peer.StalePaths);

        var removed = new List<string>();
        lock (_table.WriterLock)
        {
            Assert.Equal(1, _peer.SweepStale(RouteFamily.IPv4Unicast, (in Nlri n, uint a) => removed.Add($"{n} {_table.Attributes[a].OriginAs}")));
        }

        Assert.Equal(["11.0.0.0/8 2"], removed);
        Assert.Equal("none", _reader.Find(_peer, "11.0.0.1"));
        Assert.Equal("3/32 stale", _reader.Find(_peer, "2001:db8::1"));
        lock (_table.WriterLock)
        {
            Assert.Equal(1, _peer.SweepStale(null));
        }

        Assert.Equal("none", _reader.Find(_peer, "2001:db8::1"));
        Assert.Equal(1, _peer.Paths);
        Assert.Null(_table.Peers.Find(_peer.Index)!.StaleSince);
    }

    [Fact]
    public void MarkAllStale_Twice_WhatWasStaleBeforeGoes()
    {
        _table.Announce(_peer, Nlri("10.0.0.0/8"), 1);
        _table.Announce(_peer, Nlri("11.0.0.0/8"), 2);
        lock (_table.WriterLock)
        {
            _peer.MarkAllStale();
        }

        _table.Announce(_peer, Nlri("10.0.0.0/8"), 1);
        lock (_table.WriterLock)
        {
            _peer.MarkAllStale();
        }

        Assert.Equal("1/8 stale", _reader.Find(_peer, "10.0.0.1"));
        Assert.Equal("none", _reader.Find(_peer, "11.0.0.1"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Read_InChunks_AllInPrefixOrder(int chunk)
    {
        string[] prefixes =
        [
            "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.0.0/30", "10.0.0.4/30", "10.0.1.0/24", "10.0.1.1/32", "192.0.2.0/24", "255.255.255.255/32",
            "::/0", "2000::/3", "2001:db8::/32", "2001:db8::/33", "2001:db8::/48", "2001:db8:0:1::/64", "2001:db8:8000::/33", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
        ];
        foreach (string prefix in prefixes.Reverse())
        {
            _table.Announce(_peer, Nlri(prefix), 1);
        }

        _table.Announce(_peer, Nlri("10.9.0.0/16", family: RouteFamily.IPv4Labeled, label: 17), 1);
        _table.Announce(_peer, Nlri("10.9.0.0/16", family: RouteFamily.IPv4Vpn, rd: 9, label: 18), 1);
        _table.Announce(_peer, Nlri("10.8.0.0/16", family: RouteFamily.IPv4Vpn, rd: 10, label: 19), 1);

        var found = new List<string>();
        var cursor = default(RouteCursor);
        var entries = new RouteEntry[chunk];
        for (bool more = true; more;)
        {
            lock (_table.WriterLock)
            {
                more = _peer.Read(ref cursor, entries, out int count);
                found.AddRange(entries.Take(count).Select(e => $"{e.Nlri}{(e.Nlri.Label > 0 ? $" {e.Nlri.RouteDistinguisher} {e.Nlri.Label}" : "")}"));
            }
        }

        Assert.Equal([.. prefixes[..10], "10.9.0.0/16 0 17", "10.9.0.0/16 9 18", "10.8.0.0/16 10 19", .. prefixes[10..]], found);
    }

    [Fact]
    public void Announce_BeyondThePathLimit_IsRefused()
    {
        using var table = new RouteTable(new RouteTableOptions { MaxPathsPerPeer = 2 }, TimeProvider.System);
        AdjRibIn rib = table.AddPeer(new PeerDescription { Address = IpAddress.Parse("10.0.0.1") })!;
        table.Announce(rib, Nlri("10.0.0.0/8"), 1);
        table.Announce(rib, Nlri("2001:db8::/32"), 1);

        Assert.Equal(AnnounceResult.PathLimit, table.Announce(rib, Nlri("11.0.0.0/8"), 1));
        Assert.Equal(AnnounceResult.Replaced, table.Announce(rib, Nlri("10.0.0.0/8"), 2));
        Assert.Equal(2, rib.Paths);
    }

    [Fact]
    public void AddPeer_BeyondTheLimit_IsRefusedAndCounted()
    {
        using var table = new RouteTable(new RouteTableOptions { MaxPeers = 1 }, TimeProvider.System);
        AdjRibIn first = table.AddPeer(new PeerDescription { Address = IpAddress.Parse("10.0.0.1") })!;

        Assert.Null(table.AddPeer(new PeerDescription { Address = IpAddress.Parse("10.0.0.2") }));
        Assert.Equal(1, table.Counters.PeersOverLimit);
        lock (table.WriterLock)
        {
            table.RemovePeer(first);
            table.Reclaim();
            Assert.NotNull(table.AddPeer(new PeerDescription { Address = IpAddress.Parse("10.0.0.2") }));
        }
    }

    [Fact]
    public void Peers_StateChanges_ANewSnapshotEachTime()
    {
        PeerSnapshot before = _table.Peers;
        _peer.SetState(PeerState.Stale);

        Assert.True(_table.Peers.Version > before.Version);
        Assert.Equal(PeerState.Established, before.Find(_peer.Index)!.State);
        Assert.Equal(PeerState.Stale, _table.Peers.Find(_peer.Index)!.State);
        Assert.Same(_peer, _table.FindPeer(IpAddress.Parse("10.0.0.1")));
    }
}
