using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Enrichment.GeoIp;

/// <summary>Reads values of the data section, or of the metadata, which have the same form (MaxMind DB File Format Specification 2.0).</summary>
/// <remarks>
/// Every length is checked and nothing recurses. What a file may cost is bounded by <see cref="Budget"/>: each value that is looked at takes one of
/// it, and when it is used up the rest is refused, so that no file keeps the collector busy.
/// </remarks>
internal ref struct MmdbData(ReadOnlySpan<byte> section, long budget)
{
    private readonly ReadOnlySpan<byte> _section = section;

    /// <summary>Values that may still be looked at.</summary>
    public long Budget { get; set; } = budget;

    /// <summary>The bytes of a value.</summary>
    public readonly ReadOnlySpan<byte> BytesOf(in MmdbValue value) => _section.Slice(value.Start, value.Length);

    /// <summary>An unsigned number of up to eight bytes.</summary>
    public readonly ulong NumberOf(in MmdbValue value) => NetworkOrder.Read(BytesOf(value));

    /// <summary>A double.</summary>
    public readonly double DoubleOf(in MmdbValue value) => BinaryPrimitives.ReadDoubleBigEndian(BytesOf(value));

    /// <summary>Reads the value at a position, the one that a pointer leads to in place of the pointer.</summary>
    /// <returns>False when it does not lie within the section, is of no known type, or is a pointer to a pointer, which the specification forbids.</returns>
    public bool TryRead(int at, out MmdbValue value) => TryReadControl(ref at, out value) && (value.Type != MmdbType.Pointer || TryFollow(ref value));

    /// <summary>Finds a member of a map.</summary>
    /// <param name="map">The map; a value that is none has no members.</param>
    /// <param name="name">The member.</param>
    /// <param name="member">The member's value; null when the map has none of that name.</param>
    /// <returns>False when the map cannot be read.</returns>
    public bool TryFind(in MmdbValue map, ReadOnlySpan<byte> name, out MmdbValue? member)
    {
        member = null;
        int at = map.Start;
        for (int i = 0; map.Type == MmdbType.Map && i < map.Size; i++)
        {
            if (!TryReadControl(ref at, out MmdbValue key))
            {
                return false;
            }

            at += key.Length;
            if ((key.Type == MmdbType.Pointer && !TryFollow(ref key)) || key.Type != MmdbType.Utf8String)
            {
                return false;
            }

            if (BytesOf(key).SequenceEqual(name))
            {
                bool read = TryRead(at, out MmdbValue value);
                member = value;
                return read;
            }

            if (!TrySkip(ref at))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryFollow(ref MmdbValue value)
    {
        int at = value.Start;
        return TryReadControl(ref at, out value) && value.Type != MmdbType.Pointer;
    }

    // Not by recursion: a file decides how deep its maps are.
    private bool TrySkip(ref int at)
    {
        for (long pending = 1; pending > 0; pending--)
        {
            if (!TryReadControl(ref at, out MmdbValue value))
            {
                return false;
            }

            at += value.Length;
            pending += value.Children;
        }

        return true;
    }

    /// <summary>Reads the control bytes and leaves the position behind them.</summary>
    private bool TryReadControl(ref int at, out MmdbValue value)
    {
        value = default;
        if (--Budget < 0 || !TryReadNumber(ref at, 1, out uint control))
        {
            return false;
        }

        var type = (MmdbType)(control >> 5);
        if (type == MmdbType.Pointer)
        {
            return TryReadPointer(ref at, control, out value);
        }

        uint extended = 0;
        if (type == 0 && !TryReadNumber(ref at, 1, out extended))
        {
            return false;
        }

        type = type == 0 ? (MmdbType)(byte)Math.Min(7 + extended, byte.MaxValue) : type;
        uint size = control & 31;
        if (size > 28)
        {
            int bytes = (int)size - 28;
            if (!TryReadNumber(ref at, bytes, out uint more))
            {
                return false;
            }

            size = more + (bytes switch { 1 => 29u, 2 => 285u, _ => 65_821u });
        }

        value = new MmdbValue(type, at, (int)size);
        return HasPossibleSize(value) && value.Length <= _section.Length - at;
    }

    private readonly bool TryReadPointer(ref int at, uint control, out MmdbValue value)
    {
        int bytes = (int)(control >> 3 & 3) + 1;
        value = default;
        if (!TryReadNumber(ref at, bytes, out uint low))
        {
            return false;
        }

        uint high = control & 7;
        uint target = bytes switch
        {
            1 => high << 8 | low,
            2 => (high << 16 | low) + 2048,
            3 => (high << 24 | low) + 526_336,
            _ => low,
        };
        value = new MmdbValue(MmdbType.Pointer, (int)target, 0);
        return target < (uint)_section.Length;
    }

    private readonly bool TryReadNumber(ref int at, int bytes, out uint number)
    {
        number = 0;
        if (bytes > _section.Length - at)
        {
            return false;
        }

        number = (uint)NetworkOrder.Read(_section.Slice(at, bytes));
        at += bytes;
        return true;
    }

    private static bool HasPossibleSize(in MmdbValue value) => value.Type switch
    {
        MmdbType.Utf8String or MmdbType.Bytes or MmdbType.Map or MmdbType.Array => true,
        MmdbType.Double => value.Size == 8,
        MmdbType.Float => value.Size == 4,
        MmdbType.UInt16 => value.Size <= 2,
        MmdbType.UInt32 or MmdbType.Int32 => value.Size <= 4,
        MmdbType.UInt64 => value.Size <= 8,
        MmdbType.UInt128 => value.Size <= 16,
        MmdbType.Boolean => value.Size <= 1,
        _ => false,
    };
}
