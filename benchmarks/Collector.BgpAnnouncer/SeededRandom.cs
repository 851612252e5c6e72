namespace Collector.BgpAnnouncer;

/// <summary>SplitMix64: the same numbers from the same seed on every runtime.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="below"/> − 1.</summary>
    internal int Next(int below) => (int)Math.BigMul(Next(), (ulong)below, out _);

    /// <summary>An index into a list of shares that add up to 1,000.</summary>
    internal int Draw(ReadOnlySpan<int> shares)
    {
        int drawn = Next(1000);
        int i = 0;
        while (i < shares.Length - 1 && drawn >= shares[i])
        {
            drawn -= shares[i++];
        }

        return i;
    }
}
