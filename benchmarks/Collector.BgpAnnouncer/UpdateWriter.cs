using System.Buffers.Binary;

namespace Collector.BgpAnnouncer;

/// <summary>Writes UPDATE messages of a <see cref="FullTable"/> as one peer sends them (RFC 4271 §4.3, RFC 4760 §3).</summary>
/// <param name="table">The table.</param>
/// <param name="peer">Which peer, from 0: each has other attributes for the same prefixes.</param>
/// <param name="asNumber">The peer's AS, first of all paths; 0 (iBGP) to leave it out.</param>
internal sealed class UpdateWriter(FullTable table, int peer, uint asNumber)
{
    /// <summary>The longest message (RFC 4271 §4.1).</summary>
    internal const int MaxMessage = 4096;

    private const int HeaderBytes = 19;
    private const byte Transitive = 0x40, Optional = 0x80, ExtendedLength = 0x10;

    private readonly byte[] _message = new byte[MaxMessage];

    internal delegate void MessageWritten(ReadOnlySpan<byte> message, int routes);

    /// <summary>Announces all prefixes of a group.</summary>
    /// <param name="group">Which.</param>
    /// <param name="version">Another version has another path and another MED.</param>
    /// <param name="write">Takes each message.</param>
    internal void Announce(int group, int version, MessageWritten write) => Announce(group, version, table.PrefixesOf(group), write);

    /// <summary>Announces some prefixes with the attributes of a group.</summary>
    internal void Announce(int group, int version, ReadOnlySpan<TablePrefix> prefixes, MessageWritten write)
    {
        bool isIPv4 = table.IsIPv4(group);
        while (!prefixes.IsEmpty)
        {
            int at = HeaderBytes;
            Put16(ref at, 0);
            int attributesStart = at + 2;
            at = attributesStart;
            WriteAttributes(ref at, group, version, isIPv4);
            int written;
            if (isIPv4)
            {
                BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(attributesStart - 2), (ushort)(at - attributesStart));
                written = WritePrefixes(ref at, prefixes);
            }
            else
            {
                int start = at + 4;
                (_message[at], _message[at + 1]) = (Optional | ExtendedLength, 14);
                at = start;
                Put16(ref at, 2);
                _message[at++] = 1;
                _message[at++] = 16;
                Put32(ref at, 0x2001_0DB8);
                Put32(ref at, 0);
                Put32(ref at, 0);
                Put32(ref at, (uint)(1 + peer));
                _message[at++] = 0;
                written = WritePrefixes(ref at, prefixes);
                BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(start - 2), (ushort)(at - start));
                BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(attributesStart - 2), (ushort)(at - attributesStart));
            }

            Finish(at, 2);
            write(_message.AsSpan(0, at), written);
            prefixes = prefixes[written..];
        }
    }

    /// <summary>Withdraws some prefixes of one address family.</summary>
    internal void Withdraw(bool isIPv4, ReadOnlySpan<TablePrefix> prefixes, MessageWritten write)
    {
        while (!prefixes.IsEmpty)
        {
            int at = HeaderBytes;
            int written;
            if (isIPv4)
            {
                at += 2;
                written = WritePrefixes(ref at, prefixes);
                BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(HeaderBytes), (ushort)(at - HeaderBytes - 2));
                Put16(ref at, 0);
            }
            else
            {
                Put16(ref at, 0);
                at += 6;
                int start = at;
                Put16(ref at, 2);
                _message[at++] = 1;
                written = WritePrefixes(ref at, prefixes);
                BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(start - 6), (ushort)(at - start + 4));
                (_message[start - 4], _message[start - 3]) = (Optional | ExtendedLength, 15);
                BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(start - 2), (ushort)(at - start));
            }

            Finish(at, 2);
            write(_message.AsSpan(0, at), written);
            prefixes = prefixes[written..];
        }
    }

    /// <summary>End-of-RIB of an address family (RFC 4724 §2).</summary>
    internal void EndOfRib(bool isIPv4, MessageWritten write)
    {
        int at = HeaderBytes;
        Put16(ref at, 0);
        Put16(ref at, (ushort)(isIPv4 ? 0 : 6));
        if (!isIPv4)
        {
            (_message[at], _message[at + 1], _message[at + 2]) = (Optional, 15, 3);
            at += 3;
            Put16(ref at, 2);
            _message[at++] = 1;
        }

        Finish(at, 2);
        write(_message.AsSpan(0, at), 0);
    }

    private void WriteAttributes(ref int at, int group, int version, bool isIPv4)
    {
        var random = new SeededRandom(table.Options.Seed ^ ((ulong)group << 20) ^ ((ulong)peer << 8) ^ (ulong)version);
        WriteHeader(ref at, Transitive, 1, 1);
        _message[at++] = (byte)(random.Next(20) == 0 ? 2 : 0);
        WritePath(ref at, group, random);
        if (isIPv4)
        {
            WriteHeader(ref at, Transitive, 3, 4);
            Put32(ref at, 0xC000_0201 + (uint)peer);
        }

        if (random.Next(3) == 0 || version > 0)
        {
            WriteHeader(ref at, Optional, 4, 4);
            Put32(ref at, (uint)(random.Next(200) + version));
        }

        if (asNumber == 0)
        {
            WriteHeader(ref at, Transitive, 5, 4);
            Put32(ref at, 100);
        }

        // Most routes carry their upstream's informational communities, some many.
        int communities = random.Next(10) switch { < 4 => 0, < 8 => 1 + random.Next(4), _ => 4 + random.Next(12) };
        if (communities > 0)
        {
            WriteHeader(ref at, Transitive | Optional, 8, communities * 4);
            uint upstream = (uint)(1000 + random.Next(200));
            for (int i = 0; i < communities; i++)
            {
                Put32(ref at, (upstream << 16) | (uint)((i * 500) + random.Next(50)));
            }
        }

        if (random.Next(12) == 0)
        {
            WriteHeader(ref at, Transitive | Optional, 32, 24);
            for (int i = 0; i < 2; i++)
            {
                Put32(ref at, (uint)(200_000 + random.Next(100)));
                Put32(ref at, (uint)i);
                Put32(ref at, (uint)random.Next(100));
            }
        }
    }

    private void WritePath(ref int at, int group, SeededRandom random)
    {
        int transit = 1 + random.Next(3) + random.Next(3);
        int prepends = random.Next(8) == 0 ? 1 + random.Next(3) : 0;
        int count = (asNumber == 0 ? 0 : 1) + transit + 1 + prepends;
        WriteHeader(ref at, Transitive, 2, 2 + (4 * count));
        (_message[at], _message[at + 1]) = (2, (byte)count);
        at += 2;
        if (asNumber != 0)
        {
            Put32(ref at, asNumber);
        }

        for (int i = 0; i < transit; i++)
        {
            Put32(ref at, (uint)(1 + random.Next(i == 0 ? 60 : 12_000)));
        }

        uint origin = 100_000 + (uint)(((ulong)group * 0x9E37_79B1) % (ulong)table.Options.OriginAses);
        for (int i = 0; i <= prepends; i++)
        {
            Put32(ref at, origin);
        }
    }

    private int WritePrefixes(ref int at, ReadOnlySpan<TablePrefix> prefixes)
    {
        int written = 0;
        foreach (TablePrefix prefix in prefixes)
        {
            int bytes = (prefix.Length + 7) / 8;
            if (at + 1 + bytes > MaxMessage - 8)
            {
                break;
            }

            _message[at++] = prefix.Length;
            for (int i = 0; i < bytes; i++)
            {
                _message[at++] = (byte)(prefix.High >> (56 - (8 * i)));
            }

            written++;
        }

        return written;
    }

    private void WriteHeader(ref int at, int flags, byte code, int length)
    {
        (_message[at], _message[at + 1], _message[at + 2]) = ((byte)flags, code, (byte)length);
        at += 3;
    }

    private void Finish(int length, byte type)
    {
        _message.AsSpan(0, 16).Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(16), (ushort)length);
        _message[18] = type;
    }

    private void Put16(ref int at, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_message.AsSpan(at), value);
        at += 2;
    }

    private void Put32(ref int at, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_message.AsSpan(at), value);
        at += 4;
    }
}
