using Collector.Configuration;

namespace Collector.Aggregation;

/// <summary>
/// pmacct's history and refresh rules for one output (pmacct-compat §2.2, §2.4): which bin a record belongs to, when a purge is due and which
/// bins it publishes. All times are whole seconds since the Unix epoch; the caller brings the time.
/// </summary>
/// <remarks>Deterministic: the same start and the same times give the same answers in every worker. Not thread-safe, one per owner.</remarks>
public sealed class WindowClock
{
    private readonly WindowOptions _options;
    private readonly TimeZoneInfo _zone;
    private readonly long _firstDeadline;
    private long _previousBase;
    private bool _rolled;

    /// <summary>Starts the clock.</summary>
    /// <param name="options">history, refresh, roundoff, offset, startup delay.</param>
    /// <param name="now">Start-up time; the time of the first packet in a replay.</param>
    /// <param name="zone">The zone of roundoff, normally the system's: pmacct ignores timestamps_utc here.</param>
    public WindowClock(WindowOptions options, long now, TimeZoneInfo zone)
    {
        _options = options;
        _zone = zone;
        long rounded = Roundoff(now, options.Roundoff, zone);
        if (options.HasHistory)
        {
            // Months begin on the first, whatever the letters say (seen with 1.7.7).
            BaseTime = Floor(options.HistoryMonths > 0 ? Roundoff(rounded, "mhd", zone) : rounded, now, strict: true);
            if (options.OffsetSeconds != 0)
            {
                BaseTime = Step(BaseTime, -1) - options.OffsetSeconds;
            }

            _previousBase = BaseTime;
            Advance(now);
            _rolled = false;
        }

        long refresh = options.RefreshSeconds;
        long deadline = rounded + (Math.Max(0, ((now - rounded + refresh - 1) / refresh) - 1) * refresh);
        _firstDeadline = deadline + refresh + options.StartupDelaySeconds;
        Deadline = _firstDeadline;
    }

    /// <summary>Start of the current bin; 0 without history.</summary>
    public long BaseTime { get; private set; }

    /// <summary>True when there are bins.</summary>
    public bool HasHistory => _options.HasHistory;

    /// <summary>No bin is shorter than this, in seconds.</summary>
    public long ShortestBinSeconds => _options.HistoryMonths > 0 ? _options.HistoryMonths * 28L * 86_400 : _options.HistorySeconds;

    /// <summary>A purge is due when the time is later than this (strictly).</summary>
    public long Deadline { get; private set; }

    /// <summary>The first time at which <see cref="Advance"/> changes <see cref="BaseTime"/>: one second after the end of the bin.</summary>
    public long NextRollover => _options.HasHistory ? Step(BaseTime, 1) + 1 : long.MaxValue;

    /// <summary>Number of the purge whose deadline comes next, from 1; the same in every worker whatever was skipped.</summary>
    public long NextPurge => ((Deadline - _firstDeadline) / _options.RefreshSeconds) + 1;

    /// <summary>Moves the current bin to the one that <paramref name="now"/> belongs to; a boundary second still belongs to the old bin.</summary>
    public void Advance(long now)
    {
        if (!_options.HasHistory || now <= Step(BaseTime, 1))
        {
            return;
        }

        long current = Floor(BaseTime, now, strict: true);
        _previousBase = Step(current, -1);
        BaseTime = current;
        _rolled = true;
    }

    /// <summary>True when a purge is due.</summary>
    public bool IsDue(long now) => now > Deadline;

    /// <summary>Takes the purge that is due: deadlines that have passed meanwhile are taken with it.</summary>
    /// <param name="now">The time, later than <see cref="Deadline"/>.</param>
    /// <param name="number">The number of the last deadline passed.</param>
    /// <param name="commit">Bins up to this start are published, later ones are kept.</param>
    public void TakePurge(long now, out long number, out long commit)
    {
        Advance(now);
        long passed = (now - Deadline - 1) / _options.RefreshSeconds;
        Deadline += passed * _options.RefreshSeconds;
        number = NextPurge;
        Deadline += _options.RefreshSeconds;
        long delay = _options.HistorySeconds > 0 ? _options.StartupDelaySeconds / _options.HistorySeconds * _options.HistorySeconds : 0;
        commit = (_rolled ? _previousBase : BaseTime) - delay;
        _rolled = false;
    }

    /// <summary>The bin of a flow.</summary>
    /// <param name="start">Start of the flow in seconds; 0 bins by arrival, that is into the current bin.</param>
    /// <remarks>A flow that starts exactly on a boundary belongs to the bin that starts there: pmacct puts late ones one bin too early (§11.3 no. 1).</remarks>
    public long BinOf(long start)
    {
        if (!_options.HasHistory)
        {
            return 0;
        }

        return start == 0 ? BaseTime : Floor(BaseTime, start, strict: false);
    }

    /// <summary>Where the bin that starts at <paramref name="bin"/> ends, which is the start of the next.</summary>
    public long EndOf(long bin) => Step(bin, 1);

    /// <summary>The time rounded down as the letters say, in local time; seconds always become 0.</summary>
    internal static long Roundoff(long now, string letters, TimeZoneInfo zone)
    {
        DateTime local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(now), zone).DateTime;
        local = new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, 0, DateTimeKind.Unspecified);
        foreach (char letter in letters)
        {
            local = letter switch
            {
                'm' => local.AddMinutes(-local.Minute),
                'h' => local.Date,
                'd' => new DateTime(local.Year, local.Month, 1),
                'w' => local.Date.AddDays(-(int)local.DayOfWeek),
                'M' => new DateTime(local.Year, 1, 1),
                _ => local,
            };
        }

        return FromLocal(local, zone);
    }

    // The last bin start, counted from `origin`, that is not after `time` (strict: before it), in either direction.
    private long Floor(long origin, long time, bool strict)
    {
        if (_options.HistoryMonths > 0)
        {
            return FloorMonths(origin, strict ? time - 1 : time);
        }

        long distance = time - origin - (strict ? 1 : 0);
        long slot = _options.HistorySeconds;
        long bins = distance >= 0 ? distance / slot : -((-distance + slot - 1) / slot);
        return strict && time == origin ? origin : origin + (bins * slot);
    }

    private long FloorMonths(long origin, long time)
    {
        DateTime from = Local(origin), to = Local(Math.Clamp(time, 0, 250_000_000_000));
        int months = ((to.Year - from.Year) * 12) + to.Month - from.Month;
        int bins = (int)Math.Floor(months / (double)_options.HistoryMonths);
        long start = AddMonths(origin, bins * _options.HistoryMonths);
        return start > time ? AddMonths(origin, (bins - 1) * _options.HistoryMonths) : start;
    }

    private long Step(long bin, int count) =>
        _options.HistoryMonths > 0 ? AddMonths(bin, count * _options.HistoryMonths) : bin + ((long)count * _options.HistorySeconds);

    // Months are calendar months of the zone, whatever its offset.
    private long AddMonths(long time, int months) => FromLocal(Local(time).AddMonths(months), _zone);

    private DateTime Local(long time) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(time), _zone).DateTime;

    private static long FromLocal(DateTime local, TimeZoneInfo zone)
    {
        // A local time that the change to summer time skips is taken at the offset before the change.
        TimeSpan offset = zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddHours(-1)) : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUnixTimeSeconds();
    }
}
