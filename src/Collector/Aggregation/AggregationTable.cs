using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Collector.Flows;

namespace Collector.Aggregation;

/// <summary>
/// The entries of one output between two purges: an index of 8-byte slots over entries that lie densely in the order of insertion, all outside
/// the garbage collector's heap.
/// </summary>
/// <remarks>Owned by one thread at a time: a worker, then the merger. Adding never allocates managed memory but for the list of chunks.</remarks>
public sealed unsafe class AggregationTable : IDisposable
{
    // Keys of one call are built and hashed first, so that the memory of their slots and entries is on its way before it is needed.
    private const int GroupSize = 32;
    private const int InitialSlots = 4096;

    // Slots chosen by the sender of the data would make the index a list: the seed differs in every process. Output order never depends on it.
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;

    private readonly KeyBuilder _builder;
    private readonly TableMemory _memory;
    private readonly int _keyWidth;
    private readonly int _rowWidth;
    private readonly bool _stitches;
    private readonly int _stride;
    private readonly int _chunkShift;
    private readonly byte* _scratch;
    private nint[] _chunks = [];
    private int _chunkCount;
    private ulong* _index;
    private int _slots;

    /// <summary>Makes an empty table.</summary>
    public AggregationTable(AggregatePlan plan, TableMemory memory)
    {
        Plan = plan;
        _builder = plan.Builder;
        _memory = memory;
        _keyWidth = _builder.PaddedWidth;
        _stitches = plan.Stitches;
        _rowWidth = _stitches ? _keyWidth + sizeof(StitchTimes) : plan.Layout.Width;
        _stride = sizeof(AggregateEntry) + (_stitches ? _rowWidth : _keyWidth);
        _chunkShift = BitOperations.Log2((uint)(TableMemory.ChunkBytes / _stride));
        _scratch = (byte*)NativeMemory.AlignedAlloc((nuint)(GroupSize * (sizeof(long) + _keyWidth)), 64);
        _slots = InitialSlots;
        _index = (ulong*)_memory.TakeIndex((nuint)_slots * sizeof(ulong), always: true);
    }

    /// <summary>How the table aggregates.</summary>
    public AggregatePlan Plan { get; }

    /// <summary>Entries in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Records that entered since the table was made; with <see cref="EnteredPackets"/> and <see cref="EnteredOctets"/> one side of the ledger.</summary>
    public long EnteredRecords { get; private set; }

    /// <summary>Packets that entered.</summary>
    public ulong EnteredPackets { get; private set; }

    /// <summary>Octets that entered.</summary>
    public ulong EnteredOctets { get; private set; }

    /// <summary>Bytes of memory that the table holds.</summary>
    public long Bytes => ((long)_slots * sizeof(ulong)) + ((long)_chunkCount * TableMemory.ChunkBytes);

    /// <summary>Entry <paramref name="index"/> in the order of insertion.</summary>
    public AggregateEntry* this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (AggregateEntry*)((byte*)_chunks[index >> _chunkShift] + ((long)(index & ((1 << _chunkShift) - 1)) * _stride));
    }

    /// <summary>The key bytes of an entry of this table; in a plan that stitches they are padded and its <see cref="StitchTimes"/> follow.</summary>
    public ReadOnlySpan<byte> KeyOf(AggregateEntry* entry) => new(entry + 1, _rowWidth);

    /// <summary>Adds the sums of records to their keys.</summary>
    /// <param name="records">The records.</param>
    /// <param name="clock">Gives the bins; its current bin is the arrival bin.</param>
    /// <param name="capacity">Entries the table may have at most.</param>
    /// <returns>The number of records added: fewer than given when the table or its memory is full. Hand it over and go on with the rest.</returns>
    public int Add(Span<FlowRecord> records, WindowClock clock, int capacity)
    {
        int done = 0;
        while (done < records.Length)
        {
            Span<FlowRecord> group = records.Slice(done, Math.Min(GroupSize, records.Length - done));
            int added = AddGroup(group, clock, capacity);
            done += added;
            if (added < group.Length)
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Adds the sums of an entry of another table of the same plan; its key has been copied to <paramref name="key"/> (bin and key bytes, padded).</summary>
    /// <returns>False when the memory limit is met.</returns>
    public bool Merge(AggregateEntry* other, byte* key)
    {
        AggregateEntry* entry = FindOrAdd(key, HashKey(key), null, int.MaxValue);
        if (entry == null)
        {
            return false;
        }

        if (_stitches)
        {
            MergeTimes(entry, other);
        }

        if (entry->Records == 0 || (other->FirstDatagram, other->FirstRecord).CompareTo((entry->FirstDatagram, entry->FirstRecord)) < 0)
        {
            entry->FirstDatagram = other->FirstDatagram;
            entry->FirstRecord = other->FirstRecord;
        }

        entry->Records += other->Records;
        entry->Packets += other->Packets;
        entry->Octets += other->Octets;
        entry->Flows += other->Flows;
        entry->TcpFlags |= other->TcpFlags;
        entry->TunnelTcpFlags |= other->TunnelTcpFlags;
        entry->Families |= other->Families;
        return true;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_index == null)
        {
            return;
        }

        foreach (nint chunk in _chunks.AsSpan(0, _chunkCount))
        {
            _memory.ReturnChunk(chunk);
        }

        _memory.ReturnIndex((nint)_index, (nuint)_slots * sizeof(ulong));
        NativeMemory.AlignedFree(_scratch);
        _index = null;
        _chunks = [];
        _chunkCount = 0;
    }

    private int AddGroup(Span<FlowRecord> group, WindowClock clock, int capacity)
    {
        // The index must not grow, nor memory run out, between finding a slot and using it.
        if (!EnsureRoom(group.Length, capacity))
        {
            return AddOneByOne(group, clock, capacity);
        }

        uint* hashes = stackalloc uint[GroupSize];
        AggregateEntry** found = stackalloc AggregateEntry*[GroupSize];
        int keyStride = sizeof(long) + _keyWidth;
        byte* key = _scratch;
        uint mask = (uint)_slots - 1;
        for (int i = 0; i < group.Length; i++, key += keyStride)
        {
            hashes[i] = BuildKey(ref group[i], clock, key);
            Prefetch(_index + (hashes[i] & mask));
        }

        for (int i = 0; i < group.Length; i++)
        {
            found[i] = FirstCandidate(hashes[i]);
            Prefetch(found[i]);
            Prefetch((byte*)found[i] + 64);
        }

        key = _scratch;
        for (int i = 0; i < group.Length; i++, key += keyStride)
        {
            AggregateEntry* entry = FindOrAdd(key, hashes[i], found[i], int.MaxValue);
            Debug.Assert(entry != null, "EnsureRoom reserved memory for the whole group.");
            Accumulate(entry, ref group[i]);
        }

        return group.Length;
    }

    private int AddOneByOne(Span<FlowRecord> group, WindowClock clock, int capacity)
    {
        for (int i = 0; i < group.Length; i++)
        {
            uint hash = BuildKey(ref group[i], clock, _scratch);
            AggregateEntry* entry = FindOrAdd(_scratch, hash, null, capacity);
            if (entry == null)
            {
                return i;
            }

            Accumulate(entry, ref group[i]);
        }

        return group.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint BuildKey(ref FlowRecord record, WindowClock clock, byte* key)
    {
        *(long*)key = clock.BinOf(record.BinTime / 1_000_000);
        _builder.Build(ref record, key + sizeof(long));
        return HashKey(key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Accumulate(AggregateEntry* entry, ref FlowRecord record)
    {
        if (_stitches)
        {
            TimesOf(entry)->Add(in record, isFirst: entry->Records == 0);
        }

        if (entry->Records == 0)
        {
            entry->FirstDatagram = record.DatagramNumber;
            entry->FirstRecord = record.RecordNumber;
        }

        entry->Records++;
        entry->Packets += record.Packets;
        entry->Octets += record.Octets;
        entry->Flows += record.Flows;
        entry->TcpFlags |= record.TcpFlags;
        entry->TunnelTcpFlags |= record.TunnelTcpFlags;
        entry->Families |= (byte)record.Family;
        EnteredRecords++;
        EnteredPackets += record.Packets;
        EnteredOctets += record.Octets;
    }

    private StitchTimes* TimesOf(AggregateEntry* entry) => (StitchTimes*)((byte*)(entry + 1) + _keyWidth);

    // The numbers of datagrams are each worker's own in live operation, but arrivals compare everywhere; in a replay they only ever grow.
    private void MergeTimes(AggregateEntry* entry, AggregateEntry* other)
    {
        StitchTimes* mine = TimesOf(entry), theirs = TimesOf(other);
        if (entry->Records == 0)
        {
            *mine = *theirs;
            return;
        }

        bool isLater = (theirs->FirstArrival, other->FirstDatagram, other->FirstRecord).CompareTo((mine->FirstArrival, entry->FirstDatagram, entry->FirstRecord)) >= 0;
        mine->Merge(*theirs, isLater);
    }

    // A slot is (hash << 32) | (entry number + 1); 0 is free.
    private AggregateEntry* FirstCandidate(uint hash)
    {
        uint mask = (uint)_slots - 1;
        for (uint slot = hash & mask; ; slot = (slot + 1) & mask)
        {
            ulong value = _index[slot];
            if (value == 0)
            {
                return null;
            }

            if ((uint)(value >> 32) == hash)
            {
                return this[(int)(uint)value - 1];
            }
        }
    }

    private AggregateEntry* FindOrAdd(byte* key, uint hash, AggregateEntry* candidate, int capacity)
    {
        if (candidate != null && KeyEquals(candidate, key))
        {
            return candidate;
        }

        uint mask = (uint)_slots - 1;
        uint slot = hash & mask;
        for (; _index[slot] != 0; slot = (slot + 1) & mask)
        {
            if ((uint)(_index[slot] >> 32) == hash)
            {
                AggregateEntry* entry = this[(int)(uint)_index[slot] - 1];
                if (KeyEquals(entry, key))
                {
                    return entry;
                }
            }
        }

        if (Count >= capacity || !EnsureRoom(1, int.MaxValue))
        {
            return null;
        }

        if (mask != (uint)_slots - 1)
        {
            // The index has grown: look for the free slot anew.
            mask = (uint)_slots - 1;
            for (slot = hash & mask; _index[slot] != 0; slot = (slot + 1) & mask)
            {
            }
        }

        AggregateEntry* added = this[Count++];
        *added = new AggregateEntry { Hash = hash, Bin = *(long*)key };
        Unsafe.CopyBlockUnaligned(added + 1, key + sizeof(long), (uint)_keyWidth);
        _index[slot] = ((ulong)hash << 32) | (uint)Count;
        return added;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool KeyEquals(AggregateEntry* entry, byte* key) =>
        new ReadOnlySpan<byte>(&entry->Bin, sizeof(long) + _keyWidth).SequenceEqual(new ReadOnlySpan<byte>(key, sizeof(long) + _keyWidth));

    private bool EnsureRoom(int entries, int capacity)
    {
        if ((long)Count + entries > capacity)
        {
            return false;
        }

        // Up to five eighths full: the probes stay short and the index small enough for the cache.
        if ((long)(Count + entries) * 8 > (long)_slots * 5 && !GrowIndex())
        {
            return false;
        }

        int chunksNeeded = (Count + entries + (1 << _chunkShift) - 1) >> _chunkShift;
        while (chunksNeeded > _chunkCount)
        {
            nint chunk = _memory.TakeChunk();
            if (chunk == 0)
            {
                return false;
            }

            if (_chunkCount == _chunks.Length)
            {
                Array.Resize(ref _chunks, Math.Max(16, _chunks.Length * 2));
            }

            _chunks[_chunkCount++] = chunk;
        }

        return true;
    }

    private bool GrowIndex()
    {
        int slots = _slots * 2;
        ulong* index = slots < 0 ? null : (ulong*)_memory.TakeIndex((nuint)slots * sizeof(ulong));
        if (index == null)
        {
            return false;
        }

        uint mask = (uint)slots - 1;
        for (int i = 0; i < Count; i++)
        {
            uint hash = this[i]->Hash;
            uint slot = hash & mask;
            while (index[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            index[slot] = ((ulong)hash << 32) | (uint)(i + 1);
        }

        _memory.ReturnIndex((nint)_index, (nuint)_slots * sizeof(ulong));
        _index = index;
        _slots = slots;
        return true;
    }

    // Multiply-fold over eight bytes at a time; the key is padded to a multiple of eight.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint HashKey(byte* key)
    {
        ulong h = Seed ^ (*(ulong*)key * 0x9E37_79B9_7F4A_7C15UL);
        ulong* word = (ulong*)(key + sizeof(long));
        int words = _keyWidth / 8;
        int i = 0;
        for (; i + 2 <= words; i += 2)
        {
            ulong high = Math.BigMul(word[i] ^ h, word[i + 1] ^ 0xE703_7ED1_A0B4_28DBUL, out ulong low);
            h = high ^ low;
        }

        if (i < words)
        {
            ulong high = Math.BigMul(word[i] ^ h, 0x8EBC_6AF0_9C88_C6E3UL, out ulong low);
            h = high ^ low;
        }

        ulong last = Math.BigMul(h ^ 0x5899_65CC_7537_4CC3UL, 0x9E37_79B9_7F4A_7C15UL, out ulong lastLow);
        return (uint)(last ^ lastLow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
