using System.Numerics;
using System.Runtime.CompilerServices;
using Collector.Bgp.Rib.Memory;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>From an address of up to 128 bits to the longest prefix node around it, in steps of up to six bits through blocks that hold only what is there.</summary>
/// <remarks>
/// For IPv6 the first 20 bits are one load from a table; for the table of a route distinguisher, which may have a handful of routes, there is no such
/// table, and IPv4 stands in the first 32 bits. A change builds a new block and puts its handle in place of the old one's by one store; each state in
/// between gives the same answers, because the node that comes or goes has no routes.
/// </remarks>
internal sealed unsafe partial class PrefixTrie : IDisposable
{
    /// <summary>Bits of the table in front of the blocks of IPv6.</summary>
    public const int DirectBits = 20;

    private const int DirectLevel = 4;

    private readonly PrefixNodes _nodes;
    private readonly BlockPool _pool;
    private readonly Reclamation _reclamation;
    private readonly byte* _start;
    private readonly ReservedMemory? _direct;
    private readonly Top* _top;
    private readonly uint _topBlock;
    private readonly int _topBits;
    private readonly int _topLevel;
    private readonly Action<uint> _freeBlock, _freeNode;

    // What stands before the first block: the longest prefix so far, and the block.
    private struct Top
    {
        public uint Leaf;
        public uint Child;
    }

    private PrefixTrie(PrefixNodes nodes, BlockPool pool, Reclamation reclamation)
    {
        (_nodes, _pool, _reclamation) = (nodes, pool, reclamation);
        _start = pool.Start;
        _freeBlock = handle => _pool.Free(handle, TrieBlock.Bytes(TrieBlock.At(_pool, handle)->Children, TrieBlock.At(_pool, handle)->Leaves));
        _freeNode = nodes.Free;
    }

    /// <summary>The trie of all IPv6 routes without route distinguisher.</summary>
    public PrefixTrie(PrefixNodes nodes, BlockPool pool, RibMemory memory, Reclamation reclamation)
        : this(nodes, pool, reclamation)
    {
        _direct = new ReservedMemory(memory, (long)sizeof(Top) << DirectBits);
        if (!_direct.TryMakeUsable((long)sizeof(Top) << DirectBits))
        {
            throw new OutOfMemoryException("Cannot map 8 MiB for the index of IPv6 prefixes.");
        }

        _top = (Top*)_direct.Start;
        (_topBits, _topLevel) = (DirectBits, DirectLevel);
    }

    private PrefixTrie(PrefixNodes nodes, BlockPool pool, Reclamation reclamation, uint root, uint topBlock)
        : this(nodes, pool, reclamation)
    {
        (Root, _topBlock) = (root, topBlock);
        _top = (Top*)(pool.Start + ((nuint)topBlock * BlockPool.UnitBytes));
        *_top = new Top { Leaf = root };
    }

    /// <summary>A trie for one route distinguisher; null when there is no memory.</summary>
    public static PrefixTrie? TryCreate(PrefixNodes nodes, BlockPool pool, Reclamation reclamation)
    {
        uint top = pool.Allocate(sizeof(Top));
        uint root = top == 0 ? 0 : nodes.Allocate(0, 0);
        if (root != 0)
        {
            return new PrefixTrie(nodes, pool, reclamation, root, top);
        }

        if (top != 0)
        {
            pool.Free(top, sizeof(Top));
        }

        return null;
    }

    /// <summary>The node of the prefix of length 0.</summary>
    public uint Root { get; }

    /// <summary>Prefixes but <see cref="Root"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The longest prefix around an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Find(ulong high, ulong low)
    {
        Top* top = TopOf(high);
        uint* leaf = &top->Leaf;
        uint handle = Volatile.Read(ref top->Child);
        int level = _topLevel;
        if (level == DirectLevel)
        {
            // Down to /48 without a branch: one that waits for memory before it is known would keep the processor from beginning the next lookup.
            // Where there is no block below, handle 0 leads through an empty one.
            handle = Step(handle, (int)(high >> 38) & 63, ref leaf);
            handle = Step(handle, (int)(high >> 32) & 63, ref leaf);
            handle = Step(handle, (int)(high >> 26) & 63, ref leaf);
            handle = Step(handle, (int)(high >> 20) & 63, ref leaf);
            handle = Step(handle, (int)(high >> 16) & 15, ref leaf);
            level += 5;
        }

        for (; handle != 0; level++)
        {
            handle = Step(handle, TrieLevels.Slot(high, low, level), ref leaf);
        }

        return Volatile.Read(ref *leaf);
    }

    /// <summary>The node of a prefix.</summary>
    /// <param name="high">The first half of its address, host bits 0.</param>
    /// <param name="low">The second half.</param>
    /// <param name="length">0 to 128.</param>
    /// <param name="node">The node, if it is there.</param>
    /// <param name="cover">If not: the next shorter prefix around it.</param>
    public bool TryFind(ulong high, ulong low, int length, out uint node, out uint cover)
    {
        node = Find(high, low);
        while (_nodes.Length(node) > length)
        {
            node = _nodes.Parent(node);
        }

        cover = node;
        return _nodes.Length(node) == length;
    }

    /// <summary>Forgets an empty trie; what readers may be looking at goes when they are through.</summary>
    public void Retire()
    {
        _reclamation.Retire(_freeNode, Root);
        _reclamation.Retire(top => _pool.Free(top, sizeof(Top)), _topBlock);
    }

    public void Dispose() => _direct?.Dispose();

    // Takes the slot's prefix for the longest so far, if it has one, and gives the block below, or 0. Reads a word too many at most, never beyond the pool.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Step(uint handle, int slot, ref uint* leaf)
    {
        var block = (TrieBlock*)(_start + ((nuint)handle * BlockPool.UnitBytes));
        ulong children = block->Children, leaves = block->Leaves, before = (1UL << slot) - 1;
        uint* words = (uint*)(block + 1);
        uint* here = words + BitOperations.PopCount(children) + BitOperations.PopCount(leaves & before);
        nuint isLeaf = 0 - (nuint)((leaves >> slot) & 1);
        leaf = (uint*)(((nuint)leaf & ~isLeaf) | ((nuint)here & isLeaf));
        uint below = Volatile.Read(ref words[BitOperations.PopCount(children & before)]);
        return below & (0 - (uint)((children >> slot) & 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Top* TopOf(ulong high) => _top + ((high >> 1) >> (63 - _topBits));

    // Hangs all nodes at and below a block that lie directly below `from` below `to`.
    private void RewireAll(uint handle, uint from, uint to)
    {
        TrieBlock* block = TrieBlock.At(_pool, handle);
        uint* next = (uint*)(block + 1);
        for (int i = BitOperations.PopCount(block->Children); i > 0; i--)
        {
            RewireAll(*next++, from, to);
        }

        uint last = from;
        for (int i = BitOperations.PopCount(block->Leaves); i > 0; i--)
        {
            uint node = *next++;
            if (node != last)
            {
                _nodes.Rewire(node, from, to);
                last = node;
            }
        }
    }
}
