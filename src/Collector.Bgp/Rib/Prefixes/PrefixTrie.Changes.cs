using Collector.Bgp.Rib.Memory;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>Prefixes come and go.</summary>
internal sealed unsafe partial class PrefixTrie
{
    /// <summary>Adds a prefix that is not there.</summary>
    /// <returns>Its node, or 0 when there is no memory; then nothing has changed.</returns>
    public uint Insert(ulong high, ulong low, int length, uint cover)
    {
        if (!TryTouch(high, length))
        {
            return 0;
        }

        uint node = _nodes.Allocate(length, cover);
        if (node == 0)
        {
            return 0;
        }

        if (length <= _topBits)
        {
            ReplaceTop(high, length, cover, node);
        }
        else if (!TryInsert(high, low, length, cover, node))
        {
            _nodes.Free(node);
            return 0;
        }

        Count++;
        return node;
    }

    /// <summary>Removes a prefix for which no peer has a route.</summary>
    /// <returns>False when there is no memory for it: it stays.</returns>
    public bool TryRemove(uint node, ulong high, ulong low)
    {
        int length = _nodes.Length(node);
        uint cover = _nodes.Parent(node);
        if (length <= _topBits)
        {
            ReplaceTop(high, length, node, cover);
        }
        else if (!TryRemove(node, cover, high, low, length))
        {
            return false;
        }

        Count--;
        _reclamation.Retire(_freeNode, node);
        return true;
    }

    private bool TryTouch(ulong high, int length)
    {
        if (_direct is null)
        {
            return true;
        }

        nuint first = (nuint)(TopOf(high) - _top) * (nuint)sizeof(Top);
        nuint bytes = length >= _topBits ? 1 : (nuint)sizeof(Top) << (_topBits - length);
        for (nuint offset = 0; offset < bytes; offset += ReservedMemory.PageBytes)
        {
            if (!_direct.TryTouch(first + offset))
            {
                return false;
            }
        }

        return true;
    }

    private void ReplaceTop(ulong high, int length, uint from, uint to)
    {
        Top* first = TopOf(high);
        uint last = from;
        for (Top* top = first; top < first + (1 << (_topBits - length)); top++)
        {
            uint node = top->Leaf;
            if (node == from)
            {
                Volatile.Write(ref top->Leaf, to);
            }
            else if (node != last)
            {
                _nodes.Rewire(node, from, to);
                last = node;
            }

            if (top->Child != 0)
            {
                RewireAll(top->Child, from, to);
            }
        }
    }

    private bool TryInsert(ulong high, ulong low, int length, uint cover, uint node)
    {
        uint* link = &TopOf(high)->Child;
        int level = _topLevel;
        for (; TrieLevels.End(level) < length; level++)
        {
            int slot = TrieLevels.Slot(high, low, level);
            if (*link == 0 || (TrieBlock.At(_pool, *link)->Children & (1UL << slot)) == 0)
            {
                uint below = Build(level + 1, high, low, length, node);
                return below != 0 && (TryReplace(link, slot, below) || Forget(below));
            }

            link = TrieBlock.Child(TrieBlock.At(_pool, *link), slot);
        }

        return TryReplaceLeaves(link, level, high, low, length, cover, node);
    }

    // A chain of blocks down to the one where the prefix ends; 0 when there is no memory.
    private uint Build(int level, ulong high, ulong low, int length, uint node)
    {
        uint handle = 0;
        if (TrieLevels.End(level) >= length)
        {
            return TryReplaceLeaves(&handle, level, high, low, length, 0, node) ? handle : 0;
        }

        uint below = Build(level + 1, high, low, length, node);
        return below != 0 && (TryReplace(&handle, TrieLevels.Slot(high, low, level), below) || Forget(below)) ? handle : 0;
    }

    // Puts a block with another child, or (0) without one, in the place of a block.
    private bool TryReplace(uint* link, int slot, uint child)
    {
        uint* children = stackalloc uint[TrieBlock.Slots];
        uint* leaves = stackalloc uint[TrieBlock.Slots];
        TrieBlock.Expand(_pool, *link, children, leaves);
        children[slot] = child;
        return TryPublish(link, TrieBlock.Allocate(_pool, children, leaves));
    }

    // Where `from` was the longest prefix within this one, `to` is now; longer ones directly below `from` are hung below `to`.
    private bool TryReplaceLeaves(uint* link, int level, ulong high, ulong low, int length, uint from, uint to)
    {
        uint* children = stackalloc uint[TrieBlock.Slots];
        uint* leaves = stackalloc uint[TrieBlock.Slots];
        TrieBlock.Expand(_pool, *link, children, leaves);
        uint shown = _nodes.Length(to) > TrieLevels.Offset(level) ? to : 0;
        int first = TrieLevels.Slot(high, low, level);
        int end = first + (1 << (TrieLevels.End(level) - length));
        uint* changed = stackalloc uint[TrieBlock.Slots];
        new ReadOnlySpan<uint>(leaves, TrieBlock.Slots).CopyTo(new Span<uint>(changed, TrieBlock.Slots));
        for (int slot = first; slot < end; slot++)
        {
            changed[slot] = leaves[slot] == 0 || leaves[slot] == from ? shown : leaves[slot];
        }

        if (!TryPublish(link, TrieBlock.Allocate(_pool, children, changed)))
        {
            return false;
        }

        for (int slot = first; slot < end; slot++)
        {
            if (leaves[slot] != 0 && leaves[slot] != from)
            {
                _nodes.Rewire(leaves[slot], from, to);
            }

            if (children[slot] != 0)
            {
                RewireAll(children[slot], from, to);
            }
        }

        return true;
    }

    private bool TryRemove(uint node, uint cover, ulong high, ulong low, int length)
    {
        uint** links = stackalloc uint*[TrieLevels.Count + 1];
        links[_topLevel] = &TopOf(high)->Child;
        int level = _topLevel;
        for (; TrieLevels.End(level) < length; level++)
        {
            links[level + 1] = TrieBlock.Child(TrieBlock.At(_pool, *links[level]), TrieLevels.Slot(high, low, level));
        }

        TrieBlock* block = TrieBlock.At(_pool, *links[level]);
        int slots = 1 << (TrieLevels.End(level) - length);
        ulong own = (slots == 64 ? ulong.MaxValue : (1UL << slots) - 1) << TrieLevels.Slot(high, low, level);
        bool goes = block->Children == 0 && block->Leaves == own && _nodes.Length(cover) <= TrieLevels.Offset(level) && IsAll(block, node);
        if (!goes)
        {
            return TryReplaceLeaves(links[level], level, high, low, length, node, cover);
        }

        // The block shows nothing else: it goes, and with it those above that lead nowhere else.
        int keeps = level - 1;
        while (keeps >= _topLevel && LeadsToOne(*links[keeps]))
        {
            keeps--;
        }

        uint gone = *links[keeps + 1];
        if (keeps < _topLevel)
        {
            Volatile.Write(ref *links[_topLevel], 0);
        }
        else if (!TryReplace(links[keeps], TrieLevels.Slot(high, low, keeps), 0))
        {
            return false;
        }

        for (int below = keeps + 1; below <= level; below++)
        {
            uint next = below < level ? *TrieBlock.Child(TrieBlock.At(_pool, gone), TrieLevels.Slot(high, low, below)) : 0;
            _reclamation.Retire(_freeBlock, gone);
            gone = next;
        }

        return true;
    }

    private static bool IsAll(TrieBlock* block, uint node) =>
        !new ReadOnlySpan<uint>(block + 1, System.Numerics.BitOperations.PopCount(block->Leaves)).ContainsAnyExcept(node);

    private bool LeadsToOne(uint handle) =>
        TrieBlock.At(_pool, handle)->Leaves == 0 && System.Numerics.BitOperations.IsPow2(TrieBlock.At(_pool, handle)->Children);

    private bool TryPublish(uint* link, uint handle)
    {
        if (handle == 0)
        {
            return false;
        }

        uint old = *link;
        Volatile.Write(ref *link, handle);
        if (old != 0)
        {
            _reclamation.Retire(_freeBlock, old);
        }

        return true;
    }

    // Frees blocks that no reader has seen.
    private bool Forget(uint handle)
    {
        for (uint next; handle != 0; handle = next)
        {
            TrieBlock* block = TrieBlock.At(_pool, handle);
            next = block->Children == 0 ? 0 : *(uint*)(block + 1);
            _freeBlock(handle);
        }

        return false;
    }
}
