namespace Collector.Bgp.Tests.Sessions;

/// <summary>A clock that a test moves; timers go off on the thread that moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private long _now = TimeSpan.FromDays(1).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(new DateTime(2026, 11, 20, 12, 0, 0).AddTicks(GetTimestamp()), TimeSpan.Zero);

    /// <summary>Moves the time in steps of a tenth of a second, so that timers set by timers go off too.</summary>
    public void Advance(TimeSpan time)
    {
        for (long end = GetTimestamp() + time.Ticks; GetTimestamp() < end;)
        {
            Interlocked.Exchange(ref _now, Math.Min(end, GetTimestamp() + (TimeSpan.TicksPerSecond / 10)));
            Timer[] due;
            lock (_gate)
            {
                due = [.. _timers.Where(t => t.Due <= GetTimestamp())];
            }

            foreach (Timer timer in due)
            {
                timer.Fire();
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks;
            return true;
        }

        public void Fire()
        {
            Due = _period == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.GetTimestamp() + _period.Ticks;
            callback(state);
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
