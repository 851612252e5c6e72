using Collector.Net;

namespace Collector.Testing.Builders;

/// <summary>Makes the packets that sampled headers are taken from, innermost part first: <c>Ethernet(0x800, IPv4(a, b, 6, Tcp(1, 2)))</c>.</summary>
public static class PacketBuilder
{
    /// <summary>02:00:00:00:00:01, the source of every frame.</summary>
    public static ReadOnlySpan<byte> SourceMac => [2, 0, 0, 0, 0, 1];

    /// <summary>02:00:00:00:00:02, the destination of every frame.</summary>
    public static ReadOnlySpan<byte> DestinationMac => [2, 0, 0, 0, 0, 2];

    /// <summary>An Ethernet II frame, or 802.3 when the type is a length.</summary>
    public static byte[] Ethernet(int type, ReadOnlySpan<byte> payload) =>
        new WireWriter().Bytes(DestinationMac).Bytes(SourceMac).U16(type).Bytes(payload).ToArray();

    /// <summary>What follows the type of a tag: the tag control information and the next type.</summary>
    public static byte[] Tag(int priority, int vlan, int type, ReadOnlySpan<byte> payload) =>
        new WireWriter().U16(priority << 13 | vlan).U16(type).Bytes(payload).ToArray();

    /// <summary>LLC and SNAP with an OUI of zeros.</summary>
    public static byte[] Snap(int type, ReadOnlySpan<byte> payload) =>
        new WireWriter().Bytes(0xAA, 0xAA, 3, 0, 0, 0).U16(type).Bytes(payload).ToArray();

    /// <summary>A PPPoE session header and a PPP protocol.</summary>
    public static byte[] Pppoe(int protocol, ReadOnlySpan<byte> payload) =>
        new WireWriter().U8(0x11).U8(0).U16(1).U16(payload.Length + 2).U16(protocol).Bytes(payload).ToArray();

    /// <summary>A label stack, the last with the bottom-of-stack bit.</summary>
    public static byte[] Mpls(ReadOnlySpan<uint> labels, ReadOnlySpan<byte> payload)
    {
        var writer = new WireWriter();
        for (int i = 0; i < labels.Length; i++)
        {
            writer.U32(labels[i] << 12 | (i == labels.Length - 1 ? 0x1FFu : 0xFFu));
        }

        return writer.Bytes(payload).ToArray();
    }

    /// <summary>An IPv4 packet.</summary>
    /// <param name="fragment">Flags and fragment offset.</param>
    /// <param name="options">A multiple of four bytes.</param>
    public static byte[] IPv4(
        string source, string destination, int protocol, ReadOnlySpan<byte> payload, int tos = 0, int fragment = 0, byte[]? options = null) =>
        new WireWriter().U8(0x45 + (options?.Length ?? 0) / 4).U8(tos).U16(20 + (options?.Length ?? 0) + payload.Length).U16(1).U16(fragment)
            .U8(64).U8(protocol).U16(0).Address(IpAddress.Parse(source)).Address(IpAddress.Parse(destination))
            .Bytes(options ?? []).Bytes(payload).ToArray();

    /// <summary>An IPv6 packet; extension headers are part of the payload.</summary>
    public static byte[] IPv6(
        string source, string destination, int nextHeader, ReadOnlySpan<byte> payload, int trafficClass = 0, int flowLabel = 0) =>
        new WireWriter().U32(6u << 28 | (uint)trafficClass << 20 | (uint)flowLabel).U16(payload.Length).U8(nextHeader).U8(64)
            .Address(IpAddress.Parse(source)).Address(IpAddress.Parse(destination)).Bytes(payload).ToArray();

    /// <summary>A TCP header without options.</summary>
    public static byte[] Tcp(int source, int destination, int flags = 0x18) =>
        new WireWriter().U16(source).U16(destination).U32(1, 0).U8(0x50).U8(flags).U16(1000).U32(0).ToArray();

    /// <summary>A UDP header and its payload.</summary>
    public static byte[] Udp(int source, int destination, ReadOnlySpan<byte> payload = default) =>
        new WireWriter().U16(source).U16(destination).U16(8 + payload.Length).U16(0).Bytes(payload).ToArray();

    /// <summary>A VXLAN header and a frame.</summary>
    public static byte[] Vxlan(uint network, ReadOnlySpan<byte> frame) => new WireWriter().U32(0x0800_0000, network << 8).Bytes(frame).ToArray();
}
