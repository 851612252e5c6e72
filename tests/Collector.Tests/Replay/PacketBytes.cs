using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Tests.Replay;

/// <summary>Builds the packets that captures hold, header by header.</summary>
internal static class PacketBytes
{
    public static readonly IpAddress Exporter = IpAddress.Parse("192.0.2.7");
    public static readonly IpAddress Exporter6 = IpAddress.Parse("2001:db8::7");
    public static readonly IpAddress Here = IpAddress.Parse("198.51.100.1");
    public static readonly IpAddress Here6 = IpAddress.Parse("2001:db8:1::1");

    public static byte[] Udp(ReadOnlySpan<byte> payload, int? length = null, int sourcePort = 5000, int destinationPort = 2055)
    {
        byte[] udp = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), (ushort)destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)(length ?? udp.Length));
        payload.CopyTo(udp.AsSpan(8));
        return udp;
    }

    public static byte[] IPv4(
        ReadOnlySpan<byte> payload, int protocol = 17, int options = 0, int? totalLength = null, int id = 1, int offset = 0, bool more = false, IpAddress? source = null)
    {
        int header = 20 + options;
        byte[] packet = new byte[header + payload.Length];
        packet[0] = (byte)(0x40 | (header / 4));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(totalLength ?? packet.Length));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)id);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)((more ? 0x2000 : 0) | (offset / 8)));
        packet[8] = 64;
        packet[9] = (byte)protocol;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), (source ?? Exporter).ToIPv4());
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), Here.ToIPv4());
        packet.AsSpan(20, options).Fill(1);
        payload.CopyTo(packet.AsSpan(header));
        return packet;
    }

    public static byte[] IPv6(ReadOnlySpan<byte> payload, int nextHeader = 17, int? length = null)
    {
        byte[] packet = new byte[40 + payload.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(length ?? payload.Length));
        packet[6] = (byte)nextHeader;
        packet[7] = 64;
        Exporter6.WriteTo(packet.AsSpan(8));
        Here6.WriteTo(packet.AsSpan(24));
        payload.CopyTo(packet.AsSpan(40));
        return packet;
    }

    /// <summary>A hop-by-hop, routing or destination options header of eight bytes and more.</summary>
    public static byte[] Extension(int nextHeader, ReadOnlySpan<byte> rest, int units = 0)
    {
        byte[] bytes = new byte[8 + (8 * units) + rest.Length];
        bytes[0] = (byte)nextHeader;
        bytes[1] = (byte)units;
        rest.CopyTo(bytes.AsSpan(8 + (8 * units)));
        return bytes;
    }

    public static byte[] Fragment6(int nextHeader, ReadOnlySpan<byte> part, int offset, bool more, uint id = 1)
    {
        byte[] bytes = new byte[8 + part.Length];
        bytes[0] = (byte)nextHeader;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)(offset | (more ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), id);
        part.CopyTo(bytes.AsSpan(8));
        return bytes;
    }

    public static byte[] Ethernet(ReadOnlySpan<byte> packet, int etherType = 0x0800, params ReadOnlySpan<int> tags)
    {
        byte[] frame = new byte[14 + (4 * tags.Length) + packet.Length];
        int at = 12;
        foreach (int tag in tags)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), (ushort)tag);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + 2), 0x2064);
            at += 4;
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), (ushort)etherType);
        packet.CopyTo(frame.AsSpan(at + 2));
        return frame;
    }

    /// <summary>An Ethernet frame with an IPv4 datagram.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> payload) => Ethernet(IPv4(Udp(payload)));

    /// <summary>Cuts a UDP datagram into IPv4 fragments of <paramref name="size"/> bytes, in order, each in an Ethernet frame.</summary>
    public static List<byte[]> Fragments4(byte[] udp, int size, int id = 1, IpAddress? source = null)
    {
        var frames = new List<byte[]>();
        for (int offset = 0; offset < udp.Length; offset += size)
        {
            ReadOnlySpan<byte> part = udp.AsSpan(offset, Math.Min(size, udp.Length - offset));
            frames.Add(Ethernet(IPv4(part, id: id, offset: offset, more: offset + size < udp.Length, source: source)));
        }

        return frames;
    }

    /// <summary>The same for IPv6; <paramref name="whole"/> may begin with extension headers, of which <paramref name="nextHeader"/> is the first.</summary>
    public static List<byte[]> Fragments6(byte[] whole, int size, int nextHeader = 17, uint id = 1)
    {
        var frames = new List<byte[]>();
        for (int offset = 0; offset < whole.Length; offset += size)
        {
            ReadOnlySpan<byte> part = whole.AsSpan(offset, Math.Min(size, whole.Length - offset));
            frames.Add(Ethernet(IPv6(Fragment6(nextHeader, part, offset, offset + size < whole.Length, id), 44), 0x86DD));
        }

        return frames;
    }

    public static byte[] Sequence(int length, int seed = 0) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 31) + (i >> 8) + seed))];
}
