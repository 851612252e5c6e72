namespace Collector.Tests.Hosting;

/// <summary>The system's clock, but timers go off only when a test says so.</summary>
internal sealed class TimersByHand : TimeProvider
{
    private readonly List<Timer> _timers = [];

    /// <summary>Lets every timer of this period go off once.</summary>
    public void Fire(TimeSpan period)
    {
        foreach (Timer timer in _timers.Where(t => t.Period == period && !t.IsDisposed).ToArray())
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(callback, state, period);
        _timers.Add(timer);
        return timer;
    }

    private sealed class Timer(TimerCallback callback, object? state, TimeSpan period) : ITimer
    {
        public TimeSpan Period => period;

        public bool IsDisposed { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
