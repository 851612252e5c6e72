using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.NetFlow5;

public sealed class NetFlow5DecoderTests
{
    private const long Export = 1_700_000_000_000_000;
    private static readonly IpAddress Client = IpAddress.Parse("10.1.2.3");
    private static readonly IpAddress Server = IpAddress.Parse("192.168.5.47");

    [Fact]
    public void Record_FillsEveryField()
    {
        var sent = new NetFlow5Record(Client, Server, 6, 12345, 443, 10, 1500)
        {
            NextHop = IpAddress.Parse("10.9.9.9"),
            Input = 100,
            Output = 200,
            First = 980_000,
            Last = 990_000,
            Flags = 27,
            Tos = 8,
            SourceAs = 65001,
            DestinationAs = 65002,
            SourceMask = 24,
            DestinationMask = 27,
        };
        NetFlow5Builder builder = new NetFlow5Builder { Sequence = 77, EngineId = 4, Sampling = 0x4064, Nanoseconds = 123_456_789 }.Record(sent);
        FlowRecord r = Single(builder, new DecoderOptions { Pmacct17 = false });

        Assert.Equal((Client, Server, FlowFamily.IPv4, (ushort)0x0800), (r.SourceAddress, r.DestinationAddress, r.Family, r.EtherType));
        Assert.Equal((12345, 443, 6, 8, 27), (r.SourcePort, r.DestinationPort, r.Protocol, r.Tos, r.TcpFlags));
        Assert.Equal((100u, 200u, 65001u, 65002u), (r.IngressInterface, r.EgressInterface, r.SourceAs, r.DestinationAs));
        Assert.Equal((0u, 0u, 24, 27), (r.PeerSourceAs, r.PeerDestinationAs, r.SourceMask, r.DestinationMask));
        Assert.Equal((10ul, 1500ul, 1ul, FlowKind.Flow), (r.Packets, r.Octets, r.Flows, r.Kind));
        Assert.Equal((77u, 4u, 5, 0), (r.ExportSequence, r.ExportSystemId, r.ExportVersion, r.TemplateId));
        Assert.Equal((100u, 100u, (byte)'u'), (r.SamplingInterval, r.RenormalizationFactor, r.SamplingDirection));
        Assert.Equal((Export - 20_000_000, Export - 10_000_000, Export + 123_456), (r.StartTime, r.EndTime, r.ExportTime));
        Assert.Equal((DecoderRun.Source, FlowFamily.None), (r.ExporterAddress, r.NextHopFamily));
        Assert.Equal(Export, Single(builder).ExportTime);
    }

    [Theory]
    [InlineData(6, 1000, 53, 2)]
    [InlineData(17, 1000, 53, 0)]
    [InlineData(1, 0, 53, 0)]
    [InlineData(58, 0, 53, 0)]
    [InlineData(47, 0, 0, 0)]
    public void C8_PortsAndFlags_OnlyWhereTheProtocolHasThem(int protocol, int sourcePort, int destinationPort, int flags)
    {
        FlowRecord r = Single(new NetFlow5Builder().Record(new NetFlow5Record(Client, Server, protocol, 1000, 53) { Flags = 2 }));
        Assert.Equal((sourcePort, destinationPort, flags), (r.SourcePort, r.DestinationPort, r.TcpFlags));
    }

    [Theory]
    [InlineData(0, 0u)]
    [InlineData(0x4000 | 1000, 1000u)]
    [InlineData(0x8000 | 1, 1u)]
    public void S1_SamplingWord_WithoutItsModeBits(int word, uint interval) =>
        Assert.Equal(interval, Single(new NetFlow5Builder { Sampling = word }.Record(new NetFlow5Record(Client, Server, 6, 1, 2))).SamplingInterval);

    // Juniper writes 50,000 across the bits of the mode.
    [Theory]
    [InlineData(false, 50_000u & 0x3FFF)]
    [InlineData(true, 50_000u)]
    public void S1_AllSixteenBits_OnRequest(bool wide, uint interval)
    {
        NetFlow5Builder builder = new NetFlow5Builder { Sampling = 50_000 }.Record(new NetFlow5Record(Client, Server, 6, 1, 2));
        FlowRecord r = Single(builder, new DecoderOptions { NetFlow5WideSampling = wide });
        Assert.Equal((interval, interval), (r.SamplingInterval, r.RenormalizationFactor));
    }

    // Huawei sends 0 although it samples: the record stays as it is, and the exporter shows that its sampling is unknown.
    [Fact]
    public void S2_NoInterval_IsUnknownAndCounted()
    {
        DecoderRun run = new DecoderRun().Feed(new NetFlow5Builder().Record(new NetFlow5Record(Client, Server, 6, 1, 2)).Build())
            .Feed(new NetFlow5Builder { Sampling = 0x4000 | 100 }.Record(new NetFlow5Record(Client, Server, 6, 1, 2)).Build());
        Assert.Equal([0u, 100u], run.Records.Select(r => r.SamplingInterval));
        Assert.Equal(1, run.Counters(5).UnsampledRecords);
    }

    [Fact]
    public void Options_DecideAboutNextHopAndPeerAses()
    {
        var sent = new NetFlow5Record(Client, Server, 6, 1, 2) { NextHop = Server, SourceAs = 65001, DestinationAs = 65002 };
        FlowRecord with = Single(new NetFlow5Builder().Record(sent), new DecoderOptions { UseIpNextHop = true, PeerAs = true, Pmacct17 = false });
        Assert.Equal((Server, FlowFamily.IPv4, 65001u, 65002u), (with.NextHop, with.NextHopFamily, with.PeerSourceAs, with.PeerDestinationAs));
        Assert.Equal((0u, 0u), (with.SourceAs, with.DestinationAs));

        // The 1.7 dialect prints no next hop of version 5, whatever is asked for.
        FlowRecord old = Single(new NetFlow5Builder().Record(sent), new DecoderOptions { UseIpNextHop = true });
        Assert.Equal(FlowFamily.None, old.NextHopFamily);
        FlowRecord without = Single(new NetFlow5Builder().Record(sent), new DecoderOptions { AsFromExport = false });
        Assert.Equal((0u, 0u), (without.SourceAs, without.DestinationAs));
    }

    // Shortly before the uptime wrapped, and shortly after the header's uptime (Juniper MX).
    [Theory]
    [InlineData(0x100u, 0xFFFF_F000u, -4)]
    [InlineData(100_000u, 160_000u, 60)]
    [InlineData(1_000_000u, 940_500u, -59)]
    public void D1_StartAroundTheUptime_IsASignedDifference(uint sysUpTime, uint first, int seconds) => Assert.Equal(
        Export + (seconds * 1_000_000L),
        Single(new NetFlow5Builder { SysUpTime = sysUpTime }.Record(new NetFlow5Record(Client, Server, 6, 1, 2) { First = first })).StartTime);

    [Theory]
    [InlineData(160u)]
    [InlineData(100_000u)]
    public void D2_TimesAfterTheUptime_AreInTheFuture_NotDaysBack(uint ahead)
    {
        var sent = new NetFlow5Record(Client, Server, 6, 1, 2) { First = 1_000_000 + ahead, Last = 1_000_000 + ahead };
        FlowRecord r = Single(new NetFlow5Builder().Record(sent));
        long expected = Export + (ahead / 1_000 * 1_000_000L);
        Assert.Equal((expected, expected), (r.StartTime, r.EndTime));
    }

    [Theory]
    [InlineData(false, -5)]
    [InlineData(true, 0)]
    public void D3_EndBeforeStart_IsCounted_AndMovedOnRequest(bool order, int seconds)
    {
        var sent = new NetFlow5Record(Client, Server, 6, 1, 2) { First = 1_000_000, Last = 995_000 };
        DecoderRun run = new DecoderRun(new DecoderOptions { OrderFlowTimes = order }).Feed(new NetFlow5Builder().Record(sent).Build());
        Assert.Equal((Export, Export + (seconds * 1_000_000L)), (run.Records[0].StartTime, run.Records[0].EndTime));
        Assert.Equal(1, run.Counters(5).EndsBeforeStart);
    }

    // pmacct-compat §2.3: each division on its own, which can differ by a second from the printed start.
    [Fact]
    public void BinTime_DividesUptimesOnTheirOwn()
    {
        FlowRecord r = Single(new NetFlow5Builder { SysUpTime = 10_100 }.Record(new NetFlow5Record(Client, Server, 6, 1, 2) { First = 9_900 }));
        Assert.Equal((Export, Export - 1_000_000), (r.StartTime, r.BinTime));
    }

    [Fact]
    public void BinTime_OfTimesInSeconds_IsTheirDifference()
    {
        NetFlow5Builder builder = new NetFlow5Builder { SysUpTime = 1_000 }.Record(new NetFlow5Record(Client, Server, 6, 1, 2) { First = 970 });
        Assert.Equal(Export - 30_000_000, Single(builder, new DecoderOptions { UptimesInSeconds = true }).BinTime);
    }

    [Theory]
    [InlineData(0, 3, 3)]
    [InlineData(31, 3, 3)]
    [InlineData(5, 3, 3)]
    [InlineData(2, 3, 2)]
    public void F12_ImpossibleCount_GivesWayToTheBytesPresent(int declared, int present, int decoded)
    {
        var builder = new NetFlow5Builder { Count = declared };
        for (int i = 0; i < present; i++)
        {
            builder.Record(new NetFlow5Record(Client, Server, 6, i, 2));
        }

        DecoderRun run = new DecoderRun().Feed(builder.Build());
        Assert.Equal(decoded, run.Records.Count);
        Assert.Equal(decoded, run.Counters(5).Records);
        Assert.Equal(declared == 2 ? 0 : 1, run.Counters(5)[DecodeFault.BadCount]);
    }

    [Fact]
    public void F1_ShorterThanTheHeader_IsCounted() =>
        Assert.Equal(1, new DecoderRun().Feed([0, 5, 0, 1, 0]).Counters(5)[DecodeFault.ShortDatagram]);

    private static FlowRecord Single(NetFlow5Builder builder, DecoderOptions? options = null) =>
        Assert.Single(new DecoderRun(options).Feed(builder.Build()).Records);
}
