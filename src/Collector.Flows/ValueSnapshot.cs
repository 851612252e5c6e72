namespace Collector.Flows;

/// <summary>
/// The bytes behind the handles of one epoch of a <see cref="ValueTable"/>. Only grows: a reader on another thread may resolve every handle
/// that reached it through a queue while the owner goes on appending.
/// </summary>
public sealed class ValueSnapshot
{
    private const int ChunkBytes = 64 * 1024;
    private const int EntriesPerPage = 4096;

    private Entry[][] _pages = [new Entry[EntriesPerPage]];
    private byte[] _chunk = new byte[ChunkBytes];
    private int _used;

    /// <summary>Number of values; their handles are 1 to this number.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all values.</summary>
    public long Bytes { get; private set; }

    /// <summary>The bytes of a value; empty for handle 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The handle was not given out by this epoch.</exception>
    public ReadOnlySpan<byte> this[uint handle]
    {
        get
        {
            if (handle == 0)
            {
                return default;
            }

            ArgumentOutOfRangeException.ThrowIfGreaterThan(handle, (uint)Count);
            ref readonly Entry entry = ref EntryOf(handle);
            return entry.Chunk.AsSpan(entry.Offset, entry.Length);
        }
    }

    internal uint HashOf(uint handle) => EntryOf(handle).Hash;

    internal uint Append(ReadOnlySpan<byte> value, uint hash)
    {
        if (_used + value.Length > _chunk.Length)
        {
            _chunk = new byte[ChunkBytes];
            _used = 0;
        }

        int page = Count / EntriesPerPage;
        if (page == _pages.Length)
        {
            // A reader keeps the outer array it has seen: the pages themselves never move.
            Entry[][] larger = new Entry[_pages.Length * 2][];
            _pages.CopyTo(larger, 0);
            _pages = larger;
        }

        _pages[page] ??= new Entry[EntriesPerPage];
        value.CopyTo(_chunk.AsSpan(_used));
        _pages[page][Count % EntriesPerPage] = new Entry { Chunk = _chunk, Offset = _used, Length = value.Length, Hash = hash };
        _used += value.Length;
        Bytes += value.Length;
        return (uint)++Count;
    }

    private ref readonly Entry EntryOf(uint handle) => ref _pages[(handle - 1) / EntriesPerPage][(handle - 1) % EntriesPerPage];

    private struct Entry
    {
        public byte[] Chunk;
        public int Offset;
        public int Length;
        public uint Hash;
    }
}
