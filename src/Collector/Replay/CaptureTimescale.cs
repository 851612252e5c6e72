namespace Collector.Replay;

/// <summary>Turns the time stamps of one pcapng interface into microseconds since the Unix epoch.</summary>
/// <param name="resolution">if_tsresol: 10^-n, or 2^-n with the highest bit set.</param>
/// <param name="offsetSeconds">if_tsoffset, added to every stamp.</param>
internal readonly struct CaptureTimescale(byte resolution, long offsetSeconds)
{
    /// <summary>The last microsecond of the year 9999, the last that dates can express.</summary>
    public const long Latest = 253_402_300_799_999_999;

    private static readonly ulong[] PowersOfTen = [.. Enumerable.Range(0, 20).Select(n => (ulong)UInt128.Parse("1" + new string('0', n)))];

    /// <summary>Microseconds, rounded down, held within 0 and <see cref="Latest"/>.</summary>
    public long ToMicroseconds(ulong stamp)
    {
        Int128 time = (Int128)Scale(stamp) + ((Int128)offsetSeconds * 1_000_000);
        return time < 0 ? 0 : time > Latest ? Latest : (long)time;
    }

    private UInt128 Scale(ulong stamp)
    {
        int exponent = resolution & 0x7F;
        return (resolution & 0x80, exponent) switch
        {
            (0, <= 6) => (UInt128)stamp * PowersOfTen[6 - exponent],
            (0, <= 25) => stamp / PowersOfTen[exponent - 6],
            (0, _) => 0,
            _ => ((UInt128)stamp * 1_000_000) >> exponent,
        };
    }
}
