namespace Collector.Flows;

/// <summary>What is looked at in records after they were decoded, and counted for their exporter.</summary>
internal static class RecordChecks
{
    /// <summary>Looks at records of one datagram.</summary>
    /// <param name="records">Records of one datagram.</param>
    /// <param name="counters">Counters of the exporter.</param>
    /// <param name="options">What to look for and what to do about it.</param>
    /// <param name="sampledAlike">All records have the sampling interval of the first.</param>
    internal static void Run(Span<FlowRecord> records, SourceCounters counters, DecoderOptions options, bool sampledAlike)
    {
        if (options.ChecksEnds)
        {
            CheckEnds(records, counters, options.OrderFlowTimes);
        }

        if (options.LateLimit != 0 || options.FutureLimit != 0)
        {
            CheckBins(records, counters, options);
        }

        CountUnsampled(records, counters, sampledAlike);
    }

    private static void CountUnsampled(Span<FlowRecord> records, SourceCounters counters, bool alike)
    {
        if (records.IsEmpty || (alike && records[0].SamplingInterval != 0))
        {
            return;
        }

        if (alike)
        {
            counters.UnsampledRecords += records.Length;
            return;
        }

        foreach (ref readonly FlowRecord record in records)
        {
            counters.UnsampledRecords += record.SamplingInterval == 0 ? 1 : 0;
        }
    }

    // An end of 0 is unknown and no fault (quirk D3).
    private static void CheckEnds(Span<FlowRecord> records, SourceCounters counters, bool order)
    {
        foreach (ref FlowRecord record in records)
        {
            if (record.EndTime < record.StartTime && record.EndTime != 0)
            {
                counters.EndsBeforeStart++;
                record.EndTime = order ? record.StartTime : record.EndTime;
            }
        }
    }

    // Quirk D7: what is too far away to be true goes into the bin of its arrival.
    private static void CheckBins(Span<FlowRecord> records, SourceCounters counters, DecoderOptions options)
    {
        foreach (ref FlowRecord record in records)
        {
            long age = record.ArrivalTime - record.BinTime;
            if (options.LateLimit != 0 && age > options.LateLimit)
            {
                counters.LateRecords++;
                record.BinTime = 0;
            }
            else if (options.FutureLimit != 0 && -age > options.FutureLimit)
            {
                counters.FutureRecords++;
                record.BinTime = 0;
            }
        }
    }
}
