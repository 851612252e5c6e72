using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Collector.Bgp.Rib;
using Collector.BgpOutputs;
using Collector.Configuration;
using Collector.Net;
using Xunit;

namespace Collector.Tests.BgpOutputs;

/// <summary>The objects as nfacctd 1.7.7 was seen to print them (pmacct-compat §6.3, §6.4).</summary>
public sealed class BgpObjectWriterTests : IDisposable
{
    private const long Time = 1_795_195_143_842_220; // 2026-11-20 17:19:03.842220

    private static readonly PeerDescription Peer = new() { Address = IpAddress.Parse("127.0.0.1"), Port = 49594, RouterId = IpAddress.Parse("10.0.0.1") };

    private readonly RouteTable _table = new(new RouteTableOptions(), TimeProvider.System);
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public void Session_InitAndClose()
    {
        Writer().WriteSession(_buffer, 0, Time, Peer, default, "log_init"u8, default);
        Writer().WriteSession(_buffer, 16, Time, Peer, new BgpTag(7, true, null), "log_close"u8, "default/1"u8);

        Assert.Equal(
            """{"seq": 0, "timestamp": "2026-11-20 17:19:03.842220", "peer_ip_src": "127.0.0.1", "peer_tcp_port": 49594, "event_type": "log_init"}"""
            + """{"seq": 16, "timestamp": "2026-11-20 17:19:03.842220", "peer_ip_src": "127.0.0.1", "tag": 7, "peer_tcp_port": 49594, "event_type": "log_close", "writer_id": "default/1"}""",
            Text());
    }

    [Fact]
    public void Log_RouteWithEveryAttribute()
    {
        Writer().WriteLog(_buffer, 1, Time, Peer, default, "update"u8, Entry("192.168.0.0", 16, All()), default);

        Assert.Equal(
            """{"seq": 1, "log_type": "update", "timestamp": "2026-11-20 17:19:03.842220", "peer_ip_src": "127.0.0.1", "peer_tcp_port": 49594, "event_type": "log", "afi": 1, "safi": 1, "ip_prefix": "192.168.0.0/16", "bgp_nexthop": "10.0.0.254", "as_path": "65001 65010 65010 {65020,65021}", "comms": "65001:100 65001:200 no-export", "ecomms": "RT:65001:77", "lcomms": "65001:1:2", "origin": "i", "local_pref": 200, "med": 50}""",
            Text());
    }

    [Fact]
    public void Log_RouteWithFewAttributes_LeavesTheOthersOut()
    {
        var received = new ReceivedAttributes { Origin = 2, NextHop = IpAddress.Parse("10.0.0.254"), Present = AttributeFlags.Origin | AttributeFlags.NextHop };
        Path(received, 2, 65001);
        Writer().WriteLog(_buffer, 3, Time, Peer, default, "withdraw"u8, Entry("172.16.0.0", 12, received), default);

        Assert.Equal(
            """{"seq": 3, "log_type": "withdraw", "timestamp": "2026-11-20 17:19:03.842220", "peer_ip_src": "127.0.0.1", "peer_tcp_port": 49594, "event_type": "log", "afi": 1, "safi": 1, "ip_prefix": "172.16.0.0/12", "bgp_nexthop": "10.0.0.254", "as_path": "65001", "origin": "u"}""",
            Text());
    }

    [Theory]
    [InlineData(true, "label")]
    [InlineData(false, "mpls_label")]
    public void Log_VpnRoute_HasDistinguisherAndLabel_ByTheDialect(bool pmacct17, string key)
    {
        var received = new ReceivedAttributes { NextHop = IpAddress.Parse("10.0.0.253"), LocalPreference = 100, Present = AttributeFlags.LocalPreference };
        Path(received, 2, 65001, 65003);
        RouteEntry entry = Entry("10.99.1.0", 24, received);
        entry.Nlri.Family = RouteFamily.IPv4Vpn;
        entry.Nlri.RouteDistinguisher = (65001UL << 32) | 7;
        entry.Nlri.Label = 24001;
        Writer(new BgpObjectOptions { Text = new TextOptions { Pmacct17 = pmacct17, Utc = true }, NumericOrigin = true }).WriteLog(_buffer, 6, Time, Peer, default, "update"u8, entry, default);

        Assert.EndsWith(
            $$""""afi": 1, "safi": 128, "ip_prefix": "10.99.1.0/24", "bgp_nexthop": "10.0.0.253", "as_path": "65001 65003", "origin": 0, "local_pref": 100, "rd": "0:65001:7", "rd_origin": "bgp", "{{key}}": "24001"}"""",
            Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Log_AddPathAndIPv6()
    {
        PeerDescription peer = Peer with { AddPathFamilies = 1 << (int)RouteFamily.IPv6Unicast, Address = IpAddress.Parse("2001:db8::1") };
        var received = new ReceivedAttributes { NextHop = IpAddress.Parse("2001:db8::fe") };
        RouteEntry entry = Entry("2001:db8:1::", 48, received);
        entry.Nlri.Family = RouteFamily.IPv6Unicast;
        entry.Nlri.PathId = 9;
        Writer().WriteLog(_buffer, 1, Time, peer, default, "update"u8, entry, default);

        Assert.EndsWith(
            """"peer_ip_src": "2001:db8::1", "peer_tcp_port": 49594, "event_type": "log", "afi": 2, "safi": 1, "ip_prefix": "2001:db8:1::/48", "as_path_id": 9, "bgp_nexthop": "2001:db8::fe", "as_path": "", "origin": "i"}"""",
            Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Dump_InitRouteClose()
    {
        BgpObjectWriter writer = Writer();
        writer.WriteDumpInit(_buffer, 9, Time, Peer, default, 60, default);
        writer.WriteDump(_buffer, 9, Time, Peer, new BgpTag(0, false, "edge"u8.ToArray()), Entry("10.1.0.0", 16, new ReceivedAttributes { NextHop = IpAddress.Parse("10.0.0.254") }), default);
        writer.WriteDumpClose(_buffer, 9, Time, Peer, default, 6, "default/2"u8);

        Assert.Equal(
            """{"timestamp": "2026-11-20 17:19:03", "peer_ip_src": "127.0.0.1", "peer_tcp_port": 49594, "event_type": "dump_init", "dump_period": 60, "seq": 9}"""
            + """{"seq": 9, "timestamp": "2026-11-20 17:19:03", "peer_ip_src": "127.0.0.1", "peer_tcp_port": 49594, "label": "edge", "event_type": "dump", "afi": 1, "safi": 1, "ip_prefix": "10.1.0.0/16", "bgp_nexthop": "10.0.0.254", "as_path": "", "origin": "i"}"""
            + """{"timestamp": "2026-11-20 17:19:03", "peer_ip_src": "127.0.0.1", "peer_tcp_port": 49594, "event_type": "dump_close", "entries": 6, "tables": 1, "seq": 9, "writer_id": "default/2"}""",
            Text());
    }

    [Fact]
    public void Session_TagAndLabelAsMap_StandBehindTheAddress()
    {
        Writer(new BgpObjectOptions { Text = new TextOptions { Utc = true, LabelsAsMap = true } })
            .WriteSession(_buffer, 0, Time, Peer, new BgpTag(7, true, "nkey%cafe.1,pkey%testing"u8.ToArray()), "log_init"u8, default);

        Assert.Equal(
            """{"seq": 0, "timestamp": "2026-11-20 17:19:03.842220", "peer_ip_src": "127.0.0.1", "tag": 7, "label": {"nkey": "cafe.1", "pkey": "testing"}, "peer_tcp_port": 49594, "event_type": "log_init"}""",
            Text());
    }

    private static ReceivedAttributes All()
    {
        var received = new ReceivedAttributes
        {
            NextHop = IpAddress.Parse("10.0.0.254"),
            LocalPreference = 200,
            Med = 50,
            Present = AttributeFlags.Origin | AttributeFlags.NextHop | AttributeFlags.LocalPreference | AttributeFlags.Med,
        };
        Span<byte> path = received.SetAsPath(2 + (3 * 4) + 2 + (2 * 4));
        WriteSegment(path, 2, 65001, 65010, 65010);
        WriteSegment(path[14..], 1, 65020, 65021);
        Numbers(received.SetStandardCommunities(12), (65001U << 16) | 100, (65001U << 16) | 200, 0xFFFFFF01);
        Numbers(received.SetExtendedCommunities(8), (0x0002 << 16) | 65001, 77);
        Numbers(received.SetLargeCommunities(12), 65001, 1, 2);
        return received;
    }

    private static void Path(ReceivedAttributes received, byte type, params uint[] path) => WriteSegment(received.SetAsPath(2 + (4 * path.Length)), type, path);

    private static void WriteSegment(Span<byte> to, byte type, params uint[] path)
    {
        to[0] = type;
        to[1] = (byte)path.Length;
        Numbers(to[2..], path);
    }

    private static void Numbers(Span<byte> to, params uint[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to[(4 * i)..], numbers[i]);
        }
    }

    private RouteEntry Entry(string prefix, byte length, ReceivedAttributes attributes) => new()
    {
        Nlri = new Nlri { Prefix = IpAddress.Parse(prefix), Length = length },
        Attributes = _table.Attributes.Intern(attributes),
    };

    private BgpObjectWriter Writer(BgpObjectOptions? options = null) => new(options ?? new BgpObjectOptions { Text = new TextOptions { Utc = true } }, _table.Attributes);

    private string Text() => Encoding.UTF8.GetString(_buffer.WrittenSpan);
}
