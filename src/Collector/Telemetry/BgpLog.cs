using System.Globalization;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Bgp.Sessions;
using Collector.Net;
using Microsoft.Extensions.Logging;

namespace Collector.Telemetry;

/// <summary>What operators read about BGP sessions; a peer gets one line of a kind a minute, with the number held back.</summary>
internal sealed class BgpLog(ILogger log) : BgpObserver
{
    private const int Up = 0, Down = 1, Refused = 2, Faulty = 3, Complete = 4;

    private readonly RateLimitedLog _limit = new();
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public override void SessionUp(BgpPeer peer, DateTimeOffset time)
    {
        if (Admit(peer.Address, Up, time, out string held))
        {
            Log.BgpSessionUp(log, NameOf(peer), peer.HoldSeconds, held);
        }
    }

    /// <inheritdoc/>
    public override void SessionDown(BgpPeer peer, string reason, bool isGraceful, DateTimeOffset time)
    {
        if (Admit(peer.Address, Down, time, out string held))
        {
            string kept = isGraceful ? $"; its routes are kept for a restart of {peer.Open?.Capabilities.GracefulRestart?.RestartSeconds} s" : "";
            Log.BgpSessionDown(log, NameOf(peer), reason, kept, held);
        }
    }

    /// <inheritdoc/>
    public override void SessionRefused(IpAddress address, string reason, DateTimeOffset time)
    {
        if (Admit(address, Refused, time, out string held))
        {
            Log.BgpSessionRefused(log, address.ToString(), reason, held);
        }
    }

    /// <inheritdoc/>
    public override void UpdateFaulty(BgpPeer peer, UpdateFaults faults, DateTimeOffset time)
    {
        // Each kind of fault has lines of its own.
        if (Admit(peer.Address, Faulty + ((int)faults.Strongest << 8), time, out string held))
        {
            Log.BgpUpdateFaulty(log, NameOf(peer), PeerFaultWatch.Words(faults.Strongest.ToString()), PeerFaultWatch.Words(faults.Handling.ToString()), held);
        }
    }

    /// <inheritdoc/>
    public override void EndOfRib(BgpPeer peer, RouteFamily family, DateTimeOffset time)
    {
        if (Admit(peer.Address, Complete + ((int)family << 8), time, out _) && peer.Rib is { } rib)
        {
            Log.BgpEndOfRib(log, NameOf(peer), $"{family.AddressFamily()}/{family.SubsequentAddressFamily()}", rib.PathsOf(family));
            if (peer.Counters.RefusedForMemory > 0)
            {
                Log.BgpWarning(log, FormattableString.Invariant($"{peer.Counters.RefusedForMemory} routes of {NameOf(peer)} do not fit in the memory for routes, half of memory_limit, and are not known; raise it"));
            }
        }
    }

    private bool Admit(IpAddress address, int reason, DateTimeOffset time, out string held)
    {
        lock (_gate)
        {
            bool admitted = _limit.Admit(address, reason, time.ToUnixTimeMilliseconds(), out long suppressed);
            held = suppressed > 0 ? $" ({suppressed.ToString(CultureInfo.InvariantCulture)} such lines were held back)" : "";
            return admitted;
        }
    }

    private static string NameOf(BgpPeer peer) =>
        peer.Open is { } open ? $"{peer.Address} (AS {open.As}, id {IpAddress.FromIPv4(open.RouterId)})" : peer.Address.ToString();
}
