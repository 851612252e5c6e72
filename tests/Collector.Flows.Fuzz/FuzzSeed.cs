using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Flows.Fuzz;

/// <summary>A datagram that mutations start from, with the places where its lengths, counts and ids stand.</summary>
internal sealed class FuzzSeed
{
    private const int NetFlow5 = 5, NetFlow9 = 9, Ipfix = 10;

    public FuzzSeed(byte[] payload, IpAddress source, ushort port, long time)
    {
        Payload = payload;
        Source = source;
        Port = port;
        Time = time;
        Version = payload.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(payload) is var version and not 0 ? version : -BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(2));
        Places = [.. FindPlaces().Where(p => p >= 0 && p + 4 <= payload.Length)];
    }

    public byte[] Payload { get; }

    public IpAddress Source { get; }

    public ushort Port { get; }

    public long Time { get; }

    /// <summary>5, 9, 10; sFlow negative.</summary>
    public int Version { get; }

    public bool IsSFlow => Version < 0;

    /// <summary>Offsets of 2 or 4 bytes that tell a structure.</summary>
    public int[] Places { get; }

    /// <summary>Where the Sets or samples start.</summary>
    public int HeaderLength => Version switch
    {
        NetFlow5 => 24,
        NetFlow9 => 20,
        Ipfix => 16,
        < 0 when Payload.Length >= 8 => Payload[7] == 2 ? 40 : 28,
        _ => 0,
    };

    /// <summary>The Sets of a message or the samples of an sFlow datagram, as ranges.</summary>
    public IEnumerable<(int Start, int Length)> Parts()
    {
        if (Version is not (NetFlow9 or Ipfix or < 0))
        {
            yield break;
        }

        for (int start = HeaderLength; start + 8 <= Payload.Length;)
        {
            long length = IsSFlow
                ? 8 + (long)BinaryPrimitives.ReadUInt32BigEndian(Payload.AsSpan(start + 4))
                : BinaryPrimitives.ReadUInt16BigEndian(Payload.AsSpan(start + 2));
            if (length < 4 || start + length > Payload.Length)
            {
                yield break;
            }

            yield return (start, (int)length);
            start += (int)length;
        }
    }

    private IEnumerable<int> FindPlaces()
    {
        // Versions, counts, the message length, the type of the agent's address, the sampling word.
        int[] header = Version switch
        {
            1 or NetFlow5 or 7 => [0, 2, 4, 8, 22],
            NetFlow9 => [0, 2, 4, 8, 16],
            Ipfix => [0, 2, 2, 4, 12],
            < 0 => [0, 4, HeaderLength - 4],
            _ => [0],
        };
        foreach (int place in header)
        {
            yield return place;
        }

        foreach ((int start, int length) in Parts())
        {
            yield return start;
            yield return start + (IsSFlow ? 4 : 2);
            foreach (int place in IsSFlow ? SamplePlaces(start, length) : SetPlaces(start, length))
            {
                yield return place;
            }
        }
    }

    // Template ids, field counts, elements and lengths; of data Sets the first bytes, where variable lengths may stand.
    private IEnumerable<int> SetPlaces(int start, int length)
    {
        bool isTemplate = BinaryPrimitives.ReadUInt16BigEndian(Payload.AsSpan(start)) < 4;
        int end = isTemplate ? start + length : Math.Min(start + length, start + 40);
        for (int place = start + 4; place < end; place += 2)
        {
            yield return place;
        }
    }

    // Every word of the sample's fixed part, then format and length of each record and the first words of its body.
    private IEnumerable<int> SamplePlaces(int start, int length)
    {
        int fixedLength = BinaryPrimitives.ReadUInt32BigEndian(Payload.AsSpan(start)) is 1 ? 32 : 44;
        for (int place = start + 8; place < Math.Min(start + length, start + 8 + fixedLength); place += 4)
        {
            yield return place;
        }

        for (int record = start + 8 + fixedLength; record + 8 <= start + length;)
        {
            for (int place = record; place < Math.Min(record + 32, start + length); place += 4)
            {
                yield return place;
            }

            long body = BinaryPrimitives.ReadUInt32BigEndian(Payload.AsSpan(record + 4));
            if (record + 8 + body > start + length)
            {
                yield break;
            }

            record += 8 + (int)body;
        }
    }
}
