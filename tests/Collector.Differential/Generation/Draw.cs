namespace Collector.Differential.Generation;

/// <summary>Random choices that are the same for the same seed on every machine: SplitMix64 (Steele, Lea, Flood 2014).</summary>
internal sealed class Draw(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to below <paramref name="limit"/>.</summary>
    public int Below(int limit)
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return (int)(((z ^ (z >> 31)) >> 33) % (ulong)limit);
    }

    /// <summary>True <paramref name="part"/> times in <paramref name="whole"/>.</summary>
    public bool Chance(int part, int whole) => Below(whole) < part;

    /// <summary>One of them.</summary>
    public T Of<T>(params IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>All of them in another order.</summary>
    public T[] Shuffled<T>(IEnumerable<T> choices)
    {
        T[] order = [.. choices];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    /// <summary>Some of them, each once, in random order.</summary>
    public T[] Some<T>(IEnumerable<T> choices, int count) => [.. Shuffled(choices).Take(count)];
}
