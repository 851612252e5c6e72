using System.Numerics;

namespace Collector.Flows.Sequences;

/// <summary>Follows numbers that count one by one, as those of the samples of an sFlow data source: the newest, and which of the 63 before it came.</summary>
internal struct SampleWindow
{
    private const int Width = 64;

    private ulong _seen;
    private uint _newest;

    /// <summary>Takes the next number.</summary>
    internal void Observe(uint number, SequenceCounters counters)
    {
        int ahead = (int)(number - _newest);
        if (_seen == 0)
        {
            // Nothing before the first one is missing.
            (_newest, _seen) = (number, ulong.MaxValue);
        }
        else if (ahead > 0 && ahead <= (int)SequenceTracker.MaxGap)
        {
            Move(ahead, counters);
            _newest = number;
        }
        else if (ahead is <= 0 and > -Width)
        {
            ulong bit = 1UL << -ahead;
            bool isLate = (_seen & bit) == 0;
            counters.Awaited -= isLate ? 1 : 0;
            counters.Reordered += isLate ? 1 : 0;
            counters.Duplicates += isLate ? 0 : 1;
            _seen |= bit;
        }
        else
        {
            GiveUp(Width, counters);
            counters.Restarts++;
            (_newest, _seen) = (number, ulong.MaxValue);
        }
    }

    private void Move(int ahead, SequenceCounters counters)
    {
        GiveUp(Math.Min(ahead, Width), counters);
        _seen = ahead < Width ? _seen << ahead | 1 : 1;
        int passed = ahead - 1;
        int open = Math.Min(passed, Width - 1);
        counters.Awaited += open;
        counters.Lost += passed - open;
    }

    // The oldest so many are no longer waited for.
    private readonly void GiveUp(int oldest, SequenceCounters counters)
    {
        int lost = oldest - BitOperations.PopCount(_seen >> (Width - oldest));
        counters.Awaited -= lost;
        counters.Lost += lost;
    }
}
