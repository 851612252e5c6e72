using Collector.Hosting;
using Xunit;

namespace Collector.Tests.Hosting;

public class WatchdogTests
{
    [Fact]
    public void Tick_WorkersTick_FeedsTheWatchdogAndOtherwiseDoesNot()
    {
        using var manager = new NotifySocket();
        using var notifier = new ServiceNotifier(manager.Variable);
        bool ticking = true;
        var watchdog = new Watchdog(notifier, () => ticking);

        watchdog.Tick();
        ticking = false;
        watchdog.Tick();
        watchdog.Tick();
        notifier.Status("end");

        Assert.Equal(["WATCHDOG=1", "STATUS=end"], manager.Receive(2));
    }

    [Theory]
    [InlineData("30000000", null, 15_000)]
    [InlineData("30000000", "", 15_000)]
    [InlineData("30000000", "self", 15_000)]
    [InlineData("30000000", "1", null)]
    [InlineData(null, null, null)]
    [InlineData("", null, null)]
    [InlineData("0", null, null)]
    [InlineData("-5", null, null)]
    [InlineData("soon", null, null)]
    public void Interval_IsHalfOfWhatSystemdAllows(string? microseconds, string? pid, int? milliseconds) => Assert.Equal(
        milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
        Watchdog.Interval(microseconds, pid == "self" ? $"{Environment.ProcessId}" : pid));
}
