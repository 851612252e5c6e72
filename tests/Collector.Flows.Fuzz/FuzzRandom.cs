using System.Numerics;
using System.Runtime.CompilerServices;

namespace Collector.Flows.Fuzz;

/// <summary>Random numbers that cost about a nanosecond and are the same for the same seed: xoshiro256** (Blackman and Vigna), seeded by SplitMix64.</summary>
internal struct FuzzRandom
{
    private ulong _a, _b, _c, _d;

    public FuzzRandom(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number from 0 to below <paramref name="limit"/>; 0 for a limit of 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int limit) => (int)(((Next() >> 32) * (uint)limit) >> 32);

    /// <summary>True once in 2^<paramref name="bits"/> times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool OneIn(int bits) => Next() >> (64 - bits) == 0;

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E37_79B9_7F4A_7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return z ^ (z >> 31);
    }
}
