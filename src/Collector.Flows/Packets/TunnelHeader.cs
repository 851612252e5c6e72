using System.Buffers.Binary;

namespace Collector.Flows.Packets;

/// <summary>What a packet carries when its payload is another packet: one level, pmacct's tunnel_* primitives.</summary>
internal ref struct TunnelHeader
{
    public const byte Udp = 17;

    private const byte IPv4InIp = 4;
    private const byte IPv6InIp = 41;
    private const byte Gre = 47;
    private const byte MplsInIp = 137;
    private const ushort VxlanPort = 4789;
    private const ushort GenevePort = 6081;

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

        ReadOnlySpan<byte> payload = packet[outer.PayloadOffset..];
        switch (outer.Protocol)
        {
            case Udp when outer.DestinationPort == VxlanPort:
                tunnel.ReadVxlan(payload);
                break;
            case Udp when outer.DestinationPort == GenevePort:
                tunnel.ReadGeneve(payload);
                break;
            case IPv4InIp:
                tunnel.Set(EtherTypes.IPv4, payload, 0);
                break;
            case IPv6InIp:
                tunnel.Set(EtherTypes.IPv6, payload, 0);
                break;
            case MplsInIp:
                tunnel.Set(EtherTypes.Mpls, payload, 0);
                break;
            case Gre:
                tunnel.ReadGre(payload);
                break;
        }

        return tunnel;
    }

    private void Set(ushort type, ReadOnlySpan<byte> bytes, int offset)
    {
        if (offset < bytes.Length)
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

    // RFC 8926 §3.4: length of the options in words, then the type of the payload.
    private void ReadGeneve(ReadOnlySpan<byte> udp)
    {
        const int FixedEnd = 16;
        if (udp.Length >= FixedEnd && udp[8] >> 6 == 0)
        {
            Set(BinaryPrimitives.ReadUInt16BigEndian(udp[10..]), udp, FixedEnd + (udp[8] & 0x3F) * 4);
        }
    }

    // RFC 2784, RFC 2890: checksum, key and sequence are four bytes each where their flag is set. RFC 7637: NVGRE's subnet is in the key.
    private void ReadGre(ReadOnlySpan<byte> gre)
    {
        if (gre.Length < 4 || (gre[1] & 7) != 0)
        {
            return;
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(gre[2..]);
        int offset = (gre[0] & 0xC0) != 0 ? 8 : 4;
        if ((gre[0] & 0x20) != 0)
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

        Set(type, gre, (gre[0] & 0x10) != 0 ? offset + 4 : offset);
    }
}
