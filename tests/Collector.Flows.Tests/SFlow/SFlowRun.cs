using System.Text;
using Collector.Flows.SFlow;
using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.SFlow;

/// <summary>A decoder with its tables, fed with payloads; keeps every record.</summary>
internal sealed class SFlowRun
{
    private readonly SFlowDecoder _decoder;
    private readonly FlowBatch _batch;
    private ulong _number;

    public SFlowRun(DecoderOptions? options = null, int batchCapacity = FlowBatch.DefaultCapacity, int maxSources = 1000)
    {
        Values = new ValueTable();
        Sources = new SourceTable(maxSources);
        _decoder = new SFlowDecoder(options ?? new DecoderOptions(), Values, Sources);
        _batch = new FlowBatch(batchCapacity);
    }

    public static IpAddress Source { get; } = IpAddress.Parse("192.0.2.1");

    public ValueTable Values { get; }

    public SourceTable Sources { get; }

    public List<FlowRecord> Records { get; } = [];

    /// <summary>The counters of the default source, sFlow 5, sub-agent 0.</summary>
    public SourceCounters Counters => CountersOf(0);

    /// <summary>The counters of a sub-agent of the default source, whatever its agent.</summary>
    public SourceCounters CountersOf(uint subAgent) =>
        Sources.Snapshot.ToArray().FirstOrDefault(c => c.Source == Source && c.Version == 5 && c.Domain == subAgent) ?? Sources.Other;

    public static FlowRecord Single(SFlowBuilder builder, DecoderOptions? options = null) =>
        Assert.Single(new SFlowRun(options).Feed(builder.Build()).Records);

    /// <summary>The record of a flow sample that holds the given records.</summary>
    public static FlowRecord Single(params byte[][] records) => Single(new SFlowBuilder().Flow(new SampleHeader(), records));

    public SFlowRun Feed(ReadOnlySpan<byte> payload, IpAddress? source = null, long time = 1_700_000_000_000_000)
    {
        var datagram = new Datagram
        {
            Payload = payload,
            Source = source ?? Source,
            SourcePort = 6343,
            ArrivalTime = time,
            Number = ++_number,
        };
        _decoder.Begin(datagram);
        bool more;
        do
        {
            more = _decoder.Continue(datagram, _batch);
            Records.AddRange(_batch.Records);
            _batch.Clear();
        }
        while (more);
        return this;
    }

    /// <summary>The same without keeping anything: for measuring.</summary>
    public int FeedOnly(ReadOnlySpan<byte> payload)
    {
        var datagram = new Datagram { Payload = payload, Source = Source, SourcePort = 6343, ArrivalTime = 1 };
        _decoder.Begin(datagram);
        int count = 0;
        bool more;
        do
        {
            more = _decoder.Continue(datagram, _batch);
            count += _batch.Count;
            _batch.Clear();
        }
        while (more);
        return count;
    }

    public string Text(uint handle) => Encoding.UTF8.GetString(Values.Snapshot[handle]);
}
