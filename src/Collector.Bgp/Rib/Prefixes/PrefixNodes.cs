using System.Runtime.Intrinsics.X86;
using Collector.Bgp.Rib.Memory;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>
/// The prefixes that any peer has a route for, or had: a number for each, its length, and the next shorter prefix around it. Each peer's routes are a
/// <see cref="PeerColumn"/> by these numbers.
/// </summary>
/// <remarks>
/// A node without routes changes no answer, for a lookup goes on to the parent; so nodes may come and go while readers are under way, and the visible
/// change of a route is one store in one column. Number 0 is the prefix of length 0 of a structure that has only one tree.
/// </remarks>
internal sealed unsafe class PrefixNodes : IDisposable
{
    public const uint MaxNodes = 1u << 26;

    // Columns and nodes become usable in steps of this many.
    private const uint Step = 1u << 16;

    private const uint LengthMask = 0xFF, QueuedBit = 0x100, OneReference = 0x200;

    private readonly ReservedMemory _range;
    private readonly RibMemory _memory;
    private readonly List<PeerColumn> _columns = [];
    private readonly Stack<uint> _free = new();
    private uint _next = 1;
    private uint _usable;
    private long _live;

    private struct Node
    {
        public uint Parent;
        public uint Info;
    }

    public PrefixNodes(RibMemory memory)
    {
        _memory = memory;
        _range = new ReservedMemory(memory, (long)MaxNodes * sizeof(Node));
        _usable = Step;
        _range.TryMakeUsable(_usable * sizeof(Node));
        Nodes = (Node*)_range.Start;
    }

    /// <summary>Nodes in use, those included that wait empty.</summary>
    public long Count => Volatile.Read(ref _live);

    private Node* Nodes { get; }

    public byte Length(uint node) => (byte)Nodes[node].Info;

    public uint Parent(uint node) => Volatile.Read(ref Nodes[node].Parent);

    /// <summary>Brings a node into the caches.</summary>
    public void Prefetch(uint node) => Sse.Prefetch0(Nodes + node);

    public void SetParent(uint node, uint parent) => Volatile.Write(ref Nodes[node].Parent, parent);

    /// <summary>A new column, usable for all nodes there are; null when there are no addresses for it.</summary>
    public PeerColumn? TryAddColumn()
    {
        PeerColumn? column = PeerColumn.TryCreate(_memory);
        if (column is null || !column.TryMakeUsable(_usable))
        {
            column?.Dispose();
            return null;
        }

        _columns.Add(column);
        return column;
    }

    /// <summary>Lets a column go; the caller disposes it when no reader has it any more.</summary>
    public void RemoveColumn(PeerColumn column) => _columns.Remove(column);

    /// <summary>A node that nothing leads to yet; 0 when there is no memory for it.</summary>
    public uint Allocate(int length, uint parent)
    {
        if (!_free.TryPop(out uint node))
        {
            if ((_next == _usable && !TryGrow()) || !_range.TryTouch((nuint)_next * (nuint)sizeof(Node)))
            {
                return 0;
            }

            node = _next++;
        }

        Nodes[node] = new Node { Parent = parent, Info = (uint)length };
        Volatile.Write(ref _live, _live + 1);
        return node;
    }

    /// <summary>Takes a node back that no reader can reach any more.</summary>
    public void Free(uint node)
    {
        _free.Push(node);
        Volatile.Write(ref _live, _live - 1);
    }

    /// <summary>A peer has a route for the node.</summary>
    public void AddReference(uint node) => Nodes[node].Info += OneReference;

    /// <summary>A peer has no route for it any more.</summary>
    /// <returns>True when none has one, and the node is not waiting yet: it waits from now on.</returns>
    public bool Release(uint node)
    {
        ref uint info = ref Nodes[node].Info;
        info -= OneReference;
        if (info >= OneReference || (info & QueuedBit) != 0)
        {
            return false;
        }

        info |= QueuedBit;
        return true;
    }

    /// <summary>The node waits again.</summary>
    public void Wait(uint node) => Nodes[node].Info |= QueuedBit;

    /// <summary>No peer has a route for the node.</summary>
    public bool IsEmpty(uint node) => Nodes[node].Info < OneReference;

    /// <summary>Ends the waiting.</summary>
    /// <returns>True when the node is still empty.</returns>
    public bool EndWaiting(uint node)
    {
        ref uint info = ref Nodes[node].Info;
        info &= ~QueuedBit;
        return info < OneReference;
    }

    /// <summary>Goes up from a node until one below <paramref name="from"/>, and hangs that one below <paramref name="to"/>.</summary>
    public void Rewire(uint node, uint from, uint to)
    {
        for (uint parent; ; node = parent)
        {
            parent = Nodes[node].Parent;
            if (parent == from)
            {
                SetParent(node, to);
                return;
            }

            if (parent == to)
            {
                return;
            }
        }
    }

    public void Dispose() => _range.Dispose();

    private bool TryGrow()
    {
        uint usable = _usable + Step;
        if (usable > MaxNodes || !_range.TryMakeUsable((long)usable * sizeof(Node)) || !_columns.TrueForAll(c => c.TryMakeUsable(usable)))
        {
            return false;
        }

        _usable = usable;
        _range.UseHugePages();
        return true;
    }
}
