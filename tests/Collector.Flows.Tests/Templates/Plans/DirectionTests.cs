using Collector.Net;
using Collector.Testing.Builders;
using Xunit;

namespace Collector.Flows.Tests.Templates.Plans;

/// <summary>Records of both directions: biflows (RFC 5103) and NSEL of Cisco ASA, and NAT events (RFC 8158).</summary>
public sealed class DirectionTests
{
    private const uint Reverse = 29_305;

    private static readonly ulong Client = Wire.IPv4("10.1.2.3"), Server = Wire.IPv4("192.168.5.47");

    private static readonly (FieldSpecifier Field, ulong Value)[] Biflow =
    [
        ((8, 4), Client), ((12, 4), Server), ((7, 2), 40_000), ((11, 2), 443), ((4, 1), 6), ((6, 1), 0x02), (new(6, 1, Reverse), 0x12), ((10, 4), 7), ((14, 4), 8),
        ((16, 4), 65_001), ((17, 4), 65_002), ((9, 1), 24), ((13, 1), 16), ((15, 4), Server), ((61, 1), 0), ((152, 8), 1_700_000_000_000),
        (new(152, 8, Reverse), 1_700_000_000_250), ((1, 8), 100), ((2, 8), 1), (new(1, 8, Reverse), 2_000), (new(2, 4, Reverse), 20),
    ];

    private static readonly DecoderOptions Both = new() { BothDirections = true, UseIpNextHop = true };

    [Fact]
    public void Biflow_IsItsForwardDirection_ByDefault()
    {
        FlowRecord r = Wire.Decode(10, Biflow);
        Assert.Equal((100ul, 1ul, 0x02, 40_000), (r.Octets, r.Packets, r.TcpFlags, r.SourcePort));
    }

    [Fact]
    public void Biflow_OnRequest_IsTwoRecords_TheSecondTheOtherWay()
    {
        DecoderRun run = Run(Biflow, Both);
        Assert.Equal((1L, 1L), (run.Counters(10).Records, run.Counters(10).ReverseRecords));
        FlowRecord f = run.Records[0], r = run.Records[1];
        Assert.Equal((100ul, 1ul, 0x02, 40_000, (byte)'i'), (f.Octets, f.Packets, f.TcpFlags, f.SourcePort, f.SamplingDirection));
        Assert.Equal((2_000ul, 20ul, 0x12, 443, 40_000), (r.Octets, r.Packets, r.TcpFlags, r.SourcePort, r.DestinationPort));
        Assert.Equal((f.DestinationAddress, f.SourceAddress, FlowFamily.IPv4, (ushort)0x0800), (r.SourceAddress, r.DestinationAddress, r.Family, r.EtherType));
        Assert.Equal((8u, 7u, 65_002u, 65_001u, 16, 24), (r.IngressInterface, r.EgressInterface, r.SourceAs, r.DestinationAs, r.SourceMask, r.DestinationMask));
        Assert.Equal((1_700_000_000_250_000, FlowFamily.None, (byte)'u', 1ul), (r.StartTime, r.NextHopFamily, r.SamplingDirection, r.Flows));
        Assert.Equal((0u, 1u), (f.RecordNumber, r.RecordNumber));
    }

    [Fact]
    public void BiflowThatNobodyAnswered_HasNoSecondRecord()
    {
        (FieldSpecifier, ulong)[] unanswered = [.. Biflow[..^2], (new(1, 8, Reverse), 0), (new(2, 4, Reverse), 0)];
        DecoderRun run = Run(unanswered, Both);
        Assert.Single(run.Records);
        Assert.Equal(0, run.Counters(10).ReverseRecords);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(256)]
    public void Biflows_ComeWholeThroughAnyBatch(int capacity)
    {
        FieldSpecifier[] fields = [(7, 2), (11, 2), (1, 4), new(1, 4, Reverse), (94, 65_535)];
        byte[][] records = [.. Enumerable.Range(1, 50).Select(i => new WireWriter().U16(i).U16(443).U32(1).U32(i % 3 == 0 ? 0u : (uint)i).U8(0).ToArray())];
        var run = new DecoderRun(Both, capacity);
        run.Feed(ExportMessageBuilder.Ipfix().Template(Wire.Template, fields).Data(Wire.Template, records).Data(Wire.Template, records[0]).Build());
        Assert.Equal((51L, 35L), (run.Counters(10).Records, run.Counters(10).ReverseRecords));
        Assert.Equal(Enumerable.Range(1, 50).Where(i => i % 3 != 0).Append(1), run.Records.Where(r => r.SourcePort == 443).Select(r => (int)r.DestinationPort));
        Assert.Equal(86, run.Records.Select(r => r.RecordNumber).Distinct().Count());
    }

    // nfacctd without tmp_asa_bi_flow: traffic, but no numbers (pmacct-compat §8.4).
    [Fact]
    public void C4_AsaCounters_AreTrafficWithoutNumbers()
    {
        FlowRecord r = Wire.Decode(9, Asa(5));
        Assert.Equal((FlowKind.Flow, 0ul, 0ul, 5), (r.Kind, r.Octets, r.Packets, r.FirewallEvent));
    }

    [Fact]
    public void C4_AsaCounters_AsPmacctsTemporaryKeyHasThem()
    {
        FlowRecord r = Wire.Decode(9, Asa(5), new DecoderOptions { Nsel = NselCounters.Pmacct });
        Assert.Equal((100ul, 200ul), (r.Octets, r.Packets));
    }

    // Updates (5) and teardowns (2) tell what went since the last of them, in both directions.
    [Theory]
    [InlineData(5)]
    [InlineData(2)]
    public void C4_AsaUpdateAndTeardown_AreTwoRecordsOnRequest(int firewallEvent)
    {
        DecoderRun run = Run(Asa(firewallEvent), new DecoderOptions { Nsel = NselCounters.Both }, 9);
        Assert.Equal([(100ul, 3ul, 40_000, 443), (200ul, 4ul, 443, 40_000)], run.Records.Select(r => (r.Octets, r.Packets, (int)r.SourcePort, (int)r.DestinationPort)));
        Assert.All(run.Records, r => Assert.Equal((FlowKind.Flow, firewallEvent), (r.Kind, r.FirewallEvent)));
        Assert.Equal(run.Records[0].SourceAddress, run.Records[1].DestinationAddress);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void C4_AsaCreationAndDenial_AreEvents(int firewallEvent)
    {
        (FieldSpecifier, ulong)[] fields = [((8, 4), Client), ((12, 4), Server), ((233, 1), (ulong)firewallEvent), ((33_002, 2), 1001)];
        FlowRecord r = Wire.Decode(9, fields, new DecoderOptions { Nsel = NselCounters.Both });
        Assert.Equal((FlowKind.Event, firewallEvent, 0ul), (r.Kind, r.FirewallEvent, r.Octets));
    }

    // MikroTik: a NAT event has no counters, and IE 323 is its time.
    [Fact]
    public void C5_NatEventWithoutCounters_IsAnEvent()
    {
        FlowRecord r = Wire.Decode(
            10, [((323, 8), 1_700_000_000_123), ((8, 4), Client), ((225, 4), Server), ((226, 4), Client), ((227, 2), 1024), ((228, 2), 80), ((230, 1), 4)]);
        Assert.Equal((FlowKind.Event, 0ul, 0ul, 4), (r.Kind, r.Octets, r.Packets, r.NatEvent));
        Assert.Equal((IpAddress.Parse("192.168.5.47"), FlowFamily.IPv4, 1024, 80), (r.PostNatSourceAddress, r.PostNatSourceFamily, r.PostNatSourcePort, r.PostNatDestinationPort));
        Assert.Equal(1_700_000_000_123_000, r.StartTime);
    }

    private static (FieldSpecifier Field, ulong Value)[] Asa(int firewallEvent) =>
    [
        ((8, 4), Client), ((12, 4), Server), ((7, 2), 40_000), ((11, 2), 443), ((233, 1), (ulong)firewallEvent), ((33_002, 2), 0), ((231, 4), 100), ((232, 4), 200),
        ((298, 4), 3), ((299, 4), 4),
    ];

    private static DecoderRun Run((FieldSpecifier Field, ulong Value)[] fields, DecoderOptions options, int version = 10)
    {
        FieldSpecifier[] specifiers = [.. fields.Select(f => f.Field)];
        byte[] record = Wire.Record(specifiers, [.. fields.Select(f => f.Value)]);
        return new DecoderRun(options).Feed(new ExportMessageBuilder(version).Template(Wire.Template, specifiers).Data(Wire.Template, record).Build());
    }
}
