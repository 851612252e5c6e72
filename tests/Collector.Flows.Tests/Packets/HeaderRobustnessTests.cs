using System.Runtime.InteropServices;
using Collector.Flows.Packets;
using Collector.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;

namespace Collector.Flows.Tests.Packets;

/// <summary>Whatever a sampled header holds: no exception, the same record each time, nothing invented, nothing allocated.</summary>
public sealed class HeaderRobustnessTests
{
    private static readonly ValueTable Values = new(1_000_000, 1 << 28);
    private static readonly byte[] Ip4 = IPv4("10.0.0.1", "10.0.0.2", 6, Tcp(1111, 80));
    private static readonly byte[] Ip6 = IPv6("2001:db8::1", "2001:db8::2", 17, Udp(53, 54));

    /// <summary>One frame for every way of carrying a packet that the reader knows.</summary>
    private static readonly (uint Protocol, byte[] Bytes)[] Frames =
    [
        (1, Ethernet(0x800, Ip4)),
        (1, Ethernet(0x86DD, Ip6)),
        (1, Ethernet(0x88A8, Tag(1, 5, 0x9300, Tag(0, 6, 0x8847, Mpls([100, 200], Ip6))))),
        (1, Ethernet(60, Snap(0x8100, Tag(1, 5, 0x800, Ip4)))),
        (1, Ethernet(60, [6, 6, 3, .. Ip4])),
        (1, Ethernet(0x8864, Pppoe(0x57, Ip6))),
        (1, Ethernet(0x8847, Mpls([100], [0, 0, 0, 0, .. Ethernet(0x8100, Tag(0, 5, 0x800, Ip4))]))),
        (1, Ethernet(0x800, IPv4("1.1.1.1", "2.2.2.2", 17, Udp(1, 4789, Vxlan(7, Ethernet(0x8100, Tag(0, 5, 0x800, Ip4))))))),
        (1, Ethernet(0x800, IPv4("1.1.1.1", "2.2.2.2", 47, [0xF0, 0, 0x65, 0x58, .. new byte[12], 0, 0, 0, 0, .. Ethernet(0x86DD, Ip6)]))),
        (1, Ethernet(0x800, IPv4("1.1.1.1", "2.2.2.2", 17, Udp(1, 6081, [2, 0, 0x86, 0xDD, .. new byte[12], .. Ip6])))),
        (1, Ethernet(0x800, IPv4("1.1.1.1", "2.2.2.2", 17, Udp(1, 2152, [0x34, 255, 0, 0, 1, 2, 3, 4, 0, 0, 0, 5, 1, 0, 0, 0, .. Ip4])))),
        (1, Ethernet(0x86DD, IPv6("2001:db8::a", "2001:db8::b", 43, [41, 4, 4, 0, 1, 0, 0, 0, .. new byte[32], .. Ip6]))),
        (1, Ethernet(0x86DD, IPv6("2001:db8::a", "2001:db8::b", 0, [44, 0, 0, 0, 0, 0, 0, 0, 51, 0, 0, 1, 0, 0, 0, 9, 6, 1, 0, 0, .. new byte[8], .. Tcp(1, 2)]))),
        (7, [0xFF, 3, 0, 0x21, .. Ip4]),
        (11, IPv4("1.1.1.1", "2.2.2.2", 41, Ip6, options: new byte[4])),
        (12, IPv6("2001:db8::a", "2001:db8::b", 4, Ip4)),
        (13, Mpls([1, 2, 3], Ip4)),
    ];

    [Fact]
    public void F8_AnyBytes_UnderAnyProtocol_NeverThrow() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        Gen.Choose(0, 20).ToArbitrary(),
        (bytes, protocol) => ReadTwice((uint)protocol, bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void F8_AnyByteOfAnyFrameChanged_NeverThrows()
    {
        foreach ((uint protocol, byte[] frame) in Frames)
        {
            byte[] changed = [.. frame];
            for (int i = 0; i < frame.Length; i++)
            {
                foreach (byte value in (byte[])[0, 1, 4, 0x3F, 0x45, 0x60, 0x7F, 0x80, 0xFF])
                {
                    changed[i] = value;
                    Assert.True(ReadTwice(protocol, changed));
                }

                changed[i] = frame[i];
            }
        }
    }

    [Fact]
    public void F8_AnyFrameCutAtAnyByte_NeverInventsALaterLayer()
    {
        foreach ((uint protocol, byte[] frame) in Frames)
        {
            FlowRecord whole = Read(protocol, frame);
            for (int length = 0; length < frame.Length; length++)
            {
                // In an array of its own length: a read beyond would not go unseen.
                byte[] cut = frame[..length];
                Assert.True(ReadTwice(protocol, cut));
                FlowRecord r = Read(protocol, cut);
                Assert.True(r.SourcePort is 0 || r.SourcePort == whole.SourcePort);
                Assert.True(r.TunnelSourcePort is 0 || r.TunnelSourcePort == whole.TunnelSourcePort);
                Assert.True(r.SourceAddress.IsUnspecified || r.SourceAddress == whole.SourceAddress);
                Assert.True(r.TunnelSourceAddress.IsUnspecified || r.TunnelSourceAddress == whole.TunnelSourceAddress);
                Assert.True(r.Vlan is 0 || r.Vlan == whole.Vlan);
                Assert.True(r.MplsLabelTop is 0 || r.MplsLabelTop == whole.MplsLabelTop);
            }
        }
    }

    [Fact]
    public void EveryFrame_LeadsToAPacket() => Assert.All(Frames, f => Assert.NotEqual(FlowFamily.None, Read(f.Protocol, f.Bytes).Family));

    [Fact]
    public void Reading_AllocatesNothing()
    {
        var values = new ValueTable();
        FlowRecord record = default;
        Assert.Equal(0, Allocation.OfSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                foreach ((uint protocol, byte[] frame) in Frames)
                {
                    record = default;
                    SampledHeaderReader.Read(protocol, frame, values, ref record);
                }
            }
        }));
    }

    private static bool ReadTwice(uint protocol, byte[] bytes)
    {
        FlowRecord first = default, second = default;
        DecodeFault a = SampledHeaderReader.Read(protocol, bytes, Values, ref first);
        DecodeFault b = SampledHeaderReader.Read(protocol, bytes, Values, ref second);
        return a == b && MemoryMarshal.AsBytes(new ReadOnlySpan<FlowRecord>(in first)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<FlowRecord>(in second)));
    }

    private static FlowRecord Read(uint protocol, ReadOnlySpan<byte> bytes) => SampledHeaderReaderTests.Read(protocol, bytes);
}
