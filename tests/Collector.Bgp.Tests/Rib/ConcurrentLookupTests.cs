using System.Collections.Concurrent;
using Collector.Bgp.Rib;
using Collector.Net;
using Xunit;

namespace Collector.Bgp.Tests.Rib;

/// <summary>Readers look up without pause while one thread changes: each answer is that of the model before or after one of the changes under way.</summary>
public sealed class ConcurrentLookupTests : IDisposable
{
    private const int Changes = 60_000;
    private const int Readers = 2;

    private static readonly string[] IPv4 = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/23", "10.1.2.0/24", "10.1.2.0/25", "10.1.2.64/26", "10.1.2.65/32"];
    private static readonly string[] IPv6 = ["::/0", "2000::/3", "2001:db8::/30", "2001:db8::/32", "2001:db8:1::/48", "2001:db8:1:2::/64", "2001:db8:1:2::/65", "2001:db8:1:2::3/128"];
    private static readonly string[] IPv4Probes = ["10.1.2.65", "10.1.2.66", "10.1.2.200", "10.1.3.1", "10.1.9.9", "11.0.0.0"];
    private static readonly string[] IPv6Probes = ["2001:db8:1:2::3", "2001:db8:1:2::4", "2001:db8:1:3::", "2001:db8:2::", "2001:dbb::", "fe80::"];

    // Few kept without a route, so that prefixes come and go too.
    private readonly RouteTable _table = new(new RouteTableOptions { LeastWaitingPrefixes = 2 }, TimeProvider.System);
    private readonly RouteModel _model = new();
    private readonly AdjRibIn[] _peers;
    private readonly Probe[] _probes;
    private readonly ConcurrentQueue<string> _wrong = new();
    private int _started, _completed;
    private long _overlapping;

    private sealed record Probe(int Peer, RouteFamily Family, ulong Distinguisher, IpAddress Address, string? NextHop)
    {
        // What the model says after so many changes.
        public Answer[] Answers { get; } = new Answer[(Changes * 2) + 1];
    }

    private readonly record struct Answer(uint As, byte Length, uint PathId, uint Label, bool IsStale);

    public ConcurrentLookupTests()
    {
        _peers = [.. Enumerable.Range(0, 2).Select(i => _table.AddPeer(new PeerDescription { Address = IpAddress.FromIPv4((uint)i) })!)];
        Array.ForEach(_peers, p => _model.AddPeer(p.Index));
        _probes = [.. from peer in _peers from probe in Probes(peer.Index) select probe];
    }

    public void Dispose() => _table.Dispose();

    [Fact]
    public void TryFind_WhileRoutesChange_OnlyAnswersOfBeforeOrAfter()
    {
        Thread[] readers = [.. Enumerable.Range(0, Readers).Select(seed => new Thread(() => Read(seed)))];
        Array.ForEach(readers, r => r.Start());
        Write(new Random(1));
        Volatile.Write(ref _started, -1);
        Array.ForEach(readers, r => r.Join());

        Assert.Empty(_wrong.Take(5));
        Assert.True(_overlapping > 100, $"only {_overlapping} lookups met a change");
    }

    private static IEnumerable<Probe> Probes(int peer)
    {
        foreach (string address in IPv4Probes)
        {
            yield return new Probe(peer, RouteFamily.IPv4Unicast, 0, IpAddress.Parse(address), null);
            yield return new Probe(peer, RouteFamily.IPv4Unicast, 0, IpAddress.Parse(address), "192.0.2.1");
            yield return new Probe(peer, RouteFamily.IPv4Vpn, 7, IpAddress.Parse(address), null);
        }

        foreach (string address in IPv6Probes)
        {
            yield return new Probe(peer, RouteFamily.IPv6Unicast, 0, IpAddress.Parse(address), null);
            yield return new Probe(peer, RouteFamily.IPv6Vpn, 8, IpAddress.Parse(address), null);
        }
    }

    private void Write(Random random)
    {
        for (uint i = 1; _completed < Changes; i++)
        {
            AdjRibIn peer = _peers[random.Next(_peers.Length)];
            lock (_table.WriterLock)
            {
                switch (random.Next(100))
                {
                    case 0:
                        // First what is still stale goes, one by one, then the rest becomes stale at once.
                        peer.SweepStale(null, Removed(peer));
                        Volatile.Write(ref _completed, _started);
                        _model.MarkAllStale(peer.Index);
                        Begin();
                        peer.MarkAllStale();
                        break;
                    case 1:
                        peer.SweepStale(null, Removed(peer));
                        break;
                    default:
                        Change(peer, random, i);
                        break;
                }
            }

            Volatile.Write(ref _completed, _started);
        }
    }

    // Called before each removal of a sweep: what went before it is done.
    private RouteRemoved Removed(AdjRibIn peer) => (in Nlri nlri, uint _) =>
    {
        Volatile.Write(ref _completed, _started);
        _model.Withdraw(peer.Index, nlri);
        Begin();
    };

    private void Change(AdjRibIn peer, Random random, uint number)
    {
        bool isIPv4 = random.Next(2) == 0;
        string[] prefixes = isIPv4 ? IPv4 : IPv6;
        bool vpn = random.Next(3) == 0;
        RouteFamily family = (isIPv4, vpn) switch
        {
            (true, false) => RouteFamily.IPv4Unicast,
            (true, true) => RouteFamily.IPv4Vpn,
            (false, false) => RouteFamily.IPv6Unicast,
            _ => RouteFamily.IPv6Vpn,
        };
        Nlri nlri = Routes.Nlri(prefixes[random.Next(prefixes.Length)], random.Next(3) == 0 ? 1u : 0, family, vpn ? isIPv4 ? 7u : 8u : 0, vpn ? 1u + (number % 9) : 0);
        if (random.Next(2) == 0)
        {
            _model.Withdraw(peer.Index, nlri);
            Begin();
            _table.Withdraw(peer, nlri);
            return;
        }

        // Each announcement has an origin of its own: an answer says which one it is of.
        string nextHop = random.Next(2) == 0 ? "192.0.2.1" : "192.0.2.2";
        _model.Announce(peer.Index, nlri, number, nextHop);
        Begin();
        _table.Announce(peer, nlri, number, nextHop);
    }

    private void Begin()
    {
        foreach (Probe probe in _probes)
        {
            RouteModel.Path? path = _model.BestOf(probe.Peer, probe.Family, probe.Distinguisher, probe.Address, probe.NextHop);
            probe.Answers[_started + 1] = path is null ? default : new Answer(path.As, path.Nlri.Length, path.Nlri.PathId, path.Nlri.Label, path.IsStale);
        }

        Volatile.Write(ref _started, _started + 1);
    }

    private void Read(int seed)
    {
        var random = new Random(seed);
        using RouteReader reader = _table.CreateReader();
        for (int i = 0; ; i++)
        {
            Probe probe = _probes[random.Next(_probes.Length)];
            int from = Volatile.Read(ref _completed);
            bool found = probe.NextHop is null
                ? reader.TryFind(probe.Peer, probe.Family, probe.Distinguisher, probe.Address, out Route route)
                : reader.TryFindByNextHop(probe.Peer, probe.Family, probe.Distinguisher, probe.Address, IpAddress.Parse(probe.NextHop), out route);
            Answer answer = found ? new Answer(reader.Attributes(route).OriginAs, route.Length, route.PathId, route.Label, route.IsStale) : default;
            int to = Volatile.Read(ref _started);
            if (to < 0)
            {
                return;
            }

            if (!probe.Answers.AsSpan(from, to - from + 1).Contains(answer))
            {
                _wrong.Enqueue($"{probe.Family} {probe.Address}: {answer} in {from}..{to}, where {string.Join(", ", probe.Answers[from..(to + 1)])} are right");
            }

            _ = to > from ? Interlocked.Increment(ref _overlapping) : 0;
            if (i % 16 == 0)
            {
                reader.Quiesce();
            }
        }
    }
}
