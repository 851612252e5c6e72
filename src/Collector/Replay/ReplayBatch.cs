using Collector.Net;

namespace Collector.Replay;

/// <summary>Datagrams and purge markers on their way from the reader to one worker of a replay, in order; reused.</summary>
internal sealed class ReplayBatch
{
    private const int BufferBytes = 1 << 20;
    private const int MaxItems = 4096;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Item[] _items = new Item[MaxItems];
    private int _used;

    /// <summary>True when the reader waits for the worker behind this batch.</summary>
    public bool Settles { get; set; }

    /// <summary>Items in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>The items in the order of the capture.</summary>
    public ReadOnlySpan<Item> Items => _items.AsSpan(0, Count);

    /// <summary>The payload of an item.</summary>
    public ReadOnlySpan<byte> PayloadOf(in Item item) => _buffer.AsSpan(item.Offset, item.Length);

    /// <summary>True when a datagram of this length still fits: one always does in an empty batch.</summary>
    public bool HasRoomFor(int length) => Count < MaxItems && _used + length <= BufferBytes;

    /// <summary>Copies a datagram into the batch.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="clock">The replay's clock when it was read.</param>
    public void Add(in CapturedDatagram datagram, long clock)
    {
        datagram.Payload.CopyTo(_buffer.AsSpan(_used));
        _items[Count++] = new Item
        {
            Offset = _used,
            Length = datagram.Payload.Length,
            Source = datagram.Source,
            SourcePort = datagram.SourcePort,
            Time = datagram.Time,
            Clock = clock,
            Number = datagram.Number,
            Output = -1,
        };
        _used += datagram.Payload.Length;
    }

    /// <summary>Adds a marker: purge <paramref name="number"/> of an output happens here.</summary>
    public void AddMarker(int output, long number, long commit, long clock) =>
        _items[Count++] = new Item { Output = output, Number = (ulong)number, Commit = commit, Clock = clock };

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Count = 0;
        Settles = false;
        _used = 0;
    }

    /// <summary>A datagram, or a marker when <see cref="Output"/> is not negative.</summary>
    internal struct Item
    {
        public int Output;
        public int Offset;
        public int Length;
        public ushort SourcePort;
        public IpAddress Source;
        public long Time;
        public long Clock;
        public long Commit;
        public ulong Number;
    }
}
