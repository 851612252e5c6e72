using Collector.Bgp.Rib;
using Collector.Net;
using Xunit;
using static Collector.Bgp.Tests.Rib.Routes;

namespace Collector.Bgp.Tests.Rib;

public sealed class VpnScaleTests
{
    private const int Distinguishers = 500, RoutesEach = 2_000;

    [Fact]
    public void FiveHundredDistinguishers_OfTwoThousandRoutes_TakeLessThan100MiB()
    {
        using var table = new RouteTable(new RouteTableOptions(), TimeProvider.System);
        AdjRibIn peer = table.AddPeer(new PeerDescription { Address = IpAddress.FromIPv4(1) })!;
        long before = table.MemoryUsed;
        lock (table.WriterLock)
        {
            uint attributes = table.Attributes.Intern(Received([65001, 7]));
            for (int i = 0; i < Distinguishers * RoutesEach; i++)
            {
                Assert.Equal(AnnounceResult.Added, peer.Announce(RouteOf(i % Distinguishers, i / Distinguishers), attributes));
            }
        }

        Assert.Equal(Distinguishers, table.RouteDistinguishers);
        Assert.InRange(table.MemoryUsed - before, 1 << 20, 100 << 20);

        using RouteReader reader = table.CreateReader();
        for (int i = 0; i < Distinguishers * RoutesEach; i += 997)
        {
            Nlri route = RouteOf(i % Distinguishers, i / Distinguishers);
            Assert.True(reader.TryFind(peer.Index, route.Family, route.RouteDistinguisher, route.Prefix, out Route found));

            // Longer ones may begin at the same address.
            Assert.True(found.Length > route.Length || (found.Length, found.Label) == (route.Length, route.Label), $"{route}: {found.Length} {found.Label}");
        }

        lock (table.WriterLock)
        {
            peer.Clear();
            table.Prefixes.RemoveWaiting();
        }

        Assert.Equal(0, table.RouteDistinguishers);
    }

    // A customer's networks: some /16, many /24 in them, every tenth a /32, at other places in each table.
    private static Nlri RouteOf(int distinguisher, int number)
    {
        uint block = 0x0A00_0000 + ((uint)(distinguisher % 64) << 18);
        (uint address, byte length) = number switch
        {
            < 4 => (block + ((uint)number << 16), (byte)16),
            _ when number % 10 == 0 => (block + ((uint)number * 131), (byte)32),
            _ => (block + ((uint)(number % 1024) << 8), number < 1024 ? (byte)24 : (byte)28),
        };
        return new Nlri
        {
            Family = RouteFamily.IPv4Vpn,
            RouteDistinguisher = 0x0000_FDE9_0000_0000UL + (ulong)distinguisher,
            Prefix = IpAddress.FromIPv4(address),
            Length = length,
            Label = 24_000 + (uint)(number % 1000),
        };
    }
}
