using Collector.Net;

namespace Collector.Flows.Fuzz;

/// <summary>One decoder with all its state and the datagrams that it gets, both given by three numbers: so a failure can be run again exactly.</summary>
internal sealed class FuzzRound : IDisposable
{
    // One datagram in so many has its records looked at; all are decoded.
    private const long CheckEvery = 64;

    private readonly Mutator _mutator;
    private readonly FlowBatch _batch = new();
    private readonly ValueTable _values = new(1 << 16, 8 << 20);
    private ulong _number;

    public FuzzRound(SeedCorpus corpus, ulong seed, int thread, long round)
    {
        _mutator = new Mutator(corpus, NumberOf(seed, thread, round));
        Decoder = new DatagramDecoder(OptionsOf(thread + round), _values);
    }

    public DatagramDecoder Decoder { get; }

    public long Records { get; private set; }

    public long Octets { get; private set; }

    /// <summary>Starts the random numbers of a round.</summary>
    public static ulong NumberOf(ulong seed, int thread, long round) => (seed * 0x1_0000_0001UL) ^ ((ulong)thread << 48) ^ ((ulong)round << 20);

    // Small limits, so that every table is full soon and stays so.
    public static DecoderOptions OptionsOf(long variant) => new()
    {
        MaxSources = 4_096,
        MaxTemplates = 16_384,
        MaxTemplatesPerDomain = 512,
        HoldSeconds = variant % 3 == 1 ? 0 : 60,
        MaxHeldBytes = 1 << 20,
        AccountOptions = variant % 2 == 1,
        AggregateUnknownEtherType = variant % 2 == 1,
        PeerAs = variant % 4 == 2,
        UseIpNextHop = variant % 4 == 3,
        Pmacct17 = variant % 3 != 2,
        DisableOptionsScopeCheck = variant % 5 == 4,
        UptimesInSeconds = variant % 5 == 3,
        BothDirections = variant % 3 != 0,
        Nsel = (NselCounters)(variant % 3),
        DiscardWithoutNextHop = variant % 2 == 0,
        ReplaceWrongClock = variant % 4 == 1,
        OrderFlowTimes = variant % 4 == 2,
        LateLimit = variant % 2 == 1 ? 60_000_000 : 0,
        FutureLimit = variant % 2 == 1 ? 60_000_000 : 0,
        Fields = variant % 8 == 7 ? FlowFieldSet.Of(FlowField.SourceAddress, FlowField.DestinationAddress) : FlowFieldSet.All,
    };

    /// <summary>Makes the next datagram and decodes it.</summary>
    public void Step()
    {
        ReadOnlySpan<byte> payload = _mutator.Next();
        Octets += payload.Length;
        Decode(payload, _mutator.Source, _mutator.Port, _mutator.Time);
    }

    /// <summary>Makes the next datagram without decoding it.</summary>
    public FuzzDatagram Skip() => new(_mutator.Next().ToArray(), _mutator.Source, _mutator.Port, _mutator.Time);

    /// <summary>Decodes a datagram as a worker does.</summary>
    public void Decode(ReadOnlySpan<byte> payload, IpAddress source, ushort port, long time)
    {
        var datagram = new Datagram { Payload = payload, Source = source, SourcePort = port, ArrivalTime = time, Number = ++_number };
        Decoder.Begin(datagram);
        bool more;
        do
        {
            more = Decoder.Continue(datagram, _batch);
            Records += _batch.Count;
            if (_number % CheckEvery == 0)
            {
                Check(_batch.Records, _number);
            }

            _batch.Clear();
        }
        while (more);
        if (_values.WantsRotation)
        {
            _values.Rotate();
        }
    }

    public void Dispose() => _mutator.Dispose();

    // What everything behind the decoder relies on: handles that resolve, families that exist, the datagram's own number.
    private void Check(ReadOnlySpan<FlowRecord> records, ulong number)
    {
        foreach (ref readonly FlowRecord r in records)
        {
            ReadOnlySpan<uint> handles =
            [
                r.MplsLabelStack, r.ClassName, r.IngressInterfaceName, r.EgressInterfaceName, r.IngressVrfName, r.EgressVrfName, r.AsPath, r.StandardCommunities, r.Label,
                r.Srv6Segments,
            ];
            foreach (uint handle in handles)
            {
                _ = _values.Snapshot[handle];
            }

            if (r.DatagramNumber != number || !IsFamily(r.Family) || !IsFamily(r.NextHopFamily) || !IsFamily(r.TunnelFamily)
                || !IsFamily(r.PostNatSourceFamily) || !IsFamily(r.PostNatDestinationFamily) || !Enum.IsDefined(r.Kind))
            {
                throw new InvalidOperationException($"An impossible record: number {r.DatagramNumber} of {number}, families {r.Family} {r.NextHopFamily} {r.TunnelFamily}, kind {r.Kind}.");
            }
        }
    }

    private static bool IsFamily(FlowFamily family) => family is FlowFamily.None or FlowFamily.IPv4 or FlowFamily.IPv6;
}

/// <summary>A datagram that is kept.</summary>
internal sealed record FuzzDatagram(byte[] Payload, IpAddress Source, ushort Port, long Time);
