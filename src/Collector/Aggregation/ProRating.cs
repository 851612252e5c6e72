using Collector.Flows;

namespace Collector.Aggregation;

/// <summary>
/// nfacctd_pro_rating: the counters of a flow are divided among the bins that it touches, by the whole seconds that it spent in each. One per output
/// and worker.
/// </summary>
/// <remarks>
/// What nfacctd 1.7.7 does, seen by running it:
/// <list type="bullet">
/// <item>Start and end are whole seconds, each rounded down. Each counter (packets, octets, flows) is divided, in single precision,
/// by the seconds of the flow over its seconds in the bin, and cut: what is cut off is in no bin.</item>
/// <item>A counter that is not zero gives at least 1 in every bin, so 1 flow over 5 bins is 5 flows in all.</item>
/// <item>A flow that ends where a bin begins does not touch that bin. A flow within one bin, of no duration, whose end is unknown or before its
/// start keeps its counters exactly, in the bin of its start; so does every record without history or with time_new.</item>
/// <item>Bins of the future get their shares too; tcp_flags, times and tags are in every share.</item>
/// </list>
/// Not taken over: nfacctd counts a flow that starts exactly on the boundary of an older bin a second time, whole, one bin too early (pmacct-compat §11.3
/// no. 1), takes the shares of the destination of sum_* from the last share of its source, and does not divide a flow of version 9 that ends in the future.
/// </remarks>
internal sealed class ProRating
{
    /// <summary>Most bins that a flow is divided among, a day of one-minute bins. A longer one goes whole into the bin of its start and is counted.</summary>
    /// <remarks>49.7 days, which any exporter can claim, would be four million entries in bins of a second.</remarks>
    public const int MaxBins = 1_440;

    // Beyond it the calendar of month bins ends.
    private const long LastSecond = 250_000_000_000;

    private readonly FlowRecord[] _shares = new FlowRecord[32];
    private FlowRecord _record;
    private WindowClock? _clock;
    private long _start;
    private long _end;
    private long _bin;

    /// <summary>Flows over more than <see cref="MaxBins"/> bins, which were not divided.</summary>
    public long LongFlows { get; private set; }

    /// <summary>Begins with a record.</summary>
    /// <returns>False when it goes whole into the bin of its start; else <see cref="Next"/> gives its shares.</returns>
    public bool Begin(in FlowRecord record, WindowClock clock)
    {
        long start = record.BinTime / 1_000_000, end = record.BinEndTime / 1_000_000;
        if (start == 0 || end <= start || !clock.HasHistory)
        {
            return false;
        }

        long bin = clock.BinOf(start);
        if (end > LastSecond || (end - bin - 1) / clock.ShortestBinSeconds >= MaxBins)
        {
            LongFlows++;
            return false;
        }

        if (clock.EndOf(bin) >= end)
        {
            return false;
        }

        (_record, _clock, _start, _end, _bin) = (record, clock, start, end, bin);
        return true;
    }

    /// <summary>The next shares, bins ascending; empty when there are no more. Valid until the next call.</summary>
    public Span<FlowRecord> Next()
    {
        int count = 0;
        for (; count < _shares.Length && _bin < _end; count++)
        {
            long next = _clock!.EndOf(_bin);
            float divisor = (float)(_end - _start) / (Math.Min(_end, next) - Math.Max(_start, _bin));
            ref FlowRecord share = ref _shares[count];
            share = _record;
            share.BinTime = _bin * 1_000_000;
            share.Packets = Share(_record.Packets, divisor);
            share.Octets = Share(_record.Octets, divisor);
            share.Flows = Share(_record.Flows, divisor);
            _bin = next;
        }

        return _shares.AsSpan(0, count);
    }

    private static ulong Share(ulong counter, float divisor) => counter == 0 ? 0 : Math.Max(1, (ulong)(counter / divisor));
}
