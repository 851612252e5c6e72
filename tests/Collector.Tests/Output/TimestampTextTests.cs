using System.Globalization;
using System.Text;
using Collector.Configuration;
using Collector.Output;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Collector.Tests.Output;

public class TimestampTextTests
{
    private static readonly TimeZoneInfo Rome = TimeZoneInfo.FindSystemTimeZoneById("Europe/Rome");
    private static readonly TimeZoneInfo StJohns = TimeZoneInfo.FindSystemTimeZoneById("America/St_Johns");
    private static readonly TimeZoneInfo LordHowe = TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe");

    private static readonly long Summer = RowText.Micros("2026-09-21T14:13:20Z");
    private static readonly long Winter = RowText.Micros("2026-11-21T04:30:44.176456Z");

    [Fact]
    public void LocalTime_FollowsTheZone()
    {
        TimestampText rome = new(new TextOptions(), Rome);
        Assert.Equal("2026-09-21 16:13:20.000000", Micros(rome, Summer));
        Assert.Equal("2026-11-21 05:30:44.176456", Micros(rome, Winter));
        Assert.Equal("2026-11-21 05:30:44", Seconds(rome, Winter / 1_000_000));
        Assert.Equal("2026-11-21 04:30:44.176456", Micros(new TimestampText(new TextOptions { Utc = true }, Rome), Winter));
    }

    // Printed by nfacctd 1.7.7 in these zones.
    [Fact]
    public void Rfc3339_HasTheOffsetOfItsTimeAndZForZero()
    {
        TextOptions rfc = new() { Rfc3339 = true };
        TimestampText rome = new(rfc, Rome), stJohns = new(rfc, StJohns);
        Assert.Equal("2026-09-21T16:13:20.000000+02:00", Micros(rome, Summer));
        Assert.Equal("2026-11-21T05:30:44.176456+01:00", Micros(rome, Winter));
        Assert.Equal("2026-11-21T05:30:44+01:00", Seconds(rome, Winter / 1_000_000));
        Assert.Equal("0000-00-00T00:00:00.000000+01:00", Micros(rome, 0));
        Assert.Equal("2026-09-21T11:43:20.000000-02:30", Micros(stJohns, Summer));
        Assert.Equal("0000-00-00T00:00:00.000000-03:30", Micros(stJohns, 0));
        Assert.Equal("2026-09-21T14:13:20.000000Z", Micros(new TimestampText(rfc with { Utc = true }, Rome), Summer));
        Assert.Equal("0000-00-00T00:00:00.000000Z", Micros(new TimestampText(rfc, TimeZoneInfo.Utc), 0));
    }

    [Fact]
    public void Rfc3339Of18_WritesTheZeroOffset()
    {
        TimestampText text = new(new TextOptions { Rfc3339 = true, Utc = true, Pmacct17 = false });
        Assert.Equal("2026-09-21T14:13:20.000000+00:00", Micros(text, Summer));
        Assert.Equal("0000-00-00T00:00:00.000000+00:00", Micros(text, 0));
        Assert.Equal("0000-00-00T00:00:00+00:00", Seconds(text, 0));
    }

    [Fact]
    public void SinceEpoch_BeatsRfc3339()
    {
        TimestampText text = new(new TextOptions { Rfc3339 = true, SinceEpoch = true }, Rome);
        Assert.Equal("1790000000.000000", Micros(text, Summer));
        Assert.Equal("1790000000", Seconds(text, Summer / 1_000_000));
        Assert.Equal("0.000000", Micros(text, 0));
        Assert.Equal("0", Seconds(text, 0));
        Assert.Equal("1795235444.176456", Micros(text, Winter));
    }

    [Fact]
    public void Zero_IsTheZeroDate()
    {
        TimestampText text = new(new TextOptions(), Rome);
        Assert.Equal("0000-00-00 00:00:00.000000", Micros(text, 0));
        Assert.Equal("0000-00-00 00:00:00", Seconds(text, 0));
    }

    [Fact]
    public void WholeSeconds_KeepTheFractionOfZeros()
    {
        Assert.Equal("2026-11-21 05:30:44.000000", Micros(new TimestampText(new TextOptions { Seconds = true }, Rome), Winter));
        Assert.Equal("1795235444.000000", Micros(new TimestampText(new TextOptions { Seconds = true, SinceEpoch = true }, Rome), Winter));
    }

    [Fact]
    public void ChangeOfOffset_HappensOnItsSecond()
    {
        // Rome left summer time on 25 October 2026 at 01:00 UTC; Lord Howe moves by half an hour, on 5 April 2026 at 15:00 UTC the day before.
        TimestampText rome = new(new TextOptions { Rfc3339 = true }, Rome);
        Assert.Equal("2026-10-25T02:59:59+02:00", Seconds(rome, Unix("2026-10-25T00:59:59Z")));
        Assert.Equal("2026-10-25T02:00:00+01:00", Seconds(rome, Unix("2026-10-25T01:00:00Z")));
        Assert.Equal("2026-10-25T02:59:59+02:00", Seconds(rome, Unix("2026-10-25T00:59:59Z")));
        TimestampText lordHowe = new(new TextOptions { Rfc3339 = true }, LordHowe);
        Assert.Equal("2026-04-05T01:59:59+11:00", Seconds(lordHowe, Unix("2026-04-04T14:59:59Z")));
        Assert.Equal("2026-04-05T01:30:00+10:30", Seconds(lordHowe, Unix("2026-04-04T15:00:00Z")));
    }

    [Fact]
    public void AnyTime_AgreesWithTheFramework()
    {
        TimestampText text = new(new TextOptions { Rfc3339 = true }, LordHowe);
        Gen<long> seconds = Gen.Choose(-2_000_000_000, int.MaxValue).Select(s => (long)s * 2);
        Prop.ForAll(seconds.ToArbitrary(), s =>
        {
            DateTimeOffset local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(s), LordHowe);
            string expected = local.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
            return s == 0 || Seconds(text, s) == expected;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(253_402_300_800_000_000)]
    public void TimesThatNoCalendarKnows_FitAndDoNotThrow(long microseconds)
    {
        foreach (TextOptions options in (TextOptions[])[new(), new() { Rfc3339 = true }, new() { SinceEpoch = true }])
        {
            TimestampText text = new(options, StJohns);
            Assert.InRange(Micros(text, microseconds).Length, 8, TimestampText.MaxLength);
            Assert.InRange(Seconds(text, microseconds).Length, 2, TimestampText.MaxLength);
        }
    }

    private static long Unix(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeSeconds();

    private static string Micros(TimestampText text, long microseconds)
    {
        Span<byte> to = stackalloc byte[TimestampText.MaxLength];
        return Encoding.ASCII.GetString(to[..text.WriteMicroseconds(microseconds, to)]);
    }

    private static string Seconds(TimestampText text, long seconds)
    {
        Span<byte> to = stackalloc byte[TimestampText.MaxLength];
        return Encoding.ASCII.GetString(to[..text.WriteSeconds(seconds, to)]);
    }
}
