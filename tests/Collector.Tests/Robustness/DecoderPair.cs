using System.Runtime.InteropServices;
using Collector.Flows;
using Collector.Testing;
using Collector.Tests.Dissection;

namespace Collector.Tests.Robustness;

/// <summary>
/// Two decoders that get the same datagrams, the payload before a page that nobody may read in the one and behind such a page in the other, in
/// batches of different size: they must agree on every record and every counter.
/// </summary>
internal sealed class DecoderPair : IDisposable
{
    private readonly GuardedMemory _memory = new();
    private readonly DatagramDecoder _first = Decoder();
    private readonly DatagramDecoder _second = Decoder();
    private readonly FlowBatch _large = new();
    private readonly FlowBatch _small = new(3);
    private readonly List<FlowRecord> _left = [];
    private readonly List<FlowRecord> _right = [];

    /// <summary>Records of both, so that a test can tell that there were any.</summary>
    public long Records { get; private set; }

    /// <summary>Sources and templates of the first.</summary>
    public DatagramDecoder First => _first;

    /// <summary>Feeds datagrams as they were captured.</summary>
    public DecoderPair Feed(IEnumerable<CapturedPayload> datagrams)
    {
        foreach (CapturedPayload datagram in datagrams)
        {
            Agrees(datagram, datagram.Payload);
        }

        return this;
    }

    /// <summary>Decodes another payload in the place of a captured one.</summary>
    /// <returns>False when the two differ.</returns>
    public bool Agrees(CapturedPayload captured, ReadOnlySpan<byte> payload)
    {
        Decode(_first, captured, _memory.Place(payload), _large, _left);
        Span<byte> start = _memory.AtStart(payload.Length);
        payload.CopyTo(start);
        Decode(_second, captured, start, _small, _right);
        Records += _left.Count;
        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_left)).SequenceEqual(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_right)));
    }

    /// <summary>True when both counted the same.</summary>
    public bool CountedAlike() => Counters(_first).SequenceEqual(Counters(_second));

    public void Dispose() => _memory.Dispose();

    private static DatagramDecoder Decoder() =>
        new(new DecoderOptions { MaxSources = 1_000, MaxTemplates = 4_000, MaxTemplatesPerDomain = 500, HoldSeconds = 60, AccountOptions = true, AggregateUnknownEtherType = true }, new ValueTable(1 << 14, 4 << 20));

    private static void Decode(DatagramDecoder decoder, CapturedPayload captured, ReadOnlySpan<byte> payload, FlowBatch batch, List<FlowRecord> records)
    {
        var datagram = new Datagram { Payload = payload, Source = captured.Source, SourcePort = captured.SourcePort, ArrivalTime = captured.Time };
        records.Clear();
        decoder.Begin(datagram);
        bool more;
        do
        {
            more = decoder.Continue(datagram, batch);
            records.AddRange(batch.Records);
            batch.Clear();
        }
        while (more);
        if (decoder.Values.WantsRotation)
        {
            decoder.Values.Rotate();
        }
    }

    private static IEnumerable<long> Counters(DatagramDecoder decoder) =>
        decoder.Sources.Snapshot.ToArray().SelectMany(s => Enum.GetValues<DecodeFault>().Select(f => s[f]).Concat([s.Datagrams, s.Octets, s.Records, s.OptionsRecords, s.Templates]));
}
