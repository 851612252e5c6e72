using Collector.Configuration;
using Collector.Enrichment;
using Collector.Enrichment.Networks;
using Collector.Flows;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Enrichment.Networks;

/// <summary>The expected values are those that nfacctd 1.7.7 printed for the same records, file and settings.</summary>
public class NetworkEnricherTests
{
    private const string File = "64512_65501,10.0.0.0/8\n10.9.9.9,7_8,192.168.5.0/28\n5,172.16.0.0/12\n";

    private static readonly EnrichmentOptions None = new() { NetworksFile = "networks.lst" };
    private static readonly EnrichmentOptions Longest = None with { As = AsSource.Longest, Network = NetworkSource.Longest };
    private static readonly EnrichmentOptions FromFile = None with { As = AsSource.File, Network = NetworkSource.File };

    private static readonly FlowRecord[] Records =
    [
        Record("10.1.2.3", "192.168.5.47", 24, 27), Record("10.1.2.4", "192.168.5.7", 0, 0), Record("11.1.2.4", "12.168.5.7", 16, 8), Record("10.1.2.5", "172.16.0.1", 8, 12),
    ];

    public static TheoryData<string, string[]> Expected => new()
    {
        {
            "netflow",
            [
                "65001 65002 0 0 10.1.2.3 10.1.2.0/24 192.168.5.47 192.168.5.32/27", "65001 65002 0 0 10.1.2.4 0.0.0.0/0 192.168.5.7 0.0.0.0/0",
                "65001 65002 0 0 11.1.2.4 11.1.0.0/16 12.168.5.7 12.0.0.0/8", "65001 65002 0 0 10.1.2.5 10.0.0.0/8 172.16.0.1 172.16.0.0/12",
            ]
        },
        {
            "longest",
            [
                "65001 65002 0 0 10.1.2.3 10.1.2.0/24 192.168.5.47 192.168.5.32/27", "65501 8 64512 7 10.1.2.4 10.0.0.0/8 192.168.5.7 192.168.5.0/28 via 10.9.9.9",
                "65001 65002 0 0 11.1.2.4 11.1.0.0/16 12.168.5.7 12.0.0.0/8", "65501 5 64512 0 10.1.2.5 10.0.0.0/8 172.16.0.1 172.16.0.0/12",
            ]
        },
        {
            "longest as only",
            [
                "65001 65002 0 0 10.1.2.3 10.1.2.0/24 192.168.5.47 192.168.5.32/27", "65501 8 64512 7 10.1.2.4 0.0.0.0/0 192.168.5.7 0.0.0.0/0",
                "65001 65002 0 0 11.1.2.4 11.1.0.0/16 12.168.5.7 12.0.0.0/8", "65501 5 64512 0 10.1.2.5 10.0.0.0/8 172.16.0.1 172.16.0.0/12",
            ]
        },
        {
            "longest net only",
            [
                "65001 65002 0 0 10.1.2.3 10.1.2.0/24 192.168.5.47 192.168.5.32/27", "65001 65002 0 0 10.1.2.4 10.0.0.0/8 192.168.5.7 192.168.5.0/28 via 10.9.9.9",
                "65001 65002 0 0 11.1.2.4 11.1.0.0/16 12.168.5.7 12.0.0.0/8", "65001 65002 0 0 10.1.2.5 10.0.0.0/8 172.16.0.1 172.16.0.0/12",
            ]
        },
        {
            "longest no_lpm",
            [
                "65501 65002 64512 0 10.1.2.3 10.0.0.0/8 192.168.5.47 192.168.5.32/27", "65501 8 64512 7 10.1.2.4 10.0.0.0/8 192.168.5.7 192.168.5.0/28 via 10.9.9.9",
                "65001 65002 0 0 11.1.2.4 11.1.0.0/16 12.168.5.7 12.0.0.0/8", "65501 5 64512 0 10.1.2.5 10.0.0.0/8 172.16.0.1 172.16.0.0/12",
            ]
        },
        {
            "longest filter",
            [
                "65001 0 0 0 10.1.2.3 10.1.2.0/24 0.0.0.0 0.0.0.0/0", "65501 8 64512 7 10.1.2.4 10.0.0.0/8 192.168.5.7 192.168.5.0/28 via 10.9.9.9",
                "0 0 0 0 0.0.0.0 0.0.0.0/0 0.0.0.0 0.0.0.0/0", "65501 5 64512 0 10.1.2.5 10.0.0.0/8 172.16.0.1 172.16.0.0/12",
            ]
        },
        {
            "netflow filter",
            [
                "65001 65002 0 0 10.1.2.3 10.1.2.0/24 0.0.0.0 0.0.0.0/27", "65001 65002 0 0 10.1.2.4 0.0.0.0/0 192.168.5.7 0.0.0.0/0",
                "65001 65002 0 0 0.0.0.0 0.0.0.0/16 0.0.0.0 0.0.0.0/8", "65001 65002 0 0 10.1.2.5 10.0.0.0/8 172.16.0.1 172.16.0.0/12",
            ]
        },
        {
            "file filter",
            [
                "65501 0 64512 0 10.1.2.3 10.0.0.0/8 0.0.0.0 0.0.0.0/0", "65501 8 64512 7 10.1.2.4 10.0.0.0/8 192.168.5.7 192.168.5.0/28 via 10.9.9.9",
                "0 0 0 0 0.0.0.0 0.0.0.0/0 0.0.0.0 0.0.0.0/0", "65501 5 64512 0 10.1.2.5 10.0.0.0/8 172.16.0.1 172.16.0.0/12",
            ]
        },
        {
            "file no_mask_if_zero",
            [
                "65501 0 64512 0 10.1.2.3 10.0.0.0/8 192.168.5.47 192.168.5.47/0", "65501 8 64512 7 10.1.2.4 10.0.0.0/8 192.168.5.7 192.168.5.0/28 via 10.9.9.9",
                "0 0 0 0 11.1.2.4 11.1.2.4/0 12.168.5.7 12.168.5.7/0", "65501 5 64512 0 10.1.2.5 10.0.0.0/8 172.16.0.1 172.16.0.0/12",
            ]
        },
        {
            "mask 16",
            [
                "65001 65002 0 0 10.1.2.3 10.1.0.0/16 192.168.5.47 192.168.0.0/16", "65001 65002 0 0 10.1.2.4 10.1.0.0/16 192.168.5.7 192.168.0.0/16",
                "65001 65002 0 0 11.1.2.4 11.1.0.0/16 12.168.5.7 12.168.0.0/16", "65001 65002 0 0 10.1.2.5 10.1.0.0/16 172.16.0.1 172.16.0.0/16",
            ]
        },
    };

    private static EnrichmentOptions Options(string name) => name switch
    {
        "netflow" => None,
        "longest" => Longest,
        "longest as only" => Longest with { Network = NetworkSource.Export },
        "longest net only" => Longest with { As = AsSource.Export },
        "longest no_lpm" => Longest with { NetworksFileNoLpm = true },
        "longest filter" => Longest with { NetworksFileFilter = true },
        "netflow filter" => None with { NetworksFileFilter = true },
        "file filter" => FromFile with { NetworksFileFilter = true },
        "file no_mask_if_zero" => FromFile with { NetworksNoMaskIfZero = true },
        _ => None with { Network = NetworkSource.Mask, NetworksMask = 16 },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void Records_UnderEachSetting_AreAsNfacctdPrintsThem(string name, string[] expected)
    {
        EnrichmentOptions options = Options(name);
        var sources = new EnrichmentSources(options);
        sources.Use(NetworksFile.Read(new StringReader(File), new Findings("networks.lst"))!);
        FlowRecord[] records = [.. Records];
        if (options.As == AsSource.File)
        {
            // As the decoders leave it when AS numbers are not taken from the datagram.
            for (int i = 0; i < records.Length; i++)
            {
                (records[i].SourceAs, records[i].DestinationAs) = (0, 0);
            }
        }

        new FlowEnricher(new CollectorOptions { Enrichment = options }, FlowFieldSet.All, sources).Enrich(records);
        Assert.Equal(expected, records.Select(Text));
    }

    [Theory]
    [InlineData(NetworkSource.Export, "192.0.2.9")]
    [InlineData(NetworkSource.Mask, null)]
    public void NextHopOfTheDatagram_WhereNetworksAreNotItsOwn_IsNotTaken(NetworkSource source, string? expected)
    {
        FlowRecord[] records = [Record("10.1.2.3", "192.168.5.47", 24, 27) with { NextHop = IpAddress.Parse("192.0.2.9"), NextHopFamily = FlowFamily.IPv4 }];
        new FlowEnricher(new CollectorOptions { Enrichment = new() { Network = source, NetworksMask = 16 } }, FlowFieldSet.All).Enrich(records);
        Assert.Equal(expected, records[0].NextHopFamily == FlowFamily.None ? null : records[0].NextHop.ToString());
    }

    [Fact]
    public void MaskOfMappedAddress_InAnIPv6Flow_CountsFromTheFirstBit()
    {
        FlowRecord[] records = [new() { SourceAddress = IpAddress.Parse("::ffff:10.1.2.3"), DestinationAddress = IpAddress.Parse("::ffff:10.1.2.3"), Family = FlowFamily.IPv6, SourceMask = 104, DestinationMask = 64 }];
        new FlowEnricher(new CollectorOptions(), FlowFieldSet.All).Enrich(records);
        Assert.Equal((IpAddress.Parse("::ffff:10.0.0.0"), IpAddress.Parse("::")), (records[0].SourceNetwork, records[0].DestinationNetwork));
    }

    private static FlowRecord Record(string source, string destination, byte sourceMask, byte destinationMask) => new()
    {
        SourceAddress = IpAddress.Parse(source),
        DestinationAddress = IpAddress.Parse(destination),
        Family = FlowFamily.IPv4,
        SourceMask = sourceMask,
        DestinationMask = destinationMask,
        SourceAs = 65001,
        DestinationAs = 65002,
    };

    private static string Text(FlowRecord r) =>
        $"{r.SourceAs} {r.DestinationAs} {r.PeerSourceAs} {r.PeerDestinationAs} {r.SourceAddress} {r.SourceNetwork}/{r.SourceMask} {r.DestinationAddress} {r.DestinationNetwork}/{r.DestinationMask}"
        + (r.NextHopFamily == FlowFamily.None ? "" : $" via {r.NextHop}");
}
