using System.Buffers.Binary;
using Collector.Flows.Templates;

namespace Collector.Flows.Ipfix;

/// <summary>The message header of IPFIX (RFC 7011 §3.1).</summary>
internal static class IpfixHeader
{
    internal const ushort Version = 10;

    private const int Length = 16;

    /// <summary>Reads the header; false when the datagram is too short for it.</summary>
    /// <remarks>
    /// A message length that is not the datagram's is a fault, but what is complete is decoded: up to the shorter of the two, and to the end of
    /// the datagram when the length does not even cover the header. Zero bytes behind the message are padding.
    /// </remarks>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out ExportHeader header)
    {
        if (payload.Length < Length)
        {
            header = default;
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        int end = length < Length ? payload.Length : Math.Min(length, payload.Length);
        bool isFault = length < Length || length > payload.Length || payload[end..].IndexOfAnyExcept((byte)0) >= 0;
        header = new ExportHeader
        {
            Version = Version,
            ExportSeconds = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(payload[8..]),
            Domain = BinaryPrimitives.ReadUInt32BigEndian(payload[12..]),
            Length = Length,
            End = end,
            Fault = isFault ? DecodeFault.BadMessageLength : DecodeFault.None,
        };
        return true;
    }
}
