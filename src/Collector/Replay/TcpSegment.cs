using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Replay;

/// <summary>A TCP segment of a capture (RFC 9293 §3.1), as far as streams need it.</summary>
public readonly ref struct TcpSegment
{
    private const byte Tcp = 6;
    private const int IPv6HeaderLength = 40, MinimumHeader = 20;

    /// <summary>Sender.</summary>
    public IpAddress Source { get; private init; }

    /// <summary>Destination.</summary>
    public IpAddress Destination { get; private init; }

    /// <summary>Port of the sender.</summary>
    public ushort SourcePort { get; private init; }

    /// <summary>Port of the destination.</summary>
    public ushort DestinationPort { get; private init; }

    /// <summary>Sequence number of the first byte, or of SYN.</summary>
    public uint Sequence { get; private init; }

    /// <summary>The flags FIN 1, SYN 2, RST 4.</summary>
    public byte Flags { get; private init; }

    /// <summary>The bytes of the stream.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>True for SYN.</summary>
    public bool IsSyn => (Flags & 2) != 0;

    /// <summary>True for FIN.</summary>
    public bool IsFin => (Flags & 1) != 0;

    /// <summary>True for RST.</summary>
    public bool IsReset => (Flags & 4) != 0;

    /// <summary>Reads a segment from its IP header on; false for anything else, for fragments, and where the capture has only a part.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpSegment segment)
    {
        segment = default;
        IpAddress source, destination;
        ReadOnlySpan<byte> tcp;
        if (bytes[0] >> 4 == 4)
        {
            int header = (bytes[0] & 15) * 4;
            if (header < 20 || bytes.Length < header || bytes[9] != Tcp || (BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0x3FFF) != 0)
            {
                return false;
            }

            // 0 is what a capture on the sending machine shows when the network card cuts the packet up.
            int total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            total = total == 0 ? bytes.Length : total;
            if (total < header || total > bytes.Length)
            {
                return false;
            }

            (source, destination) = (IpAddress.ReadIPv4(bytes[12..]), IpAddress.ReadIPv4(bytes[16..]));
            tcp = bytes[header..total];
        }
        else
        {
            if (bytes.Length < IPv6HeaderLength || bytes[6] != Tcp)
            {
                return false;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
            length = length == 0 ? bytes.Length - IPv6HeaderLength : length;
            if (length > bytes.Length - IPv6HeaderLength)
            {
                return false;
            }

            (source, destination) = (IpAddress.ReadIPv6(bytes[8..]), IpAddress.ReadIPv6(bytes[24..]));
            tcp = bytes.Slice(IPv6HeaderLength, length);
        }

        if (tcp.Length < MinimumHeader || (tcp[12] >> 4) * 4 is var offset && (offset < MinimumHeader || offset > tcp.Length))
        {
            return false;
        }

        segment = new TcpSegment
        {
            Source = source,
            Destination = destination,
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(tcp),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]),
            Flags = tcp[13],
            Payload = tcp[((tcp[12] >> 4) * 4)..],
        };
        return true;
    }
}
