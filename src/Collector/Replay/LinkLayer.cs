using System.Buffers.Binary;

namespace Collector.Replay;

/// <summary>What a packet turned out to be on its way to a UDP payload.</summary>
internal enum PacketKind
{
    /// <summary>As hoped: IP, UDP.</summary>
    Good,

    /// <summary>Neither IPv4 nor IPv6.</summary>
    NotIp,

    /// <summary>IP, but not UDP.</summary>
    NotUdp,

    /// <summary>Headers cut off or contradicting themselves.</summary>
    Bad,

    /// <summary>The link type is not read.</summary>
    UnknownLinkType,
}

/// <summary>Finds the IP packet in a captured frame. Link types are numbered as in files (LINKTYPE_, tcpdump.org/linktypes.html).</summary>
internal static class LinkLayer
{
    private const int Null = 0, Ethernet = 1, RawBsd = 12, RawOpenBsd = 14, Raw = 101, Loop = 108, Cooked = 113, IPv4 = 228, IPv6 = 229, Cooked2 = 276;
    private const int EtherTypeIPv4 = 0x0800, EtherTypeIPv6 = 0x86DD;

    /// <summary>The link types that are read, for a sentence.</summary>
    public const string Supported = "Ethernet, Linux cooked (SLL, SLL2), raw IP, BSD loopback";

    /// <summary>Cuts the link layer off.</summary>
    /// <param name="linkType">LINKTYPE_ number.</param>
    /// <param name="frame">The captured bytes.</param>
    /// <param name="packet">The IP packet with whatever follows it in the frame; at least one byte.</param>
    public static PacketKind Strip(int linkType, ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        return linkType switch
        {
            Ethernet => StripTags(frame, 12, out packet),
            Raw or RawBsd or RawOpenBsd => Version(frame, 0, out packet),
            IPv4 => Version(frame, 4, out packet),
            IPv6 => Version(frame, 6, out packet),

            // Protocol at 14, after packet type, hardware type and address.
            Cooked => StripTags(frame, 14, out packet),

            // Protocol at 0; the header takes 20 bytes.
            Cooked2 => StripCooked2(frame, out packet),
            Null or Loop => StripFamily(frame, out packet),
            _ => PacketKind.UnknownLinkType,
        };
    }

    private static PacketKind StripCooked2(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        return frame.Length < 20 ? PacketKind.Bad : AfterType(BinaryPrimitives.ReadUInt16BigEndian(frame), frame, 20, out packet);
    }

    private static PacketKind StripTags(ReadOnlySpan<byte> frame, int typeOffset, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        return frame.Length < typeOffset + 2
            ? PacketKind.Bad
            : AfterType(BinaryPrimitives.ReadUInt16BigEndian(frame[typeOffset..]), frame, typeOffset + 2, out packet);
    }

    private static PacketKind AfterType(int type, ReadOnlySpan<byte> frame, int offset, out ReadOnlySpan<byte> packet)
    {
        packet = default;

        // 802.1Q, 802.1ad and the two numbers in use before it; a stack of any depth.
        while (type is 0x8100 or 0x88A8 or 0x9100 or 0x9200)
        {
            if (frame.Length < offset + 4)
            {
                return PacketKind.Bad;
            }

            type = BinaryPrimitives.ReadUInt16BigEndian(frame[(offset + 2)..]);
            offset += 4;
        }

        return type switch
        {
            EtherTypeIPv4 => Version(frame[offset..], 4, out packet),
            EtherTypeIPv6 => Version(frame[offset..], 6, out packet),
            _ => PacketKind.NotIp,
        };
    }

    // The address family is in the byte order of the capturing machine (Null) or the network's (Loop), and IPv6 has a number per system.
    private static PacketKind StripFamily(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (frame.Length < 4)
        {
            return PacketKind.Bad;
        }

        uint family = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        family = family > 0xFFFF ? BinaryPrimitives.ReverseEndianness(family) : family;
        return family switch
        {
            2 => Version(frame[4..], 4, out packet),
            10 or 24 or 28 or 30 => Version(frame[4..], 6, out packet),
            _ => PacketKind.NotIp,
        };
    }

    private static PacketKind Version(ReadOnlySpan<byte> bytes, int expected, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (bytes.IsEmpty)
        {
            return PacketKind.Bad;
        }

        int version = bytes[0] >> 4;
        if (expected == 0 ? version is not (4 or 6) : version != expected)
        {
            return expected == 0 ? PacketKind.NotIp : PacketKind.Bad;
        }

        packet = bytes;
        return PacketKind.Good;
    }
}
