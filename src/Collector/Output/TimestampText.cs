using System.Buffers.Text;
using Collector.Configuration;

namespace Collector.Output;

/// <summary>Writes times as pmacct does (pmacct-compat §2.1), straight into UTF-8, without allocating.</summary>
/// <remarks>
/// The text of a minute is kept: a zone's offset changes on whole minutes only, so a time costs a look-up and its seconds.
/// Not thread-safe: one per writer.
/// </remarks>
public sealed class TimestampText
{
    /// <summary>The longest text, in bytes.</summary>
    public const int MaxLength = 48;

    private const int Slots = 64;
    private const int SlotBytes = 32;

    // Years beyond six digits are no time of a flow; the limit keeps the arithmetic and the text in bounds.
    private const long LastSecond = 9_223_372_036_854;

    private readonly TimeZoneInfo _zone;
    private readonly bool _sinceEpoch;
    private readonly bool _rfc3339;
    private readonly bool _wholeSeconds;
    private readonly bool _zuluForUtc;
    private readonly byte[] _zero;
    private readonly Minute[] _minutes = new Minute[Slots];
    private readonly byte[] _texts = new byte[Slots * SlotBytes];

    /// <summary>Makes a writer.</summary>
    /// <param name="options">timestamps_utc, timestamps_rfc3339, timestamps_since_epoch (which wins), timestamps_secs and the dialect.</param>
    /// <param name="local">The zone without timestamps_utc; null: that of the system (TZ).</param>
    public TimestampText(TextOptions options, TimeZoneInfo? local = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _zone = options.Utc ? TimeZoneInfo.Utc : local ?? TimeZoneInfo.Local;
        _sinceEpoch = options.SinceEpoch;
        _rfc3339 = options.Rfc3339;
        _wholeSeconds = options.Seconds;

        // Seen with 1.7.7: an offset of zero is written Z; 1.8 writes +00:00.
        _zuluForUtc = options.Pmacct17;
        _zero = _rfc3339 ? "0000-00-00T00:00:00"u8.ToArray() : "0000-00-00 00:00:00"u8.ToArray();
        Array.Fill(_minutes, new Minute { Number = long.MinValue });
    }

    /// <summary>Writes a time with its fraction of six digits and returns the length; 0 is the zero date, with the offset of 1970.</summary>
    /// <param name="microseconds">Since the Unix epoch.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public int WriteMicroseconds(long microseconds, Span<byte> to) => Write(microseconds, _wholeSeconds, to);

    /// <summary>The same with its fraction also under timestamps_secs.</summary>
    /// <param name="microseconds">Since the Unix epoch.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public int WriteExactly(long microseconds, Span<byte> to) => Write(microseconds, false, to);

    private int Write(long microseconds, bool wholeSeconds, Span<byte> to)
    {
        long seconds = Math.DivRem(microseconds, 1_000_000, out long fraction);
        if (fraction < 0)
        {
            seconds--;
            fraction += 1_000_000;
        }

        return Write(seconds, wholeSeconds ? 0 : (int)fraction, to);
    }

    /// <summary>Writes a time without a fraction and returns the length.</summary>
    /// <param name="seconds">Since the Unix epoch.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public int WriteSeconds(long seconds, Span<byte> to) => Write(Math.Clamp(seconds, -LastSecond, LastSecond), -1, to);

    /// <summary>The offset of the zone at a time, in seconds east of Greenwich.</summary>
    internal static int OffsetAt(TimeZoneInfo zone, long seconds)
    {
        long ticks = Math.Clamp(seconds, -62_000_000_000, 253_000_000_000) * TimeSpan.TicksPerSecond;
        return (int)zone.GetUtcOffset(DateTime.UnixEpoch.AddTicks(ticks)).TotalSeconds;
    }

    private int Write(long seconds, int fraction, Span<byte> to)
    {
        if (_sinceEpoch)
        {
            Utf8Formatter.TryFormat(seconds, to, out int digits);
            return fraction < 0 ? digits : digits + WriteFraction(fraction, to[digits..]);
        }

        long number = Math.DivRem(seconds, 60, out long second);
        if (second < 0)
        {
            number--;
            second += 60;
        }

        int slot = (int)(number & (Slots - 1));
        ref Minute minute = ref _minutes[slot];
        Span<byte> text = _texts.AsSpan(slot * SlotBytes, SlotBytes);
        if (minute.Number != number)
        {
            Fill(ref minute, number, text);
        }

        int at;
        if (seconds == 0)
        {
            _zero.CopyTo(to);
            at = _zero.Length;
        }
        else
        {
            text[..minute.DateLength].CopyTo(to);
            at = minute.DateLength;
            WriteTwo((int)second, to[at..]);
            at += 2;
        }

        if (fraction >= 0)
        {
            at += WriteFraction(fraction, to[at..]);
        }

        text.Slice(minute.DateLength, minute.OffsetLength).CopyTo(to[at..]);
        return at + minute.OffsetLength;
    }

    private void Fill(ref Minute minute, long number, Span<byte> text)
    {
        int offset = OffsetAt(_zone, number * 60) / 60;
        long local = number + offset;
        long day = Math.DivRem(local, 24 * 60, out long minuteOfDay);
        if (minuteOfDay < 0)
        {
            day--;
            minuteOfDay += 24 * 60;
        }

        (long year, int month, int dayOfMonth) = CivilDate(day);
        int at = 0;
        Utf8Formatter.TryFormat(year, text, out int written, new System.Buffers.StandardFormat('D', 4));
        at += written;
        text[at++] = (byte)'-';
        WriteTwo(month, text[at..]);
        text[at + 2] = (byte)'-';
        WriteTwo(dayOfMonth, text[(at + 3)..]);
        text[at + 5] = _rfc3339 ? (byte)'T' : (byte)' ';
        WriteTwo((int)minuteOfDay / 60, text[(at + 6)..]);
        text[at + 8] = (byte)':';
        WriteTwo((int)minuteOfDay % 60, text[(at + 9)..]);
        text[at + 11] = (byte)':';
        at += 12;
        minute = new Minute { Number = number, DateLength = (byte)at, OffsetLength = (byte)(_rfc3339 ? WriteOffset(offset, text[at..]) : 0) };
    }

    private int WriteOffset(int minutes, Span<byte> to)
    {
        if (minutes == 0 && _zuluForUtc)
        {
            to[0] = (byte)'Z';
            return 1;
        }

        to[0] = minutes < 0 ? (byte)'-' : (byte)'+';
        minutes = Math.Abs(minutes);
        WriteTwo(minutes / 60, to[1..]);
        to[3] = (byte)':';
        WriteTwo(minutes % 60, to[4..]);
        return 6;
    }

    private static int WriteFraction(int fraction, Span<byte> to)
    {
        to[0] = (byte)'.';
        for (int i = 6; i > 0; i--)
        {
            (fraction, int digit) = Math.DivRem(fraction, 10);
            to[i] = (byte)('0' + digit);
        }

        return 7;
    }

    private static void WriteTwo(int value, Span<byte> to)
    {
        to[1] = (byte)('0' + (value % 10));
        to[0] = (byte)('0' + (value / 10));
    }

    // Days since 1970-01-01 to a Gregorian date: eras of 400 years that begin on 1 March, so the leap day comes last.
    private static (long Year, int Month, int Day) CivilDate(long days)
    {
        days += 719_468;
        long era = (days >= 0 ? days : days - 146_096) / 146_097;
        int dayOfEra = (int)(days - (era * 146_097));
        int yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int monthFromMarch = ((5 * dayOfYear) + 2) / 153;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, dayOfYear - (((153 * monthFromMarch) + 2) / 5) + 1);
    }

    private struct Minute
    {
        public long Number;
        public byte DateLength;
        public byte OffsetLength;
    }
}
