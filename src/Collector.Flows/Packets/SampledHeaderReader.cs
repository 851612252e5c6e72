namespace Collector.Flows.Packets;

/// <summary>
/// Reads the first bytes of a packet into the fields of a record: Ethernet with LLC/SNAP, 802.1Q/ad and PPPoE, PPP, MPLS, IPv4, IPv6 with
/// extension headers, TCP and UDP. The outer packet fills the record, the inner packet of a tunnel its Tunnel fields.
/// </summary>
/// <remarks>The bytes may be cut anywhere: what they still say is taken. Pure apart from <see cref="ValueTable"/>; never throws, never reads outside.</remarks>
public static class SampledHeaderReader
{
    /// <summary>header_protocol of Ethernet frames.</summary>
    internal const uint Ethernet = 1;
    private const uint Ppp = 7;
    private const uint IPv4 = 11;
    private const uint IPv6 = 12;
    private const uint Mpls = 13;
    private const uint Pos = 14;

    /// <summary>Fills addresses, ports, MACs, VLANs, labels and flags of <paramref name="record"/>; never its counters.</summary>
    /// <param name="headerProtocol">sFlow v5 header_protocol: 1 Ethernet, 7 PPP, 11 IPv4, 12 IPv6, 13 MPLS, 14 packet over SONET.</param>
    /// <param name="header">The bytes of the packet that were sampled, possibly cut anywhere.</param>
    /// <param name="values">Interns the label stack and the SRv6 segments.</param>
    /// <param name="record">The record to fill.</param>
    /// <returns>
    /// <see cref="DecodeFault.None"/>, also for a frame that carries no IP; <see cref="DecodeFault.BadSampledHeader"/> when the bytes end before
    /// the addresses or contradict their own type; <see cref="DecodeFault.UnknownFormat"/> for another header protocol. Fields read before stay.
    /// </returns>
    public static DecodeFault Read(uint headerProtocol, ReadOnlySpan<byte> header, ValueTable values, ref FlowRecord record) =>
        Read(headerProtocol, header, values, ref record, out _);

    /// <summary>The same, and how long the IP packet says it is.</summary>
    /// <param name="headerProtocol">As above.</param>
    /// <param name="header">As above.</param>
    /// <param name="values">As above.</param>
    /// <param name="record">As above.</param>
    /// <param name="ipOctets">Octets of the outer IP packet with its header; 0 when there is none, or when it says 0 (segmentation offload, jumbograms).</param>
    /// <returns>As above.</returns>
    public static DecodeFault Read(uint headerProtocol, ReadOnlySpan<byte> header, ValueTable values, ref FlowRecord record, out uint ipOctets)
    {
        ipOctets = 0;
        return headerProtocol switch
        {
            Ethernet => ReadFrame(header, values, ref record, ref ipOctets),
            Ppp or Pos => ReadPpp(header, values, ref record, ref ipOctets),

            // The EtherType stays unknown: no frame was seen (pmacct prints none either).
            IPv4 => ReadPacket(EtherTypes.IPv4, header, values, ref record, ref ipOctets),
            IPv6 => ReadPacket(EtherTypes.IPv6, header, values, ref record, ref ipOctets),
            Mpls => ReadStack(header, values, ref record, ref ipOctets),
            _ => DecodeFault.UnknownFormat,
        };
    }

    private static DecodeFault ReadFrame(ReadOnlySpan<byte> frame, ValueTable values, ref FlowRecord record, ref uint ipOctets)
    {
        bool whole = EthernetHeader.TryRead(frame, out EthernetHeader ethernet);
        record.DestinationMac = ethernet.Destination;
        record.SourceMac = ethernet.Source;
        record.Vlan = ethernet.Vlan;
        record.Cos = ethernet.Cos;
        record.IngressCustomerVlan = ethernet.CustomerVlan;
        record.EtherType = ethernet.EtherType;
        return whole ? ReadNetwork(ethernet.EtherType, frame[ethernet.Length..], values, ref record, ref ipOctets) : DecodeFault.BadSampledHeader;
    }

    // RFC 1661, RFC 1662: address and control may be left out, the protocol may be one odd byte.
    private static DecodeFault ReadPpp(ReadOnlySpan<byte> frame, ValueTable values, ref FlowRecord record, ref uint ipOctets)
    {
        int offset = frame.Length >= 2 && frame[0] == 0xFF && frame[1] == 0x03 ? 2 : 0;
        if (frame.Length < offset + 2)
        {
            return DecodeFault.BadSampledHeader;
        }

        int protocol = frame[offset++];
        if ((protocol & 1) == 0)
        {
            protocol = protocol << 8 | frame[offset++];
        }

        record.EtherType = EtherTypes.FromPpp(protocol);
        return ReadNetwork(record.EtherType, frame[offset..], values, ref record, ref ipOctets);
    }

    private static DecodeFault ReadNetwork(ushort etherType, ReadOnlySpan<byte> bytes, ValueTable values, ref FlowRecord record, ref uint ipOctets) => etherType switch
    {
        EtherTypes.IPv4 or EtherTypes.IPv6 => ReadPacket(etherType, bytes, values, ref record, ref ipOctets),
        EtherTypes.Mpls or EtherTypes.MplsUpstream => ReadStack(bytes, values, ref record, ref ipOctets),
        _ => DecodeFault.None,
    };

    private static DecodeFault ReadStack(ReadOnlySpan<byte> bytes, ValueTable values, ref FlowRecord record, ref uint ipOctets)
    {
        int length = MplsStack.Read(bytes, values, ref record);
        if (length == 0)
        {
            return DecodeFault.BadSampledHeader;
        }

        record.PacketLabels = (byte)Math.Min(record.MplsStackDepth, byte.MaxValue);
        ReadOnlySpan<byte> payload = bytes[length..];
        ushort type = MplsStack.PayloadType(payload, record.MplsLabelBottom, out int skip);
        switch (type)
        {
            case EtherTypes.IPv4 or EtherTypes.IPv6:
                record.EtherType = type;
                return ReadPacket(type, payload, values, ref record, ref ipOctets);
            case EtherTypes.TransparentEthernetBridging:
                return ReadPseudowire(payload[skip..], values, ref record, ref ipOctets);
            default:
                return DecodeFault.None;
        }
    }

    // An Ethernet pseudowire has no outer IP packet: the inner one is the flow. The customer's MACs are those of the tunnel.
    private static DecodeFault ReadPseudowire(ReadOnlySpan<byte> frame, ValueTable values, ref FlowRecord record, ref uint ipOctets)
    {
        bool whole = EthernetHeader.TryRead(frame, out EthernetHeader inner);
        record.TunnelDestinationMac = inner.Destination;
        record.TunnelSourceMac = inner.Source;
        if (!whole || inner.EtherType is not (EtherTypes.IPv4 or EtherTypes.IPv6))
        {
            return whole ? DecodeFault.None : DecodeFault.BadSampledHeader;
        }

        record.EtherType = inner.EtherType;
        return ReadPacket(inner.EtherType, frame[inner.Length..], values, ref record, ref ipOctets);
    }

    private static DecodeFault ReadPacket(ushort etherType, ReadOnlySpan<byte> packet, ValueTable values, ref FlowRecord record, ref uint ipOctets)
    {
        bool whole = IpHeader.TryRead(etherType, packet, out IpHeader ip);
        record.SourceAddress = ip.Source;
        record.DestinationAddress = ip.Destination;
        record.Family = ip.Family;
        record.Protocol = ip.Protocol;
        record.Tos = ip.Tos;
        record.SourcePort = ip.SourcePort;
        record.DestinationPort = ip.DestinationPort;
        record.TcpFlags = ip.TcpFlags;
        record.FlowLabel = ip.FlowLabel;
        if (!whole)
        {
            return DecodeFault.BadSampledHeader;
        }

        ipOctets = ip.Octets;
        if (ip.SegmentRoutingOffset != 0)
        {
            record.Srv6Segments = values.Intern(SegmentRouting.Segments(packet[ip.SegmentRoutingOffset..]));
        }

        TunnelHeader tunnel = TunnelHeader.Read(ip, packet);
        record.Vxlan = tunnel.Vxlan;
        record.Nvgre = tunnel.Nvgre;
        if (tunnel.InnerType != 0)
        {
            ReadInner(tunnel.InnerType, tunnel.Inner, values, ref record);
        }

        return DecodeFault.None;
    }

    // A damaged inner packet is no fault of the sample: the outer one, which is the flow, was read.
    private static void ReadInner(ushort type, ReadOnlySpan<byte> bytes, ValueTable values, ref FlowRecord record)
    {
        if (type == EtherTypes.TransparentEthernetBridging)
        {
            type = ReadInnerFrame(ref bytes, ref record);
        }

        if (type is EtherTypes.Mpls or EtherTypes.MplsUpstream)
        {
            type = ReadInnerStack(ref bytes, values, ref record);
        }

        if (type is EtherTypes.IPv4 or EtherTypes.IPv6)
        {
            IpHeader.TryRead(type, bytes, out IpHeader ip);
            record.TunnelSourceAddress = ip.Source;
            record.TunnelDestinationAddress = ip.Destination;
            record.TunnelFamily = ip.Family;
            record.TunnelProtocol = ip.Protocol;
            record.TunnelTos = ip.Tos;
            record.TunnelSourcePort = ip.SourcePort;
            record.TunnelDestinationPort = ip.DestinationPort;
            record.TunnelTcpFlags = ip.TcpFlags;
            record.TunnelFlowLabel = ip.FlowLabel;
        }
    }

    private static ushort ReadInnerFrame(ref ReadOnlySpan<byte> bytes, ref FlowRecord record)
    {
        bool whole = EthernetHeader.TryRead(bytes, out EthernetHeader ethernet);
        record.TunnelDestinationMac = ethernet.Destination;
        record.TunnelSourceMac = ethernet.Source;
        bytes = whole ? bytes[ethernet.Length..] : default;
        return whole ? ethernet.EtherType : (ushort)0;
    }

    // The labels of the outer packet are the flow's; only a packet without any shows those of its tunnel.
    private static ushort ReadInnerStack(ref ReadOnlySpan<byte> bytes, ValueTable values, ref FlowRecord record)
    {
        FlowRecord unused = default;
        ref FlowRecord taker = ref record.MplsStackDepth == 0 ? ref record : ref unused;
        int length = MplsStack.Read(bytes, values, ref taker);
        if (length == 0)
        {
            return 0;
        }

        bytes = bytes[length..];
        ushort type = MplsStack.PayloadType(bytes, taker.MplsLabelBottom, out int skip);
        if (type != EtherTypes.TransparentEthernetBridging)
        {
            return type;
        }

        bytes = bytes[skip..];
        return ReadInnerFrame(ref bytes, ref record);
    }
}
