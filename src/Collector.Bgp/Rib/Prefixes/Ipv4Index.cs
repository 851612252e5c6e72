using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Collector.Bgp.Rib.Memory;
using Collector.Net;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>From an IPv4 address to the longest prefix node around it: one load for prefixes up to /24, two where there are longer ones.</summary>
/// <remarks>
/// 2^24 entries, of which pages become memory when they are written (a full table writes nearly all: 64 MiB, once for all peers), and a block of 256
/// entries for each /24 that has longer prefixes (DIR-24-8, Gupta, Lin, McKeown 1998). Changed by the writer while readers look: each state in between
/// gives the same answers, because the node that comes or goes has no routes.
/// </remarks>
internal sealed unsafe class Ipv4Index : IDisposable
{
    private const uint SecondBit = 1u << 31;
    private const uint Entries = 1u << 24;
    private const int SecondBytes = 256 * sizeof(uint);
    private const uint EntriesPerPage = ReservedMemory.PageBytes / sizeof(uint);

    private readonly PrefixNodes _nodes;
    private readonly BlockPool _pool;
    private readonly Reclamation _reclamation;
    private readonly ReservedMemory _range;
    private readonly byte* _start;
    private readonly Action<uint> _freeSecond, _freeNode;

    public Ipv4Index(PrefixNodes nodes, BlockPool pool, RibMemory memory, Reclamation reclamation)
    {
        (_nodes, _pool, _reclamation) = (nodes, pool, reclamation);
        _range = new ReservedMemory(memory, (long)Entries * sizeof(uint));
        if (!_range.TryMakeUsable((long)Entries * sizeof(uint)))
        {
            throw new OutOfMemoryException("Cannot map 64 MiB for the index of IPv4 prefixes.");
        }

        First = (uint*)_range.Start;
        _start = pool.Start;
        _freeSecond = handle => _pool.Free(handle, SecondBytes);
        _freeNode = nodes.Free;
    }

    private uint* First { get; }

    /// <summary>The longest prefix around an address; 0, the node of 0.0.0.0/0, when there is no other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Find(uint address)
    {
        uint entry = Volatile.Read(ref First[address >> 8]);
        return (entry & SecondBit) == 0 ? entry : Volatile.Read(ref Second(entry)[address & 0xFF]);
    }

    /// <summary>The same for several addresses at once: what one waits for is fetched while others are looked at.</summary>
    /// <param name="addresses">IPv4 addresses.</param>
    /// <param name="nodes">Takes a node for each.</param>
    public void FindAll(ReadOnlySpan<IpAddress> addresses, uint* nodes)
    {
        uint* first = First;
        foreach (ref readonly IpAddress address in addresses)
        {
            Sse.Prefetch0(first + (address.ToIPv4() >> 8));
        }

        for (int i = 0; i < addresses.Length; i++)
        {
            uint address = addresses[i].ToIPv4();
            nodes[i] = Volatile.Read(ref first[address >> 8]);
            if ((nodes[i] & SecondBit) != 0)
            {
                Sse.Prefetch0(Second(nodes[i]) + (address & 0xFF));
            }
        }

        for (int i = 0; i < addresses.Length; i++)
        {
            if ((nodes[i] & SecondBit) != 0)
            {
                nodes[i] = Volatile.Read(ref Second(nodes[i])[addresses[i].ToIPv4() & 0xFF]);
            }
        }
    }

    /// <summary>The node of a prefix.</summary>
    /// <param name="prefix">Its address, host bits 0.</param>
    /// <param name="length">0 to 32.</param>
    /// <param name="node">The node, if it is there.</param>
    /// <param name="cover">If not: the next shorter prefix around it.</param>
    public bool TryFind(uint prefix, int length, out uint node, out uint cover)
    {
        node = Find(prefix);
        while (_nodes.Length(node) > length)
        {
            node = _nodes.Parent(node);
        }

        cover = node;
        return _nodes.Length(node) == length;
    }

    /// <summary>Adds a prefix that is not there.</summary>
    /// <returns>Its node, or 0 when there is no memory; then nothing has changed.</returns>
    public uint Insert(uint prefix, int length, uint cover)
    {
        if (!TryTouch(prefix, length) || (length > 24 && !TrySplit(prefix >> 8)))
        {
            return 0;
        }

        uint node = _nodes.Allocate(length, cover);
        if (node != 0)
        {
            Replace(prefix, length, cover, node);
        }

        return node;
    }

    /// <summary>Removes a prefix for which no peer has a route.</summary>
    public void Remove(uint node, uint prefix)
    {
        int length = _nodes.Length(node);
        Replace(prefix, length, node, _nodes.Parent(node));
        if (length > 24)
        {
            Join(prefix >> 8);
        }

        _reclamation.Retire(_freeNode, node);
    }

    /// <summary>The next prefix in the order of address and length.</summary>
    /// <param name="address">That of the prefix before; then that of the one found.</param>
    /// <param name="length">That of the prefix before, -1 to begin with the address itself; then that of the one found.</param>
    /// <param name="node">The one found.</param>
    /// <returns>False when there is none.</returns>
    public bool Next(ref uint address, ref int length, out uint node)
    {
        for (ulong at = address; at <= uint.MaxValue; length = -1)
        {
            address = (uint)at;
            uint entry = First[address >> 8];
            bool second = (entry & SecondBit) != 0;
            uint deepest = second ? Second(entry)[address & 0xFF] : entry;
            at = second ? at + 1 : (at | 0xFF) + 1;

            // Nothing begins here that the address before lies in too.
            if ((address == 0 || Find(address - 1) != deepest) && TryFindFirst(deepest, address, length, out node))
            {
                length = _nodes.Length(node);
                return true;
            }
        }

        node = 0;
        return false;
    }

    public void Dispose() => _range.Dispose();

    // Of the prefixes around an address those that begin there and are longer than `after`; of these the shortest.
    private bool TryFindFirst(uint deepest, uint address, int after, out uint found)
    {
        found = 0;
        bool any = false;
        for (uint node = deepest; ; node = _nodes.Parent(node))
        {
            int length = _nodes.Length(node);
            if (length <= after || (length < 32 && address << length != 0))
            {
                return any;
            }

            (found, any) = (node, true);
            if (node == 0)
            {
                return true;
            }
        }
    }

    private uint* Second(uint entry) => (uint*)(_start + ((nuint)(entry & ~SecondBit) * BlockPool.UnitBytes));

    private bool TryTouch(uint prefix, int length)
    {
        uint first = prefix >> 8;
        uint count = length >= 24 ? 1 : 1u << (24 - length);
        for (uint entry = first; entry < first + count; entry += EntriesPerPage)
        {
            if (!_range.TryTouch((nuint)entry * sizeof(uint)))
            {
                return false;
            }
        }

        // A handful of prefixes all over the addresses must not cost 64 MiB.
        if (_range.TouchedBytes > (long)Entries * sizeof(uint) / 2)
        {
            _range.UseHugePages();
        }

        return true;
    }

    // Gives a /24 a block of its own, in which all entries say what the one said.
    private bool TrySplit(uint entry)
    {
        uint said = First[entry];
        if ((said & SecondBit) != 0)
        {
            return true;
        }

        uint block = _pool.Allocate(SecondBytes);
        if (block == 0)
        {
            return false;
        }

        new Span<uint>(Second(block), 256).Fill(said);
        Volatile.Write(ref First[entry], block | SecondBit);
        return true;
    }

    private void Join(uint entry)
    {
        uint block = First[entry];
        var entries = new ReadOnlySpan<uint>(Second(block), 256);
        if (!entries.ContainsAnyExcept(entries[0]))
        {
            Volatile.Write(ref First[entry], entries[0]);
            _reclamation.Retire(_freeSecond, block & ~SecondBit);
        }
    }

    // Where `from` was the longest prefix within this one, `to` is now; longer ones below `from` are hung below `to`.
    private void Replace(uint prefix, int length, uint from, uint to)
    {
        if (length <= 24)
        {
            Replace(First + (prefix >> 8), 1u << (24 - length), from, to);
        }
        else
        {
            Replace(Second(First[prefix >> 8]) + (prefix & 0xFF), 1u << (32 - length), from, to);
        }
    }

    private void Replace(uint* entries, uint count, uint from, uint to)
    {
        uint last = from;
        for (uint* entry = entries; entry < entries + count; entry++)
        {
            uint node = *entry;
            if (node == from)
            {
                Volatile.Write(ref *entry, to);
            }
            else if ((node & SecondBit) != 0)
            {
                Replace(Second(node), 256, from, to);
            }
            else if (node != last)
            {
                _nodes.Rewire(node, from, to);
                last = node;
            }
        }
    }
}
