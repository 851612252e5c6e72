using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Flows.Packets;

/// <summary>What an IPv4 or IPv6 packet says in its headers up to the ports.</summary>
internal struct IpHeader
{
    private const int MinimumIPv4Length = 20;
    private const int IPv6Length = 40;

    public IpAddress Source;
    public IpAddress Destination;
    public uint FlowLabel;

    /// <summary>Ports of TCP and UDP; 0 for other protocols, later fragments and headers that end before both.</summary>
    public ushort SourcePort;
    public ushort DestinationPort;
    public FlowFamily Family;

    /// <summary>The protocol behind all IPv6 extension headers that are present.</summary>
    public byte Protocol;
    public byte Tos;
    public byte TcpFlags;

    /// <summary>Where the transport header or the inner packet starts; 0 when it is not there or belongs to an earlier fragment.</summary>
    public int PayloadOffset;

    /// <summary>Length of the packet by its own header, the header included; 0 when it does not say.</summary>
    public uint Octets;

    /// <summary>Where a segment routing header (RFC 8754) starts; 0 without one.</summary>
    public int SegmentRoutingOffset;

    /// <summary>Reads as far as the bytes go; the family is that of <paramref name="etherType"/> even when nothing else can be read.</summary>
    /// <param name="etherType"><see cref="EtherTypes.IPv4"/> or <see cref="EtherTypes.IPv6"/>.</param>
    /// <param name="packet">The packet, possibly cut anywhere.</param>
    /// <param name="header">What was read.</param>
    /// <returns>False when the addresses are not whole or the version nibble is another.</returns>
    public static bool TryRead(ushort etherType, ReadOnlySpan<byte> packet, out IpHeader header)
    {
        header = default;
        bool read = etherType == EtherTypes.IPv4 ? header.TryReadIPv4(packet) : header.TryReadIPv6(packet);
        if (header.PayloadOffset != 0)
        {
            header.ReadPorts(packet[header.PayloadOffset..]);
        }

        return read;
    }

    private bool TryReadIPv4(ReadOnlySpan<byte> packet)
    {
        Family = FlowFamily.IPv4;
        if (packet.Length < MinimumIPv4Length || packet[0] >> 4 != 4)
        {
            Source = Destination = IpAddress.FromIPv4(0);
            return false;
        }

        Tos = packet[1];
        Octets = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        Protocol = packet[9];
        Source = IpAddress.ReadIPv4(packet[12..]);
        Destination = IpAddress.ReadIPv4(packet[16..]);
        int length = (packet[0] & 0xF) * 4;
        int fragmentOffset = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF;
        if (length >= MinimumIPv4Length && length <= packet.Length && fragmentOffset == 0)
        {
            PayloadOffset = length;
        }

        return true;
    }

    private bool TryReadIPv6(ReadOnlySpan<byte> packet)
    {
        Family = FlowFamily.IPv6;
        if (packet.Length < IPv6Length || packet[0] >> 4 != 6)
        {
            return false;
        }

        uint first = BinaryPrimitives.ReadUInt32BigEndian(packet);
        Tos = (byte)(first >> 20);
        FlowLabel = first & 0xF_FFFF;
        Source = IpAddress.ReadIPv6(packet[8..]);
        Destination = IpAddress.ReadIPv6(packet[24..]);
        Protocol = packet[6];
        uint payload = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        Octets = payload == 0 ? 0 : payload + IPv6Length;
        PayloadOffset = SkipExtensionHeaders(packet);
        return true;
    }

    // RFC 8200 §4, RFC 4302 (AH), RFC 6275 (mobility), RFC 7401 (HIP), RFC 5533 (shim6). Each is at least eight bytes long, so the loop ends.
    private int SkipExtensionHeaders(ReadOnlySpan<byte> packet)
    {
        int offset = IPv6Length;
        while (true)
        {
            bool isFragment = Protocol == 44;
            bool isRouting = Protocol == 43;
            if (Protocol is not (0 or 43 or 44 or 51 or 60 or 135 or 139 or 140))
            {
                return offset;
            }

            if (packet.Length - offset < 8)
            {
                return 0;
            }

            if (isRouting && packet[offset + 2] == SegmentRouting.RoutingType)
            {
                SegmentRoutingOffset = offset;
            }

            int length = isFragment ? 8 : Protocol == 51 ? (packet[offset + 1] + 2) * 4 : (packet[offset + 1] + 1) * 8;
            bool isLater = isFragment && (BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]) & 0xFFF8) != 0;
            Protocol = packet[offset];
            offset += Math.Max(length, 8);
            if (isLater || offset > packet.Length)
            {
                return 0;
            }
        }
    }

    private void ReadPorts(ReadOnlySpan<byte> transport)
    {
        const byte Tcp = 6;
        if (transport.Length < 4 || Protocol is not (Tcp or TunnelHeader.Udp))
        {
            return;
        }

        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(transport);
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(transport[2..]);
        if (Protocol == Tcp && transport.Length > 13)
        {
            TcpFlags = transport[13];
        }
    }
}
