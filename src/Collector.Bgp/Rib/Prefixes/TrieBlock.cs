using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Collector.Bgp.Rib.Memory;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>One step of a <see cref="PrefixTrie"/>: for up to 64 slots, which have a block below and which lie in a prefix that ends in this step.</summary>
/// <remarks>
/// Behind it stand the handles of the blocks below, then the prefix nodes, one for each bit set. A block is replaced, never changed, but for the
/// handles of the blocks below.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TrieBlock
{
    public const int Slots = 64;

    /// <summary>Slots with a block below.</summary>
    public ulong Children;

    /// <summary>Slots in a prefix that ends here.</summary>
    public ulong Leaves;

    public static int Bytes(ulong children, ulong leaves) =>
        sizeof(TrieBlock) + ((BitOperations.PopCount(children) + BitOperations.PopCount(leaves)) * sizeof(uint));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TrieBlock* At(BlockPool pool, uint handle) => (TrieBlock*)(pool.Start + ((nuint)handle * BlockPool.UnitBytes));

    /// <summary>Where the handle of the block below a slot stands; the slot has one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint* Child(TrieBlock* block, int slot) => (uint*)(block + 1) + BitOperations.PopCount(block->Children & ((1UL << slot) - 1));

    /// <summary>Where the prefix node of a slot stands; the slot has one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint* Leaf(TrieBlock* block, int slot) =>
        (uint*)(block + 1) + BitOperations.PopCount(block->Children) + BitOperations.PopCount(block->Leaves & ((1UL << slot) - 1));

    /// <summary>A block with what the two lists of 64 say, 0 meaning nothing.</summary>
    /// <returns>0 when there is no memory.</returns>
    public static uint Allocate(BlockPool pool, uint* children, uint* leaves)
    {
        TrieBlock header = default;
        for (int slot = 0; slot < Slots; slot++)
        {
            header.Children |= children[slot] != 0 ? 1UL << slot : 0;
            header.Leaves |= leaves[slot] != 0 ? 1UL << slot : 0;
        }

        uint handle = pool.Allocate(Bytes(header.Children, header.Leaves));
        if (handle != 0)
        {
            TrieBlock* block = At(pool, handle);
            *block = header;
            uint* next = (uint*)(block + 1);
            Pack(header.Children, children, ref next);
            Pack(header.Leaves, leaves, ref next);
        }

        return handle;
    }

    /// <summary>The two lists of a block; of handle 0 empty ones.</summary>
    public static void Expand(BlockPool pool, uint handle, uint* children, uint* leaves)
    {
        new Span<uint>(children, Slots).Clear();
        new Span<uint>(leaves, Slots).Clear();
        if (handle != 0)
        {
            TrieBlock* block = At(pool, handle);
            uint* next = (uint*)(block + 1);
            for (ulong bits = block->Children; bits != 0; bits &= bits - 1)
            {
                children[BitOperations.TrailingZeroCount(bits)] = *next++;
            }

            for (ulong bits = block->Leaves; bits != 0; bits &= bits - 1)
            {
                leaves[BitOperations.TrailingZeroCount(bits)] = *next++;
            }
        }
    }

    private static void Pack(ulong bits, uint* from, ref uint* to)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            *to++ = from[BitOperations.TrailingZeroCount(bits)];
        }
    }
}
