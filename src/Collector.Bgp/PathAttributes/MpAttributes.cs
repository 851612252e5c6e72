using System.Buffers.Binary;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.PathAttributes;

/// <summary>MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760 §3, §4).</summary>
internal static class MpAttributes
{
    private const int DistinguisherSize = 8;

    /// <summary>Reads the families' numbers, the next hop and the place of the routes.</summary>
    /// <param name="value">The attribute.</param>
    /// <param name="session">What was negotiated.</param>
    /// <param name="isKnown">False when the family is none of <see cref="RouteFamily"/>: its routes are passed over.</param>
    /// <param name="routes">The routes, for a known family.</param>
    /// <param name="nextHop">The next hop; of two the global one.</param>
    /// <returns>False when the attribute is malformed.</returns>
    internal static bool TryReadReach(ReadOnlySpan<byte> value, SessionParameters session, out bool isKnown, out NlriField routes, out IpAddress nextHop)
    {
        isKnown = false;
        routes = default;
        nextHop = default;
        if (value.Length < 5 || value.Length - 5 < value[3])
        {
            return false;
        }

        // One reserved byte behind the next hop, to be ignored.
        ReadOnlySpan<byte> hop = value.Slice(4, value[3]);
        ReadOnlySpan<byte> list = value[(5 + hop.Length)..];
        isKnown = RouteFamilies.TryGet(BinaryPrimitives.ReadUInt16BigEndian(value), value[2], out RouteFamily family);
        if (!isKnown)
        {
            return true;
        }

        routes = new NlriField(list, family, session.HasAddPath(family), isWithdrawn: false);
        return TryReadNextHop(hop, family, session.HasExtendedNextHop(family), out nextHop) && routes.IsWellFormed();
    }

    /// <summary>Reads the family and the place of the withdrawn routes; false when the attribute is malformed.</summary>
    internal static bool TryReadUnreach(ReadOnlySpan<byte> value, SessionParameters session, out bool isKnown, out NlriField routes)
    {
        isKnown = false;
        routes = default;
        if (value.Length < 3)
        {
            return false;
        }

        isKnown = RouteFamilies.TryGet(BinaryPrimitives.ReadUInt16BigEndian(value), value[2], out RouteFamily family);
        routes = isKnown ? new NlriField(value[3..], family, session.HasAddPath(family), isWithdrawn: true) : default;
        return !isKnown || routes.IsWellFormed();
    }

    // RFC 4760 §3, RFC 2545 §3, RFC 4364 §4.3.2, RFC 4659 §3.2.1, RFC 8950 §3: an address or two, each behind a route distinguisher of zeros for VPN routes.
    private static bool TryReadNextHop(ReadOnlySpan<byte> bytes, RouteFamily family, bool extended, out IpAddress nextHop)
    {
        nextHop = default;
        int skip = family.IsVpn() ? DistinguisherSize : 0;
        if (family.IsIPv4() && bytes.Length == skip + 4)
        {
            nextHop = IpAddress.ReadIPv4(bytes[skip..]);
            return true;
        }

        if ((family.IsIPv4() && !extended) || (bytes.Length != skip + IpAddress.Size && bytes.Length != 2 * (skip + IpAddress.Size)))
        {
            return false;
        }

        nextHop = IpAddress.ReadIPv6(bytes[skip..]);
        return true;
    }
}
