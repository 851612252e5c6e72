using System.Runtime.CompilerServices;

namespace Collector.Flows.Sequences;

/// <summary>Numbers that were passed over a moment ago and may still come; the oldest are given up as lost.</summary>
internal struct SequenceHoles
{
    private const int Capacity = 8;

    // Paths of different length swap a few datagrams; who comes later than this is a loss to every window of time.
    private const uint PatienceDatagrams = 32;
    private const long PatienceMicroseconds = 2_000_000;

    private Holes _holes;

    internal int Count { get; private set; }

    /// <summary>Notes that <paramref name="length"/> numbers from <paramref name="start"/> on are missing.</summary>
    internal void Add(uint start, uint length, uint datagram, long now, SequenceCounters counters)
    {
        if (Count == Capacity)
        {
            GiveUp(0, counters);
        }

        _holes[Count++] = new Hole { Start = start, Length = length, Datagram = datagram, Time = now };
        counters.Awaited += length;
    }

    /// <summary>Fills what a late datagram covers; false when it belongs into no hole.</summary>
    internal bool TryFill(uint sequence, uint units, SequenceCounters counters)
    {
        for (int i = 0; i < Count; i++)
        {
            Hole hole = _holes[i];
            uint offset = sequence - hole.Start;
            if (offset >= hole.Length)
            {
                continue;
            }

            uint filled = Math.Min(units, hole.Length - offset);
            counters.Awaited -= filled;
            Replace(i, hole with { Length = offset }, hole with { Start = sequence + filled, Length = hole.Length - offset - filled }, counters);
            return true;
        }

        return false;
    }

    internal readonly bool Contains(uint sequence)
    {
        for (int i = 0; i < Count; i++)
        {
            if (sequence - _holes[i].Start < _holes[i].Length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives up what has been waited for long enough.</summary>
    internal void Settle(uint datagram, long now, SequenceCounters counters)
    {
        while (Count > 0 && (datagram - _holes[0].Datagram >= PatienceDatagrams || now - _holes[0].Time >= PatienceMicroseconds))
        {
            GiveUp(0, counters);
        }
    }

    /// <summary>Gives up everything.</summary>
    internal void SettleAll(SequenceCounters counters)
    {
        while (Count > 0)
        {
            GiveUp(0, counters);
        }
    }

    private void Replace(int index, in Hole left, in Hole right, SequenceCounters counters)
    {
        if (left.Length > 0 && right.Length > 0)
        {
            _holes[index] = left;
            if (Count == Capacity)
            {
                // No room for both halves: the second one is given up.
                counters.Awaited -= right.Length;
                counters.Lost += right.Length;
                return;
            }

            for (int i = Count++; i > index + 1; i--)
            {
                _holes[i] = _holes[i - 1];
            }

            _holes[index + 1] = right;
            return;
        }

        if (left.Length > 0 || right.Length > 0)
        {
            _holes[index] = left.Length > 0 ? left : right;
            return;
        }

        RemoveAt(index);
    }

    private void GiveUp(int index, SequenceCounters counters)
    {
        counters.Awaited -= _holes[index].Length;
        counters.Lost += _holes[index].Length;
        RemoveAt(index);
    }

    private void RemoveAt(int index)
    {
        Count--;
        for (int i = index; i < Count; i++)
        {
            _holes[i] = _holes[i + 1];
        }
    }

    private record struct Hole
    {
        public uint Start;
        public uint Length;
        public uint Datagram;
        public long Time;
    }

    [InlineArray(Capacity)]
    private struct Holes
    {
        private Hole _first;
    }
}
