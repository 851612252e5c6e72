using Collector.Configuration;
using Collector.Enrichment.Networks;
using Collector.Flows;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Enrichment.Networks;

/// <summary>What the file says depends on what an output reads: seen with 1.7.7.</summary>
public class NetworkNeedsTests
{
    private static readonly EnrichmentOptions Longest = new() { As = AsSource.Longest, Network = NetworkSource.Longest, NetworksFile = "n" };

    [Theory]
    [InlineData(AsSource.Longest, false, 0u)]
    [InlineData(AsSource.Longest, true, 7u)]
    [InlineData(AsSource.File, false, 7u)]
    public void PeerAs_WithoutTheAsOfAHost_IsTheFilesOnlyWhereItAloneIsAsked(AsSource source, bool readsOrigin, uint expected)
    {
        FlowFieldSet needed = FlowFieldSet.Of(readsOrigin ? [FlowField.PeerSourceAs, FlowField.SourceAddress, FlowField.DestinationAs] : [FlowField.PeerSourceAs, FlowField.SourceAddress]);
        Assert.Equal(expected, Enrich(Longest with { As = source }, needed).PeerSourceAs);
    }

    [Theory]
    [InlineData(FlowField.SourcePort, 0u)]
    [InlineData(FlowField.DestinationAddress, 0u)]
    [InlineData(FlowField.SourceAddress, 7u)]
    [InlineData(FlowField.SourceNetwork, 7u)]
    [InlineData(FlowField.SourceMask, 7u)]
    [InlineData(FlowField.SourceAs, 7u)]
    public void PeerAs_IsKnownWhereSomethingOfTheHostIsPrinted(FlowField beside, uint expected) =>
        Assert.Equal(expected, Enrich(Longest with { As = AsSource.File }, FlowFieldSet.Of(FlowField.PeerSourceAs, beside)).PeerSourceAs);

    [Theory]
    [InlineData(false, false, FlowFamily.None)]
    [InlineData(true, false, FlowFamily.IPv4)]
    [InlineData(false, true, FlowFamily.IPv4)]
    public void NextHopOfTheDatagram_IsKeptForItsLongerMask_WhereTheOutputKnowsIt(bool readsMask, bool readsAs, FlowFamily expected)
    {
        FlowField[] fields = [FlowField.NextHop, .. readsMask ? [FlowField.DestinationMask] : Array.Empty<FlowField>(), .. readsAs ? [FlowField.DestinationAs] : Array.Empty<FlowField>()];
        Assert.Equal(expected, Enrich(Longest, FlowFieldSet.Of(fields), mask: 24).NextHopFamily);
    }

    [Theory]
    [InlineData(5, FlowKind.Flow, true, FlowFamily.None)]
    [InlineData(9, FlowKind.Event, true, FlowFamily.None)]
    [InlineData(9, FlowKind.Flow, true, FlowFamily.IPv4)]
    [InlineData(5, FlowKind.Flow, false, FlowFamily.IPv4)]
    public void NextHopOfTheFile_InTheDialectOf17_IsNotForVersion5NorEvents(ushort version, FlowKind kind, bool pmacct17, FlowFamily expected)
    {
        FlowRecord record = Record() with { ExportVersion = version, Kind = kind, NextHopFamily = FlowFamily.None };
        var table = new NetworkTable([IpPrefix.Of(IpAddress.Parse("10.0.0.0"), 8, true)], [new NetworkEntry(8, 7, IpAddress.Parse("10.9.9.9"), FlowFamily.IPv4)]);
        new NetworkEnricher(NetworkNeeds.Of(Longest, FlowFieldSet.All), pmacct17).Enrich(ref record, table);
        Assert.Equal(expected, record.NextHopFamily);
    }

    [Fact]
    public void Join_OutputsThatDifferOnlyInWhatOneReads_ShareOneResolution()
    {
        NetworkNeeds hosts = NetworkNeeds.Of(Longest, FlowFieldSet.Of(FlowField.SourceAddress)), peers = NetworkNeeds.Of(Longest, FlowFieldSet.Of(FlowField.PeerSourceAs));
        NetworkNeeds origins = NetworkNeeds.Of(Longest, FlowFieldSet.Of(FlowField.SourceAs, FlowField.PeerSourceAs));
        Assert.True(hosts.Join(origins)!.FileAs);
        Assert.Null(peers.Join(origins));
        Assert.Null(hosts.Join(NetworkNeeds.Of(Longest with { NetworksFile = "m" }, FlowFieldSet.Of(FlowField.SourceAddress))));
    }

    private static FlowRecord Enrich(EnrichmentOptions options, FlowFieldSet needed, byte mask = 0)
    {
        FlowRecord record = Record() with { DestinationMask = mask };
        var table = new NetworkTable([IpPrefix.Of(IpAddress.Parse("10.0.0.0"), 8, true)], [new NetworkEntry(8, 7, default, FlowFamily.None)]);
        new NetworkEnricher(NetworkNeeds.Of(options, needed), pmacct17: true).Enrich(ref record, table);
        return record;
    }

    private static FlowRecord Record() => new()
    {
        Family = FlowFamily.IPv4,
        ExportVersion = 9,
        SourceAddress = IpAddress.Parse("10.1.2.3"),
        DestinationAddress = IpAddress.Parse("10.4.5.6"),
        NextHop = IpAddress.Parse("192.0.2.9"),
        NextHopFamily = FlowFamily.IPv4,
    };
}
