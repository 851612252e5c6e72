using Collector.Net;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Collector.LoadGenerator.Formats;

/// <summary>The 18 information elements that the v9 and IPFIX templates have, in the order of both.</summary>
internal static class FieldWriter
{
    /// <summary>Bytes of a v9 IPv4 record before the two times, and of each further place: see <see cref="Template"/>.</summary>
    internal static (ushort Element, ushort Length)[] Template(bool isIPv6, bool isIpfix)
    {
        ushort address = isIPv6 ? (ushort)16 : (ushort)4;
        ushort counter = isIpfix ? (ushort)8 : (ushort)4;
        return
        [
            (isIPv6 ? (ushort)27 : (ushort)8, address),
            (isIPv6 ? (ushort)28 : (ushort)12, address),
            (isIPv6 ? (ushort)62 : (ushort)15, address),
            (7, 2),
            (11, 2),
            (4, 1),
            (5, 1),
            (6, 1),
            (10, 4),
            (14, 4),
            (16, 4),
            (17, 4),
            (isIPv6 ? (ushort)29 : (ushort)9, 1),
            (isIPv6 ? (ushort)30 : (ushort)13, 1),
            (1, counter),
            (2, counter),
            // FIRST_SWITCHED and LAST_SWITCHED, or flowStartMilliseconds and flowEndMilliseconds: last, where Stamp finds them.
            (isIpfix ? (ushort)152 : (ushort)22, counter),
            (isIpfix ? (ushort)153 : (ushort)21, counter),
        ];
    }

    internal static int RecordLength(bool isIPv6, bool isIpfix) => Template(isIPv6, isIpfix).Sum(f => f.Length);

    /// <summary>Writes a template or options template record's field list.</summary>
    internal static int WriteFields(Span<byte> target, ReadOnlySpan<(ushort Element, ushort Length)> fields)
    {
        int at = 0;
        foreach ((ushort element, ushort length) in fields)
        {
            WriteUInt16BigEndian(target[at..], element);
            WriteUInt16BigEndian(target[(at + 2)..], length);
            at += 4;
        }

        return at;
    }

    /// <summary>Writes a record up to its times.</summary>
    internal static void WriteRecord(Span<byte> record, in LoadFlow flow, bool isIPv6, bool isIpfix)
    {
        FlowKey key = flow.Key;
        int at;
        if (isIPv6)
        {
            key.Source.WriteTo(record);
            key.Destination.WriteTo(record[IpAddress.Size..]);
            NextHop.IPv6(key).WriteTo(record[(2 * IpAddress.Size)..]);
            at = 3 * IpAddress.Size;
        }
        else
        {
            WriteUInt32BigEndian(record, key.Source.ToIPv4());
            WriteUInt32BigEndian(record[4..], key.Destination.ToIPv4());
            WriteUInt32BigEndian(record[8..], NextHop.IPv4(key));
            at = 12;
        }

        record = record[at..];
        WriteUInt16BigEndian(record, key.SourcePort);
        WriteUInt16BigEndian(record[2..], key.DestinationPort);
        record[4] = key.Protocol;
        record[5] = key.TypeOfService;
        record[6] = key.TcpFlags;
        WriteUInt32BigEndian(record[7..], key.Input);
        WriteUInt32BigEndian(record[11..], key.Output);
        WriteUInt32BigEndian(record[15..], key.SourceAs);
        WriteUInt32BigEndian(record[19..], key.DestinationAs);
        record[23] = key.MaskLength;
        record[24] = key.MaskLength;
        if (isIpfix)
        {
            WriteUInt64BigEndian(record[25..], flow.Octets);
            WriteUInt64BigEndian(record[33..], flow.Packets);
        }
        else
        {
            WriteUInt32BigEndian(record[25..], flow.Octets);
            WriteUInt32BigEndian(record[29..], flow.Packets);
        }
    }
}
