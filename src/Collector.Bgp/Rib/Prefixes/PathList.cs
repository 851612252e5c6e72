using System.Runtime.InteropServices;
using Collector.Bgp.Rib.Memory;

namespace Collector.Bgp.Rib.Prefixes;

/// <summary>One path of a list.</summary>
/// <param name="PathId">The path identifier.</param>
/// <param name="Bits">The attributes' handle and the generation, as in a cell.</param>
/// <param name="Label">The label.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RoutePath(uint PathId, uint Bits, uint Label)
{
    public uint Attributes => Bits & RouteCell.HandleMask;

    public uint Generation => Bits & RouteCell.GenerationBit;
}

/// <summary>Paths to one prefix from one peer where a cell cannot say it: several, or one with an identifier or a label.</summary>
/// <remarks>Never changed while it can be reached: a change makes a new list and puts it into the cell.</remarks>
internal readonly unsafe struct PathList(BlockPool pool, uint handle)
{
    private readonly uint* _block = (uint*)(pool.Start + ((nuint)handle * BlockPool.UnitBytes));

    public ReadOnlySpan<RoutePath> Paths => new(_block + 1, (int)*_block);

    /// <summary>A list of these paths; 0 when there is no memory.</summary>
    public static uint Allocate(BlockPool pool, ReadOnlySpan<RoutePath> paths)
    {
        uint handle = pool.Allocate(Bytes(paths.Length));
        if (handle != 0)
        {
            var list = new PathList(pool, handle);
            *list._block = (uint)paths.Length;
            paths.CopyTo(new Span<RoutePath>(list._block + 1, paths.Length));
        }

        return handle;
    }

    public static void Free(BlockPool pool, uint handle) => pool.Free(handle, Bytes(new PathList(pool, handle).Paths.Length));

    private static int Bytes(int paths) => sizeof(uint) + (paths * sizeof(RoutePath));
}
