namespace Collector.Replay;

/// <summary>One direction of a TCP connection of a capture: segments in any order in, bytes in their order out.</summary>
internal sealed class TcpDirection
{
    /// <summary>Most bytes kept while others before them are missing.</summary>
    private const int MaxWaiting = 4 << 20;

    private readonly SortedDictionary<long, byte[]> _waiting = [];
    private long _waitingBytes;
    private uint _first;
    private long _next;

    /// <summary>True when SYN was seen.</summary>
    internal bool HasBegun { get; private set; }

    /// <summary>True when bytes are missing that will not come: too many wait behind them.</summary>
    internal bool IsBroken => _waitingBytes > MaxWaiting;

    /// <summary>SYN: the stream begins behind it.</summary>
    internal void Begin(uint sequence)
    {
        (HasBegun, _first, _next) = (true, sequence + 1, 0);
        _waiting.Clear();
        _waitingBytes = 0;
    }

    /// <summary>Takes a segment; tells the bytes that are now in order, by calls that follow each other.</summary>
    internal void Add(uint sequence, ReadOnlySpan<byte> payload, Action<ReadOnlySpan<byte>> inOrder)
    {
        // How far the segment lies from what is expected, in a space of 32 bits that begins anew.
        long position = _next + (int)(sequence - (uint)(_first + _next));
        if (payload.IsEmpty || position + payload.Length <= _next)
        {
            return;
        }

        if (position > _next)
        {
            if (!_waiting.TryGetValue(position, out byte[]? known) || known.Length < payload.Length)
            {
                _waitingBytes += payload.Length - (known?.Length ?? 0);
                _waiting[position] = payload.ToArray();
            }

            return;
        }

        Take(payload[(int)(_next - position)..], inOrder);
        while (_waiting.Count > 0 && _waiting.First() is var (start, bytes) && start <= _next)
        {
            _waiting.Remove(start);
            _waitingBytes -= bytes.Length;
            if (start + bytes.Length > _next)
            {
                Take(bytes.AsSpan((int)(_next - start)), inOrder);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> inOrder)
    {
        _next += bytes.Length;
        inOrder(bytes);
    }
}
