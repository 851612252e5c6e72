using BenchmarkDotNet.Attributes;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;

namespace Collector.Benchmarks;

/// <summary>The way into the table with the keys B of nfacctd comparisons: nanoseconds per record.</summary>
[MemoryDiagnoser]
public class AggregationBenchmarks
{
    private const int Records = 1 << 20;

    private readonly TableMemory _memory = new();
    private readonly WindowClock _clock = new(new WindowOptions { HistorySeconds = 60 }, 1_795_194_720, TimeZoneInfo.Utc);
    private FlowRecord[] _records = [];
    private AggregationTable? _table;

    /// <summary>Distinct keys.</summary>
    [Params(1_000, 100_000, 1_000_000)]
    public int Keys { get; set; }

    /// <summary>Draws the records and fills the table.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _records = new FlowRecord[Records];
        for (int i = 0; i < Records; i++)
        {
            uint key = (uint)random.Next(Keys);
            _records[i] = new FlowRecord
            {
                SourceAddress = IpAddress.FromIPv4(key * 2_654_435_761),
                DestinationAddress = IpAddress.FromIPv4(key * 40_503),
                SourcePort = (ushort)key,
                DestinationPort = 443,
                Protocol = 6,
                Family = FlowFamily.IPv4,
                IngressInterface = key % 16,
                SourceAs = key % 70_000,
                Packets = 1,
                Octets = 1_000,
                Flows = 1,
            };
        }

        _table = new AggregationTable(
            new AggregatePlan(
            [
                FlowField.SourceAddress, FlowField.DestinationAddress, FlowField.SourcePort, FlowField.DestinationPort, FlowField.Protocol, FlowField.Tos,
                FlowField.Family, FlowField.Kind, FlowField.IngressInterface, FlowField.EgressInterface, FlowField.SourceAs, FlowField.DestinationAs,
            ]),
            _memory);
        Add();
    }

    /// <summary>Adds records whose keys are all known.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int Add()
    {
        for (int i = 0; i < Records; i += FlowBatch.DefaultCapacity)
        {
            _table!.Add(_records.AsSpan(i, FlowBatch.DefaultCapacity), _clock, int.MaxValue);
        }

        return _table!.Count;
    }

    /// <summary>Frees the table.</summary>
    [GlobalCleanup]
    public void Cleanup() => _table?.Dispose();
}
