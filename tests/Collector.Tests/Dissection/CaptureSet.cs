using System.Buffers.Binary;
using Collector.Net;
using Collector.Replay;
using Collector.Testing;
using Collector.Testing.Builders;

namespace Collector.Tests.Dissection;

/// <summary>A datagram of a capture.</summary>
internal sealed record CapturedPayload(string Capture, int Index, IpAddress Source, ushort SourcePort, long Time, byte[] Payload)
{
    public bool IsSFlow => Payload.Length >= 2 && Payload[0] == 0 && Payload[1] == 0;
}

/// <summary>
/// The datagrams of all captures, and one file of them for tshark: whole datagrams, the ports that name the protocol, and a destination of its own
/// for every capture, so that one tshark does them all and no template meets the data of another capture.
/// </summary>
internal sealed class CaptureSet
{
    private const int RawIp = 101;
    private const int FirstPort = 40_000;

    private CaptureSet(IReadOnlyList<CapturedPayload> datagrams) => Datagrams = datagrams;

    /// <summary>In the order of their packets in <see cref="WriteFile"/>.</summary>
    public IReadOnlyList<CapturedPayload> Datagrams { get; }

    public static CaptureSet Read(params string[] folders)
    {
        var datagrams = new List<CapturedPayload>();
        foreach (string file in folders.SelectMany(f => Directory.GetFiles(f, "*.pcap*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)))
        {
            string folder = Path.GetDirectoryName(file)!;
            string name = folder == RepositoryPaths.Pcaps ? Path.GetFileNameWithoutExtension(file) : $"{Path.GetFileName(folder)}/{Path.GetFileNameWithoutExtension(file)}";
            using var reader = new CaptureReader([file], _ => { });
            for (int i = 0; reader.TryRead(out CapturedDatagram d); i++)
            {
                datagrams.Add(new CapturedPayload(name, i, d.Source, d.SourcePort, d.Time, d.Payload.ToArray()));
            }
        }

        return new CaptureSet(datagrams);
    }

    /// <summary>Writes a capture of raw IP packets.</summary>
    public void WriteFile(string path)
    {
        using FileStream file = File.Create(path);
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2_C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 262_144);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], RawIp);
        file.Write(header);
        string[] captures = [.. Datagrams.Select(d => d.Capture).Distinct()];
        var ports = new Dictionary<(string, IpAddress, ushort), int>();
        Span<byte> packetHeader = stackalloc byte[16];
        foreach (CapturedPayload d in Datagrams)
        {
            // The sender's port could name another protocol to tshark; the same port stays the same.
            if (!ports.TryGetValue((d.Capture, d.Source, d.SourcePort), out int port))
            {
                port = FirstPort + ports.Count;
                ports.Add((d.Capture, d.Source, d.SourcePort), port);
            }

            int capture = Array.IndexOf(captures, d.Capture);
            byte[] udp = new WireWriter().U16(port).U16(d.IsSFlow ? 6343 : 2055).U16(8 + d.Payload.Length).U16(0).Bytes(d.Payload).ToArray();
            byte[] packet = d.Source.IsIPv4
                ? PacketBuilder.IPv4(d.Source.ToString(), $"198.18.{capture / 250}.{1 + (capture % 250)}", 17, udp)
                : PacketBuilder.IPv6(d.Source.ToString(), $"2001:db8:1::{1 + capture:x}", 17, udp);
            BinaryPrimitives.WriteUInt32LittleEndian(packetHeader, (uint)(d.Time / 1_000_000));
            BinaryPrimitives.WriteUInt32LittleEndian(packetHeader[4..], (uint)(d.Time % 1_000_000));
            BinaryPrimitives.WriteInt32LittleEndian(packetHeader[8..], packet.Length);
            BinaryPrimitives.WriteInt32LittleEndian(packetHeader[12..], packet.Length);
            file.Write(packetHeader);
            file.Write(packet);
        }
    }
}
