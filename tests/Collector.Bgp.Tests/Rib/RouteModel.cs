using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.Tests.Rib;

/// <summary>What a route table must answer, by the simplest means: a list of paths for each peer, and a look at all of them.</summary>
internal sealed class RouteModel
{
    private readonly Dictionary<int, List<Path>> _peers = [];

    internal sealed record Path(Nlri Nlri, uint As, string NextHop, bool IsStale);

    public IReadOnlyList<Path> PathsOf(int peer) => _peers.GetValueOrDefault(peer) ?? [];

    public void AddPeer(int peer) => _peers[peer] = [];

    public void RemovePeer(int peer) => _peers.Remove(peer);

    public AnnounceResult Announce(int peer, Nlri nlri, uint originAs, string nextHop)
    {
        var path = new Path(nlri, originAs, nextHop, false);
        int i = _peers[peer].FindIndex(p => p.Nlri == nlri);
        if (i < 0)
        {
            _peers[peer].Add(path);
            return AnnounceResult.Added;
        }

        _peers[peer][i] = path;
        return AnnounceResult.Replaced;
    }

    public bool Withdraw(int peer, Nlri nlri) => _peers[peer].RemoveAll(p => p.Nlri == nlri) > 0;

    public void MarkAllStale(int peer)
    {
        SweepStale(peer, null);
        _peers[peer] = [.. _peers[peer].Select(p => p with { IsStale = true })];
    }

    public int SweepStale(int peer, RouteFamily? family) => _peers[peer].RemoveAll(p => p.IsStale && (family ?? p.Nlri.Family) == p.Nlri.Family);

    public void Clear(int peer) => _peers[peer].Clear();

    public string Find(int peer, RouteFamily family, ulong rd, IpAddress address, string? nextHop = null) =>
        BestOf(peer, family, rd, address, nextHop) is { } best
            ? Text(best.As, best.Nlri.Length, best.Nlri.Label, best.Nlri.PathId, best.IsStale)
            : "none";

    public Path? BestOf(int peer, RouteFamily family, ulong rd, IpAddress address, string? nextHop = null)
    {
        Path? best = null;
        foreach (Path path in PathsOf(peer))
        {
            if (path.Nlri.Family == family && path.Nlri.RouteDistinguisher == rd && (nextHop ?? path.NextHop) == path.NextHop
                && IsWithin(address, path.Nlri) && (best is null || path.Nlri.Length > best.Nlri.Length))
            {
                best = path;
            }
        }

        return best;
    }

    public static string Text(uint originAs, int length, uint label, uint pathId, bool stale) => $"AS{originAs} /{length} label {label} path {pathId}{(stale ? " stale" : "")}";

    /// <summary>The address with host bits 0, by the family's idea of its length, also for IPv6 addresses that look mapped.</summary>
    public static IpAddress Mask(RouteFamily family, IpAddress address, int length)
    {
        UInt128 bits = new(address.FirstHostOrder, address.LastHostOrder);
        int host = family.MaxLength() - length;
        UInt128 masked = host == 128 ? 0 : (bits >> host) << host;
        return IpAddress.FromHostOrder((ulong)(masked >> 64), (ulong)masked);
    }

    private static bool IsWithin(IpAddress address, Nlri nlri) => Mask(nlri.Family, address, nlri.Length) == nlri.Prefix;
}
