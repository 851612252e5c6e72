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
    private readonly FlowRecord[] _batch = new FlowRecord[FlowBatch.DefaultCapacity];
    private uint[] _keys = [];
    private AggregationTable? _table;

    /// <summary>Distinct keys.</summary>
    [Params(1_000, 100_000, 1_000_000)]
    public int Keys { get; set; }

    /// <summary>Draws the records and fills the table.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _keys = [.. Enumerable.Range(0, Records).Select(_ => (uint)random.Next(Keys))];
        _table = new AggregationTable(
            new AggregatePlan(
            [
                FlowField.SourceAddress, FlowField.DestinationAddress, FlowField.SourcePort, FlowField.DestinationPort, FlowField.Protocol, FlowField.Tos,
                FlowField.Family, FlowField.Kind, FlowField.IngressInterface, FlowField.EgressInterface, FlowField.SourceAs, FlowField.DestinationAs,
            ]),
            _memory);
        Add();
    }

    /// <summary>Adds records whose keys are all known; as in the corridor, the records themselves are in the cache.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int Add()
    {
        for (int i = 0; i < Records; i += _batch.Length)
        {
            for (int j = 0; j < _batch.Length; j++)
            {
                Fill(ref _batch[j], _keys[i + j]);
            }

            _table!.Add(_batch, _clock, int.MaxValue);
        }

        return _table!.Count;
    }

    private static void Fill(ref FlowRecord record, uint key)
    {
        record.SourceAddress = IpAddress.FromIPv4(key * 2_654_435_761);
        record.DestinationAddress = IpAddress.FromIPv4(key * 40_503);
        record.SourcePort = (ushort)key;
        record.DestinationPort = 443;
        record.Protocol = 6;
        record.Family = FlowFamily.IPv4;
        record.IngressInterface = key % 16;
        record.SourceAs = key;
        record.Packets = 1;
        record.Octets = 1_000;
        record.Flows = 1;
    }

    /// <summary>Frees the table.</summary>
    [GlobalCleanup]
    public void Cleanup() => _table?.Dispose();
}
