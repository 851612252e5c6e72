namespace Collector.Flows.SFlow;

/// <summary>data_format of samples (sFlow v5 §5.3): enterprise in the upper 20 bits, format in the lower 12; these are of enterprise 0.</summary>
internal static class SampleFormat
{
    public const uint Flow = 1;
    public const uint Counters = 2;
    public const uint ExpandedFlow = 3;
    public const uint ExpandedCounters = 4;

    /// <summary>Notification of a discarded packet.</summary>
    public const uint Discarded = 5;

    /// <summary>Bytes of the header that every sample and every record of a sample has: format and length.</summary>
    public const int HeaderLength = 8;

    public static bool IsFlow(uint format) => format is Flow or ExpandedFlow;

    public static bool IsCounters(uint format) => format is Counters or ExpandedCounters;
}
