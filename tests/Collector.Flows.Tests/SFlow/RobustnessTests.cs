using System.Runtime.InteropServices;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Testing.Captures;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;
using static Collector.Testing.Builders.SFlowBuilder;

namespace Collector.Flows.Tests.SFlow;

/// <summary>Whatever a peer sends: no exception, the same result every time, no allocation.</summary>
public sealed class RobustnessTests
{
    private static readonly byte[] Rich = RichDatagram();

    [Fact]
    public void AnyBytesBehindAHeader_AreSurvivedAndDeterministic() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => IsDeterministic([.. Rich.AsSpan(0, 24), 0, 0, 0xFF, 0xFF, .. bytes]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(500));

    [Fact]
    public void AnyBytesAsAnySampledHeader_AreSurvived() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Gen.Elements(1u, 7u, 11u, 12u, 13u, 14u).ToArbitrary(), (bytes, protocol) =>
            IsDeterministic(new SFlowBuilder().Flow(new SampleHeader(), SampledHeader(protocol, bytes)).Build()))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(200));

    [Fact]
    public void BuiltSample_RoundTrips() =>
        Prop.ForAll(ArbMap.Default.ArbFor<uint[]>().Filter(n => n.Length >= 12), n =>
        {
            var header = new SampleHeader { Sequence = n[0], SourceIndex = n[1] & 0xFF_FFFF, Rate = n[2], Pool = n[3], Input = n[4], Output = n[5] };
            byte[] frame = Ethernet(0x8100, Tag((int)(n[6] & 7), (int)(n[7] & 0xFFF), 0x800,
                IPv4("10.0.0.1", "10.0.0.2", 6, Tcp((int)(n[8] & 0xFFFF), (int)(n[9] & 0xFFFF), (int)(n[10] & 0xFF)))));
            byte[][] records = [SampledHeader(1, frame, n[11]), Gateway("8.8.8.8", 1, n[6], n[7], [(2, [n[8], n[9]])], [], n[10])];
            var builder = new SFlowBuilder { Sequence = n[0], SubAgent = n[1] };
            builder = (n[0] & 1) == 0 ? builder.Flow(header, records) : builder.ExpandedFlow(header, records);
            FlowRecord r = SFlowRun.Single(builder);
            return (r.SamplingInterval, r.IngressInterface, r.EgressInterface, r.Octets, r.ExportSequence, r.ExportSystemId) == (n[2], n[4], n[5], n[11], n[0], n[1])
                && (r.Cos, r.Vlan, r.SourcePort, r.DestinationPort, r.TcpFlags)
                    == ((byte)(n[6] & 7), (ushort)(n[7] & 0xFFF), (ushort)n[8], (ushort)n[9], (byte)n[10])
                && (r.SourceAs, r.PeerSourceAs, r.PeerDestinationAs, r.DestinationAs, r.LocalPreference) == (n[6], n[7], n[8], n[9], n[10]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithStartSize(13).WithEndSize(100));

    [Fact]
    public void F9_BitFlipsAndTruncationsOfARichDatagram_AreSurvivedAndDeterministic() => Mutate(Rich, 20_000);

    [SharedCapturesFact]
    public void F9_BitFlipsAndTruncationsOfEveryCapture_AreSurvivedAndDeterministic()
    {
        var payloads = Directory.GetFiles(Path.Combine(RepositoryPaths.SharedCaptures, "data"), "*sflow*.pcap", SearchOption.AllDirectories)
            .Concat(Directory.GetDirectories(Path.Combine(RepositoryPaths.SharedCaptures, "data", "dev"), "*sflow*").SelectMany(d => Directory.GetFiles(d)))
            .Distinct().SelectMany(PcapFile.Read).ToList();
        Assert.True(payloads.Count >= 9, $"only {payloads.Count} datagrams");
        payloads.ForEach(p => Mutate(p.Payload, 2_000));
    }

    [Fact]
    public void KnownDatagram_AllocatesNothing()
    {
        var run = new SFlowRun();
        for (int i = 0; i < 100; i++)
        {
            run.FeedOnly(Rich);
        }

        int records = 0;
        long allocated = Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                records += run.FeedOnly(Rich);
            }
        });
        Assert.Equal(0, allocated);
        Assert.True(records >= 5_000);
    }

    private static void Mutate(byte[] payload, int times)
    {
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.True(IsDeterministic(payload.AsSpan(0, length)));
        }

        var random = new Random(20_041);
        byte[] changed = new byte[payload.Length];
        for (int i = 0; i < times; i++)
        {
            payload.CopyTo(changed, 0);
            for (int flips = random.Next(1, 5); flips > 0; flips--)
            {
                // The version stays, or most of the work would be to refuse it.
                changed[random.Next(4, changed.Length)] ^= (byte)(1 << random.Next(8));
            }

            Assert.True(IsDeterministic(changed));
        }
    }

    private static bool IsDeterministic(ReadOnlySpan<byte> payload)
    {
        SFlowRun first = new SFlowRun(batchCapacity: 3).Feed(payload), second = new SFlowRun(batchCapacity: 200).Feed(payload);
        return Bytes(first).SequenceEqual(Bytes(second))
            && first.Sources.Snapshot.ToArray().Zip(second.Sources.Snapshot.ToArray()).All(pair =>
                pair.First.Records == pair.Second.Records && Enum.GetValues<DecodeFault>().All(f => pair.First[f] == pair.Second[f]));
    }

    private static ReadOnlySpan<byte> Bytes(SFlowRun run) => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(run.Records));

    private static byte[] RichDatagram()
    {
        byte[] ip4 = IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80));
        byte[] ip6 = IPv6("2001:db8::1", "2001:db8::2", 0, [44, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 1, 0, 0, 0, 7, .. Tcp(1111, 80)]);
        byte[] gateway = Gateway("2001:db8::9", 1, 2, 3, [(2, [4, 5]), (1, [6])], [7, 0xFFFF_FF01], 100);
        return new SFlowBuilder()
            .Flow(new SampleHeader(), SampledHeader(1, Ethernet(0x8100, Tag(1, 2, 0x800, ip4))), Switch(1, 2, 3, 4), Router("9.9.9.9", 24, 16), gateway)
            .Sample(2, new byte[100])
            .ExpandedFlow(new SampleHeader { Sequence = 2, Pool = 2000 }, SampledHeader(1, Ethernet(0x86DD, ip6)), gateway)
            .Flow(new SampleHeader { Sequence = 3 }, SampledHeader(1, Ethernet(0x8847, Mpls([100, 200], [0, 0, 0, 0, .. Ethernet(0x800, ip4)]))))
            .Flow(new SampleHeader { Sequence = 4 }, SampledHeader(1, Ethernet(0x800, IPv4("1.1.1.1", "2.2.2.2", 17, Udp(1, 4789, Vxlan(5, Ethernet(0x86DD, ip6)))))))
            .Flow(new SampleHeader { Sequence = 5 }, SampledIp(55, 6, "3.3.3.3", "4.4.4.4", 1, 2, 3, 4), SampledEthernet(66, SourceMac, DestinationMac, 0x800))
            .Sample(5, new byte[40])
            .Flow(new SampleHeader { Sequence = 6 }, Record(1006, new WireWriter().U32(1, 0x0707_0707, 1, 100 << 12 | 0x1FF, 0).ToArray()), SampledHeader(13, Mpls([9], ip4)))
            .Build();
    }
}
