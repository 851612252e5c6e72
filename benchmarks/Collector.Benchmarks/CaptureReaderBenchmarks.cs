using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Collector.Replay;

namespace Collector.Benchmarks;

/// <summary>Packets a second that a replay can read from a file in the page cache, with the UDP payload of each found.</summary>
[MemoryDiagnoser]
public class CaptureReaderBenchmarks
{
    private const int Packets = 100_000;

    private string _path = "";

    /// <summary>pcap is the common form; pcapng has more to check per packet; of the fragments, three make a datagram.</summary>
    [Params("pcap", "pcapng", "fragments")]
    public string Form { get; set; } = "pcap";

    /// <summary>UDP payload per packet in bytes: 26 NetFlow v9 records, or one small datagram.</summary>
    [Params(1400, 100)]
    public int PayloadLength { get; set; }

    /// <summary>Writes the capture.</summary>
    [GlobalSetup]
    public void Write()
    {
        _path = Path.GetTempFileName();
        using FileStream file = File.Create(_path);
        file.Write(Form == "pcapng" ? PcapngHeader() : PcapHeader());
        for (int i = 0; i < Packets; i++)
        {
            byte[] frame = Frame(i);
            file.Write(Form == "pcapng" ? PcapngPacket(frame) : PcapPacket(frame));
        }
    }

    /// <summary>Removes the capture.</summary>
    [GlobalCleanup]
    public void Remove() => File.Delete(_path);

    /// <summary>Reads the whole capture; time and memory are per packet, the opening of the file included.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public long Read()
    {
        long octets = 0;
        using var reader = new CaptureReader([_path], _ => { });
        while (reader.TryRead(out CapturedDatagram datagram))
        {
            octets += datagram.Payload.Length;
        }

        return octets;
    }

    private byte[] Frame(int i)
    {
        // Multiples of eight, as fragments must be.
        int payload = PayloadLength / 8 * 8;
        byte[] frame = new byte[14 + 20 + 8 + payload];
        frame[12] = 8;
        Span<byte> ip = frame.AsSpan(14);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        if (Form == "fragments")
        {
            int part = i % 3;
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(i / 3));
            BinaryPrimitives.WriteUInt16BigEndian(ip[6..], (ushort)((part < 2 ? 0x2000 : 0) | (part * (8 + payload) / 8)));
        }

        ip[9] = 17;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], 0x0A000001);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], 0x0A000002);
        BinaryPrimitives.WriteUInt16BigEndian(ip[24..], (ushort)(Form == "fragments" ? 3 * (8 + payload) : 8 + payload));
        return frame;
    }

    private static byte[] PcapHeader() => Words(0xA1B2C3D4, 0x0004_0002, 0, 0, 262_144, 1);

    private static byte[] PcapPacket(byte[] frame) => [.. Words(1_700_000_000, 0, (uint)frame.Length, (uint)frame.Length), .. frame];

    private static byte[] PcapngHeader() =>
        [.. Words(0x0A0D0D0A, 28, 0x1A2B3C4D, 1, uint.MaxValue, uint.MaxValue, 28), .. Words(1, 20, 1, 0, 20)];

    private static byte[] PcapngPacket(byte[] frame)
    {
        int padding = -frame.Length & 3;
        uint length = (uint)(32 + frame.Length + padding);
        return [.. Words(6, length, 0, 0, 1_700_000_000, (uint)frame.Length, (uint)frame.Length), .. frame, .. new byte[padding], .. Words(length)];
    }

    private static byte[] Words(params ReadOnlySpan<uint> words)
    {
        byte[] bytes = new byte[4 * words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), words[i]);
        }

        return bytes;
    }
}
