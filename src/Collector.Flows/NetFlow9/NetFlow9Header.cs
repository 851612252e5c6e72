using System.Buffers.Binary;
using Collector.Flows.Templates;

namespace Collector.Flows.NetFlow9;

/// <summary>The packet header of NetFlow v9 (RFC 3954 §5.1).</summary>
internal static class NetFlow9Header
{
    internal const ushort Version = 9;

    private const int Length = 20;

    /// <summary>Reads the header; false when the datagram is too short for it. The count of records is not used: exporters count differently.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out ExportHeader header)
    {
        if (payload.Length < Length)
        {
            header = default;
            return false;
        }

        header = new ExportHeader
        {
            Version = Version,
            SysUpTime = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            ExportSeconds = BinaryPrimitives.ReadUInt32BigEndian(payload[8..]),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(payload[12..]),
            Domain = BinaryPrimitives.ReadUInt32BigEndian(payload[16..]),
            Length = Length,
            End = payload.Length,
        };
        return true;
    }
}
