namespace Collector.Bgp.Rib.Prefixes;

/// <summary>Enumeration.</summary>
internal sealed unsafe partial class PrefixTrie
{
    /// <summary>A place in the order of address and length.</summary>
    public struct Place
    {
        /// <summary>The address's halves.</summary>
        public ulong High, Low;

        /// <summary>The length; -1 stands before all prefixes that begin at the address.</summary>
        public int Length;
    }

    /// <summary>The next prefix in the order of address and length.</summary>
    /// <param name="place">The one before; then the one found.</param>
    /// <param name="node">The one found.</param>
    /// <returns>False when there is none.</returns>
    public bool Next(ref Place place, out uint node)
    {
        long first = TopOf(place.High) - _top;
        for (long i = first; i < 1L << _topBits; i++)
        {
            ulong start = _topBits == 0 ? 0 : (ulong)i << (64 - _topBits);
            bool bounded = i == first;
            if ((i == 0 || _top[i].Leaf != _top[i - 1].Leaf)
                && TryFindFirst(_top[i].Leaf, 0, start, 0, bounded ? place : null, out node)
                && Found(ref place, start, 0, node))
            {
                return true;
            }

            if (_top[i].Child != 0 && Next(_top[i].Child, _topLevel, start, 0, bounded, ref place, out node))
            {
                return true;
            }
        }

        node = 0;
        return false;
    }

    private bool Next(uint handle, int level, ulong high, ulong low, bool bounded, ref Place place, out uint node)
    {
        TrieBlock* block = TrieBlock.At(_pool, handle);
        int first = bounded ? TrieLevels.Slot(place.High, place.Low, level) : 0;
        for (int slot = first; slot < TrieBlock.Slots; slot++)
        {
            ulong bit = 1UL << slot;
            if (((block->Leaves | block->Children) & bit) == 0)
            {
                continue;
            }

            (ulong slotHigh, ulong slotLow) = (high, low);
            TrieLevels.Add(ref slotHigh, ref slotLow, level, slot);
            bool within = bounded && slot == first;
            if ((block->Leaves & bit) != 0
                && TryFindFirst(*TrieBlock.Leaf(block, slot), TrieLevels.Offset(level) + 1, slotHigh, slotLow, within ? place : null, out node)
                && Found(ref place, slotHigh, slotLow, node))
            {
                return true;
            }

            if ((block->Children & bit) != 0 && Next(*TrieBlock.Child(block, slot), level + 1, slotHigh, slotLow, within, ref place, out node))
            {
                return true;
            }
        }

        node = 0;
        return false;
    }

    private bool Found(ref Place place, ulong high, ulong low, uint node)
    {
        place = new Place { High = high, Low = low, Length = _nodes.Length(node) };
        return true;
    }

    // Of a node and those around it, of at least some length: those that begin at the address and come after the place; of these the shortest.
    private bool TryFindFirst(uint deepest, int least, ulong high, ulong low, Place? after, out uint found)
    {
        found = 0;
        bool any = false;
        if (after is { } place && (high, low) != (place.High, place.Low))
        {
            return false;
        }

        int more = after?.Length ?? -1;
        for (uint node = deepest; ; node = _nodes.Parent(node))
        {
            int length = _nodes.Length(node);
            if (length < least || length <= more || !IsStart(high, low, length))
            {
                return any;
            }

            (found, any) = (node, true);
            if (node == Root)
            {
                return true;
            }
        }
    }

    private static bool IsStart(ulong high, ulong low, int length) => length switch
    {
        0 => high == 0 && low == 0,
        < 64 => high << length == 0 && low == 0,
        64 => low == 0,
        < 128 => low << (length - 64) == 0,
        _ => true,
    };
}
