using System.Runtime.InteropServices;
using Collector.Flows;

namespace Collector.Aggregation;

/// <summary>timestamp_min and timestamp_max of one key (nfacctd_stitching); lies behind the padded key, only in tables of a plan that stitches.</summary>
/// <remarks>
/// What nfacctd 1.7.7 does, seen by running it: the minimum is the start of the first record of the entry, whatever comes later. The maximum is
/// the end of the first record; the end of a later one takes its place only when both its seconds and its microseconds are greater. A record without
/// times (time_new, sFlow) gives its arrival in whole seconds for both, and its maximum always takes the place; so does an end that is unknown.
/// Times of version 5 are those that its bins go by, which may be a second off timestamp_start and timestamp_end.
/// The rule depends on the order of records, so a replay that stitches has one worker; live, entries of several workers are taken in the order in
/// which their first records arrived, and each worker's maximum then counts as one record.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public struct StitchTimes
{
    private const long Second = 1_000_000;
    private const int NetFlow5 = 5;

    /// <summary>timestamp_min, microseconds since the Unix epoch.</summary>
    public long Minimum;

    /// <summary>timestamp_max.</summary>
    public long Maximum;

    /// <summary>Arrival of the first record.</summary>
    public long FirstArrival;

    /// <summary>1 when <see cref="Maximum"/> is an arrival, which a later one replaces unasked.</summary>
    public long IsArrival;

    /// <summary>Takes in a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isFirst">True for the first of the entry.</param>
    public void Add(ref readonly FlowRecord record, bool isFirst)
    {
        long arrival = record.ArrivalTime / Second * Second;
        bool hasNoTime = record.BinTime == 0;
        bool isArrival = hasNoTime || record.EndTime == 0;
        bool hasUptimes = record.ExportVersion == NetFlow5 && record.BinEndTime != 0;
        long end = isArrival ? arrival : hasUptimes ? record.BinEndTime : record.EndTime;
        if (isFirst)
        {
            Minimum = hasNoTime ? arrival : hasUptimes ? record.BinTime : record.StartTime;
            FirstArrival = record.ArrivalTime;
            (Maximum, IsArrival) = (end, isArrival ? 1 : 0);
        }
        else
        {
            Raise(end, isArrival ? 1 : 0);
        }
    }

    /// <summary>Takes in what another table has of the same key.</summary>
    /// <param name="other">Its times.</param>
    /// <param name="isLater">True when the first record there came after the first here.</param>
    public void Merge(in StitchTimes other, bool isLater)
    {
        if (isLater)
        {
            Raise(other.Maximum, other.IsArrival);
            return;
        }

        StitchTimes late = this;
        this = other;
        Raise(late.Maximum, late.IsArrival);
    }

    private void Raise(long end, long isArrival)
    {
        if (isArrival != 0 || (end / Second > Maximum / Second && end % Second > Maximum % Second))
        {
            (Maximum, IsArrival) = (end, isArrival);
        }
    }
}
