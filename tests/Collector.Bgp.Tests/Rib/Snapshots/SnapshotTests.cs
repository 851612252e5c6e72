using System.Security.Cryptography;
using Collector.Bgp.Rib;
using Collector.Bgp.Rib.Snapshots;
using Collector.Net;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static Collector.Bgp.Tests.Rib.Routes;

namespace Collector.Bgp.Tests.Rib.Snapshots;

public sealed class SnapshotTests
{
    private static readonly byte[] Saved = Save(Filled());

    [Fact]
    public void Read_WhatWasWritten_SameRoutesAllStale()
    {
        using RouteTable before = Filled();
        using RouteTable after = Empty();

        Assert.True(RibSnapshotReader.TryRead(after, new MemoryStream(Saved), out SnapshotSummary summary, out string? fault), fault);

        Assert.Equal((2, 8, 0), (summary.Peers, summary.Routes, summary.Refused));
        Assert.Equal(Texts(before), Texts(after));
        RoutePeer peer = after.Peers.Peers[0];
        Assert.Equal(before.Peers.Peers[0].Description, peer.Description);
        Assert.Equal(PeerState.Stale, peer.State);
        Assert.Equal(summary.Made, peer.StaleSince);
        Assert.Equal(after.FindPeer(peer.Description.Address)!.Paths, after.FindPeer(peer.Description.Address)!.StalePaths);
        Assert.Equal(before.Attributes.Count, after.Attributes.Count);
    }

    [Fact]
    public void Read_ThenTheSessionIsBack_SweepTakesTheRest()
    {
        using RouteTable table = Empty();
        Assert.True(RibSnapshotReader.TryRead(table, new MemoryStream(Saved), out _, out _));
        AdjRibIn peer = table.FindPeer(IpAddress.Parse("10.0.0.1"))!;
        using RouteReader reader = table.CreateReader();
        Assert.Equal("2/8 stale", reader.Find(peer, "10.0.0.1"));

        table.Announce(peer, Nlri("10.0.0.0/8"), 2);
        lock (table.WriterLock)
        {
            peer.SweepStale(null);
        }

        Assert.Equal("2/8", reader.Find(peer, "10.0.0.1"));
        Assert.Equal(1, peer.Paths);
    }

    [Fact]
    public void Read_EveryCut_NothingIsLoaded()
    {
        using RouteTable table = Empty();
        for (int length = 0; length < Saved.Length; length += length < 64 ? 1 : 5)
        {
            AssertRefused(table, Saved[..length]);
        }
    }

    [Fact]
    public void Read_AnyBitFlipped_NothingIsLoaded()
    {
        using RouteTable table = Empty();
        for (int i = 0; i < Saved.Length; i += 3)
        {
            byte[] damaged = [.. Saved];
            damaged[i] ^= (byte)(1 << (i % 8));
            AssertRefused(table, damaged);
        }
    }

    [Fact]
    public void Read_HostileContentWithARightHash_LoadedOrRefusedButNeverHalf() => Prop.ForAll<int, byte>((place, value) =>
    {
        byte[] hostile = [.. Saved];
        hostile[18 + (int)((uint)place % (hostile.Length - 50))] = value;
        SHA256.HashData(hostile.AsSpan(0, hostile.Length - 32), hostile.AsSpan(hostile.Length - 32));
        using RouteTable table = Empty();
        if (!RibSnapshotReader.TryRead(table, new MemoryStream(hostile), out SnapshotSummary summary, out string? fault))
        {
            Assert.NotNull(fault);
            AssertEmpty(table);
            return;
        }

        Assert.True(Texts(table).Count <= summary.Routes);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(10_000));

    [Fact]
    public void Read_TableWithLimits_TheRestIsCounted()
    {
        using var table = new RouteTable(new RouteTableOptions { MaxPeers = 1, MaxPathsPerPeer = 3 }, TimeProvider.System);

        Assert.True(RibSnapshotReader.TryRead(table, new MemoryStream(Saved), out SnapshotSummary summary, out _));

        Assert.Equal((1, 3, 5), (summary.Peers, summary.Routes, summary.Refused));
    }

    [Fact]
    public void Read_PeerIsThereAlready_ItsRoutesArePassedOver()
    {
        using RouteTable table = Empty();
        AdjRibIn peer = table.AddPeer(new PeerDescription { Address = IpAddress.Parse("10.0.0.1") })!;

        Assert.True(RibSnapshotReader.TryRead(table, new MemoryStream(Saved), out SnapshotSummary summary, out _));

        Assert.Equal(0, peer.Paths);
        Assert.Equal(1, summary.Peers);
    }

    [Fact]
    public void Write_EmptyTable_ReadsAsEmpty()
    {
        using RouteTable table = Empty();

        Assert.True(RibSnapshotReader.TryRead(table, new MemoryStream(Save(Empty())), out SnapshotSummary summary, out _));

        Assert.Equal((0, 0L), (summary.Peers, summary.Routes));
    }

    private static RouteTable Empty() => new(new RouteTableOptions(), TimeProvider.System);

    private static RouteTable Filled()
    {
        RouteTable table = Empty();
        AdjRibIn first = table.AddPeer(new PeerDescription
        {
            Address = IpAddress.Parse("10.0.0.1"),
            Port = 50_000,
            RouterId = IpAddress.Parse("192.0.2.9"),
            AsNumber = 4_200_000_000,
            AddPathFamilies = 1,
        })!;
        AdjRibIn second = table.AddPeer(new PeerDescription { Address = IpAddress.Parse("2001:db8::1"), AsNumber = 65002 })!;
        table.Announce(first, Nlri("0.0.0.0/0"), 1);
        table.Announce(first, Nlri("10.0.0.0/8"), 2);
        table.Announce(first, Nlri("10.0.0.0/8", pathId: 7), 3, "192.0.2.77");
        table.Announce(first, Nlri("2001:db8::/33"), 2);
        table.Announce(first, Nlri("10.9.0.0/17", family: RouteFamily.IPv4Vpn, rd: 9, label: 18), 4);
        table.Announce(second, Nlri("10.1.2.3/32"), 5);
        table.Announce(second, Nlri("2001:db8::5/128", family: RouteFamily.IPv6Vpn, rd: ulong.MaxValue, label: 0xFFFFF), 2);
        lock (table.WriterLock)
        {
            ReceivedAttributes received = Received([4_200_000_001, 7], "2001:db8::99", 5, [1, 2, 3]);
            received.SetExtendedCommunities(16).Fill(3);
            received.SetLargeCommunities(24).Fill(4);
            (received.LocalPreference, received.Aigp, received.OnlyToCustomer, received.Origin) = (100, ulong.MaxValue, 6, 2);
            received.Present = (AttributeFlags)127;
            uint attributes = table.Attributes.Intern(received);
            second.Announce(Nlri("10.2.0.0/15", family: RouteFamily.IPv4Labeled, label: 3), attributes);
            table.Attributes.Release(attributes);
        }

        return table;
    }

    private static byte[] Save(RouteTable table)
    {
        using var stream = new MemoryStream();
        RibSnapshotWriter.Write(table, stream);
        table.Dispose();
        return stream.ToArray();
    }

    private static List<string> Texts(RouteTable table)
    {
        var texts = new List<string>();
        var entries = new RouteEntry[3];
        foreach (RoutePeer peer in table.Peers.Peers)
        {
            var cursor = default(RouteCursor);
            for (bool more = true; more;)
            {
                more = table.FindPeer(peer.Description.Address)!.Read(ref cursor, entries, out int count);
                texts.AddRange(entries.Take(count).Select(e => $"{peer.Description.Address} {e.Nlri.Family} {e.Nlri} {e.Nlri.PathId} {e.Nlri.Label} {e.Nlri.RouteDistinguisher} {Text(table, e.Attributes)}"));
            }
        }

        return texts;
    }

    private static string Text(RouteTable table, uint handle)
    {
        RouteAttributes a = table.Attributes[handle];
        string Hex(uint value) => Convert.ToHexString(table.Attributes.Value(value));
        return $"{a.NextHop} {a.Origin} {a.Present} {a.LocalPreference} {a.Med} {a.Aigp} {a.OnlyToCustomer} {Hex(a.AsPath)} {Hex(a.StandardCommunities)} {Hex(a.ExtendedCommunities)} {Hex(a.LargeCommunities)}";
    }

    private static void AssertRefused(RouteTable table, byte[] bytes)
    {
        Assert.False(RibSnapshotReader.TryRead(table, new MemoryStream(bytes), out _, out string? fault));
        Assert.NotNull(fault);
        AssertEmpty(table);
    }

    private static void AssertEmpty(RouteTable table)
    {
        Assert.Empty(table.Peers.Peers.ToArray());
        Assert.Equal(0, table.Attributes.Count);
    }
}
