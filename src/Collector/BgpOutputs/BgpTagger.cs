using Collector.Bgp.PathAttributes;
using Collector.Bgp.Rib;
using Collector.Maps;

namespace Collector.BgpOutputs;

/// <summary>Applies the bgp_daemon_tag_map in force to peers and routes.</summary>
/// <remarks>Not thread-safe: one per thread, as the writer beside it.</remarks>
/// <param name="map">The map in force now; null: none.</param>
/// <param name="attributes">Resolves what routes hold.</param>
/// <param name="numericCommunities">bgp_comms_num: no names of well-known communities, in comms= neither.</param>
public sealed class BgpTagger(Func<BgpTagMap?> map, AttributeTable attributes, bool numericCommunities)
{
    private byte[] _text = new byte[512];

    /// <summary>The tag of a session, whatever its routes have.</summary>
    public BgpTag OfPeer(PeerDescription peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return map()?.Find(peer.Address, default) ?? default;
    }

    /// <summary>The tag of an object about a session.</summary>
    internal BgpTag Of(PeerObjects objects) => map() is { } current ? OfPeer(objects, current) : default;

    /// <summary>The tag of an object about a route.</summary>
    /// <param name="objects">The objects about its peer.</param>
    /// <param name="route">The handle of its attributes; must be good during the call.</param>
    internal BgpTag Of(PeerObjects objects, uint route)
    {
        BgpTagMap? current = map();
        return current switch
        {
            null => default,
            { ByRoute: true } => current.Find(objects.Peer.Address, Communities(route)),
            _ => OfPeer(objects, current),
        };
    }

    // Once for a peer and a map: what a reload brings holds from the next object on.
    private static BgpTag OfPeer(PeerObjects objects, BgpTagMap current)
    {
        if (current.ByRoute)
        {
            return current.Find(objects.Peer.Address, default);
        }

        if (!ReferenceEquals(objects.TaggedBy, current))
        {
            (objects.TaggedBy, objects.Tag) = (current, current.Find(objects.Peer.Address, default));
        }

        return objects.Tag;
    }

    private ReadOnlySpan<byte> Communities(uint route)
    {
        uint value = attributes[route].StandardCommunities;
        if (value == 0)
        {
            return default;
        }

        ReadOnlySpan<byte> list = attributes.Value(value);
        int length = CommunityText.MaxLength(CommunityKind.Standard, list.Length);
        if (_text.Length < length)
        {
            _text = new byte[length];
        }

        return _text.AsSpan(0, CommunityText.Write(CommunityKind.Standard, list, (byte)' ', numericCommunities, null, _text));
    }
}
