using Collector.Bgp.Rib;
using Collector.Net;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Bgp.Tests.Rib;

/// <summary>Any sequence of changes: after each one the table says what the model says, and at the end nothing is left behind.</summary>
public sealed class RouteModelTests
{
    private static readonly IpAddress[] IPv4Bases = [.. Parse("10.0.0.0", "10.1.2.3", "10.1.2.255", "10.1.255.255", "192.0.2.130", "255.255.255.255")];

    private static readonly IpAddress[] IPv6Bases =
        [.. Parse("2001:db8:1:2:3:4:5:6", "2001:db8::", "2001:db8:1:ffff::", "::ffff:10.0.0.1", "2a02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:1:2:3:4:5:7")];

    private static readonly byte[] IPv4Lengths = [0, 1, 8, 9, 15, 16, 17, 23, 24, 25, 26, 30, 31, 32];

    private static readonly byte[] IPv6Lengths = [0, 1, 3, 4, 16, 19, 20, 21, 26, 29, 32, 33, 36, 40, 44, 47, 48, 49, 60, 63, 64, 65, 96, 104, 112, 124, 125, 127, 128];

    private static readonly string[] NextHops = ["192.0.2.1", "192.0.2.2", "2001:db8::1"];

    [Fact]
    public void AnyChanges_AnswersAreTheModels() =>
        Prop.ForAll<int[]>(choices => Run(choices, 12)).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(400));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ManyChanges_AnswersAreTheModels(int seed)
    {
        var random = new Random(seed);
        Run([.. Enumerable.Range(0, 3_000).Select(_ => random.Next())], 2);
    }

    private static void Run(int[] choices, int probes)
    {
        using var table = new RouteTable(new RouteTableOptions { LeastWaitingPrefixes = 4 }, TimeProvider.System);
        using RouteReader reader = table.CreateReader();
        var model = new RouteModel();
        var ribs = new List<AdjRibIn>();
        for (int i = 0; i < 3; i++)
        {
            ribs.Add(AddPeer(table, i));
            model.AddPeer(ribs[i].Index);
        }

        foreach (int choice in choices)
        {
            var random = new Random(choice);
            int i = random.Next(ribs.Count);
            Change(table, model, ribs, i, random);
            AdjRibIn rib = ribs[i];
            for (int probe = 0; probe < probes; probe++)
            {
                Nlri near = AnyNlri(random);
                AssertSame(reader, model, rib, near, NextHops[random.Next(3)]);
            }

            Assert.Equal(model.PathsOf(rib.Index).Count, rib.Paths);
            Assert.Equal(model.PathsOf(rib.Index).Count(p => p.IsStale), rib.StalePaths);
            if (random.Next(4) == 0)
            {
                reader.Quiesce();
            }
        }

        ribs.ForEach(rib => AssertSameEnumeration(table, model, rib));
        AssertNothingIsLeft(table, reader, ribs);
    }

    private static void Change(RouteTable table, RouteModel model, List<AdjRibIn> ribs, int i, Random random)
    {
        AdjRibIn rib = ribs[i];
        Nlri nlri = AnyNlri(random);
        string nextHop = NextHops[random.Next(3)];
        uint originAs = (uint)random.Next(1, 6);
        lock (table.WriterLock)
        {
            switch (random.Next(64))
            {
                case 0:
                    rib.MarkAllStale();
                    model.MarkAllStale(rib.Index);
                    break;
                case 1 or 2:
                    RouteFamily? family = random.Next(3) == 0 ? null : nlri.Family;
                    Assert.Equal(model.SweepStale(rib.Index, family), rib.SweepStale(family));
                    break;
                case 3:
                    rib.Clear();
                    model.Clear(rib.Index);
                    break;
                case 4:
                    table.RemovePeer(rib);
                    model.RemovePeer(rib.Index);
                    ribs[i] = AddPeer(table, i);
                    model.AddPeer(ribs[i].Index);
                    break;
                case < 30:
                    // Mostly one that is there.
                    IReadOnlyList<RouteModel.Path> there = model.PathsOf(rib.Index);
                    nlri = there.Count > 0 && random.Next(4) > 0 ? there[random.Next(there.Count)].Nlri : nlri;
                    Assert.Equal(model.Withdraw(rib.Index, nlri), table.Withdraw(rib, nlri));
                    break;
                default:
                    Assert.Equal(model.Announce(rib.Index, nlri, originAs, nextHop), table.Announce(rib, nlri, originAs, nextHop));
                    break;
            }
        }
    }

    private static void AssertSame(RouteReader reader, RouteModel model, AdjRibIn rib, Nlri near, string nextHop)
    {
        IpAddress address = Near(near);
        bool found = reader.TryFind(rib.Index, near.Family, near.RouteDistinguisher, address, out Route route);
        Assert.Equal(model.Find(rib.Index, near.Family, near.RouteDistinguisher, address), found ? Text(reader, route) : "none");
        found = reader.TryFindByNextHop(rib.Index, near.Family, near.RouteDistinguisher, address, IpAddress.Parse(nextHop), out route);
        Assert.Equal(model.Find(rib.Index, near.Family, near.RouteDistinguisher, address, nextHop), found ? Text(reader, route) : "none");
    }

    private static void AssertSameEnumeration(RouteTable table, RouteModel model, AdjRibIn rib)
    {
        // Paths of one prefix stay in the order of their announcement; OrderBy is stable.
        var expected = model.PathsOf(rib.Index)
            .OrderBy(p => p.Nlri.Family).ThenBy(p => p.Nlri.RouteDistinguisher).ThenBy(p => p.Nlri.Prefix).ThenBy(p => p.Nlri.Length)
            .Select(p => $"{p.Nlri.Family} {p.Nlri.RouteDistinguisher} {p.Nlri} {p.Nlri.PathId} {p.Nlri.Label} {p.As} {p.IsStale}").ToList();
        var found = new List<string>();
        var entries = new RouteEntry[7];
        var cursor = default(RouteCursor);
        for (bool more = true; more;)
        {
            more = rib.Read(ref cursor, entries, out int count);
            found.AddRange(entries.Take(count).Select(e =>
                $"{e.Nlri.Family} {e.Nlri.RouteDistinguisher} {e.Nlri} {e.Nlri.PathId} {e.Nlri.Label} {table.Attributes[e.Attributes].OriginAs} {e.IsStale}"));
        }

        Assert.Equal(expected, found);
    }

    private static void AssertNothingIsLeft(RouteTable table, RouteReader reader, List<AdjRibIn> ribs)
    {
        lock (table.WriterLock)
        {
            ribs.ForEach(rib => rib.Clear());
            Assert.Equal(0, table.Attributes.Count);
            table.Prefixes.RemoveWaiting();
            table.Reclaim();
            reader.Quiesce();
            table.Reclaim();
            Assert.Equal(0, table.WaitingForReaders);
            Assert.Equal(0, table.PrefixCount);
            Assert.Equal(0, table.RouteDistinguishers);
            Assert.Equal(0, table.Attributes.Values);
            Assert.Equal(0, table.Pool.BytesInUse);
        }
    }

    private static AdjRibIn AddPeer(RouteTable table, int number) =>
        table.AddPeer(new PeerDescription { Address = IpAddress.FromIPv4(0x0A000001 + (uint)number), AddPathFamilies = 0xFF })!;

    // Few bases and many lengths: prefixes nest, and meet again and again.
    private static Nlri AnyNlri(Random random)
    {
        var family = (RouteFamily)(random.Next(3) == 0 ? random.Next(RouteFamilies.Count) : random.Next(2) * 3);
        IpAddress[] bases = family.IsIPv4() ? IPv4Bases : IPv6Bases;
        byte[] lengths = family.IsIPv4() ? IPv4Lengths : IPv6Lengths;
        byte length = random.Next(2) == 0 ? lengths[random.Next(lengths.Length)] : (byte)random.Next(family.MaxLength() + 1);
        return new Nlri
        {
            Family = family,
            Length = length,
            Prefix = RouteModel.Mask(family, bases[random.Next(bases.Length)], length),
            PathId = random.Next(4) == 0 ? (uint)random.Next(4) : 0,
            Label = family is RouteFamily.IPv4Unicast or RouteFamily.IPv6Unicast ? 0 : (uint)random.Next(3),
            RouteDistinguisher = family.IsVpn() ? (ulong)random.Next(3) switch { 0 => 0, 1 => 7, _ => ulong.MaxValue } : 0,
        };
    }

    // The prefix's first address, its last, or one beyond either.
    private static IpAddress Near(Nlri nlri)
    {
        UInt128 bits = new(nlri.Prefix.FirstHostOrder, nlri.Prefix.LastHostOrder);
        int host = nlri.Family.MaxLength() - nlri.Length;
        UInt128 last = bits | (host == 128 ? UInt128.MaxValue : (UInt128.One << host) - 1);
        UInt128 at = nlri.PathId switch { 0 => last, 1 => last + 1, 2 => bits - 1, _ => bits };
        return nlri.Family.IsIPv4() ? IpAddress.FromIPv4((uint)at) : IpAddress.FromHostOrder((ulong)(at >> 64), (ulong)at);
    }

    private static string Text(RouteReader reader, Route route) =>
        RouteModel.Text(reader.Attributes(route).OriginAs, route.Length, route.Label, route.PathId, route.IsStale);

    private static IEnumerable<IpAddress> Parse(params string[] texts) => texts.Select(IpAddress.Parse);
}
