using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Flows.SFlow;

/// <summary>Reads the records whose fields the agent has already taken from the packet: sampled_ethernet, sampled_ipv4, sampled_ipv6; and pmacct's tags.</summary>
internal static class SampledFields
{
    /// <summary>Length, source and destination MAC (eight bytes each, the last two padding), type.</summary>
    public static bool TryReadEthernet(ReadOnlySpan<byte> body, ref FlowRecord record, ref uint length)
    {
        if (body.Length < 24)
        {
            return false;
        }

        length = BinaryPrimitives.ReadUInt32BigEndian(body);
        record.SourceMac = MacAddress.Read(body[4..]);
        record.DestinationMac = MacAddress.Read(body[12..]);
        record.EtherType = (ushort)BinaryPrimitives.ReadUInt32BigEndian(body[20..]);
        return true;
    }

    /// <summary>Length, protocol, addresses, ports, TCP flags, type of service or priority.</summary>
    public static bool TryReadIp(ReadOnlySpan<byte> body, FlowFamily family, ref FlowRecord record)
    {
        int size = family == FlowFamily.IPv4 ? 4 : IpAddress.Size;
        int addressesEnd = 8 + 2 * size;
        if (body.Length < addressesEnd + 16)
        {
            return false;
        }

        const byte Tcp = 6, Udp = 17;
        record.Octets = BinaryPrimitives.ReadUInt32BigEndian(body);
        record.Protocol = (byte)BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        record.Family = family;
        record.SourceAddress = family == FlowFamily.IPv4 ? IpAddress.ReadIPv4(body[8..]) : IpAddress.ReadIPv6(body[8..]);
        record.DestinationAddress = family == FlowFamily.IPv4 ? IpAddress.ReadIPv4(body[12..]) : IpAddress.ReadIPv6(body[24..]);
        ReadOnlySpan<byte> rest = body[addressesEnd..];
        bool hasPorts = record.Protocol is Tcp or Udp;
        record.SourcePort = hasPorts ? (ushort)BinaryPrimitives.ReadUInt32BigEndian(rest) : (ushort)0;
        record.DestinationPort = hasPorts ? (ushort)BinaryPrimitives.ReadUInt32BigEndian(rest[4..]) : (ushort)0;
        record.TcpFlags = record.Protocol == Tcp ? (byte)BinaryPrimitives.ReadUInt32BigEndian(rest[8..]) : (byte)0;
        record.Tos = (byte)BinaryPrimitives.ReadUInt32BigEndian(rest[12..]);
        return true;
    }

    /// <summary>tag and tag2, eight bytes each.</summary>
    public static bool TryReadTag(ReadOnlySpan<byte> body, ref FlowRecord record)
    {
        if (body.Length < 16)
        {
            return false;
        }

        record.Tag = BinaryPrimitives.ReadUInt64BigEndian(body);
        record.Tag2 = BinaryPrimitives.ReadUInt64BigEndian(body[8..]);
        return true;
    }
}
