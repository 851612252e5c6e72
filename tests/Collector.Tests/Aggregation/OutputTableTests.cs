using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Aggregation;

public class OutputTableTests
{
    private readonly TableMemory _memory = new();
    private readonly WindowClock _clock = new(new WindowOptions(), 1_795_194_720, TimeZoneInfo.Utc);

    [Fact]
    public void Add_SumHost_CountsEachRecordBySourceAndByDestination()
    {
        using var table = new OutputTable(0, new AggregatePlan([FlowField.SourceAddress], SumKind.Host), _clock, _memory, new ValueTable(), 100);
        FlowRecord[] records =
        [
            new() { SourceAddress = IpAddress.Parse("10.0.0.1"), DestinationAddress = IpAddress.Parse("10.0.0.2"), Packets = 3 },
            new() { SourceAddress = IpAddress.Parse("10.0.0.2"), DestinationAddress = IpAddress.Parse("10.0.0.3"), Packets = 4 },
        ];
        table.Add(records, _ => Assert.Fail("not full"));
        Assert.Equal(3, table.Keys);
        Assert.Equal(4, table.EnteredRecords);
        Assert.Equal(2, table.DuplicatedRecords);
        Assert.Equal(14ul, table.EnteredPackets);
    }

    [Fact]
    public void Add_BeyondCapacity_FlushesEarlyAndLosesNothing()
    {
        using var table = new OutputTable(0, new AggregatePlan([FlowField.SourcePort]), _clock, _memory, new ValueTable(), 10);
        FlowRecord[] records = [.. Enumerable.Range(0, 35).Select(i => new FlowRecord { SourcePort = (ushort)i, Packets = 1 })];
        long flushed = 0;
        table.Add(records, t =>
        {
            (AggregationTable full, _) = t.Take(early: true);
            flushed += full.EnteredRecords;
            full.Dispose();
        });
        Assert.Equal(30, flushed);
        Assert.Equal(3, table.EarlyFlushes);
        Assert.Equal(5, table.Keys);
        Assert.Equal(35, table.EnteredRecords);
    }

    [Fact]
    public void Add_NoMemoryAtAll_CountsWhatHasNoPlace()
    {
        using var memory = new TableMemory(TableMemory.ChunkBytes / 2);
        using var table = new OutputTable(0, new AggregatePlan([FlowField.SourcePort]), _clock, memory, new ValueTable(), 100);
        FlowRecord[] records = [new() { SourcePort = 1, Packets = 2, Octets = 3 }, new() { SourcePort = 2, Packets = 5, Octets = 7 }];
        table.Add(records, t => t.Take(early: true).Table.Dispose());
        Assert.Equal((2, 7ul, 10ul), (table.LostRecords, table.LostPackets, table.LostOctets));
        Assert.Equal(0, table.EnteredRecords);
    }
}
