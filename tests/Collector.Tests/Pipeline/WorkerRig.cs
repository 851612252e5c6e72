using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Flows;
using Collector.Net;
using Collector.Output;
using Collector.Pipeline;
using Collector.Testing.Builders;
using Collector.Tests.Output;

namespace Collector.Tests.Pipeline;

/// <summary>A worker that is driven by hand; what it hands over is kept.</summary>
internal sealed class WorkerRig : IDisposable
{
    public const long Start = 1_700_000_000;

    private readonly TableMemory _memory = new();
    private readonly FlowFieldSet _needed;

    public WorkerRig(IReadOnlyList<string> aggregates, int capacity = 1 << 20, ValueTable? values = null, CollectorOptions? options = null, EnrichmentSources? sources = null)
    {
        PrimitiveSelection[] selections = [.. aggregates.Select(a => TestPurge.Select(a))];
        Plans = [.. selections.Select(s => new AggregatePlan(s.KeyFields, s.Sum))];
        options ??= new CollectorOptions();
        _needed = FlowEnricher.DecodedFields(options, selections.Aggregate(FlowFieldSet.Of(), (set, s) => set.Union(s.NeededFields)));
        values ??= new ValueTable();
        var window = new WindowOptions { HistorySeconds = 300, RefreshSeconds = 60 };
        Worker = new FlowWorker(
            0,
            new DatagramDecoder(new DecoderOptions { Fields = _needed }, values),
            new FlowEnricher(options, _needed, sources, values),
            [.. Plans.Select((p, i) => new OutputTable(i, p, new WindowClock(window, Start, TimeZoneInfo.Utc), _memory, values, capacity))],
            HandOvers.Add);
    }

    public FlowWorker Worker { get; }

    public AggregatePlan[] Plans { get; }

    public List<TableHandOver> HandOvers { get; } = [];

    /// <summary>A datagram of 192.0.2.1, port 50000, that arrives at the start.</summary>
    public void Process(byte[] payload) => Worker.Process(new Datagram
    {
        Payload = payload,
        Source = IpAddress.Parse("192.0.2.1"),
        SourcePort = 50_000,
        ArrivalTime = Start * 1_000_000,
        Number = Worker.Datagrams,
    });

    /// <summary>A NetFlow v5 datagram of 30 records with one packet of 100 octets each, all of different keys.</summary>
    public static byte[] ThirtyFlows(int first, uint seconds = (uint)Start)
    {
        var builder = new NetFlow5Builder { Seconds = seconds };
        for (int i = 0; i < 30; i++)
        {
            builder.Record(new NetFlow5Record(IpAddress.FromIPv4(0x0A00_0000u + (uint)(first + i)), IpAddress.FromIPv4(0x0A01_0001), 17, 1, 2) { First = 1_000_000, Last = 1_000_000 });
        }

        return builder.Build();
    }

    /// <summary>Packets of one output by the text of a handle in its key, over everything that was handed over.</summary>
    public unsafe Dictionary<string, long> PacketsBy(FlowField field, int output)
    {
        Dictionary<string, long> packets = [];
        foreach (TableHandOver handOver in HandOvers.Where(h => h.Output == output))
        {
            for (int i = 0; i < handOver.Table.Count; i++)
            {
                AggregateEntry* entry = handOver.Table[i];
                uint handle = BitConverter.ToUInt32(handOver.Table.KeyOf(entry)[Plans[output].Layout.OffsetOf(field)..]);
                string text = Encoding.ASCII.GetString(handOver.Values[handle]);
                packets[text] = packets.GetValueOrDefault(text) + (long)entry->Packets;
            }
        }

        return packets;
    }

    public void Dispose()
    {
        foreach (TableHandOver handOver in HandOvers)
        {
            handOver.Table.Dispose();
        }

        Worker.Dispose();
        _memory.Dispose();
    }
}
