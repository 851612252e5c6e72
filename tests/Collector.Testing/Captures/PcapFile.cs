using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Testing.Captures;

/// <summary>One UDP payload of a capture.</summary>
/// <param name="Source">The sender's address.</param>
/// <param name="SourcePort">The sender's port.</param>
/// <param name="Time">Capture time, microseconds since the Unix epoch.</param>
/// <param name="Payload">The UDP payload.</param>
public sealed record CapturedPayload(IpAddress Source, ushort SourcePort, long Time, byte[] Payload);

/// <summary>Reads the UDP payloads of a classic pcap file: Ethernet, untagged or 802.1Q, unfragmented IPv4 or IPv6.</summary>
/// <remarks>For decoder tests on known captures only; the program's own reader, which knows all formats, is another one.</remarks>
public static class PcapFile
{
    private const int FileHeaderLength = 24;
    private const int PacketHeaderLength = 16;

    /// <summary>All UDP payloads in order; other packets are passed over.</summary>
    /// <exception cref="InvalidDataException">The file is no little-endian microsecond pcap of Ethernet frames.</exception>
    public static IReadOnlyList<CapturedPayload> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < FileHeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(file) != 0xA1B2C3D4
            || BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(20)) != 1)
        {
            throw new InvalidDataException($"{path}: not a little-endian microsecond pcap of Ethernet frames.");
        }

        var payloads = new List<CapturedPayload>();
        for (int offset = FileHeaderLength; offset + PacketHeaderLength <= file.Length;)
        {
            ReadOnlySpan<byte> header = file.AsSpan(offset, PacketHeaderLength);
            int length = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
            long time = BinaryPrimitives.ReadUInt32LittleEndian(header) * 1_000_000L + BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            offset += PacketHeaderLength;
            if (ReadFrame(file.AsSpan(offset, length), time) is CapturedPayload payload)
            {
                payloads.Add(payload);
            }

            offset += length;
        }

        return payloads;
    }

    private static CapturedPayload? ReadFrame(ReadOnlySpan<byte> frame, long time)
    {
        int type = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        ReadOnlySpan<byte> packet = frame[14..];
        if (type == 0x8100)
        {
            type = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
            packet = packet[4..];
        }

        return type switch
        {
            0x0800 when packet[9] == 17 => ReadUdp(IpAddress.ReadIPv4(packet[12..]), packet[((packet[0] & 0xF) * 4)..], time),
            0x86DD when packet[6] == 17 => ReadUdp(IpAddress.ReadIPv6(packet[8..]), packet[40..], time),
            _ => null,
        };
    }

    private static CapturedPayload ReadUdp(IpAddress source, ReadOnlySpan<byte> udp, long time) => new(
        source,
        BinaryPrimitives.ReadUInt16BigEndian(udp),
        time,
        udp[8..BinaryPrimitives.ReadUInt16BigEndian(udp[4..])].ToArray());
}
