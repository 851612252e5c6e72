using System.Numerics;
using System.Runtime.Intrinsics.X86;
using Collector.Bgp.Rib.Memory;
using Collector.Net;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>Several lookups at once.</summary>
internal sealed unsafe partial class PrefixTrie
{
    // Down to /64; longer prefixes are few, and their last steps are made one by one.
    private const int LevelsAtOnce = 8;

    /// <summary>The longest prefixes around several addresses, step by step for all of them: what one waits for is fetched while others are looked at.</summary>
    /// <param name="addresses">IPv6 addresses, at most <see cref="RouteReader.MaxPrefetched"/>. For the trie with a table in front only.</param>
    /// <param name="nodes">Takes a node for each.</param>
    public void FindAll(ReadOnlySpan<IpAddress> addresses, uint* nodes)
    {
        int count = addresses.Length;
        uint** leaves = stackalloc uint*[RouteReader.MaxPrefetched];
        uint** below = stackalloc uint*[RouteReader.MaxPrefetched];
        uint* handles = stackalloc uint[RouteReader.MaxPrefetched];
        for (int i = 0; i < count; i++)
        {
            Sse.Prefetch0(TopOf(addresses[i].FirstHostOrder));
        }

        for (int i = 0; i < count; i++)
        {
            Top* top = TopOf(addresses[i].FirstHostOrder);
            leaves[i] = &top->Leaf;
            handles[i] = Volatile.Read(ref top->Child);
            Sse.Prefetch0(Block(handles[i]));
        }

        for (int level = DirectLevel; level < DirectLevel + LevelsAtOnce; level++)
        {
            uint any = 0;
            for (int i = 0; i < count; i++)
            {
                below[i] = Point(handles[i], TrieLevels.Slot(addresses[i].FirstHostOrder, addresses[i].LastHostOrder, level), ref leaves[i]);
                Sse.Prefetch0(below[i]);
            }

            for (int i = 0; i < count; i++)
            {
                handles[i] = below[i] == null ? 0 : Volatile.Read(ref *below[i]);
                any |= handles[i];
                Sse.Prefetch0(Block(handles[i]));
            }

            if (any == 0)
            {
                break;
            }
        }

        for (int i = 0; i < count; i++)
        {
            for (int level = DirectLevel + LevelsAtOnce; handles[i] != 0; level++)
            {
                handles[i] = Step(handles[i], TrieLevels.Slot(addresses[i].FirstHostOrder, addresses[i].LastHostOrder, level), ref leaves[i]);
            }

            nodes[i] = Volatile.Read(ref *leaves[i]);
        }
    }

    private TrieBlock* Block(uint handle) => (TrieBlock*)(_start + ((nuint)handle * BlockPool.UnitBytes));

    // Where the handle of the block below a slot stands, or null; takes the slot's prefix for the longest so far, if it has one.
    private uint* Point(uint handle, int slot, ref uint* leaf)
    {
        TrieBlock* block = Block(handle);
        ulong children = block->Children, leaves = block->Leaves, before = (1UL << slot) - 1;
        uint* words = (uint*)(block + 1);
        if (((leaves >> slot) & 1) != 0)
        {
            leaf = words + BitOperations.PopCount(children) + BitOperations.PopCount(leaves & before);
            Sse.Prefetch0(leaf);
        }

        return ((children >> slot) & 1) == 0 ? null : words + BitOperations.PopCount(children & before);
    }
}
