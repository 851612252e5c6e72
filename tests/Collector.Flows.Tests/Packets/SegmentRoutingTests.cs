using Collector.Flows.Packets;
using Collector.Net;
using Collector.Testing.Builders;
using Xunit;
using static Collector.Testing.Builders.PacketBuilder;

namespace Collector.Flows.Tests.Packets;

/// <summary>The segments of an SRv6 packet, as they stand on the wire.</summary>
public sealed class SegmentRoutingTests
{
    private static readonly byte[] Inner = IPv6("2001:db8::1", "2001:db8::2", 17, Udp(53, 54));

    [Fact]
    public void Segments_AreKeptAsAValue()
    {
        var values = new ValueTable();
        FlowRecord r = Read(Packet(Routing(2, "fc00::1", "fc00::2", "fc00::3")), values);
        Assert.Equal(["fc00::1", "fc00::2", "fc00::3"], Segments(r, values));
        Assert.Equal((41, "2001:db8::a", "2001:db8::1", 53), (r.Protocol, r.SourceAddress.ToString(), r.TunnelSourceAddress.ToString(), r.TunnelSourcePort));
    }

    [Fact]
    public void TagsBehindTheList_AreNoSegments()
    {
        byte[] routing = [.. Routing(0, "fc00::1"), 5, 14, .. new byte[14]];
        routing[1] = 4;
        var values = new ValueTable();
        Assert.Equal(["fc00::1"], Segments(Read(Packet(routing), values), values));
    }

    [Fact]
    public void OtherRoutingTypes_HaveNone()
    {
        byte[] routing = Routing(0, "fc00::1");
        routing[2] = 2;
        Assert.Equal(0u, Read(Packet(routing), new ValueTable()).Srv6Segments);
    }

    [Theory]
    [InlineData(255, 255)]
    [InlineData(255, 4)]
    [InlineData(0, 4)]
    public void LastEntryBeyondTheHeader_IsBoundedByIt(byte lastEntry, byte length)
    {
        byte[] routing = Routing(1, "fc00::1", "fc00::2");
        (routing[4], routing[1]) = (lastEntry, length);
        var values = new ValueTable();
        FlowRecord r = Read(Packet(routing), values);
        Assert.Equal(lastEntry == 0 ? ["fc00::1"] : ["fc00::1", "fc00::2"], Segments(r, values).Take(2));
        Assert.True(Segments(r, values).Length <= SegmentRouting.MaxSegments);
    }

    [Fact]
    public void CutWithinTheList_KeepsWholeSegments()
    {
        byte[] frame = Packet(Routing(2, "fc00::1", "fc00::2", "fc00::3"));
        var values = new ValueTable();
        FlowRecord r = Read(frame.AsSpan(0, 40 + 8 + 47), values);
        Assert.Equal(["fc00::1", "fc00::2"], Segments(r, values));
        Assert.Equal((41, FlowFamily.None), (r.Protocol, r.TunnelFamily));
    }

    private static byte[] Packet(byte[] routing) => IPv6("2001:db8::a", "2001:db8::b", 43, [.. routing, .. Inner]);

    private static byte[] Routing(int lastEntry, params string[] segments)
    {
        WireWriter writer = new WireWriter().Bytes(41, (byte)(segments.Length * 2), SegmentRouting.RoutingType, 0, (byte)lastEntry, 0, 0, 0);
        foreach (string segment in segments)
        {
            writer.Address(IpAddress.Parse(segment));
        }

        return writer.ToArray();
    }

    private static FlowRecord Read(ReadOnlySpan<byte> packet, ValueTable values)
    {
        FlowRecord record = default;
        SampledHeaderReader.Read(12, packet, values, ref record);
        return record;
    }

    private static string[] Segments(in FlowRecord record, ValueTable values)
    {
        byte[] list = values.Snapshot[record.Srv6Segments].ToArray();
        return [.. list.Chunk(IpAddress.Size).Select(s => IpAddress.ReadIPv6(s).ToString())];
    }
}
