using Collector.Bgp.Rib;
using Collector.Net;
using Xunit;

namespace Collector.Bgp.Tests.Rib;

/// <summary>Lookups of several addresses at once find what lookups one by one find, and fetching ahead changes no answer.</summary>
public sealed unsafe class PrefetchTests : IDisposable
{
    private readonly RouteTable _table = new(new RouteTableOptions(), TimeProvider.System);
    private readonly Random _random = new(5);

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData(RouteFamily.IPv4Unicast)]
    [InlineData(RouteFamily.IPv6Unicast)]
    public void FindAll_GivesTheNodesOfFind(RouteFamily family)
    {
        AdjRibIn rib = Fill(family, 5_000);
        using RouteReader reader = _table.CreateReader();
        uint* nodes = stackalloc uint[RouteReader.MaxPrefetched];
        for (int round = 0; round < 400; round++)
        {
            IpAddress[] addresses = [.. Enumerable.Range(0, 1 + (round % RouteReader.MaxPrefetched)).Select(_ => Any(family))];
            if (family.IsIPv4())
            {
                _table.Prefixes.IPv4.FindAll(addresses, nodes);
            }
            else
            {
                _table.Prefixes.IPv6.FindAll(addresses, nodes);
            }

            for (int i = 0; i < addresses.Length; i++)
            {
                IpAddress a = addresses[i];
                Assert.Equal(family.IsIPv4() ? _table.Prefixes.IPv4.Find(a.ToIPv4()) : _table.Prefixes.IPv6.Find(a.FirstHostOrder, a.LastHostOrder), nodes[i]);
            }

            (bool Found, Route Route)[] before = [.. addresses.Select(a => (reader.TryFind(rib.Index, family, 0, a, out Route r), r))];
            reader.Prefetch(rib.Index, family, addresses);
            reader.Prefetch(-1, family, addresses);
            Assert.Equal(before, addresses.Select(a => (reader.TryFind(rib.Index, family, 0, a, out Route r), r)));
        }
    }

    [Fact]
    public void Prefetch_ForAVpn_OrNothing_DoesNothing()
    {
        AdjRibIn rib = Fill(RouteFamily.IPv4Unicast, 10);
        using RouteReader reader = _table.CreateReader();

        reader.Prefetch(rib.Index, RouteFamily.IPv4Vpn, [IpAddress.Parse("10.0.0.1")]);
        reader.Prefetch(rib.Index, RouteFamily.IPv6Unicast, [IpAddress.Parse("2001:db8::1")]);
        reader.Prefetch(rib.Index, RouteFamily.IPv4Unicast, []);
    }

    private AdjRibIn Fill(RouteFamily family, int count)
    {
        AdjRibIn rib = _table.AddPeer(new PeerDescription { Address = IpAddress.Parse("192.0.2.1") })!;
        lock (_table.WriterLock)
        {
            uint set = _table.Attributes.Intern(new ReceivedAttributes { NextHop = IpAddress.Parse("192.0.2.1") });
            for (int i = 0; i < count; i++)
            {
                byte length = (byte)_random.Next(family.IsIPv4() ? 33 : 129);
                IpAddress address = Any(family);
                rib.Announce(new Nlri { Family = family, Length = length, Prefix = Masked(address, length, family) }, set);
            }

            _table.Attributes.Release(set);
        }

        return rib;
    }

    // Few first bits, so that prefixes nest and addresses meet them.
    private IpAddress Any(RouteFamily family) => family.IsIPv4()
        ? IpAddress.FromIPv4(0x0A00_0000 | (uint)(_random.NextInt64() & 0x0003_03FF))
        : IpAddress.FromHostOrder(0x2001_0DB8_0000_0000 | ((ulong)_random.NextInt64() & 0x0000_0000_0003_0003), (ulong)_random.NextInt64() & 0xC000_0000_0000_0003);

    private static IpAddress Masked(IpAddress address, int length, RouteFamily family)
    {
        if (family.IsIPv4())
        {
            return address.Mask(length);
        }

        ulong high = length == 0 ? 0 : length >= 64 ? address.FirstHostOrder : address.FirstHostOrder & (ulong.MaxValue << (64 - length));
        ulong low = length <= 64 ? 0 : length == 128 ? address.LastHostOrder : address.LastHostOrder & (ulong.MaxValue << (128 - length));
        return IpAddress.FromHostOrder(high, low);
    }
}
