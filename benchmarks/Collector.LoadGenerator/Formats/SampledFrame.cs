using Collector.Net;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Collector.LoadGenerator.Formats;

/// <summary>The first bytes of an Ethernet frame with IPv4 or IPv6 and TCP or UDP.</summary>
internal static class SampledFrame
{
    private const int EthernetLength = 14;

    /// <summary>Fills <paramref name="header"/>.</summary>
    /// <param name="header">64 bytes for IPv4, 80 for IPv6.</param>
    /// <param name="key">Addresses, ports, protocol, TOS and flags.</param>
    /// <param name="frameLength">Length of the whole frame without its check sequence.</param>
    /// <param name="isIPv6">The family of the key.</param>
    internal static void Write(Span<byte> header, in FlowKey key, int frameLength, bool isIPv6)
    {
        // Locally administered addresses that follow the interfaces.
        header[0] = 0x02;
        header[5] = (byte)key.Output;
        header[6] = 0x02;
        header[11] = (byte)key.Input;
        WriteUInt16BigEndian(header[12..], isIPv6 ? (ushort)0x86DD : (ushort)0x0800);
        Span<byte> packet = header[EthernetLength..];
        int headerLength = isIPv6 ? 40 : 20;
        int length = frameLength - EthernetLength;
        if (isIPv6)
        {
            WriteUInt32BigEndian(packet, 0x6000_0000u | ((uint)key.TypeOfService << 20));
            WriteUInt16BigEndian(packet[4..], (ushort)(length - headerLength));
            packet[6] = key.Protocol;
            packet[7] = 64;
            key.Source.WriteTo(packet[8..]);
            key.Destination.WriteTo(packet[24..]);
        }
        else
        {
            WriteIPv4Header(packet, key.Source.ToIPv4(), key.Destination.ToIPv4(), key.Protocol, key.TypeOfService, length);
        }

        Span<byte> transport = packet[headerLength..];
        WriteUInt16BigEndian(transport, key.SourcePort);
        WriteUInt16BigEndian(transport[2..], key.DestinationPort);
        if (key.Protocol == 6)
        {
            transport[12] = 5 << 4;
            transport[13] = key.TcpFlags;
        }
        else
        {
            WriteUInt16BigEndian(transport[4..], (ushort)(length - headerLength));
        }
    }

    /// <summary>Writes an IPv4 header without options, with its checksum.</summary>
    internal static void WriteIPv4Header(Span<byte> packet, uint source, uint destination, byte protocol, byte tos, int length)
    {
        packet[..20].Clear();
        packet[0] = 0x45;
        packet[1] = tos;
        WriteUInt16BigEndian(packet[2..], (ushort)length);
        packet[8] = 64;
        packet[9] = protocol;
        WriteUInt32BigEndian(packet[12..], source);
        WriteUInt32BigEndian(packet[16..], destination);
        uint sum = 0;
        for (int i = 0; i < 20; i += 2)
        {
            sum += ReadUInt16BigEndian(packet[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        WriteUInt16BigEndian(packet[10..], (ushort)~(sum + (sum >> 16)));
    }
}
