using System.Buffers.Binary;
using Collector.Net;
using Collector.Testing.Builders;

namespace Collector.Flows.Fuzz;

/// <summary>Writes the datagrams that led to a failure as a capture, as few of the last ones as still fail on a new decoder.</summary>
internal static class FuzzFailure
{
    private const int MostKept = 1 << 16;
    private const int RawIp = 101;

    public static void Write(FuzzOptions options, SeedCorpus corpus, int thread, long round, long index, Exception? failure)
    {
        var kept = new Queue<FuzzDatagram>();
        using (var again = new FuzzRound(corpus, options.Seed, thread, round))
        {
            for (long i = 0; i <= index; i++)
            {
                kept.Enqueue(again.Skip());
                if (kept.Count > MostKept)
                {
                    kept.Dequeue();
                }
            }
        }

        FuzzDatagram[] all = [.. kept];
        FuzzDatagram[] least = all;
        for (int count = 1; failure is not null && count < all.Length; count *= 2)
        {
            if (Fails(all[^count..], thread + round))
            {
                least = all[^count..];
                break;
            }
        }

        string path = $"fuzz-failure-{options.Seed}-{thread}-{round}-{index}.pcap";
        File.WriteAllBytes(path, Capture(least));
        Console.WriteLine($"written: {path} with {least.Length} datagrams; again with --replay-pcap {path}, or collector replay {path}");
        Console.WriteLine($"the last: {Convert.ToHexString(least[^1].Payload)}");
    }

    private static bool Fails(FuzzDatagram[] datagrams, long variant)
    {
        using var memory = new Testing.GuardedMemory();
        var round = new FuzzPlayer(FuzzRound.OptionsOf(variant));
        try
        {
            Array.ForEach(datagrams, d => round.Decode(memory.Place(d.Payload), d.Source, d.Port, d.Time));
            return false;
        }
        catch (Exception)
        {
            return true;
        }
    }

    private static byte[] Capture(FuzzDatagram[] datagrams)
    {
        var file = new List<byte>();
        Span<byte> header = stackalloc byte[24], packetHeader = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2_C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 262_144);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], RawIp);
        file.AddRange(header);
        foreach (FuzzDatagram d in datagrams)
        {
            byte[] udp = new WireWriter().U16(d.Port).U16(2055).U16(8 + d.Payload.Length).U16(0).Bytes(d.Payload).ToArray();
            byte[] packet = d.Source.IsIPv4
                ? PacketBuilder.IPv4(d.Source.ToString(), "198.51.100.1", 17, udp)
                : PacketBuilder.IPv6(d.Source.ToString(), "2001:db8::1", 17, udp);
            BinaryPrimitives.WriteUInt32LittleEndian(packetHeader, (uint)(d.Time / 1_000_000));
            BinaryPrimitives.WriteUInt32LittleEndian(packetHeader[4..], (uint)(d.Time % 1_000_000));
            BinaryPrimitives.WriteInt32LittleEndian(packetHeader[8..], packet.Length);
            BinaryPrimitives.WriteInt32LittleEndian(packetHeader[12..], packet.Length);
            file.AddRange(packetHeader);
            file.AddRange(packet);
        }

        return [.. file];
    }
}

/// <summary>A decoder and its batch, for datagrams that are already there.</summary>
internal sealed class FuzzPlayer(DecoderOptions options)
{
    private readonly DatagramDecoder _decoder = new(options, new ValueTable(1 << 16, 8 << 20));
    private readonly FlowBatch _batch = new();

    public long Records { get; private set; }

    public DatagramDecoder Decoder => _decoder;

    public void Decode(ReadOnlySpan<byte> payload, IpAddress source, ushort port, long time)
    {
        var datagram = new Datagram { Payload = payload, Source = source, SourcePort = port, ArrivalTime = time };
        _decoder.Begin(datagram);
        bool more;
        do
        {
            more = _decoder.Continue(datagram, _batch);
            Records += _batch.Count;
            _batch.Clear();
        }
        while (more);
        if (_decoder.Values.WantsRotation)
        {
            _decoder.Values.Rotate();
        }
    }
}
