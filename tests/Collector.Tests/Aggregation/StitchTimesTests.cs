using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Xunit;

namespace Collector.Tests.Aggregation;

/// <summary>Expected times are what nfacctd 1.7.7 printed for the same records.</summary>
public sealed class StitchTimesTests
{
    private const long Second = 1_000_000;

    [Theory]
    [InlineData("69.5-79.5 59.1-89.1 64.8-80.8 50-96.9", 69.5, 96.9)]
    [InlineData("69.1-79.9 68.7-89.7 68.7-94.95", 69.1, 94.95)]
    [InlineData("69.5-79.5 59.1-89.1", 69.5, 79.5)]
    [InlineData("69.5-59.3", 69.5, 59.3)]
    [InlineData("51-56 52-57", 51, 56)]
    public void The_first_start_stays_and_the_end_rises_only_with_its_fraction(string flows, double minimum, double maximum)
    {
        StitchTimes times = Of(flows);
        Assert.Equal((Micro(minimum), Micro(maximum)), (times.Minimum, times.Maximum));
    }

    [Fact]
    public void Without_times_arrivals_count_and_the_last_wins()
    {
        StitchTimes times = default;
        Add(ref times, 0, 0, 100.7, true);
        Add(ref times, 0, 0, 102.1, false);
        Assert.Equal((100 * Second, 102 * Second), (times.Minimum, times.Maximum));
    }

    [Fact]
    public void Times_of_version_5_are_those_of_its_bins()
    {
        StitchTimes times = default;
        FlowRecord record = Record(1, 25, 26, 115);
        (record.ExportVersion, record.BinTime, record.BinEndTime) = (5, 24 * Second, 25 * Second);
        times.Add(in record, isFirst: true);
        Assert.Equal((24 * Second, 25 * Second), (times.Minimum, times.Maximum));
    }

    [Fact]
    public void An_unknown_end_is_the_arrival()
    {
        StitchTimes times = default;
        Add(ref times, 69.1, 0, 115.2, true);
        Add(ref times, 69.1, 98.5, 115.3, false);
        Assert.Equal((Micro(69.1), 115 * Second), (times.Minimum, times.Maximum));
    }

    [Fact]
    public void Tables_of_two_workers_merge_in_the_order_of_arrival_whichever_comes_first()
    {
        StitchTimes early = default, late = default;
        Add(ref early, 10.5, 20.5, 100, true);
        Add(ref late, 9.5, 30.6, 101, true);
        StitchTimes one = early, other = late;
        one.Merge(in late, isLater: true);
        other.Merge(in early, isLater: false);
        Assert.Equal((one.Minimum, one.Maximum, one.FirstArrival), (other.Minimum, other.Maximum, other.FirstArrival));
        Assert.Equal((Micro(10.5), Micro(30.6)), (one.Minimum, one.Maximum));
    }

    [Fact]
    public void Times_of_kept_entries_stay_with_their_key_through_the_merge()
    {
        using var memory = new TableMemory();
        var plan = new AggregatePlan([FlowField.SourcePort], stitches: true);
        using var merger = new PurgeMerger(plan, memory, 100, ordered: true);
        Purge(merger, plan, memory, 1, Record(7, 10.5, 20.5, 100)).Dispose();
        using Purge second = Purge(merger, plan, memory, long.MaxValue, Record(7, 9.5, 30.6, 101), Record(8, 1.5, 2.5, 102));

        Assert.Equal(2, second.Count);
        Assert.Equal((7, Micro(10.5), Micro(30.6)), Read(second[0]));
        Assert.Equal((8, Micro(1.5), Micro(2.5)), Read(second[1]));
    }

    private static Purge Purge(PurgeMerger merger, AggregatePlan plan, TableMemory memory, long commit, params FlowRecord[] records)
    {
        var table = new AggregationTable(plan, memory);
        var clock = new WindowClock(new WindowOptions { HistorySeconds = 60 }, 600, TimeZoneInfo.Utc);
        for (int i = 0; i < records.Length; i++)
        {
            records[i].BinTime = 600 * Second;
            records[i].DatagramNumber = (ulong)records[i].ArrivalTime;
        }

        table.Add(records, clock, 100);
        var handOver = new TableHandOver { Output = 0, Worker = 0, Number = 1, Commit = commit, Time = 0, Table = table, Values = new ValueTable().Snapshot };
        return merger.Merge([handOver], commit, 0, isReplay: true);
    }

    private static (int Port, long Minimum, long Maximum) Read(AggregateRow row) =>
        (BitConverter.ToUInt16(row.Key), BitConverter.ToInt64(row.Key[8..]), BitConverter.ToInt64(row.Key[16..]));

    private static StitchTimes Of(string flows)
    {
        StitchTimes times = default;
        bool first = true;
        foreach (string[] sides in flows.Split(' ').Select(f => f.Split('-')))
        {
            Add(ref times, double.Parse(sides[0], System.Globalization.CultureInfo.InvariantCulture), double.Parse(sides[1], System.Globalization.CultureInfo.InvariantCulture), 115, first);
            first = false;
        }

        return times;
    }

    private static void Add(ref StitchTimes times, double start, double end, double arrival, bool first)
    {
        FlowRecord record = Record(1, start, end, arrival);
        times.Add(in record, first);
    }

    private static FlowRecord Record(ushort port, double start, double end, double arrival) => new()
    {
        SourcePort = port,
        StartTime = Micro(start),
        BinTime = Micro(start),
        EndTime = Micro(end),
        ArrivalTime = Micro(arrival),
        Packets = 1,
        Flows = 1,
    };

    private static long Micro(double seconds) => (long)Math.Round(seconds * Second);
}
