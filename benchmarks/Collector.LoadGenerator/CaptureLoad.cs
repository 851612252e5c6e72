using System.Buffers.Binary;
using Collector.LoadGenerator.Formats;
using Collector.Net;

namespace Collector.LoadGenerator;

/// <summary>Writes a load as a pcap file (Ethernet, IP, UDP) whose clock runs at the rate of the load.</summary>
internal static class CaptureLoad
{
    private const int EthernetLength = 14;
    private const int UdpLength = 8;

    /// <summary>Writes the file named by the options.</summary>
    internal static LoadReport Run(LoadOptions options)
    {
        using FileStream file = File.Create(options.CaptureFile!);
        return Write(options, file);
    }

    /// <summary>Writes to any stream.</summary>
    internal static LoadReport Write(LoadOptions options, Stream file)
    {
        using var stream = new LoadStream(options);
        WriteFileHeader(file);
        long start = options.Start.ToUnixTimeMilliseconds() * 1_000;
        long now = start;
        byte[] packet = new byte[65_536];
        while (stream.Records < options.Count)
        {
            Outgoing datagram = stream.Next(now);
            int length = WritePacket(packet, datagram.Payload, stream.Sources[datagram.Source], datagram.Source, options.Target.Port);
            WritePacketHeader(file, now, length);
            file.Write(packet, 0, length);
            // An announcement takes a microsecond, so that no two packets of a source share a time.
            now = Math.Max(now + 1, start + (long)(stream.Records * 1_000_000.0 / options.Rate));
        }

        return LoadReport.Of(options, stream, TimeSpan.FromMicroseconds(now - start), TimeSpan.Zero);
    }

    private static void WriteFileHeader(Stream file)
    {
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2_C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 65_535);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        file.Write(header);
    }

    private static void WritePacketHeader(Stream file, long microseconds, int length)
    {
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(microseconds / 1_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(microseconds % 1_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], length);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], length);
        file.Write(header);
    }

    private static int WritePacket(Span<byte> packet, ReadOnlySpan<byte> payload, IpAddress source, int index, int port)
    {
        bool isIPv6 = !source.IsIPv4;
        int headerLength = isIPv6 ? 40 : 20;
        int udpBytes = UdpLength + payload.Length;
        packet[..(EthernetLength + headerLength + UdpLength)].Clear();
        packet[0] = 0x02;
        packet[6] = 0x02;
        BinaryPrimitives.WriteInt32BigEndian(packet[8..], index + 1);
        BinaryPrimitives.WriteUInt16BigEndian(packet[12..], isIPv6 ? (ushort)0x86DD : (ushort)0x0800);
        Span<byte> ip = packet[EthernetLength..];
        if (isIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(ip, 0x6000_0000);
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)udpBytes);
            ip[6] = 17;
            ip[7] = 64;
            source.WriteTo(ip[8..]);
            IpAddress.Parse("2001:db8::2055").WriteTo(ip[24..]);
        }
        else
        {
            SampledFrame.WriteIPv4Header(ip, source.ToIPv4(), IpAddress.Parse("203.0.113.55").ToIPv4(), 17, 0, 20 + udpBytes);
        }

        Span<byte> udp = ip[headerLength..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)(40_000 + (index % 20_000)));
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udpBytes);
        payload.CopyTo(udp[UdpLength..]);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], Checksum(ip, headerLength, udpBytes, isIPv6));
        return EthernetLength + headerLength + udpBytes;
    }

    /// <summary>The UDP checksum over pseudo-header, header and payload (RFC 768, RFC 8200 §8.1).</summary>
    private static ushort Checksum(ReadOnlySpan<byte> ip, int headerLength, int udpBytes, bool isIPv6)
    {
        uint sum = 17 + (uint)udpBytes + Sum(isIPv6 ? ip[8..40] : ip[12..20]) + Sum(ip.Slice(headerLength, udpBytes));
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum == 0xFFFF ? (ushort)0xFFFF : (ushort)~sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length > 1; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        return bytes.Length == 1 ? sum + ((uint)bytes[0] << 8) : sum;
    }
}
