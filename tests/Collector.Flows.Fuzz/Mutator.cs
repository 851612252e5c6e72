using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Collector.Net;
using Collector.Testing;

namespace Collector.Flows.Fuzz;

/// <summary>Makes one damaged datagram after the other in guarded memory; the same seed number gives the same datagrams.</summary>
/// <remarks>Cheap on purpose: one copy of a small seed and a few writes. A datagram that a decoder refuses at once tests nothing, so most mutations hit one field.</remarks>
internal sealed unsafe class Mutator(SeedCorpus corpus, ulong seed) : IDisposable
{
    private const int Largest = 65_507;

    private static readonly uint[] Extremes =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 16, 127, 128, 255, 256, 257, 1024, 0x3FFF, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x1_0000, 0x3FFF_FFFF, 0x7FFF_FFFF, 0x8000_0000,
        0xFFFF_FF00, 0xFFFF_FFFB, 0xFFFF_FFFC, 0xFFFF_FFFE, 0xFFFF_FFFF,
    ];

    private readonly GuardedMemory _memory = new(Largest);
    private FuzzRandom _random = new(seed);
    private long _time = BuiltSeeds.Time;

    /// <summary>Where the datagram made last says that it came from.</summary>
    public IpAddress Source { get; private set; }

    /// <summary>Its port.</summary>
    public ushort Port { get; private set; }

    /// <summary>Its arrival, which mostly grows.</summary>
    public long Time => _time;

    public void Dispose() => _memory.Dispose();

    /// <summary>The next datagram; it ends where reading ends the process, and is valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        ulong choice = _random.Next();
        FuzzSeed from = Pick(choice & 0xFF);
        Source = from.Source;
        Port = from.Port;
        _time += (long)(choice >> 54);
        if (_random.OneIn(10))
        {
            Source = _random.OneIn(1) ? IpAddress.FromIPv4((uint)_random.Next()) : IpAddress.FromHostOrder(_random.Next(), _random.Next());
            Port = (ushort)_random.Next();
            _time += _random.OneIn(4) ? (long)(_random.Next() >> 24) - (1L << 39) : 0;
            _time = Math.Clamp(_time, 0, 1L << 52);
        }

        Span<byte> datagram = Assemble(from, (choice >> 8) & 0xFF);
        if (datagram.Length != 0)
        {
            Damage(datagram, from, choice >> 16);
        }

        return datagram;
    }

    // Mostly small datagrams with data, some templates, few whole ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FuzzSeed Pick(ulong choice)
    {
        FuzzSeed[] seeds = choice < 224 ? corpus.Small : choice < 248 ? corpus.Announced : choice < 252 ? corpus.Templates : corpus.Whole;
        return seeds[_random.Below(seeds.Length)];
    }

    // The length first, because the datagram must end at the guard page.
    private Span<byte> Assemble(FuzzSeed from, ulong choice)
    {
        ReadOnlySpan<byte> head = from.Payload;
        if (choice < 16)
        {
            head = head[.._random.Below(head.Length + 1)];
        }

        ReadOnlySpan<byte> tail = default;
        if (choice is >= 16 and < 48)
        {
            // Another Set or sample behind, now and then of the other protocol.
            byte[][] parts = from.IsSFlow != _random.OneIn(6) ? corpus.Samples : corpus.Sets;
            tail = parts[_random.Below(parts.Length)];
        }
        else if (choice is >= 48 and < 56)
        {
            // Another Set before those that are there.
            return Insert(from, corpus.Sets[_random.Below(corpus.Sets.Length)]);
        }
        else if (choice is >= 56 and < 60)
        {
            // The rest of another datagram.
            tail = corpus.Small[_random.Below(corpus.Small.Length)].Payload;
            tail = tail[_random.Below(tail.Length + 1)..];
            head = head[.._random.Below(head.Length + 1)];
        }
        else if (choice is >= 60 and < 64)
        {
            // A part of itself once more.
            tail = head[_random.Below(head.Length + 1)..];
        }

        if (head.Length + tail.Length > Largest)
        {
            tail = default;
        }

        Span<byte> datagram = _memory.AtEnd(head.Length + tail.Length);
        head.CopyTo(datagram);
        tail.CopyTo(datagram[head.Length..]);
        Mend(datagram, from, tail.Length != 0);
        return datagram;
    }

    private Span<byte> Insert(FuzzSeed from, byte[] set)
    {
        int header = Math.Min(from.HeaderLength, from.Payload.Length);
        int length = from.Payload.Length + set.Length;
        Span<byte> datagram = _memory.AtEnd(Math.Min(length, Largest));
        from.Payload.AsSpan(0, header).CopyTo(datagram);
        if (length <= Largest)
        {
            set.CopyTo(datagram[header..]);
            from.Payload.AsSpan(header).CopyTo(datagram[(header + set.Length)..]);
        }

        Mend(datagram, from, true);
        return datagram;
    }

    // IPFIX tells its length and sFlow its samples: without them right nothing behind is looked at.
    private void Mend(Span<byte> datagram, FuzzSeed from, bool isLonger)
    {
        if (from.Version == 10 && datagram.Length >= 4 && !_random.OneIn(4))
        {
            BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], (ushort)datagram.Length);
        }
        else if (from.IsSFlow && isLonger && from.HeaderLength > 0 && datagram.Length >= from.HeaderLength)
        {
            datagram[from.HeaderLength - 1]++;
        }
    }

    private void Damage(Span<byte> datagram, FuzzSeed from, ulong choice)
    {
        for (int times = (int)(choice & 3); times > 0; times--)
        {
            ulong kind = _random.Next();
            if ((kind & 7) < 4 && from.Places.Length != 0)
            {
                int place = from.Places[_random.Below(from.Places.Length)];
                if (place + 4 <= datagram.Length)
                {
                    DamageField(datagram.Slice(place, 4), kind >> 3, from.IsSFlow);
                    continue;
                }
            }

            int at = _random.Below(datagram.Length);
            switch ((kind >> 3) & 7)
            {
                case < 4:
                    datagram[at] ^= (byte)(1 << (int)(kind >> 61));
                    break;
                case 4 or 5:
                    datagram[at] = (byte)(kind >> 56);
                    break;
                case 6 when at + 4 <= datagram.Length:
                    BinaryPrimitives.WriteUInt32BigEndian(datagram[at..], Extremes[_random.Below(Extremes.Length)]);
                    break;
                default:
                    // A block moved over another.
                    int to = _random.Below(datagram.Length);
                    int length = _random.Below(Math.Min(64, datagram.Length - Math.Max(at, to)) + 1);
                    datagram.Slice(at, length).CopyTo(datagram[to..]);
                    break;
            }
        }
    }

    private void DamageField(Span<byte> field, ulong kind, bool isWide)
    {
        uint extreme = Extremes[_random.Below(Extremes.Length)];
        int step = (kind & 1) == 0 ? 1 : -1;
        if (isWide || (kind & 0xE) == 0)
        {
            uint value = BinaryPrimitives.ReadUInt32BigEndian(field);
            BinaryPrimitives.WriteUInt32BigEndian(field, (kind & 0x30) == 0 ? value + (uint)step : extreme);
        }
        else
        {
            ushort value = BinaryPrimitives.ReadUInt16BigEndian(field);
            int changed = (kind & 0x30) switch
            {
                0 => value + step,
                0x10 => 256 + _random.Below(300),
                0x20 => _random.Below(512),
                _ => (int)(extreme & 0xFFFF),
            };
            BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)changed);
        }
    }
}
