namespace Collector.Flows;

/// <summary>Holds the clock of an exporter, as its headers tell it, against the arrival of its datagrams (quirk D4).</summary>
internal static class ExportClock
{
    /// <summary>More than this between header and arrival is a wrong clock and no delay, microseconds.</summary>
    internal const long Tolerance = 3_600_000_000;

    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Notes how far the clock is off, and says which time the datagram goes by.</summary>
    /// <param name="seconds">Export time of the header, seconds since the Unix epoch.</param>
    /// <param name="arrival">Arrival, microseconds since the Unix epoch.</param>
    /// <param name="counters">Counters of the exporter.</param>
    /// <param name="options">Whether a wrong clock is replaced.</param>
    /// <returns>Seconds since the Unix epoch.</returns>
    internal static uint Read(uint seconds, long arrival, SourceCounters counters, DecoderOptions options)
    {
        long offset = (seconds * MicrosecondsPerSecond) - arrival;
        counters.ClockOffset = offset;
        if (offset is >= -Tolerance and <= Tolerance)
        {
            return seconds;
        }

        counters.WrongClocks++;
        return options.ReplaceWrongClock ? (uint)(arrival / MicrosecondsPerSecond) : seconds;
    }
}
