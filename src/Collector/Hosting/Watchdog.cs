using System.Globalization;

namespace Collector.Hosting;

/// <summary>Feeds systemd's watchdog only while every worker ticks.</summary>
/// <param name="notifier">Takes WATCHDOG=1.</param>
/// <param name="hasTicked">True when every worker has ticked since the last call.</param>
public sealed class Watchdog(ServiceNotifier notifier, Func<bool> hasTicked)
{
    /// <summary>How often <see cref="Tick"/> must be called: half of what systemd allows, or null without a watchdog.</summary>
    /// <param name="microseconds">$WATCHDOG_USEC.</param>
    /// <param name="pid">$WATCHDOG_PID: the process that is watched; null or empty: whoever asks.</param>
    public static TimeSpan? Interval(string? microseconds, string? pid)
    {
        bool mine = string.IsNullOrEmpty(pid) || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return mine && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long allowed) && allowed is > 1 and < long.MaxValue / 10
            ? TimeSpan.FromMicroseconds(allowed / 2)
            : null;
    }

    /// <summary>The interval of this process.</summary>
    public static TimeSpan? IntervalFromEnvironment() =>
        Interval(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"));

    /// <summary>Feeds the watchdog, or lets it starve.</summary>
    public void Tick()
    {
        if (hasTicked())
        {
            notifier.Alive();
        }
    }
}
