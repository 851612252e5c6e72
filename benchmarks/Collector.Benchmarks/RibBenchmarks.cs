using BenchmarkDotNet.Attributes;
using Collector.Bgp.Rib;
using Collector.BgpAnnouncer;
using Collector.Net;

namespace Collector.Benchmarks;

/// <summary>Single operations on a table of 1,000,000 IPv4 and 220,000 IPv6 routes: nanoseconds each. Memory and load times: the command rib.</summary>
[MemoryDiagnoser]
public class RibBenchmarks
{
    private const int Operations = 1 << 18;

    private readonly RouteTable _table = new(new RouteTableOptions(), TimeProvider.System);
    private AdjRibIn? _peer;
    private RouteReader? _reader;
    private IpAddress[] _ipv4 = [], _ipv6 = [];
    private Nlri[] _routes = [];
    private uint[] _sets = [];

    /// <summary>Fills the table.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var full = new FullTable(new FullTableOptions());
        var random = new SeededRandom(5);
        _peer = _table.AddPeer(new PeerDescription { Address = IpAddress.FromIPv4(1) });
        _reader = _table.CreateReader();
        var received = new ReceivedAttributes();
        _sets = [.. Enumerable.Range(0, 1000).Select(i =>
        {
            received.Med = (uint)i;
            return _table.Attributes.Intern(received);
        })];
        Nlri[] all = [.. full.Prefixes.Select((p, i) => RouteOf(p, i < full.Options.IPv4))];
        lock (_table.WriterLock)
        {
            for (int i = 0; i < all.Length; i++)
            {
                _peer!.Announce(all[i], _sets[i % _sets.Length]);
            }
        }

        _routes = [.. Enumerable.Range(0, Operations).Select(_ => all[random.Next(all.Length)])];
        _ipv4 = [.. Enumerable.Range(0, Operations).Select(_ => AddressIn(all[random.Next(full.Options.IPv4)], random))];
        _ipv6 = [.. Enumerable.Range(0, Operations).Select(_ => AddressIn(all[full.Options.IPv4 + random.Next(full.Options.IPv6)], random))];
    }

    /// <summary>Longest match, addresses all over the table.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long FindIPv4() => Find(RouteFamily.IPv4Unicast, _ipv4);

    /// <summary>Longest match, addresses all over the table.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long FindIPv6() => Find(RouteFamily.IPv6Unicast, _ipv6);

    /// <summary>Other attributes for a prefix that is there.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long Replace()
    {
        lock (_table.WriterLock)
        {
            for (int i = 0; i < _routes.Length; i++)
            {
                _peer!.Announce(_routes[i], _sets[(i * 7) % _sets.Length]);
            }
        }

        _reader!.Quiesce();
        return _peer!.Paths;
    }

    /// <summary>A prefix goes and comes back: two changes.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long WithdrawAndAnnounce()
    {
        lock (_table.WriterLock)
        {
            foreach (Nlri route in _routes)
            {
                if (_peer!.Withdraw(route, out uint removed))
                {
                    _peer.Announce(route, removed);
                    _table.Attributes.Release(removed);
                }
            }
        }

        _reader!.Quiesce();
        return _peer!.Paths;
    }

    private static Nlri RouteOf(TablePrefix prefix, bool isIPv4) => new()
    {
        Family = isIPv4 ? RouteFamily.IPv4Unicast : RouteFamily.IPv6Unicast,
        Prefix = isIPv4 ? IpAddress.FromIPv4((uint)(prefix.High >> 32)) : IpAddress.FromHostOrder(prefix.High, 0),
        Length = prefix.Length,
    };

    private static IpAddress AddressIn(Nlri route, SeededRandom random) => route.Family.IsIPv4()
        ? IpAddress.FromIPv4(route.Prefix.ToIPv4() | (uint)((random.Next() >> 32) & (uint.MaxValue >> route.Length)))
        : IpAddress.FromHostOrder(route.Prefix.FirstHostOrder | (route.Length == 64 ? 0 : random.Next() & (ulong.MaxValue >> route.Length)), random.Next());

    private long Find(RouteFamily family, IpAddress[] addresses)
    {
        long lengths = 0;
        foreach (IpAddress address in addresses)
        {
            lengths += _reader!.TryFind(_peer!.Index, family, 0, address, out Route route) ? route.Length : 0;
        }

        _reader!.Quiesce();
        return lengths;
    }
}
