namespace Collector.BgpAnnouncer;

/// <summary>The size of a synthetic table.</summary>
internal sealed record FullTableOptions
{
    /// <summary>The same seed gives the same table.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>IPv4 prefixes.</summary>
    public int IPv4 { get; init; } = 1_000_000;

    /// <summary>IPv6 prefixes.</summary>
    public int IPv6 { get; init; } = 220_000;

    /// <summary>Sets of path attributes; each belongs to prefixes of one address family.</summary>
    public int AttributeSets { get; init; } = 150_000;

    /// <summary>ASes that originate prefixes.</summary>
    public int OriginAses { get; init; } = 75_000;
}

/// <summary>One prefix; for IPv4 the address stands in the upper 32 bits.</summary>
internal readonly record struct TablePrefix(ulong High, byte Length);

/// <summary>A table of the size and the mix of prefix lengths of the Internet's, by a seed: prefixes in groups that share their attributes.</summary>
/// <remarks>
/// Lengths are spread as in public tables of 2025/26 (60% /24 and 48% /48); prefixes are drawn at random, so shorter ones contain longer ones as
/// chance has it. Groups are of uneven size, the first ones the largest, as few origins have many prefixes.
/// </remarks>
internal sealed class FullTable
{
    private static readonly byte[] IPv4Lengths = [24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8];
    private static readonly int[] IPv4Shares = [600, 98, 112, 52, 46, 26, 15, 8, 14, 4, 6, 6, 5, 3, 2, 2, 1];
    private static readonly byte[] IPv6Lengths = [48, 32, 44, 40, 46, 36, 29, 47, 42, 33, 45, 38, 34, 43, 35, 41, 39, 37, 31, 30, 28, 64, 56];
    private static readonly int[] IPv6Shares = [480, 120, 110, 80, 35, 32, 30, 22, 20, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 2, 1, 1, 1];
    private static readonly ulong[] IPv6Blocks = [0x2001_0000, 0x2400_0000, 0x2600_0000, 0x2804_0000, 0x2A00_0000, 0x2A0E_0000, 0x2C0F_0000];
    private static readonly int[] IPv6BlockBits = [16, 20, 20, 18, 19, 18, 16];

    private readonly int[] _groupEnds;
    private readonly int _ipv4Groups;

    internal FullTable(FullTableOptions options)
    {
        Options = options;
        var random = new SeededRandom(options.Seed);
        Prefixes = new TablePrefix[options.IPv4 + options.IPv6];
        DrawIPv4(random, Prefixes.AsSpan(0, options.IPv4));
        DrawIPv6(random, Prefixes.AsSpan(options.IPv4));
        _ipv4Groups = (int)((long)options.AttributeSets * options.IPv4 / Math.Max(1, Prefixes.Length));
        _groupEnds = new int[options.AttributeSets];
        Divide(random, _groupEnds.AsSpan(0, _ipv4Groups), 0, options.IPv4);
        Divide(random, _groupEnds.AsSpan(_ipv4Groups), options.IPv4, options.IPv6);
    }

    internal FullTableOptions Options { get; }

    /// <summary>IPv4 first, then IPv6; those of a group together.</summary>
    internal TablePrefix[] Prefixes { get; }

    internal int Groups => _groupEnds.Length;

    internal bool IsIPv4(int group) => group < _ipv4Groups;

    internal ReadOnlySpan<TablePrefix> PrefixesOf(int group)
    {
        int start = group == 0 ? 0 : _groupEnds[group - 1];
        return Prefixes.AsSpan(start, _groupEnds[group] - start);
    }

    private static void DrawIPv4(SeededRandom random, Span<TablePrefix> into)
    {
        var seen = new HashSet<TablePrefix>(into.Length);
        for (int i = 0; i < into.Length;)
        {
            byte length = IPv4Lengths[random.Draw(IPv4Shares)];
            uint address = (uint)random.Next();
            if (address >> 24 is 0 or 10 or 127 or >= 224)
            {
                continue;
            }

            var prefix = new TablePrefix((ulong)(address & (uint.MaxValue << (32 - length))) << 32, length);
            if (seen.Add(prefix))
            {
                into[i++] = prefix;
            }
        }
    }

    private static void DrawIPv6(SeededRandom random, Span<TablePrefix> into)
    {
        // Networks of /32, in which all longer ones lie.
        ulong[] networks = new ulong[Math.Max(16, into.Length / 5)];
        for (int i = 0; i < networks.Length; i++)
        {
            int block = random.Next(IPv6Blocks.Length);
            networks[i] = (IPv6Blocks[block] | (random.Next() & ((1UL << IPv6BlockBits[block]) - 1))) << 32;
        }

        var seen = new HashSet<TablePrefix>(into.Length);
        for (int i = 0; i < into.Length;)
        {
            byte length = IPv6Lengths[random.Draw(IPv6Shares)];

            // Half of the longer ones lie in a sixteenth of the networks.
            ulong address = networks[random.Next(random.Next(2) == 0 ? networks.Length : networks.Length / 16)] | (random.Next() >> 32);
            var prefix = new TablePrefix(address & (ulong.MaxValue << (64 - length)), length);
            if (seen.Add(prefix))
            {
                into[i++] = prefix;
            }
        }
    }

    // Ends of groups: each has at least one prefix, the rest falls to group n with weight about 1/n.
    private static void Divide(SeededRandom random, Span<int> ends, int start, int prefixes)
    {
        int[] sizes = new int[ends.Length];
        Array.Fill(sizes, Math.Min(1, prefixes / Math.Max(1, ends.Length)));
        int rest = prefixes - sizes.Sum();
        for (; rest > 0 && sizes.Length > 0; rest--)
        {
            double share = (random.Next() >> 11) * (1.0 / (1UL << 53));
            sizes[random.Next(4) == 0 ? (int)Math.Min(sizes.Length - 1, Math.Pow(sizes.Length, share) - 1) : random.Next(sizes.Length)]++;
        }

        for (int i = 0, end = start; i < ends.Length; i++)
        {
            ends[i] = end += sizes[i];
        }
    }
}
