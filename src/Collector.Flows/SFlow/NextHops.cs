using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>The next hops that a sample names, until it is known which one counts.</summary>
internal struct NextHops
{
    public IpAddress Gateway;
    public IpAddress Router;
    public FlowFamily GatewayFamily;
    public FlowFamily RouterFamily;

    /// <summary>Reads the specification's type address: unknown (0), IPv4 (1), IPv6 (2).</summary>
    /// <returns>False when it ends early or is of another type, whose length nobody knows.</returns>
    public static bool TryReadAddress(ref ByteReader reader, out IpAddress address, out FlowFamily family)
    {
        address = default;
        family = FlowFamily.None;
        if (!reader.TryReadUInt32(out uint type) || type > 2)
        {
            return false;
        }

        if (type == 1 && reader.TryReadUInt32(out uint number))
        {
            address = IpAddress.FromIPv4(number);
            family = FlowFamily.IPv4;
        }
        else if (type == 2 && reader.TryReadBytes(IpAddress.Size, out ReadOnlySpan<byte> bytes))
        {
            address = IpAddress.ReadIPv6(bytes);
            family = FlowFamily.IPv6;
        }

        return type == 0 || family != FlowFamily.None;
    }

    /// <summary>BGP's next hop, else the router's: the latter only counts for IPv6 or with use_ip_next_hop (pmacct-compat §7.1).</summary>
    public readonly void Fill(ref FlowRecord record, bool useIpNextHop)
    {
        if (GatewayFamily != FlowFamily.None)
        {
            record.NextHop = Gateway;
            record.NextHopFamily = GatewayFamily;
        }
        else if (RouterFamily == FlowFamily.IPv6 || (RouterFamily == FlowFamily.IPv4 && useIpNextHop))
        {
            record.NextHop = Router;
            record.NextHopFamily = RouterFamily;
        }
    }
}
