using System.Buffers.Binary;

namespace Collector.Testing.Captures;

/// <summary>
/// Moves the clock of one exporter: in its NetFlow v5, v9 and IPFIX datagrams the export time and every absolute time of a record are shifted by
/// whole seconds. Times relative to the export time or to the boot move with it; sFlow has no absolute times.
/// </summary>
public sealed class ClockShift
{
    private const int VariableLength = 65_535;
    private const int NoTime = -1;

    private readonly Dictionary<(uint Domain, int Id), List<(int Element, int Length)>> _templates = [];

    /// <summary>The second of the export time, or null where the datagram has none (sFlow).</summary>
    public static long? ExportTime(ReadOnlySpan<byte> datagram) => OffsetOfTime(datagram) is int at ? BinaryPrimitives.ReadUInt32BigEndian(datagram[at..]) : null;

    /// <summary>The latest start or end that went through in milliseconds or in pmacct's own form, in seconds, as it was; 0 none.</summary>
    public long LatestFlow { get; private set; }

    /// <summary>A copy with its clock moved. Datagrams come in the order of the exporter, which announces its templates first.</summary>
    /// <param name="datagram">NetFlow, IPFIX or sFlow.</param>
    /// <param name="seconds">By how much the export time moves.</param>
    /// <param name="ofFlows">By how much the absolute times of the records move; not the same where the exporter read old traffic from a file.</param>
    public byte[] Shift(ReadOnlySpan<byte> datagram, long seconds, long ofFlows)
    {
        byte[] copy = datagram.ToArray();
        if (OffsetOfTime(datagram) is not int at)
        {
            return copy;
        }

        Add(copy.AsSpan(at, 4), seconds);
        int version = Word(copy, 0);
        if (version == 5)
        {
            return copy;
        }

        uint domain = BinaryPrimitives.ReadUInt32BigEndian(copy.AsSpan(version == 9 ? 16 : 12));
        for (int set = version == 9 ? 20 : 16, length; set + 4 <= copy.Length && (length = Word(copy, set + 2)) >= 4; set += length)
        {
            ShiftSet(version, domain, Word(copy, set), copy.AsSpan(set + 4, Math.Min(length, copy.Length - set) - 4), ofFlows);
        }

        return copy;
    }

    private static int? OffsetOfTime(ReadOnlySpan<byte> datagram) => Word(datagram, 0) switch
    {
        5 or 9 => 8,
        10 => 4,
        _ => null,
    };

    private static int Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static void Add(Span<byte> number, long amount)
    {
        if (number.Length == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, (uint)(BinaryPrimitives.ReadUInt32BigEndian(number) + amount));
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, BinaryPrimitives.ReadInt64BigEndian(number) + amount);
        }
    }

    private void ShiftRecords(Span<byte> set, List<(int Element, int Length)> fields, long seconds)
    {
        // What is shorter than any record is padding.
        int shortest = fields.Sum(f => f.Length == VariableLength ? 1 : f.Length);
        for (int at = 0; shortest > 0 && at + shortest <= set.Length;)
        {
            foreach ((int element, int fixedLength) in fields)
            {
                int length = fixedLength;
                if (length == VariableLength)
                {
                    length = set[at++];
                    if (length == 255)
                    {
                        length = Word(set, at);
                        at += 2;
                    }
                }

                ShiftField(element, set.Slice(at, length), seconds);
                at += length;
            }
        }
    }

    private void ShiftField(int element, Span<byte> value, long seconds)
    {
        switch (element, value.Length)
        {
            // Seconds; NTP times, whose first half is seconds; pmacct's own form of two numbers, of which the first is seconds.
            case (150 or 151 or 322, 4) or (154 or 155 or 156 or 157, 8):
                Add(value[..4], seconds);
                break;
            case (150 or 151 or 322, 8):
                Add(value[..8], seconds);
                break;
            case (154 or 155, 16):
                LatestFlow = Math.Max(LatestFlow, BinaryPrimitives.ReadInt64BigEndian(value));
                Add(value[..8], seconds);
                break;
            case (152 or 153 or 160 or 323, 8):
                LatestFlow = element > 153 ? LatestFlow : Math.Max(LatestFlow, BinaryPrimitives.ReadInt64BigEndian(value) / 1_000);
                Add(value, seconds * 1_000);
                break;
        }
    }

    private void ShiftSet(int version, uint domain, int id, Span<byte> set, long seconds)
    {
        if (id >= 256)
        {
            if (_templates.TryGetValue((domain, id), out List<(int Element, int Length)>? fields))
            {
                ShiftRecords(set, fields, seconds);
            }
        }
        else
        {
            ReadTemplates(domain, set, isOptions: id is 1 or 3, scopesInOctets: version == 9);
        }
    }

    private void ReadTemplates(uint domain, ReadOnlySpan<byte> set, bool isOptions, bool scopesInOctets)
    {
        for (int at = 0; at + (isOptions ? 6 : 4) <= set.Length && Word(set, at) >= 256;)
        {
            // Options of version 9 count octets: of the scopes, then of the others (RFC 3954 6.1); IPFIX counts fields, scopes among them (RFC 7011 3.4.2.2).
            int id = Word(set, at), count = Word(set, at + 2), scopes = 0;
            if (isOptions && scopesInOctets)
            {
                scopes = count / 4;
                count = scopes + (Word(set, at + 4) / 4);
            }

            at += isOptions ? 6 : 4;
            var fields = new List<(int Element, int Length)>(count);
            for (int i = 0; i < count; i++, at += 4)
            {
                int element = Word(set, at), length = Word(set, at + 2);
                bool isEnterprise = !scopesInOctets && element >= 0x8000;
                at += isEnterprise ? 4 : 0;
                fields.Add((isEnterprise || i < scopes ? NoTime : element, length));
            }

            _templates[(domain, id)] = fields;
        }
    }
}
