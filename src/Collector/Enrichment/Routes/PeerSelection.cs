using System.Runtime.CompilerServices;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Enrichment.Routes;

/// <summary>How the peer of an exporter was found (pmacct-compat §4.5).</summary>
public enum PeerMatch : byte
{
    /// <summary>No peer has the address, neither as router id nor as session address.</summary>
    None,

    /// <summary>The router id of its OPEN is the address.</summary>
    RouterId,

    /// <summary>The session is with the address.</summary>
    SessionAddress,
}

/// <summary>The peer whose routes resolve the flows of an exporter.</summary>
/// <param name="Index">Its column; -1 when there is none whose routes can be used.</param>
/// <param name="Match">How it was found.</param>
/// <param name="IsDown">A peer was found, and none that has routes: no session.</param>
/// <param name="AddPath">Bits of the families in which it sends several paths.</param>
/// <param name="AsNumber">Its AS.</param>
public readonly record struct PeerChoice(int Index, PeerMatch Match, bool IsDown, byte AddPath, uint AsNumber)
{
    /// <summary>Nobody.</summary>
    public static PeerChoice None { get; } = new(-1, PeerMatch.None, false, 0, 0);
}

/// <summary>Chooses the peer for an address: the first, by index, whose router id or session address it is, and which has routes.</summary>
/// <remarks>One per worker: choices are kept by address until the peers change. Never allocates after it was made.</remarks>
public sealed class PeerSelection
{
    private const int Slots = 1024;

    private readonly bool _byRouterId;
    private readonly Slot[] _slots = new Slot[Slots];

    /// <summary>Makes an empty cache.</summary>
    /// <param name="disableRouterIdCheck">bgp_disable_router_id_check: only the address of the session counts.</param>
    public PeerSelection(bool disableRouterIdCheck) => _byRouterId = !disableRouterIdCheck;

    private struct Slot
    {
        public IpAddress Address;
        public ushort Port;
        public long Version;
        public PeerChoice Choice;
    }

    /// <summary>The peer of an address.</summary>
    /// <param name="peers">The peers now.</param>
    /// <param name="address">An exporter, what bgp_agent_map says in its place, or a next hop that is followed.</param>
    /// <param name="port">bgp_port of bgp_agent_map, which the session's port must be; 0: any.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PeerChoice Choose(PeerSnapshot peers, IpAddress address, ushort port = 0)
    {
        ref Slot slot = ref _slots[(int)(address.Hash() + port) & (Slots - 1)];
        if (slot.Version != peers.Version + 1 || slot.Address != address || slot.Port != port)
        {
            // Versions begin at 0, as empty slots do.
            slot = new Slot { Address = address, Port = port, Version = peers.Version + 1, Choice = Find(peers, address, port) };
        }

        return slot.Choice;
    }

    private PeerChoice Find(PeerSnapshot peers, IpAddress address, ushort port)
    {
        PeerChoice down = PeerChoice.None;
        foreach (RoutePeer peer in peers.Peers)
        {
            PeerDescription description = peer.Description;
            PeerMatch match = _byRouterId && description.RouterId == address && !address.IsUnspecified ? PeerMatch.RouterId
                : description.Address == address && (port == 0 || description.Port == port) ? PeerMatch.SessionAddress
                : PeerMatch.None;
            if (match == PeerMatch.None)
            {
                continue;
            }

            var choice = new PeerChoice(peer.Index, match, peer.State == PeerState.Down, description.AddPathFamilies, description.AsNumber);
            if (!choice.IsDown)
            {
                return choice;
            }

            down = down.Match == PeerMatch.None ? choice with { Index = -1 } : down;
        }

        return down;
    }
}
