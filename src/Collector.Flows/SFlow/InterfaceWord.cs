using System.Buffers.Binary;

namespace Collector.Flows.SFlow;

/// <summary>The meaning of an interface in a sample (sFlow v5 §5.3 "interface"): the two upper bits are a format, the others its value.</summary>
internal static class InterfaceWord
{
    private const uint ValueMask = 0x3FFF_FFFF;
    private const uint Discarded = 1;
    private const uint Several = 2;

    // RFC 7270 §4.12: the two upper bits say forwarded (1) or dropped (2), the others why.
    private const byte Forwarded = 0x40;

    /// <summary>Replaces the words by ifIndexes, 0 where there is none, and lets the egress word tell the forwarding status.</summary>
    /// <param name="interfaces">Input and output; each two words, format and value, in an expanded sample.</param>
    /// <param name="expanded">True for format 3.</param>
    /// <param name="record">The record to fill.</param>
    public static void Resolve(ReadOnlySpan<byte> interfaces, bool expanded, ref FlowRecord record)
    {
        Read(interfaces, expanded, out uint format, out uint value);
        record.IngressInterface = Index(format, value);
        Read(interfaces[(expanded ? 8 : 4)..], expanded, out format, out value);
        record.EgressInterface = Index(format, value);
        record.ForwardingStatus = format switch
        {
            Discarded => Status(value),
            Several => Forwarded,
            _ => 0,
        };
    }

    private static void Read(ReadOnlySpan<byte> bytes, bool expanded, out uint format, out uint value)
    {
        uint word = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        format = expanded ? word : word >> 30;
        value = expanded ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : word & ValueMask;
    }

    // 0x3FFFFFFF is the agent itself.
    private static uint Index(uint format, uint value) => format == 0 && value != ValueMask ? value : 0;

    // The reasons of the specification and of "sFlow Dropped Packet Notification Structures" in the words of RFC 7270.
    private static byte Status(uint reason) => reason switch
    {
        258 or 13 => 130,
        0 or 1 or 6 or 7 or 269 or 281 => 131,
        279 or 292 => 132,
        4 or 262 => 133,
        275 => 134,
        257 => 137,
        261 => 138,
        260 => 139,
        280 or 302 => 140,
        _ => 128,
    };
}
