using System.Numerics;

namespace Collector.Bgp.Rib.Memory;

/// <summary>Blocks of any size in one range of addresses; a handle of 30 bits is the block's place in units of 16 bytes, so it costs no table to follow.</summary>
/// <remarks>
/// Used by the writer; readers follow handles by <see cref="Start"/>. Free blocks are kept by size and used again for the same size: up to 1 KiB
/// every multiple of 16 bytes is a size, beyond that every power of two. When the limit leaves no room, a larger free block is cut. Handle 0 is never
/// given out and leads to zeros; the last unit is never used, so that a reader may look a word beyond a block.
/// </remarks>
internal sealed unsafe class BlockPool : IDisposable
{
    public const int UnitBytes = 16;

    /// <summary>Handles are below this.</summary>
    public const uint MaxHandle = 1u << 30;

    private const int ExactUnits = 64;
    private const int Sizes = ExactUnits + 1 + 16;
    private const uint GrowthUnits = 4096;

    private readonly RibMemory _memory;
    private readonly ReservedMemory _range;
    private readonly uint[] _free = new uint[Sizes];
    private uint _next = 1;
    private uint _end;
    private long _inUse;

    public BlockPool(RibMemory memory)
    {
        _memory = memory;
        _range = new ReservedMemory(new RibMemory(0), (long)MaxHandle * UnitBytes);
        _range.UseHugePages();
        _range.TryMakeUsable(UnitBytes);
        Start = _range.Start;
    }

    public byte* Start { get; }

    /// <summary>Bytes of the blocks in use.</summary>
    public long BytesInUse => Volatile.Read(ref _inUse);

    /// <summary>A block with undefined content, or 0 when the limit is met.</summary>
    public uint Allocate(int bytes)
    {
        int size = SizeOf(bytes, out uint units);
        uint handle = _free[size];
        if (handle != 0)
        {
            _free[size] = *(uint*)(Start + ((nuint)handle * UnitBytes));
        }
        else if (_next + units < _end || TryGrow(units))
        {
            handle = _next;
            _next += units;
        }
        else if ((handle = Cut(size, units)) == 0)
        {
            return 0;
        }

        Volatile.Write(ref _inUse, _inUse + (units * UnitBytes));
        return handle;
    }

    /// <summary>Takes a block back that no reader can reach any more.</summary>
    public void Free(uint handle, int bytes)
    {
        Push(handle, SizeOf(bytes, out uint units));
        Volatile.Write(ref _inUse, _inUse - (units * UnitBytes));
    }

    public void Dispose()
    {
        _memory.Release((long)_end * UnitBytes);
        _range.Dispose();
    }

    private static int SizeOf(int bytes, out uint units)
    {
        units = (uint)((bytes + UnitBytes - 1) / UnitBytes);
        if (units <= ExactUnits)
        {
            return (int)units;
        }

        int power = 32 - BitOperations.LeadingZeroCount(units - 1);
        units = 1u << power;
        return ExactUnits + power - 6;
    }

    private static uint UnitsOf(int size) => size <= ExactUnits ? (uint)size : 1u << (size - ExactUnits + 6);

    private void Push(uint handle, int size)
    {
        *(uint*)(Start + ((nuint)handle * UnitBytes)) = _free[size];
        _free[size] = handle;
    }

    private bool TryGrow(uint units)
    {
        uint growth = Math.Max(GrowthUnits, units + 1);
        if (_next + units + growth >= MaxHandle || !_memory.TryReserve((long)growth * UnitBytes))
        {
            return false;
        }

        // What is left at the old end goes on with the new: the range is one.
        if (!_range.TryMakeUsable(((long)_end + growth) * UnitBytes))
        {
            _memory.Release((long)growth * UnitBytes);
            return false;
        }

        _end += growth;
        return true;
    }

    private uint Cut(int size, uint units)
    {
        for (int larger = size + 1; larger < Sizes; larger++)
        {
            uint handle = _free[larger];
            if (handle == 0)
            {
                continue;
            }

            _free[larger] = *(uint*)(Start + ((nuint)handle * UnitBytes));
            uint rest = UnitsOf(larger) - units;
            for (uint at = handle + units; rest > 0;)
            {
                uint part = rest <= ExactUnits ? rest : 1u << (31 - BitOperations.LeadingZeroCount(rest));
                Push(at, SizeOf((int)part * UnitBytes, out _));
                at += part;
                rest -= part;
            }

            return handle;
        }

        return 0;
    }
}
