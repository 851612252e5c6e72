using BenchmarkDotNet.Attributes;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Flows;
using Collector.Net;

namespace Collector.Benchmarks;

/// <summary>What a record costs between decoder and tables: without BGP, and with both routes looked up among 200,000 prefixes.</summary>
[MemoryDiagnoser]
public class EnrichmentBenchmarks
{
    private const int Prefixes = 200_000, Records = 1 << 17;

    private readonly RouteTable _routes = new(new RouteTableOptions(), TimeProvider.System);
    private readonly FlowRecord[] _batch = new FlowRecord[FlowBatch.DefaultCapacity];
    private uint[] _addresses = [];
    private FlowEnricher? _enricher;

    /// <summary>netflow: nothing is looked up; bgp: AS numbers and prefixes; path: AS path and communities too.</summary>
    [Params("netflow", "bgp", "path")]
    public string Source { get; set; } = "netflow";

    /// <summary>Fills the table and draws addresses.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _addresses = [.. Enumerable.Range(0, Records + 1).Select(_ => 0x1000_0000u + (uint)random.Next(Prefixes) * 256 + 7)];
        Announce(random);
        FlowField[] needed = [FlowField.SourceAs, FlowField.DestinationAs, FlowField.SourceMask, FlowField.DestinationMask];
        needed = Source == "path" ? [.. needed, FlowField.AsPath, FlowField.StandardCommunities] : needed;
        EnrichmentOptions options = Source == "netflow" ? new() : new() { As = AsSource.Bgp, Network = NetworkSource.Bgp };
        _enricher = new FlowEnricher(new CollectorOptions { Enrichment = options }, FlowFieldSet.Of(needed), new EnrichmentSources(options, _routes), new ValueTable());
    }

    /// <summary>Records in batches of the corridor.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public uint Enrich()
    {
        IpAddress exporter = IpAddress.FromIPv4(0xC000_0201);
        for (int i = 0; i < Records; i += _batch.Length)
        {
            for (int j = 0; j < _batch.Length; j++)
            {
                ref FlowRecord record = ref _batch[j];
                record.Family = FlowFamily.IPv4;
                record.ExporterAddress = exporter;
                record.SourceAddress = IpAddress.FromIPv4(_addresses[i + j]);
                record.DestinationAddress = IpAddress.FromIPv4(_addresses[i + j + 1]);
            }

            _enricher!.Enrich(_batch);
        }

        return _batch[0].DestinationAs;
    }

    /// <summary>Gives the memory back.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _enricher?.Dispose();
        _routes.Dispose();
    }

    private void Announce(Random random)
    {
        var received = new ReceivedAttributes();
        lock (_routes.WriterLock)
        {
            AdjRibIn peer = _routes.AddPeer(new PeerDescription { Address = IpAddress.FromIPv4(0xC000_0201), RouterId = IpAddress.FromIPv4(0xC000_0201), AsNumber = 65_000 })!;
            for (int i = 0; i < Prefixes; i++)
            {
                received.Clear();
                received.NextHop = IpAddress.FromIPv4(0x0A00_0001);
                byte[] path = [2, 3, 0, 0, 0xFD, 0xE8, 0, (byte)random.Next(4), (byte)random.Next(40), (byte)i, 0, 0, (byte)random.Next(40), (byte)i];
                path.CopyTo(received.SetAsPath(path.Length));
                byte[] communities = [0xFD, 0xE8, 0, (byte)random.Next(100)];
                communities.CopyTo(received.SetStandardCommunities(communities.Length));
                uint attributes = _routes.Attributes.Intern(received);
                peer.Announce(
                    new Nlri { Family = RouteFamily.IPv4Unicast, Prefix = IpAddress.FromIPv4(0x1000_0000u + ((uint)i * 256)), Length = 24 }, attributes);
                _routes.Attributes.Release(attributes);
            }
        }
    }
}
