using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;
using static Collector.Testing.Builders.SFlowBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>extended_gateway, X6 and pmacct-compat §7.2.</summary>
public sealed class ExtendedGatewayTests
{
    private static readonly byte[] Plain = SampledHeader(1, Ethernet(0x800, IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80))));

    [Fact]
    public void VerifiedExample_FillsAllFields()
    {
        (FlowRecord record, SFlowRun run) = Decode(
            Gateway("8.8.8.8", 65001, 65002, 65003, [(2, [65010, 65011]), (1, [65020, 65021])], [65000u << 16 | 1, 0xFFFF_FF01], 150));
        Assert.Equal((65002u, 65021u, 65003u, 65010u), (record.SourceAs, record.DestinationAs, record.PeerSourceAs, record.PeerDestinationAs));
        Assert.Equal(("65010_65011_65020_65021", "65000:1_no-export", 150u), (run.Text(record.AsPath), run.Text(record.StandardCommunities), record.LocalPreference));
        Assert.Equal("8.8.8.8", record.NextHop.ToString());
    }

    /// <summary>What sfacctd 1.7.7 printed of such a sample under sfacctd_peer_as.</summary>
    [Fact]
    public void PeerAs_OriginsBecomeThePeers()
    {
        (FlowRecord record, SFlowRun run) = Decode(Gateway("8.8.8.8", 1, 203476, 8218, [(2, [8218, 29605, 203361])], [], 0), new DecoderOptions { PeerAs = true });
        Assert.Equal((0u, 0u, 203476u, 203361u), (record.SourceAs, record.DestinationAs, record.PeerSourceAs, record.PeerDestinationAs));
        Assert.Equal("8218_29605_203361", run.Text(record.AsPath));
    }

    [Fact]
    public void X6_EmptyPathAndNoSourceAs_StayZeroAsInPmacct()
    {
        foreach ((uint, uint[])[] path in new (uint, uint[])[][] { [], [(2, [])] })
        {
            (FlowRecord record, _) = Decode(Gateway("8.8.8.8", 65001, 0, 0, path, [], 0));
            Assert.Equal((0u, 0u, 0u, 0u, 0u), (record.SourceAs, record.DestinationAs, record.PeerSourceAs, record.PeerDestinationAs, record.AsPath));
        }
    }

    [Fact]
    public void X6_SetBeforeSequence_GivesFirstAndLast()
    {
        (FlowRecord record, SFlowRun run) = Decode(Gateway("8.8.8.8", 1, 2, 3, [(1, [7, 8]), (2, [4_200_000_009])], [], 0));
        Assert.Equal((7u, 4_200_000_009u, "7_8_4200000009"), (record.PeerDestinationAs, record.DestinationAs, run.Text(record.AsPath)));
    }

    [Fact]
    public void X6_EmptySegmentAtTheEnd_DoesNotHideTheLastAs()
    {
        (FlowRecord record, SFlowRun run) = Decode(Gateway("8.8.8.8", 1, 2, 3, [(2, [7, 8]), (1, [])], [], 0));
        Assert.Equal((8u, "7_8"), (record.DestinationAs, run.Text(record.AsPath)));
    }

    [Fact]
    public void Communities_KeepOrderAndRepetition_WithTheNamesThatPmacctKnows()
    {
        (FlowRecord record, SFlowRun run) = Decode(Gateway(
            "8.8.8.8", 1, 2, 3, [(2, [4])], [0, 0xFFFF_FF01, 0xFFFF_FF02, 0xFFFF_FF03, 0xFFFF_FF04, 0xFFFF_029A, 7, 0xFFFF_FF01], 0));
        Assert.Equal("internet_no-export_no-advertise_local-AS_65535:65284_65535:666_0:7_no-export", run.Text(record.StandardCommunities));
    }

    [Fact]
    public void Communities_AsNumbers_HaveNoNames()
    {
        (FlowRecord record, SFlowRun run) = Decode(
            Gateway("8.8.8.8", 1, 2, 3, [(2, [4])], [0, 0xFFFF_FF01, 7], 0), new DecoderOptions { NumericCommunities = true });
        Assert.Equal("0:0_65535:65281_0:7", run.Text(record.StandardCommunities));
    }

    [Fact]
    public void X6_ThousandCommunities_AreAllThere()
    {
        uint[] communities = [.. Enumerable.Range(0, 1000).Select(i => 65000u << 16 | (uint)i)];
        (FlowRecord record, SFlowRun run) = Decode(Gateway("8.8.8.8", 1, 2, 3, [(2, [4])], communities, 77));
        Assert.Equal(string.Join('_', Enumerable.Range(0, 1000).Select(i => $"65000:{i}")), run.Text(record.StandardCommunities));
        Assert.Equal(77u, record.LocalPreference);
        Assert.Equal(0, run.Counters[DecodeFault.BadSample]);
    }

    [Fact]
    public void PathLongerThanAValueMayBe_IsLeftEmptyAndCounted()
    {
        uint[] path = [.. Enumerable.Range(0, 3000).Select(i => 4_200_000_000u + (uint)i)];
        (FlowRecord record, SFlowRun run) = Decode(Gateway("8.8.8.8", 1, 2, 3, [(2, path)], [], 77));
        Assert.Equal((0u, 4_200_000_000u, 4_200_002_999u), (record.AsPath, record.PeerDestinationAs, record.DestinationAs));
        Assert.Equal(1, run.Counters[DecodeFault.BadSample]);
    }

    [Fact]
    public void AsNotFromExport_LeavesAllButTheNextHop()
    {
        (FlowRecord record, _) = Decode(Gateway("8.8.8.8", 1, 2, 3, [(2, [4])], [7], 77), new DecoderOptions { AsFromExport = false });
        Assert.Equal((0u, 0u, 0u, 0u, 0u, 0u, 0u), (record.SourceAs, record.DestinationAs, record.PeerSourceAs, record.PeerDestinationAs,
            record.AsPath, record.StandardCommunities, record.LocalPreference));
        Assert.Equal("8.8.8.8", record.NextHop.ToString());
    }

    [Fact]
    public void FieldsThatNobodyReads_AreNotInterned()
    {
        var options = new DecoderOptions { Fields = FlowFieldSet.Of(FlowField.DestinationAs) };
        (FlowRecord record, SFlowRun run) = Decode(Gateway("8.8.8.8", 1, 2, 3, [(2, [4])], [7], 77), options);
        Assert.Equal((4u, 77u), (record.DestinationAs, record.LocalPreference));
        Assert.Equal(0, run.Values.Snapshot.Count);
    }

    [Fact]
    public void F8_EveryCountOfAllOnes_IsBoundedAndKeepsTheSample()
    {
        byte[] record = Gateway("8.8.8.8", 1, 2, 3, [(2, [4, 5])], [7, 8], 77);
        for (int offset = 8; offset + 4 <= record.Length; offset += 4)
        {
            byte[] changed = [.. record];
            changed.AsSpan(offset, 4).Fill(0xFF);
            (FlowRecord decoded, _) = Decode(changed);
            Assert.Equal("10.0.0.1", decoded.SourceAddress.ToString());
        }
    }

    private static (FlowRecord Record, SFlowRun Run) Decode(byte[] gateway, DecoderOptions? options = null)
    {
        var run = new SFlowRun(options);
        return (Assert.Single(run.Feed(new SFlowBuilder().Flow(new SampleHeader(), Plain, gateway).Build()).Records), run);
    }
}
