using System.Runtime.CompilerServices;

namespace Collector.Net;

/// <summary>
/// An immutable table of networks with longest match: built once from a list, then read by any number of threads. A reload builds a new one and swaps the reference.
/// </summary>
/// <remarks>
/// Prefixes are laid out as ranges of addresses, so a lookup is one binary search within a sixteen-bit bucket and one million networks take
/// about 20 MB. What a network means is the caller's: the table answers with its position in the list.
/// </remarks>
public sealed class PrefixTable
{
    /// <summary>What a lookup answers when no network contains the address.</summary>
    public const int None = -1;

    private readonly AddressRanges<uint> _ipv4;
    private readonly AddressRanges<UInt128> _ipv6;
    private readonly int[] _parents;
    private readonly byte[] _lengths;

    private PrefixTable(AddressRanges<uint> ipv4, AddressRanges<UInt128> ipv6, int[] parents, byte[] lengths) =>
        (_ipv4, _ipv6, _parents, _lengths) = (ipv4, ipv6, parents, lengths);

    /// <summary>A table without networks.</summary>
    public static PrefixTable Empty { get; } = Build([]);

    /// <summary>Networks that the table was built from, duplicates included.</summary>
    public int Count => _lengths.Length;

    /// <summary>Builds the table. Of equal networks the last one in the list is found.</summary>
    public static PrefixTable Build(ReadOnlySpan<IpPrefix> prefixes)
    {
        int[] parents = new int[prefixes.Length];
        byte[] lengths = new byte[prefixes.Length];
        var ipv4 = new AddressRanges<uint>.Builder(32);
        var ipv6 = new AddressRanges<UInt128>.Builder(128);
        for (int i = 0; i < prefixes.Length; i++)
        {
            ref readonly IpPrefix prefix = ref prefixes[i];
            lengths[i] = prefix.Length;
            if (prefix.IsIPv4)
            {
                ipv4.Add(prefix.Address.ToIPv4(), prefix.Length, i);
            }
            else
            {
                ipv6.Add(KeyOf(prefix.Address), prefix.Length, i);
            }
        }

        return new PrefixTable(ipv4.Build(parents), ipv6.Build(parents), parents, lengths);
    }

    /// <summary>The position of the longest network that contains the address, or <see cref="None"/>.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isIPv4">Its family; for a mapped address the form does not tell.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(IpAddress address, bool isIPv4) => isIPv4 ? _ipv4.Find(address.ToIPv4()) : _ipv6.Find(KeyOf(address));

    /// <summary>The same among networks of at most the given length: what covers a prefix.</summary>
    public int Find(IpAddress address, bool isIPv4, int maxLength)
    {
        int found = Find(address, isIPv4);
        while (found != None && _lengths[found] > maxLength)
        {
            found = _parents[found];
        }

        return found;
    }

    /// <summary>The position of the next shorter network around this one, or <see cref="None"/>.</summary>
    public int Parent(int position) => _parents[position];

    /// <summary>The length of the network at a position.</summary>
    public byte LengthOf(int position) => _lengths[position];

    private static UInt128 KeyOf(IpAddress address) => new(address.FirstHostOrder, address.LastHostOrder);
}
