using System.Buffers.Binary;
using Collector.Net;
using Collector.Replay;
using Collector.Testing.Builders;

namespace Collector.Differential.Captures;

/// <summary>A capture written again as both sides can read it: each datagram whole in one Ethernet frame, a millisecond apart.</summary>
/// <remarks>nfacctd's pcap_savefile takes one file, does not reassemble and does not know LINUX_SLL2 (pmacct-compat.md 8.2); that the collector does is tested elsewhere.</remarks>
internal static class Transcript
{
    /// <summary>One datagram of a capture.</summary>
    internal sealed record Datagram(IpAddress Source, IpAddress Destination, ushort SourcePort, ushort DestinationPort, long Time, byte[] Payload);

    /// <summary>All datagrams, with the times of the capture.</summary>
    public static IReadOnlyList<Datagram> Read(MatrixCapture capture)
    {
        using var reader = new CaptureReader(capture.Files, _ => { });
        HashSet<IpAddress> ignored = [.. capture.IgnoredSenders.Select(IpAddress.Parse)];
        List<Datagram> datagrams = [];
        while (reader.TryRead(out CapturedDatagram d))
        {
            if (!ignored.Contains(d.Source))
            {
                datagrams.Add(new Datagram(d.Source, d.Destination, d.SourcePort, d.DestinationPort, d.Time, d.Payload.ToArray()));
            }
        }

        return datagrams;
    }

    /// <summary>Whether the first datagram is sFlow.</summary>
    public static bool IsSFlow(MatrixCapture capture) => Read(capture) is [{ Payload: { Length: >= 4 } first }, ..] && BinaryPrimitives.ReadUInt32BigEndian(first) is > 0 and < 16;

    /// <summary>Writes it.</summary>
    /// <returns>The path.</returns>
    public static string Write(MatrixCapture capture, string folder)
    {
        IReadOnlyList<Datagram> datagrams = Read(capture);
        string path = Path.Combine(folder, capture.Name + ".pcap");
        using FileStream file = File.Create(path);
        file.Write(Little(0xA1B2_C3D4, 0x0004_0002, 0, 0, 262_144, 1));
        for (int i = 0; i < datagrams.Count; i++)
        {
            byte[] frame = Frame(datagrams[i]);
            long time = datagrams[0].Time + 1_000L * i;
            file.Write(Little((uint)(time / 1_000_000), (uint)(time % 1_000_000), (uint)frame.Length, (uint)frame.Length));
            file.Write(frame);
        }

        return path;
    }

    private static byte[] Frame(Datagram d)
    {
        const int Udp = 17, UdpHeader = 8, IPv4Header = 20;
        var frame = new WireWriter().Bytes([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]);
        int length = UdpHeader + d.Payload.Length;
        if (d.Source.IsIPv4)
        {
            frame.U16(0x0800).U8(0x45).U8(0).U16(IPv4Header + length).U16(0).U16(0).U8(64).U8(Udp).U16(0);
        }
        else
        {
            frame.U16(0x86DD).U32(0x6000_0000u).U16(length).U8(Udp).U8(64);
        }

        return frame.Address(d.Source).Address(d.Destination).U16(d.SourcePort).U16(d.DestinationPort).U16(length).U16(0).Bytes(d.Payload).ToArray();
    }

    private static byte[] Little(params uint[] words)
    {
        byte[] bytes = new byte[words.Length * 4];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), words[i]);
        }

        return bytes;
    }
}
