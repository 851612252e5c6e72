using System.Buffers.Binary;

namespace Collector.Flows.Packets;

/// <summary>What a packet carries when its payload is another packet: one level, pmacct's tunnel_* primitives.</summary>
internal ref struct TunnelHeader
{
    public const byte Udp = 17;

    private const int UdpLength = 8;

    private const byte IPv4InIp = 4;
    private const byte IPv6InIp = 41;
    private const byte Gre = 47;
    private const byte AuthenticationHeader = 51;
    private const byte EtherIp = 97;
    private const byte MplsInIp = 137;
    private const byte EthernetInIPv6 = 143;
    private const ushort GtpPort = 2152;
    private const ushort VxlanPort = 4789;
    private const ushort VxlanGpePort = 4790;
    private const ushort GenevePort = 6081;
    private const ushort MplsInUdpPort = 6635;

    /// <summary>What <see cref="Inner"/> is: an EtherType, <see cref="EtherTypes.TransparentEthernetBridging"/> for a frame, 0 for no tunnel.</summary>
    public ushort InnerType;

    /// <summary>The inner packet or frame, possibly cut anywhere.</summary>
    public ReadOnlySpan<byte> Inner;

    /// <summary>VXLAN network identifier; 0 none.</summary>
    public uint Vxlan;

    /// <summary>NVGRE virtual subnet id; 0 none.</summary>
    public uint Nvgre;

    /// <summary>Looks behind the headers of the outer packet.</summary>
    /// <param name="outer">The outer packet's headers.</param>
    /// <param name="packet">The outer packet.</param>
    public static TunnelHeader Read(in IpHeader outer, ReadOnlySpan<byte> packet)
    {
        TunnelHeader tunnel = default;
        if (outer.PayloadOffset == 0)
        {
            return tunnel;
        }

        tunnel.ReadPayload(outer.Protocol, outer.DestinationPort, packet[outer.PayloadOffset..]);
        return tunnel;
    }

    private void ReadPayload(byte protocol, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        switch (protocol)
        {
            case Udp:
                ReadUdp(destinationPort, payload);
                break;
            case IPv4InIp:
                Set(EtherTypes.IPv4, payload, 0);
                break;
            case IPv6InIp:
                Set(EtherTypes.IPv6, payload, 0);
                break;
            case MplsInIp:
                Set(EtherTypes.Mpls, payload, 0);
                break;
            case EthernetInIPv6:
                // RFC 8986 §4.9: what an SRv6 endpoint hands on to a layer-2 attachment.
                Set(EtherTypes.TransparentEthernetBridging, payload, 0);
                break;
            case EtherIp when payload.Length > 2 && payload[0] >> 4 == 3:
                // RFC 3378 §3: version 3, twelve bits that are zero.
                Set(EtherTypes.TransparentEthernetBridging, payload, 2);
                break;
            case Gre:
                ReadGre(payload);
                break;
            case AuthenticationHeader when payload.Length > 2 && payload[0] is IPv4InIp or IPv6InIp:
                // RFC 4302 §3.1.2, tunnel mode in IPv4; in IPv6 the header has been passed over already.
                Set(payload[0] == IPv4InIp ? EtherTypes.IPv4 : EtherTypes.IPv6, payload, (payload[1] + 2) * 4);
                break;
        }
    }

    private void ReadUdp(ushort destinationPort, ReadOnlySpan<byte> udp)
    {
        switch (destinationPort)
        {
            case VxlanPort:
                ReadVxlan(udp);
                break;
            case VxlanGpePort:
                ReadVxlanGpe(udp);
                break;
            case GenevePort:
                ReadGeneve(udp);
                break;
            case GtpPort:
                ReadGtp(udp);
                break;
            case MplsInUdpPort:
                // RFC 7510 §3.
                Set(EtherTypes.Mpls, udp, UdpLength);
                break;
        }
    }

    private void Set(ushort type, ReadOnlySpan<byte> bytes, int offset)
    {
        if (type != 0 && offset < bytes.Length)
        {
            InnerType = type;
            Inner = bytes[offset..];
        }
    }

    // RFC 7348 §5: eight bytes after the UDP header; the I flag says that the identifier holds.
    private void ReadVxlan(ReadOnlySpan<byte> udp)
    {
        const int HeaderEnd = 16;
        if (udp.Length >= HeaderEnd && (udp[8] & 0x08) != 0)
        {
            Vxlan = BinaryPrimitives.ReadUInt32BigEndian(udp[12..]) >> 8;
            Set(EtherTypes.TransparentEthernetBridging, udp, HeaderEnd);
        }
    }

    // draft-ietf-nvo3-vxlan-gpe §3: the P flag says that the fourth byte names what follows.
    private void ReadVxlanGpe(ReadOnlySpan<byte> udp)
    {
        const int HeaderEnd = 16;
        if (udp.Length < HeaderEnd || (udp[8] & 0x08) == 0)
        {
            return;
        }

        Vxlan = BinaryPrimitives.ReadUInt32BigEndian(udp[12..]) >> 8;
        ushort type = (udp[8] & 0x04) == 0 ? EtherTypes.TransparentEthernetBridging : udp[11] switch
        {
            1 => EtherTypes.IPv4,
            2 => EtherTypes.IPv6,
            3 => EtherTypes.TransparentEthernetBridging,
            5 => EtherTypes.Mpls,
            _ => (ushort)0,
        };
        Set(type, udp, HeaderEnd);
    }

    // 3GPP TS 29.281 §5.1: version 1, protocol type 1, message type 255 (G-PDU); any of the flags E, S and PN adds four bytes, and E extension headers.
    private void ReadGtp(ReadOnlySpan<byte> udp)
    {
        const int FixedEnd = UdpLength + 8, OptionalEnd = FixedEnd + 4;
        if (udp.Length < FixedEnd || udp[8] >> 4 != 3 || udp[9] != 255)
        {
            return;
        }

        int offset = (udp[8] & 7) == 0 ? FixedEnd : OptionalEnd;
        if ((udp[8] & 4) != 0 && offset <= udp.Length)
        {
            // Each extension header counts its length in four bytes and ends with the type of the next one.
            while (udp[offset - 1] != 0)
            {
                if (offset >= udp.Length || udp[offset] == 0 || offset + udp[offset] * 4 > udp.Length)
                {
                    return;
                }

                offset += udp[offset] * 4;
            }
        }

        if (offset < udp.Length)
        {
            Set(udp[offset] >> 4 == 6 ? EtherTypes.IPv6 : EtherTypes.IPv4, udp, offset);
        }
    }

    // RFC 8926 §3.4: length of the options in words, then the type of the payload.
    private void ReadGeneve(ReadOnlySpan<byte> udp)
    {
        const int FixedEnd = 16;
        if (udp.Length >= FixedEnd && udp[8] >> 6 == 0)
        {
            Set(BinaryPrimitives.ReadUInt16BigEndian(udp[10..]), udp, FixedEnd + (udp[8] & 0x3F) * 4);
        }
    }

    // RFC 2784, RFC 2890, RFC 1701: checksum, key and sequence are four bytes each where their flag is set, then routing entries. RFC 7637: NVGRE's subnet is in the key.
    private void ReadGre(ReadOnlySpan<byte> gre)
    {
        const byte Checksum = 0x80, Routing = 0x40, Key = 0x20, Sequence = 0x10;
        if (gre.Length < 4 || (gre[1] & 7) != 0)
        {
            return;
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(gre[2..]);
        int offset = (gre[0] & (Checksum | Routing)) != 0 ? 8 : 4;
        if ((gre[0] & Key) != 0)
        {
            if (gre.Length < offset + 4)
            {
                return;
            }

            if (type == EtherTypes.TransparentEthernetBridging)
            {
                Nvgre = BinaryPrimitives.ReadUInt32BigEndian(gre[offset..]) >> 8;
            }

            offset += 4;
        }

        offset += (gre[0] & Sequence) != 0 ? 4 : 0;
        if ((gre[0] & Routing) != 0 && !TrySkipRouting(gre, ref offset))
        {
            return;
        }

        Set(type, gre, offset);
    }

    // RFC 1701: address family, offset, length of each entry; an entry of family 0 and length 0 ends the list.
    private static bool TrySkipRouting(ReadOnlySpan<byte> gre, ref int offset)
    {
        while (gre.Length - offset >= 4)
        {
            bool isLast = BinaryPrimitives.ReadUInt32BigEndian(gre[offset..]) == 0;
            offset += 4 + gre[offset + 3];
            if (isLast)
            {
                return true;
            }
        }

        return false;
    }
}
