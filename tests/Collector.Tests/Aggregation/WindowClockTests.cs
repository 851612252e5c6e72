using Collector.Aggregation;
using Collector.Configuration;
using Xunit;

namespace Collector.Tests.Aggregation;

public class WindowClockTests
{
    private static long At(string time) => DateTimeOffset.Parse("2026-11-20 " + time + "Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();

    private static WindowClock Clock(string now, int history, string roundoff = "", int refresh = 60, int offset = 0, int delay = 0) => new(
        new WindowOptions { HistorySeconds = history, Roundoff = roundoff, RefreshSeconds = refresh, OffsetSeconds = offset, StartupDelaySeconds = delay },
        At(now),
        TimeZoneInfo.Utc);

    [Theory]
    [InlineData("12:37:42", 300, "", "12:37:00")]
    [InlineData("12:37:42", 300, "m", "12:35:00")]
    [InlineData("12:37:42", 3600, "h", "12:00:00")]
    [InlineData("12:35:00", 300, "m", "12:30:00")] // Strictly: at a boundary the bin before is still the current one.
    [InlineData("12:00:00", 300, "m", "12:00:00")]
    public void Start_RoundsOffAsPmacctDoes(string now, int history, string roundoff, string expected) =>
        Assert.Equal(At(expected), Clock(now, history, roundoff).BaseTime);

    [Fact]
    public void Advance_BoundarySecond_StillBelongsToTheOldBin()
    {
        WindowClock clock = Clock("12:00:10", 60, "m");
        clock.Advance(At("12:01:00"));
        Assert.Equal(At("12:00:00"), clock.BaseTime);
        Assert.Equal(At("12:01:01"), clock.NextRollover);
        clock.Advance(At("12:01:01"));
        Assert.Equal(At("12:01:00"), clock.BaseTime);
    }

    [Fact]
    public void Advance_ManyBins_LandsWhereSteppingWould()
    {
        WindowClock clock = Clock("12:00:10", 7, "m");
        long expected = clock.BaseTime;
        for (long now = At("12:00:10"); now < At("12:09:59"); now++)
        {
            while (now > expected + 7)
            {
                expected += 7;
            }
        }

        clock.Advance(At("12:09:58"));
        Assert.Equal(expected, clock.BaseTime);
    }

    [Theory]
    [InlineData("17:15:00", "17:15:00")]
    [InlineData("17:14:01", "17:14:00")]
    [InlineData("17:14:59", "17:14:00")]
    [InlineData("17:14:00", "17:14:00")] // pmacct: 17:13:00, its bin of a late flow exactly on a boundary (pmacct-compat §11.3 no. 1).
    [InlineData("17:13:00", "17:13:00")]
    [InlineData("17:19:30", "17:19:00")]
    public void BinOf_StartOfTheFlow_DecidesTheBin(string start, string expected)
    {
        WindowClock clock = Clock("17:15:30", 60, "m");
        Assert.Equal(At(expected), clock.BinOf(At(start)));
    }

    [Fact]
    public void BinOf_WithoutStart_IsTheCurrentBin() => Assert.Equal(At("17:15:00"), Clock("17:15:30", 60, "m").BinOf(0));

    [Fact]
    public void BinOf_WithoutHistory_IsZero() => Assert.Equal(0, Clock("17:15:30", 0).BinOf(At("17:15:00")));

    [Fact]
    public void Deadline_IsAlignedAndStrict()
    {
        WindowClock clock = Clock("17:15:03", 300, "m", refresh: 5);
        Assert.False(clock.IsDue(At("17:15:05")));
        Assert.True(clock.IsDue(At("17:15:06")));
        clock.TakePurge(At("17:15:06"), out long number, out long commit);
        Assert.Equal(1, number);
        Assert.Equal(At("17:15:00"), commit);
        Assert.Equal(At("17:15:10"), clock.Deadline);
    }

    [Fact]
    public void TakePurge_RefreshBelowHistory_PublishesTheCurrentBinInPart()
    {
        WindowClock clock = Clock("17:16:03", 300, "m", refresh: 5);
        clock.TakePurge(At("17:16:06"), out _, out long commit);
        Assert.Equal(At("17:15:00"), commit);
    }

    [Fact]
    public void TakePurge_RightAfterARollover_KeepsTheCurrentBin()
    {
        WindowClock clock = Clock("17:15:10", 60, "m", refresh: 60);
        clock.Advance(At("17:16:01"));
        clock.TakePurge(At("17:16:01"), out _, out long commit);
        Assert.Equal(At("17:15:00"), commit);
        Assert.Equal(At("17:16:00"), clock.BaseTime);
    }

    [Fact]
    public void TakePurge_AfterALongPause_TakesAllPassedDeadlinesAtOnce()
    {
        WindowClock clock = Clock("17:15:10", 60, "m", refresh: 10);
        WindowClock punctual = Clock("17:15:10", 60, "m", refresh: 10);
        long number = 0;
        for (long now = At("17:15:10"); now <= At("17:20:05"); now++)
        {
            if (punctual.IsDue(now))
            {
                punctual.TakePurge(now, out number, out _);
            }
        }

        clock.TakePurge(At("17:20:05"), out long late, out long commit);
        Assert.Equal(number, late);
        Assert.Equal(punctual.Deadline, clock.Deadline);
        Assert.Equal(At("17:19:00"), commit);
    }

    [Fact]
    public void StartupDelay_KeepsBinsLonger()
    {
        WindowClock clock = Clock("17:15:10", 60, "m", refresh: 60, delay: 120);
        Assert.Equal(At("17:18:00"), clock.Deadline);
        clock.TakePurge(At("17:18:01"), out _, out long commit);
        Assert.Equal(At("17:15:00"), commit);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("mhd", 1)]
    [InlineData("m", 2)]
    public void Months_BeginOnTheFirst_WhateverTheRoundoff(string roundoff, int months)
    {
        // Seen with nfacctd 1.7.7 on 27 November: stamp_inserted 2026-11-01 00:00:00.
        long now = new DateTimeOffset(2026, 11, 27, 2, 44, 5, TimeSpan.Zero).ToUnixTimeSeconds();
        var clock = new WindowClock(new WindowOptions { HistoryMonths = months, Roundoff = roundoff }, now, TimeZoneInfo.Utc);
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), clock.BinOf(now - 5));
    }

    [Fact]
    public void Months_FollowTheCalendarOfTheZone()
    {
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("plus2", TimeSpan.FromHours(2), "plus2", "plus2");
        var options = new WindowOptions { HistoryMonths = 1, Roundoff = "M" };
        long start = new DateTimeOffset(2026, 1, 31, 10, 0, 0, TimeSpan.FromHours(2)).ToUnixTimeSeconds();
        var clock = new WindowClock(options, start, zone);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)).ToUnixTimeSeconds(), clock.BaseTime);
        clock.Advance(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(2)).ToUnixTimeSeconds());
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(2)).ToUnixTimeSeconds(), clock.BaseTime);
        long february = new DateTimeOffset(2026, 2, 28, 23, 0, 0, TimeSpan.FromHours(2)).ToUnixTimeSeconds();
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.FromHours(2)).ToUnixTimeSeconds(), clock.BinOf(february));
    }

    [Theory]
    [InlineData("m", "2026-11-20 12:00:00")]
    [InlineData("h", "2026-11-20 00:00:00")]
    [InlineData("d", "2026-11-01 00:00:00")]
    [InlineData("w", "2026-11-15 00:00:00")]
    [InlineData("M", "2026-01-01 00:00:00")]
    public void Roundoff_Letters(string letters, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected + "Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds(),
        WindowClock.Roundoff(At("12:37:42"), letters, TimeZoneInfo.Utc));
}
