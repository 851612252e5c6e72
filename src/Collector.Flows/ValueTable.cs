using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Collector.Flows;

/// <summary>
/// Interns byte values of variable length (names, AS paths, communities): equal values get equal handles, so records and keys stay of fixed width.
/// </summary>
/// <remarks>
/// Owned by one worker. When the table is more than half full the worker calls <see cref="Rotate"/> between windows; handles of before are then
/// resolved through the <see cref="ValueSnapshot"/> that was handed over with the aggregation table. Handle 0 is the empty value.
/// </remarks>
public sealed class ValueTable
{
    /// <summary>Longest value kept, in bytes; a longer one is refused.</summary>
    public const int MaxValueLength = 16 * 1024;

    // Values come from peers: without a number that they cannot know they could choose values that all meet in one slot.
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();

    private readonly int _maxEntries;
    private readonly long _maxBytes;
    private uint[] _index = new uint[1024];

    /// <summary>Makes an empty table.</summary>
    /// <param name="maxEntries">Most values kept, at least 1; default 1,048,576.</param>
    /// <param name="maxBytes">Most bytes kept in all; default 64 MiB.</param>
    public ValueTable(int maxEntries = 1 << 20, long maxBytes = 64L << 20)
    {
        _maxEntries = maxEntries;
        _maxBytes = maxBytes;
        Snapshot = new ValueSnapshot();
    }

    /// <summary>The values behind the handles given out since the last <see cref="Rotate"/>.</summary>
    public ValueSnapshot Snapshot { get; private set; }

    /// <summary>Grows by one with each <see cref="Rotate"/>: who keeps a handle must keep this beside it and intern again when it differs.</summary>
    public int Epoch { get; private set; }

    /// <summary>Values that were replaced by the empty value because a limit was met.</summary>
    public long Refused { get; private set; }

    /// <summary>True when more than half of either limit is used.</summary>
    public bool WantsRotation => Snapshot.Count > _maxEntries / 2 || Snapshot.Bytes > _maxBytes / 2;

    /// <summary>The handle of a value; 0 for the empty value and for one that no limit lets in (then <see cref="Refused"/> grows).</summary>
    public uint Intern(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return 0;
        }

        uint hash = Hash(value);
        uint mask = (uint)_index.Length - 1;
        for (uint slot = hash & mask; ; slot = (slot + 1) & mask)
        {
            uint handle = _index[slot];
            if (handle == 0)
            {
                return Add(value, hash, slot);
            }

            if (Snapshot.HashOf(handle) == hash && Snapshot[handle].SequenceEqual(value))
            {
                return handle;
            }
        }
    }

    /// <summary>Starts anew; handles given out before are only good for snapshots taken before.</summary>
    public void Rotate()
    {
        Snapshot = new ValueSnapshot();
        _index = new uint[1024];
        Epoch++;
    }

    /// <summary>A 32-bit hash of a value, never used across processes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Hash(ReadOnlySpan<byte> value)
    {
        ulong h = Seed ^ ((ulong)value.Length * 0x9E37_79B9_7F4A_7C15UL);
        while (value.Length >= 8)
        {
            h = (h ^ MemoryMarshal.Read<ulong>(value)) * 0xBF58_476D_1CE4_E5B9UL;
            h ^= h >> 31;
            value = value[8..];
        }

        ulong tail = 0;
        for (int i = 0; i < value.Length; i++)
        {
            tail |= (ulong)value[i] << (8 * i);
        }

        h = (h ^ tail) * 0x94D0_49BB_1331_11EBUL;
        return (uint)(h ^ (h >> 32));
    }

    private uint Add(ReadOnlySpan<byte> value, uint hash, uint slot)
    {
        if (value.Length > MaxValueLength || Snapshot.Count >= _maxEntries || Snapshot.Bytes + value.Length > _maxBytes)
        {
            Refused++;
            return 0;
        }

        uint handle = Snapshot.Append(value, hash);
        _index[slot] = handle;
        if (Snapshot.Count * 2 > _index.Length)
        {
            Grow();
        }

        return handle;
    }

    private void Grow()
    {
        _index = new uint[_index.Length * 2];
        uint mask = (uint)_index.Length - 1;
        for (uint handle = 1; handle <= Snapshot.Count; handle++)
        {
            uint slot = Snapshot.HashOf(handle) & mask;
            while (_index[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _index[slot] = handle;
        }
    }
}
