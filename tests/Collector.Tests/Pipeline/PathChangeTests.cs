using System.Globalization;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Enrichment;
using Collector.Flows;
using Collector.Net;
using Collector.Testing.Builders;
using Collector.Tests.Enrichment;
using Xunit;

namespace Collector.Tests.Pipeline;

/// <summary>A million routes are withdrawn and announced again with other paths within one window: no row has the path of another.</summary>
public sealed class PathChangeTests : IDisposable
{
    private const int Paths = 1_000_000, Prefixes = 30, FirstAs = 100_000;

    private static readonly CollectorOptions Options = new() { Enrichment = new EnrichmentOptions { As = AsSource.Bgp } };

    private readonly RouteRig _routes = new();
    private readonly HashSet<string> _seen = [];
    private long _records;

    public void Dispose() => _routes.Dispose();

    [Fact]
    public void EveryPathSeen_IsThatOfItsOrigin()
    {
        using WorkerRig rig = Rig();
        using var announcer = new PathAnnouncer(_routes, Prefixes, FirstAs);
        byte[] datagram = Datagram();
        for (int i = 0; i < Paths / Prefixes; i++)
        {
            announcer.Next(Prefixes);
            rig.Process(datagram);
            rig.Worker.Flush();
            if (rig.HandOvers.Count > 0)
            {
                Check(rig);
            }
        }

        rig.Worker.Finish(WorkerRig.Start * 1_000_000);
        Check(rig);

        // The table of values was full at least once, so that handles have begun anew within the window.
        Assert.Equal(Paths / Prefixes * Prefixes, _seen.Count);
        Assert.Equal(Paths / Prefixes * Prefixes, _records);
        Assert.True(rig.Worker.Decoder.Values.Epoch > 0);
    }

    [Fact]
    public void PathsThatChangeWhileTheyAreRead_AreThoseOfTheirOrigins()
    {
        using WorkerRig rig = Rig();
        using var announcer = new PathAnnouncer(_routes, Prefixes, FirstAs);
        bool enough = false;
        var writer = new Thread(() =>
        {
            announcer.Next(Paths);
            while (!Volatile.Read(ref enough))
            {
                announcer.Next(1_000);
            }
        });
        writer.Start();
        byte[] datagram = Datagram();
        long records = 0;
        for (long datagrams = 1; writer.IsAlive; datagrams++)
        {
            rig.Process(datagram);
            records += Prefixes;
            if (datagrams % 256 == 0)
            {
                // On a busy machine the two take turns, and each turn of the reader sees few paths.
                rig.Worker.Purge(0, datagrams, long.MaxValue, WorkerRig.Start * 1_000_000);
                Check(rig);
                Volatile.Write(ref enough, _seen.Count > 1_000);
            }
        }

        rig.Worker.Finish(WorkerRig.Start * 1_000_000);
        Check(rig);

        Assert.Equal(records, _records);
    }

    private WorkerRig Rig() => new(["as_path, dst_as, dst_host"], 1 << 21, new ValueTable(1 << 19), Options, new EnrichmentSources(Options.Enrichment, _routes.Routes));

    private static byte[] Datagram()
    {
        var builder = new NetFlow5Builder { Seconds = (uint)WorkerRig.Start };
        for (int i = 0; i < Prefixes; i++)
        {
            builder.Record(new NetFlow5Record(IpAddress.Parse("10.0.0.1"), PathAnnouncer.HostIn(i), 17, 1, 2) { First = 1_000_000, Last = 1_000_000 });
        }

        return builder.Build();
    }

    private unsafe void Check(WorkerRig rig)
    {
        KeyLayout layout = rig.Plans[0].Layout;
        foreach (TableHandOver handOver in rig.HandOvers)
        {
            for (int i = 0; i < handOver.Table.Count; i++)
            {
                AggregateEntry* entry = handOver.Table[i];
                ReadOnlySpan<byte> key = handOver.Table.KeyOf(entry);
                string path = Encoding.ASCII.GetString(handOver.Values[BitConverter.ToUInt32(key[layout.OffsetOf(FlowField.AsPath)..])]);
                uint origin = BitConverter.ToUInt32(key[layout.OffsetOf(FlowField.DestinationAs)..]);

                // Between withdrawal and announcement there is no route.
                Assert.Equal(origin == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"65001_{origin}"), path);
                _records += entry->Records;
                if (path.Length > 0)
                {
                    _seen.Add(path);
                }
            }

            handOver.Table.Dispose();
        }

        rig.HandOvers.Clear();
    }
}
