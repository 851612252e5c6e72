using Collector.Configuration;
using Collector.Enrichment;
using Collector.Flows;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Enrichment;

public class FlowEnricherTests
{
    private static FlowRecord Enrich(CollectorOptions options, FlowRecord record)
    {
        FlowRecord[] records = [record];
        new FlowEnricher(options, FlowFieldSet.All).Enrich(records);
        return records[0];
    }

    [Fact]
    public void Renormalize_KnownFactor_MultipliesPacketsAndOctetsNotFlows()
    {
        FlowRecord record = Enrich(
            new CollectorOptions { Renormalize = true },
            new FlowRecord { Packets = 3, Octets = 100, Flows = 1, SamplingInterval = 1000, RenormalizationFactor = 1000 });
        Assert.Equal((3000ul, 100_000ul, 1ul, 1u), (record.Packets, record.Octets, record.Flows, record.SamplingInterval));
    }

    [Fact]
    public void Renormalize_UnknownFactor_LeavesEverything()
    {
        FlowRecord record = Enrich(new CollectorOptions { Renormalize = true }, new FlowRecord { Packets = 3, Octets = 100 });
        Assert.Equal((3ul, 100ul, 0u), (record.Packets, record.Octets, record.SamplingInterval));
    }

    [Fact]
    public void Renormalize_Off_KeepsTheInterval()
    {
        FlowRecord record = Enrich(new CollectorOptions(), new FlowRecord { Packets = 3, SamplingInterval = 64, RenormalizationFactor = 64 });
        Assert.Equal((3ul, 64u), (record.Packets, record.SamplingInterval));
    }

    [Fact]
    public void ExternalSamplingRate_WinsOverTheDatagram()
    {
        FlowRecord record = Enrich(
            new CollectorOptions { Renormalize = true, ExternalSamplingRate = 10 },
            new FlowRecord { Packets = 3, RenormalizationFactor = 1000 });
        Assert.Equal(30ul, record.Packets);
    }

    [Fact]
    public void TimeNew_BinsByArrival() => Assert.Equal(0, Enrich(new CollectorOptions { TimeNew = true }, new FlowRecord { BinTime = 5 }).BinTime);

    [Theory]
    [InlineData("10.1.2.3", 24, FlowFamily.IPv4, "10.1.2.0")]
    [InlineData("10.1.2.3", 0, FlowFamily.IPv4, "0.0.0.0")]
    [InlineData("2001:db8:1:2::3", 48, FlowFamily.IPv6, "2001:db8:1::")]
    [InlineData("2001:db8:1:2::3", 0, FlowFamily.IPv6, "::")]
    public void Network_IsTheMaskedHost(string host, byte mask, FlowFamily family, string expected)
    {
        FlowRecord record = Enrich(
            new CollectorOptions(),
            new FlowRecord { SourceAddress = IpAddress.Parse(host), DestinationAddress = IpAddress.Parse(host), SourceMask = mask, DestinationMask = mask, Family = family });
        Assert.Equal(expected, record.SourceNetwork.ToString());
        Assert.Equal(expected, record.DestinationNetwork.ToString());
    }

    [Fact]
    public void Network_GivenByTheExporter_IsKept()
    {
        FlowRecord record = Enrich(
            new CollectorOptions(),
            new FlowRecord { SourceNetwork = IpAddress.Parse("10.9.0.0"), Family = FlowFamily.IPv4, Flags = FlowRecordFlags.SourceNetworkGiven });
        Assert.Equal("10.9.0.0", record.SourceNetwork.ToString());
    }

    [Theory]
    [InlineData('u', 7u, 9u, 0xFFFF_0000_0000_0007ul)]
    [InlineData('i', 0u, 9u, 0xFFFF_0000_0000_0009ul)]
    [InlineData('e', 7u, 0u, 0xFFFF_0000_0000_0007ul)]
    [InlineData('i', 7u, 9u, 0xFFFF_0000_0000_0007ul)]
    [InlineData('e', 7u, 9u, 0xFFFF_0000_0000_0009ul)]
    [InlineData('i', 0u, 0u, 0ul)]
    public void RouteDistinguisher_Unknown_IsTheVrfIdOfTheDirection(char direction, uint ingress, uint egress, ulong expected) => Assert.Equal(
        expected,
        Enrich(new CollectorOptions(), new FlowRecord { SamplingDirection = (byte)direction, IngressVrfId = ingress, EgressVrfId = egress }).RouteDistinguisher);

    [Fact]
    public void RouteDistinguisher_Known_IsKept() => Assert.Equal(
        5ul, Enrich(new CollectorOptions(), new FlowRecord { RouteDistinguisher = 5, IngressVrfId = 7 }).RouteDistinguisher);
}
