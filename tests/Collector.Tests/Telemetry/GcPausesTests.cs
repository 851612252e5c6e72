using Collector.Telemetry;
using Xunit;

namespace Collector.Tests.Telemetry;

public class GcPausesTests
{
    [Fact]
    public void BlockingCollection_IsMeasured()
    {
        using var pauses = new GcPauses();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true);

        // Events arrive on a thread of the runtime.
        Assert.True(SpinWait.SpinUntil(() => pauses.Count > 0, TimeSpan.FromSeconds(20)), "no pause was seen");
        Assert.InRange(pauses.LongestMicroseconds, 1, pauses.TotalMicroseconds);
    }
}
