using System.Runtime.CompilerServices;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>How a <see cref="PrefixTrie"/> cuts 128 bits: level n decides the bits from its offset to that of the next.</summary>
/// <remarks>At most six bits a level, with a cut at 20, 32, 44, 48 and 64, the lengths that most prefixes have: a prefix that ends at a cut takes one slot.</remarks>
internal static class TrieLevels
{
    /// <summary>How many levels there are.</summary>
    public const int Count = 23;

    /// <summary>The first level whose bits lie in the second half.</summary>
    public const int FirstOfLow = 12;

    private static ReadOnlySpan<byte> Offsets => [0, 4, 8, 14, 20, 26, 32, 38, 44, 48, 54, 60, 64, 70, 76, 82, 88, 94, 100, 106, 112, 118, 124, 128];

    // By how much a half is shifted to the right for the bits of a level to be its lowest, and, shifted by eight, which these are.
    private static ReadOnlySpan<ushort> Cuts =>
    [
        0x0F3C, 0x0F38, 0x3F32, 0x3F2C, 0x3F26, 0x3F20, 0x3F1A, 0x3F14, 0x0F10, 0x3F0A, 0x3F04, 0x0F00,
        0x3F3A, 0x3F34, 0x3F2E, 0x3F28, 0x3F22, 0x3F1C, 0x3F16, 0x3F10, 0x3F0A, 0x3F04, 0x0F00,
    ];

    /// <summary>Bits before the level.</summary>
    public static int Offset(int level) => Offsets[level];

    /// <summary>Bits before the level and in it.</summary>
    public static int End(int level) => Offsets[level + 1];

    /// <summary>The bits of an address that the level decides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Slot(ulong high, ulong low, int level)
    {
        int cut = Cuts[level];
        return (int)((level < FirstOfLow ? high : low) >> (cut & 63)) & (cut >> 8);
    }

    /// <summary>Puts a slot's bits into an address that has zeros there.</summary>
    public static void Add(ref ulong high, ref ulong low, int level, int slot)
    {
        (level < FirstOfLow ? ref high : ref low) |= (ulong)slot << (Cuts[level] & 63);
    }
}
