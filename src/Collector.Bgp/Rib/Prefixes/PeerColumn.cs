using System.Runtime.CompilerServices;
using Collector.Bgp.Rib.Memory;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>The routes of one peer in one family: for each prefix node a <see cref="RouteCell"/>.</summary>
/// <remarks>Pages without a route take no memory.</remarks>
internal sealed unsafe class PeerColumn : IDisposable
{
    private readonly ReservedMemory _range;
    private uint _version;

    private PeerColumn(ReservedMemory range)
    {
        _range = range;
        Cells = (uint*)range.Start;
    }

    /// <summary>An empty column; null when the process may have no more addresses.</summary>
    public static PeerColumn? TryCreate(RibMemory memory) =>
        ReservedMemory.TryReserve(memory, (long)PrefixNodes.MaxNodes * sizeof(uint)) is { } range ? new PeerColumn(range) : null;

    /// <summary>
    /// Grows after each change. A lookup reads several words; when the version was the same before and after, at most one change fell into it, and
    /// its answer is the one of before or of after that change.
    /// </summary>
    public uint Version
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _version);
    }

    public uint* Cells { get; }

    public bool TryMakeUsable(uint nodes)
    {
        // Of a peer with few routes only the pages that have some are to be memory.
        if (_range.TouchedBytes > (long)nodes * sizeof(uint) / 2)
        {
            _range.UseHugePages();
        }

        return _range.TryMakeUsable((long)nodes * sizeof(uint));
    }

    /// <summary>Makes sure that <see cref="Set"/> has its memory.</summary>
    public bool TryTouch(uint node) => _range.TryTouch((nuint)node * sizeof(uint));

    public void Set(uint node, RouteCell cell)
    {
        Volatile.Write(ref Cells[node], cell.Bits);
        NextVersion();
    }

    /// <summary>Something changed that all cells mean.</summary>
    public void NextVersion() => Volatile.Write(ref _version, _version + 1);

    /// <summary>Gives the memory back; all cells are empty afterwards.</summary>
    public void Clear() => _range.Clear();

    public void Dispose() => _range.Dispose();
}

/// <summary>What a column holds for a prefix: nothing, one path without identifier and label, or a <see cref="PathList"/>.</summary>
internal readonly struct RouteCell(uint bits)
{
    public const uint ListBit = 1u << 31, GenerationBit = 1u << 30, HandleMask = GenerationBit - 1;

    public uint Bits { get; } = bits;

    public bool IsEmpty => Bits == 0;

    public bool IsList => (Bits & ListBit) != 0;

    /// <summary>Of the attributes, or of the list.</summary>
    public uint Handle => Bits & HandleMask;

    public static RouteCell OfList(uint list) => new(list | ListBit);

    public static RouteCell OfPath(uint attributes, uint generation) => new(attributes | generation);
}
