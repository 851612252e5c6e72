using System.Buffers.Binary;

namespace Collector.Flows.Packets;

/// <summary>A stack of MPLS labels (RFC 3032) and what lies below it.</summary>
internal static class MplsStack
{
    /// <summary>Labels kept of one stack; deeper ones are counted in the depth only.</summary>
    public const int MaxLabels = 32;

    private const int EntryLength = 4;
    private const uint IPv6ExplicitNull = 2;

    /// <summary>Reads entries up to the bottom of the stack or the end of the bytes into the record.</summary>
    /// <param name="bytes">From the first entry on.</param>
    /// <param name="values">Interns the stack.</param>
    /// <param name="record">Takes top, bottom, depth and stack; those of an earlier stack are replaced.</param>
    /// <returns>Bytes of the stack, or 0 when it does not reach its bottom.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, ValueTable values, ref FlowRecord record)
    {
        Span<byte> labels = stackalloc byte[MaxLabels * EntryLength];
        int depth = 0;
        bool isBottom = false;
        record.MplsLabelTop = record.MplsLabelBottom = 0;
        while (!isBottom && BinaryPrimitives.TryReadUInt32BigEndian(bytes[(depth * EntryLength)..], out uint entry))
        {
            uint label = entry >> 12;
            isBottom = (entry & 0x100) != 0;
            if (depth < MaxLabels)
            {
                BinaryPrimitives.WriteUInt32BigEndian(labels[(depth * EntryLength)..], label);
            }

            if (depth == 0)
            {
                record.MplsLabelTop = label;
            }

            if (isBottom)
            {
                record.MplsLabelBottom = label;
            }

            depth++;
        }

        record.MplsStackDepth = (uint)depth;
        record.MplsLabelStack = values.Intern(labels[..(Math.Min(depth, MaxLabels) * EntryLength)]);
        return isBottom ? depth * EntryLength : 0;
    }

    /// <summary>Guesses what lies below the stack, as label switches do: by the first nibble, else an Ethernet frame with or without control word (RFC 4448, RFC 4928).</summary>
    /// <param name="payload">What follows the stack.</param>
    /// <param name="bottom">The bottom label.</param>
    /// <param name="skip">Bytes of a control word before the frame.</param>
    /// <returns>An EtherType; <see cref="EtherTypes.TransparentEthernetBridging"/> for a frame; 0 when nothing fits.</returns>
    public static ushort PayloadType(ReadOnlySpan<byte> payload, uint bottom, out int skip)
    {
        skip = 0;
        if (payload.IsEmpty)
        {
            return 0;
        }

        switch (payload[0] >> 4)
        {
            case 4 when (payload[0] & 0xF) >= 5 || bottom == 0:
                return EtherTypes.IPv4;
            case 6 when bottom == IPv6ExplicitNull || !IsFrame(payload) || IsLikelyIPv6(payload):
                return EtherTypes.IPv6;
            case 0 when payload.Length > EntryLength && IsFrame(payload[EntryLength..]):
                skip = EntryLength;
                return EtherTypes.TransparentEthernetBridging;
            default:
                return IsFrame(payload) ? EtherTypes.TransparentEthernetBridging : (ushort)0;
        }
    }

    // A frame whose first address starts with 6 is rare, an IPv6 address with a known EtherType at the same place is not: in doubt it is IPv6.
    private static bool IsLikelyIPv6(ReadOnlySpan<byte> packet) =>
        packet[7] != 0 && packet[6] is 0 or 4 or 6 or 17 or 41 or 43 or 44 or 47 or 50 or 51 or 58 or 59 or 60 or 89 or 103 or 132;

    private static bool IsFrame(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 14 && EtherTypes.IsKnown(BinaryPrimitives.ReadUInt16BigEndian(bytes[12..]));
}
