using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Xunit;

namespace Collector.Tests.Aggregation;

/// <summary>The expected shares are what nfacctd 1.7.7 printed for the same flows, but for the whole flow that it counts once more on a boundary.</summary>
public sealed class ProRatingTests
{
    private const long Base = 1_795_746_000;

    [Theory]
    [InlineData(-125, -5, 100, 1000, "-180:4/41 -120:50/500 -60:45/458")]
    [InlineData(-120, -60, 100, 1000, "whole")]
    [InlineData(-120, 0, 100, 1000, "-120:50/500 -60:50/500")]
    [InlineData(-300, -10, 1, 40, "-300:1/8 -240:1/8 -180:1/8 -120:1/8 -60:1/6")]
    [InlineData(-300, -10, 3, 7, "-300:1/1 -240:1/1 -180:1/1 -120:1/1 -60:1/1")]
    [InlineData(-91, -31, 100, 1000, "-120:51/516 -60:48/483")]
    [InlineData(-300, -10, 100, 0, "-300:20/0 -240:20/0 -180:20/0 -120:20/0 -60:17/0")]
    [InlineData(-125, -5, 9_007_199_254_740_993, 9_223_372_036_854_788_153, "-180:375299980132352/384307179655528448 -120:4503599627370496/4611686018427387904 -60:4128299479465984/4227378666973167616")]
    [InlineData(-125, -5, ulong.MaxValue, ulong.MaxValue, "-180:768614359311056896/768614359311056896 -120:9223372036854775808/9223372036854775808 -60:8454757333946335232/8454757333946335232")]
    [InlineData(-20, 10, 16_777_217, 16_777_219, "-60:11184811/11184813 0:5592405/5592406")]
    [InlineData(70, 190, 100, 1000, "60:41/416 120:50/500 180:8/83")]
    [InlineData(-30, 30, 100, 1000, "-60:50/500 0:50/500")]
    [InlineData(-180, -30, 7, 1001, "-180:2/400 -120:2/400 -60:1/200")]
    [InlineData(5, 100, 100, 1000, "0:57/578 60:42/421")]
    [InlineData(-50, -20, 16_777_217, 16_777_219, "whole")]
    [InlineData(-90, -90, 100, 1000, "whole")]
    [InlineData(-90, -150, 100, 1000, "whole")]
    [InlineData(-90, -60, 100, 1000, "whole")]
    public void Counters_are_divided_as_nfacctd_does(long start, long end, ulong packets, ulong octets, string expected) =>
        Assert.Equal(expected, Split(Record(Base + start, Base + end, packets, octets), Clock()));

    [Fact]
    public void Without_an_end_a_start_or_bins_a_flow_stays_whole()
    {
        Assert.Equal("whole", Split(Record(Base - 300, 0, 100, 1000), Clock()));
        Assert.Equal("whole", Split(Record(0, Base, 100, 1000), Clock()));
        Assert.Equal("whole", Split(Record(Base - 300, Base, 100, 1000), new WindowClock(new WindowOptions(), Base, TimeZoneInfo.Utc)));
    }

    [Fact]
    public void A_flow_over_too_many_bins_stays_whole_and_is_counted()
    {
        var second = new WindowOptions { HistorySeconds = 1 };
        var clock = new WindowClock(second, Base, TimeZoneInfo.Utc);
        var rating = new ProRating();
        FlowRecord most = Record(Base - ProRating.MaxBins, Base, 100_000, 1), more = Record(Base - ProRating.MaxBins - 1, Base, 1, 1), wrapped = Record(Base - 4_294_967, Base, 1, 1);
        Assert.True(rating.Begin(in most, clock));
        Assert.Equal(0, rating.LongFlows);
        Assert.False(rating.Begin(in more, clock));
        Assert.False(rating.Begin(in wrapped, clock));
        Assert.Equal(2, rating.LongFlows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(120)]
    public void No_end_that_an_exporter_can_claim_breaks_month_bins(int months)
    {
        var clock = new WindowClock(new WindowOptions { HistoryMonths = months }, Base, TimeZoneInfo.Utc);
        var rating = new ProRating();
        foreach (long end in new[] { long.MaxValue / 1_000_000, 253_402_300_799, 250_000_000_001, 250_000_000_000, 4_294_967_295 })
        {
            FlowRecord record = Record(Base, end, 10, 10);
            int shares = 0;
            for (bool more = rating.Begin(in record, clock); more; more = false)
            {
                for (Span<FlowRecord> next = rating.Next(); !next.IsEmpty; next = rating.Next())
                {
                    shares += next.Length;
                }
            }

            Assert.InRange(shares, 0, ProRating.MaxBins);
        }
    }

    [Fact]
    public void The_table_gets_every_share_in_its_bin_and_the_ledger_counts_them()
    {
        using var memory = new TableMemory();
        var plan = new AggregatePlan([FlowField.SourcePort], proRates: true);
        using var output = new OutputTable(0, plan, Clock(), memory, new ValueTable(), 1_000);
        FlowRecord[] records = [Record(Base - 10, Base - 5, 1, 1), Record(Base - 125, Base - 5, 100, 1000), Record(Base - 9, Base - 4, 1, 1)];
        output.Add(records, _ => Assert.Fail("no flush"));

        Assert.Equal(3, output.Keys);
        Assert.Equal(2, output.DuplicatedRecords);
        Assert.Equal(5, output.EnteredRecords);
        Assert.Equal(101UL, output.EnteredPackets);
        Assert.Equal(0, output.LongFlows);
    }

    private static WindowClock Clock() => new(new WindowOptions { HistorySeconds = 60, Roundoff = "m" }, Base + 30, TimeZoneInfo.Utc);

    private static FlowRecord Record(long start, long end, ulong packets, ulong octets) =>
        new() { BinTime = start * 1_000_000, BinEndTime = end == long.MaxValue / 1_000_000 ? long.MaxValue : end * 1_000_000, Packets = packets, Octets = octets, Flows = 1 };

    private static string Split(FlowRecord record, WindowClock clock)
    {
        var rating = new ProRating();
        if (!rating.Begin(in record, clock))
        {
            return "whole";
        }

        List<string> shares = [];
        for (Span<FlowRecord> next = rating.Next(); !next.IsEmpty; next = rating.Next())
        {
            foreach (ref readonly FlowRecord share in next)
            {
                Assert.Equal(1UL, share.Flows);
                Assert.Equal(share.BinTime / 1_000_000, clock.BinOf(share.BinTime / 1_000_000));
                shares.Add($"{(share.BinTime / 1_000_000) - Base}:{share.Packets}/{share.Octets}");
            }
        }

        return string.Join(' ', shares);
    }
}
