using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Collector.Aggregation;

/// <summary>Memory of the aggregation tables, outside the garbage collector's heap, in chunks of one size and under one limit.</summary>
/// <remarks>Safe for all threads. A table asks once per some thousand entries, so this is no part of the work per datagram.</remarks>
public sealed unsafe class TableMemory : IDisposable
{
    /// <summary>Bytes of a chunk.</summary>
    public const int ChunkBytes = 1 << 20;

    // Chunks kept for the next table rather than given back to the system.
    private const int MaxSpareChunks = 64;

    private readonly ConcurrentStack<nint> _spare = new();
    private readonly long _limit;
    private long _used;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="limitBytes">Most bytes in use at any time; 0 for no limit.</param>
    public TableMemory(long limitBytes = 0) => _limit = limitBytes == 0 ? long.MaxValue : limitBytes;

    /// <summary>Bytes in use, indexes included, spare chunks not.</summary>
    public long UsedBytes => Volatile.Read(ref _used);

    /// <summary>A chunk of <see cref="ChunkBytes"/> with undefined content, or 0 when the limit is met.</summary>
    public nint TakeChunk()
    {
        if (!TryReserve(ChunkBytes))
        {
            return 0;
        }

        return _spare.TryPop(out nint chunk) ? chunk : (nint)NativeMemory.AlignedAlloc(ChunkBytes, 4096);
    }

    /// <summary>Gives a chunk back.</summary>
    public void ReturnChunk(nint chunk)
    {
        Interlocked.Add(ref _used, -ChunkBytes);
        if (_spare.Count < MaxSpareChunks)
        {
            _spare.Push(chunk);
        }
        else
        {
            NativeMemory.AlignedFree((void*)chunk);
        }
    }

    /// <summary>Zeroed memory of any size for an index, or 0 when the limit is met; free it with <see cref="ReturnIndex"/>.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="always">Give it even beyond the limit: the small index of an empty table, without which nothing could go on.</param>
    public nint TakeIndex(nuint bytes, bool always = false)
    {
        if (always)
        {
            Interlocked.Add(ref _used, (long)bytes);
        }
        else if (!TryReserve((long)bytes))
        {
            return 0;
        }

        return (nint)NativeMemory.AllocZeroed(bytes);
    }

    /// <summary>Gives back what <see cref="TakeIndex"/> gave.</summary>
    public void ReturnIndex(nint index, nuint bytes)
    {
        Interlocked.Add(ref _used, -(long)bytes);
        NativeMemory.Free((void*)index);
    }

    /// <summary>Frees the spare chunks; chunks in use stay valid.</summary>
    public void Dispose()
    {
        while (_spare.TryPop(out nint chunk))
        {
            NativeMemory.AlignedFree((void*)chunk);
        }
    }

    private bool TryReserve(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= _limit)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }
}
