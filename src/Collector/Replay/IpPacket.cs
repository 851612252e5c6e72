using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Replay;

/// <summary>What the IP header of a captured packet says about a UDP datagram, or about a fragment of one.</summary>
internal readonly ref struct IpPacket
{
    private const byte HopByHop = 0, Udp = 17, Routing = 43, Fragment = 44, Authentication = 51, DestinationOptions = 60, Mobility = 135, Hip = 139, Shim6 = 140;

    /// <summary>Sender.</summary>
    public IpAddress Source { get; private init; }

    /// <summary>Destination.</summary>
    public IpAddress Destination { get; private init; }

    /// <summary>What follows the IP headers, as far as captured and never beyond the IP packet's own length.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>True when the capture holds only the beginning of the payload.</summary>
    public bool IsTruncated { get; private init; }

    /// <summary>Protocol of the payload; in an IPv6 fragment possibly an extension header.</summary>
    public byte Protocol { get; private init; }

    /// <summary>True for one of several fragments.</summary>
    public bool IsFragment { get; private init; }

    /// <summary>True when this is not the last fragment.</summary>
    public bool HasMoreFragments { get; private init; }

    /// <summary>Where the fragment belongs in the whole, in bytes.</summary>
    public int FragmentOffset { get; private init; }

    /// <summary>Common to all fragments of a datagram.</summary>
    public uint FragmentId { get; private init; }

    /// <summary>Reads the IP headers.</summary>
    /// <param name="bytes">From the version nibble on, at least one byte; what follows the IP packet (padding) is cut off.</param>
    /// <param name="packet">Valid when the answer is <see cref="PacketKind.Good"/>.</param>
    public static PacketKind Read(ReadOnlySpan<byte> bytes, out IpPacket packet) =>
        bytes[0] >> 4 == 4 ? ReadIPv4(bytes, out packet) : ReadIPv6(bytes, out packet);

    /// <summary>Walks the extension headers before UDP in a reassembled IPv6 payload (RFC 8200 §4.5: they may be in the fragmented part).</summary>
    /// <returns>False when the payload is not UDP.</returns>
    public static bool TrySkipToUdp(byte protocol, ref ReadOnlySpan<byte> payload) =>
        SkipExtensions(ref protocol, ref payload) == PacketKind.Good && protocol == Udp;

    private static PacketKind ReadIPv4(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        packet = default;
        int headerLength = (bytes[0] & 15) * 4;
        if (headerLength < 20 || bytes.Length < headerLength)
        {
            return PacketKind.Bad;
        }

        // 0 is what a capture on the sending machine shows when the network card cuts the packet up (segmentation offload).
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        totalLength = totalLength == 0 ? Math.Min(bytes.Length, ushort.MaxValue) : totalLength;
        if (totalLength < headerLength)
        {
            return PacketKind.Bad;
        }

        if (bytes[9] != Udp)
        {
            return PacketKind.NotUdp;
        }

        int fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        packet = new IpPacket
        {
            Source = IpAddress.ReadIPv4(bytes[12..]),
            Destination = IpAddress.ReadIPv4(bytes[16..]),
            Payload = bytes[headerLength..Math.Min(totalLength, bytes.Length)],
            IsTruncated = bytes.Length < totalLength,
            Protocol = Udp,
            IsFragment = (fragment & 0x3FFF) != 0,
            HasMoreFragments = (fragment & 0x2000) != 0,
            FragmentOffset = (fragment & 0x1FFF) * 8,
            FragmentId = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
        };
        return PacketKind.Good;
    }

    private static PacketKind ReadIPv6(ReadOnlySpan<byte> bytes, out IpPacket packet)
    {
        const int HeaderLength = 40;
        packet = default;
        if (bytes.Length < HeaderLength)
        {
            return PacketKind.Bad;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        ReadOnlySpan<byte> payload = bytes[HeaderLength..];
        length = length == 0 ? Math.Min(payload.Length, ushort.MaxValue) : length;
        bool isTruncated = payload.Length < length;
        payload = isTruncated ? payload : payload[..length];

        byte protocol = bytes[6];
        PacketKind kind = SkipExtensions(ref protocol, ref payload);
        if (kind != PacketKind.Good)
        {
            return kind;
        }

        int fragment = 0;
        uint id = 0;
        if (protocol == Fragment)
        {
            if (payload.Length < 8)
            {
                return PacketKind.Bad;
            }

            protocol = payload[0];
            fragment = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) & 0xFFF9;
            id = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
            payload = payload[8..];

            // A fragment header around a whole packet (RFC 6946) changes nothing.
            if (fragment == 0 && (kind = SkipExtensions(ref protocol, ref payload)) != PacketKind.Good)
            {
                return kind;
            }
        }

        if (fragment == 0 ? protocol != Udp : protocol != Udp && !IsExtension(protocol))
        {
            return PacketKind.NotUdp;
        }

        packet = new IpPacket
        {
            Source = IpAddress.ReadIPv6(bytes[8..]),
            Destination = IpAddress.ReadIPv6(bytes[24..]),
            Payload = payload,
            IsTruncated = isTruncated,
            Protocol = protocol,
            IsFragment = fragment != 0,
            HasMoreFragments = (fragment & 1) != 0,
            FragmentOffset = fragment & 0xFFF8,
            FragmentId = id,
        };
        return PacketKind.Good;
    }

    // Stops at UDP, at a fragment header, or at whatever is no extension header. Each turn consumes at least eight bytes.
    private static PacketKind SkipExtensions(ref byte protocol, ref ReadOnlySpan<byte> payload)
    {
        while (IsExtension(protocol))
        {
            if (payload.Length < 2)
            {
                return PacketKind.Bad;
            }

            int length = protocol == Authentication ? (payload[1] + 2) * 4 : (payload[1] + 1) * 8;
            if (payload.Length < length)
            {
                return PacketKind.Bad;
            }

            protocol = payload[0];
            payload = payload[length..];
        }

        return PacketKind.Good;
    }

    private static bool IsExtension(byte protocol) =>
        protocol is HopByHop or Routing or Authentication or DestinationOptions or Mobility or Hip or Shim6;
}
