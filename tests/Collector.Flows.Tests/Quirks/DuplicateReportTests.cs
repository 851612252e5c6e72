using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Quirks;

/// <summary>One flow that several exporters see is as many records: only who aggregates can say which of them counts.</summary>
public sealed class DuplicateReportTests
{
    private static readonly FieldSpecifier[] Fields = [(8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (1, 8), (2, 8)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void C7_OneFlowOfTwoHosts_StaysTwoRecordsToldApartByExporter(bool behindOneAddress)
    {
        // The hosts of a distributed switch have addresses of their own; behind one address (NAT) the observation domain tells them apart.
        byte[] record = Wire.Record(Fields, Wire.IPv4("10.0.0.1"), Wire.IPv4("10.0.0.2"), 1000, 443, 6, 1500, 1);
        byte[] Message(uint domain) => new ExportMessageBuilder(10) { Domain = domain }.Template(256, Fields).Data(256, record).Build();
        IpAddress first = IpAddress.Parse("192.0.2.11"), second = behindOneAddress ? first : IpAddress.Parse("192.0.2.12");

        List<FlowRecord> records = new DecoderRun().Feed(Message(1), first, 50_001).Feed(Message(2), second, 50_002).Records;

        Assert.Equal([first, second], records.Select(r => r.ExporterAddress));
        Assert.Equal([1u, 2u], records.Select(r => r.ExportSystemId));
        Assert.All(records, r => Assert.Equal((1500ul, 1ul, (ushort)1000), (r.Octets, r.Packets, r.SourcePort)));
    }
}
