using Collector.Net;
using Collector.Telemetry;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Telemetry;

public class RateLimitedLogTests
{
    private static readonly IpAddress A = IpAddress.FromIPv4(0x0A000001), B = IpAddress.FromIPv4(0x0A000002);

    [Fact]
    public void Admit_SamePair_OnceAMinuteWithTheNumberHeldBack()
    {
        var log = new RateLimitedLog();

        Assert.True(log.Admit(A, 1, 0, out long suppressed));
        Assert.Equal(0, suppressed);
        for (int i = 1; i <= 5; i++)
        {
            Assert.False(log.Admit(A, 1, i * 1_000, out _));
        }

        Assert.False(log.Admit(A, 1, 59_999, out _));
        Assert.True(log.Admit(A, 1, 60_000, out suppressed));
        Assert.Equal(6, suppressed);
        Assert.False(log.Admit(A, 1, 60_001, out _));
    }

    [Fact]
    public void Admit_OtherSourceOrReason_IsAdmittedByItself()
    {
        var log = new RateLimitedLog();
        Assert.True(log.Admit(A, 1, 0, out _));
        Assert.True(log.Admit(A, 2, 0, out _));
        Assert.True(log.Admit(B, 1, 0, out _));
    }

    [Fact]
    public void Admit_BeyondTheCapacity_AllOthersOfAReasonShareOneLine()
    {
        var log = new RateLimitedLog(capacity: 2);
        Assert.True(log.Admit(A, 1, 0, out _));
        Assert.True(log.Admit(B, 1, 0, out _));

        int admitted = 0;
        for (uint i = 0; i < 100_000; i++)
        {
            admitted += log.Admit(IpAddress.FromIPv4(i), 1, 1, out _) ? 1 : 0;
        }

        Assert.Equal(1, admitted);
    }

    [Fact]
    public void Admit_PairsWithoutNews_MakeRoomAfterAMinute()
    {
        var log = new RateLimitedLog(capacity: 1);
        Assert.True(log.Admit(A, 1, 0, out _));
        Assert.True(log.Admit(B, 1, 60_000, out _));
        Assert.True(log.Admit(A, 1, 60_000, out _));
    }

    [Fact]
    public void Admit_KnownPair_AllocatesNothing()
    {
        var log = new RateLimitedLog();
        _ = log.Admit(A, 1, 0, out _);
        _ = log.Admit(A, 1, 1, out _);
        long allocated = Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                _ = log.Admit(A, 1, i * 1_000, out _);
            }
        });
        Assert.Equal(0, allocated);
    }
}
