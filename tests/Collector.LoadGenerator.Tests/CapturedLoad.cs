using static System.Buffers.Binary.BinaryPrimitives;

namespace Collector.LoadGenerator.Tests;

/// <summary>A load written as a capture in memory, taken apart again.</summary>
internal sealed class CapturedLoad
{
    internal CapturedLoad(LoadOptions options)
    {
        using var file = new MemoryStream();
        Report = CaptureLoad.Write(options with { CaptureFile = "memory" }, file);
        File = file.ToArray();
        for (int at = 24; at < File.Length;)
        {
            int length = ReadInt32LittleEndian(File.AsSpan(at + 8));
            long time = (ReadUInt32LittleEndian(File.AsSpan(at)) * 1_000_000L) + ReadUInt32LittleEndian(File.AsSpan(at + 4));
            byte[] packet = File.AsSpan(at + 16, length).ToArray();
            Datagrams.Add((time, ReadUInt32BigEndian(packet.AsSpan(26)), packet[42..]));
            at += 16 + length;
        }
    }

    internal byte[] File { get; }

    internal LoadReport Report { get; }

    /// <summary>Capture time in microseconds, IPv4 source, UDP payload.</summary>
    internal List<(long Time, uint Source, byte[] Payload)> Datagrams { get; } = [];
}
