using System.Buffers;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Collector.Output;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Output;

public class JsonRowWriterTests
{
    // What nfacctd 1.7.7 printed for one NetFlow v5 record, with (nearly) everything selected.
    private const string Everything =
        """
        {"event_type": "purge", "tag": 0, "tag2": 0, "label": "", "class": "unknown", "mac_src": "00:00:00:00:00:00", "mac_dst": "00:00:00:00:00:00", "vlan": 0, "cos": 0, "etype": "800", "as_src": 65001, "as_dst": 65002, "comms": "", "ecomms": "", "lcomms": "", "as_path": "", "local_pref": 0, "med": 0, "roa_dst": "u", "peer_as_src": 0, "peer_as_dst": 0, "peer_ip_src": "127.0.0.1", "peer_ip_dst": "", "roa_src": "u", "iface_in": 100, "iface_out": 200, "mpls_vpn_rd": "0:0:0", "ip_src": "10.1.2.3", "net_src": "10.1.2.0", "ip_dst": "192.168.5.47", "net_dst": "192.168.5.32", "mask_src": 24, "mask_dst": 27, "port_src": 12345, "port_dst": 443, "tcp_flags": "27", "ip_proto": "tcp", "tos": 8, "sampling_rate": 100, "sampling_direction": "u", "post_nat_ip_src": "", "post_nat_port_src": 0, "nat_event": 0, "mpls_label_top": 0, "vxlan": 0, "timestamp_start": "2026-11-20 17:12:36.000000", "timestamp_end": "2026-11-20 17:12:46.000000", "timestamp_arrival": "2026-11-20 17:12:56.941421", "export_proto_seqno": 77, "export_proto_version": 5, "export_proto_sysid": 4, "timestamp_export": "2026-11-20 17:12:56.000000", "stamp_inserted": "2026-11-20 17:12:00", "stamp_updated": "2026-11-20 17:13:01", "flows": 1, "packets": 10, "bytes": 1500}
        """;

    private const string EverythingSelected =
        "bytes,flows,timestamp_export,export_proto_sysid,export_proto_version,export_proto_seqno,timestamp_arrival,timestamp_end,timestamp_start,vxlan,"
        + "mpls_label_top,nat_event,post_nat_src_port,post_nat_src_host,sampling_direction,sampling_rate,tos,proto,tcpflags,dst_port,src_port,dst_mask,"
        + "src_mask,dst_net,dst_host,src_net,src_host,mpls_vpn_rd,out_iface,in_iface,src_roa,peer_dst_ip,peer_src_ip,peer_dst_as,peer_src_as,dst_roa,med,"
        + "local_pref,as_path,lrg_comm,ext_comm,std_comm,dst_as,src_as,etype,cos,vlan,dst_mac,src_mac,class,label,tag2,tag";

    [Fact]
    public void EverythingOfNetFlow5_MatchesNfacctdByteForByte() => Assert.Equal(
        Everything,
        RowText.Of(
            new OutputOptions { Name = "out" },
            EverythingSelected.Replace("bytes,", "", StringComparison.Ordinal),
            NetFlow5(),
            bin: DateTimeOffset.Parse("2026-11-20T17:12:00Z"),
            updated: DateTimeOffset.Parse("2026-11-20T17:13:01Z")));

    [Fact]
    public void WithWriterId_PrintsItLast()
    {
        string row = RowText.Of(new OutputOptions { Name = "out" }, "proto", NetFlow5(), writerId: "kk/3783");
        Assert.Equal("{\"event_type\": \"purge\", \"ip_proto\": \"tcp\", \"packets\": 10, \"bytes\": 1500, \"writer_id\": \"kk/3783\"}", row);
    }

    [Fact]
    public void NothingSelected_PrintsTheGrandTotal() =>
        Assert.Equal("{\"event_type\": \"purge\", \"packets\": 10, \"bytes\": 1500}", RowText.Json("none", NetFlow5()));

    [Fact]
    public void WithoutHistory_LeavesTheStampsOut() =>
        Assert.DoesNotContain("stamp_", RowText.Json("src_host,flows", NetFlow5()), StringComparison.Ordinal);

    [Theory]
    [InlineData(FlowKind.Event)]
    [InlineData(FlowKind.Options)]
    public void EventsAndOptions_PrintNoCounters(FlowKind kind)
    {
        FlowRecord record = NetFlow5();
        record.Kind = kind;
        Assert.Equal(
            "{\"event_type\": \"purge\", \"nat_event\": 0, \"iface_name_in\": \"\"}",
            RowText.Json("nat_event,flows,in_iface_name", record));
    }

    [Fact]
    public void NamesOfVrfsAndInterfaces_StandBetweenFlowsAndPackets()
    {
        ValueTable values = new();
        FlowRecord record = NetFlow5();
        record.IngressVrfName = values.Intern("red"u8);
        record.EgressVrfName = values.Intern("blue"u8);
        record.IngressInterfaceName = values.Intern("xe-0/0/1"u8);
        record.EgressInterfaceName = values.Intern("xe-0/0/2"u8);
        record.SamplingDirection = (byte)'e';
        Assert.Equal(
            "{\"event_type\": \"purge\", \"flows\": 1, \"vrf_name\": \"blue\", \"ingress_vrf_name\": \"red\", \"egress_vrf_name\": \"blue\", "
            + "\"iface_name_in\": \"xe-0/0/1\", \"iface_name_out\": \"xe-0/0/2\", \"packets\": 10, \"bytes\": 1500}",
            RowText.Json("in_iface_name,out_iface_name,vrf_name,ingress_vrf_name,egress_vrf_name,flows", record, values: values));
    }

    [Fact]
    public void TextThatIsNotUtf8_TakesItsKeyWithItButNotItsNeighbours()
    {
        ValueTable values = new();
        FlowRecord record = NetFlow5();
        record.Label = values.Intern([(byte)'a', 0xFF]);
        Assert.Equal(
            "{\"event_type\": \"purge\", \"tag\": 0, \"comms_src\": \"\", \"packets\": 10, \"bytes\": 1500}",
            RowText.Json("tag,label,src_std_comm", record, values: values));

        // A constant in front of the missing key stays.
        record.AsPath = values.Intern([0xC0, 0x80]);
        Assert.Equal(
            "{\"event_type\": \"purge\", \"ecomms\": \"\", \"lcomms\": \"\", \"local_pref\": 0, \"packets\": 10, \"bytes\": 1500}",
            RowText.Json("ext_comm,lrg_comm,as_path,local_pref", record, values: values));
    }

    [Fact]
    public void TextWithNul_EndsThere()
    {
        ValueTable values = new();
        FlowRecord record = new() { Label = values.Intern("ab\0cd"u8), ClassName = values.Intern("\0"u8) };
        Assert.Equal("\"ab\"", RowText.Value("label", record, values: values));
        Assert.Equal("\"unknown\"", RowText.Value("class", record, values: values));
    }

    [Fact]
    public void LongClassName_IsCutTo63Bytes()
    {
        ValueTable values = new();
        FlowRecord record = new() { ClassName = values.Intern(Encoding.ASCII.GetBytes(new string('x', 100))) };
        Assert.Equal($"\"{new string('x', 63)}\"", RowText.Value("class", record, values: values));
    }

    [Fact]
    public void LongestValuesOfAllKinds_Fit()
    {
        ValueTable values = new();
        uint controls = values.Intern(Enumerable.Repeat((byte)1, ValueTable.MaxValueLength).ToArray());
        uint parts = values.Intern([.. Enumerable.Repeat("1_"u8.ToArray(), ValueTable.MaxValueLength / 2).SelectMany(b => b)]);
        uint ones = values.Intern(Enumerable.Repeat((byte)0xFF, ValueTable.MaxValueLength).ToArray());
        FlowRecord record = new() { Label = controls, IngressVrfName = controls, AsPath = parts, StandardCommunities = parts, MplsLabelStack = ones, Srv6Segments = ones };
        TextOptions arrays = new() { AsPathAsArray = true, CommunitiesAsArray = true, MplsLabelStackAsArray = true };
        string row = RowText.Json("label,ingress_vrf_name,as_path,std_comm,mpls_label_stack,srv6_seg_ipv6_list,timestamp_start", record, arrays, values);
        using var parsed = System.Text.Json.JsonDocument.Parse(row);
        Assert.Equal(ValueTable.MaxValueLength, parsed.RootElement.GetProperty("label").GetString()!.Length);
        Assert.Equal(ValueTable.MaxValueLength / 2, parsed.RootElement.GetProperty("as_path").GetArrayLength());
        Assert.Equal(ValueTable.MaxValueLength / 4, parsed.RootElement.GetProperty("mpls_label_stack").GetArrayLength());
        Assert.Equal(ValueTable.MaxValueLength / 16, parsed.RootElement.GetProperty("srv6_seg_ipv6_list").GetArrayLength());
    }

    [Fact]
    public void CountersBeyondSignedIntegers_PrintExactlyAndTagsAsJansson()
    {
        FlowRecord record = new() { Packets = ulong.MaxValue, Octets = 1UL << 63, Tag = ulong.MaxValue };
        Assert.Equal(
            "{\"event_type\": \"purge\", \"tag\": -1, \"packets\": 18446744073709551615, \"bytes\": 9223372036854775808}",
            RowText.Json("tag", record));
    }

    [Fact]
    public void Markers_AreThoseOfPmacct()
    {
        JsonRowWriter writer = new(TestPurge.Select("none"), new KeyLayout([FlowField.Kind]), new TextOptions());
        ArrayBufferWriter<byte> buffer = new();
        writer.WriteOpeningMarker("kk", 3783, buffer);
        buffer.Write("\n"u8);
        writer.WriteClosingMarker("kk", 3783, new MarkerTally(6, 8, 0), buffer);
        Assert.Equal(
            "{\"event_type\": \"purge_init\", \"writer_id\": \"kk/3783\"}\n"
            + "{\"event_type\": \"purge_close\", \"writer_id\": \"kk/3783\", \"purged_entries\": 6, \"total_entries\": 8, \"duration\": 0}",
            Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        const string Aggregate = "src_host,dst_host,src_port,dst_port,proto,tos,tcpflags,in_iface,out_iface,src_as,dst_as,class,as_path,timestamp_start,"
            + "src_mac,etype,peer_src_ip,peer_dst_ip,mpls_vpn_rd,mpls_label_stack,label,flows";
        PrimitiveSelection selection = TestPurge.Select(Aggregate);
        KeyLayout layout = new(selection.KeyFields);
        TestPurge purge = new(layout) { Number = 1, Time = 0, TotalEntries = 1 };
        FlowRecord record = NetFlow5();
        record.AsPath = purge.Values.Intern("65001_65002"u8);
        record.Label = purge.Values.Intern("a \"label\""u8);
        record.MplsLabelStack = purge.Values.Intern([0, 0, 1, 2, 0, 0, 3, 4]);
        purge.Add(record, DateTimeOffset.Parse("2026-11-20T17:12:00Z"));
        JsonRowWriter writer = new(selection, layout, new TextOptions { AsPathAsArray = true }, TimeZoneInfo.FindSystemTimeZoneById("Europe/Rome"));
        ArrayBufferWriter<byte> buffer = new(64 * 1024);
        Write(100);
        long allocated = Allocation.OfSteadyState(() =>
        {
            Write(10_000);
        });
        Assert.Equal(0, allocated);

        void Write(int rows)
        {
            for (int i = 0; i < rows; i++)
            {
                buffer.ResetWrittenCount();
                writer.Write(purge[0], buffer, 1_795_194_781 + (i * 7), "kafka/1"u8);
            }
        }
    }

    [Fact]
    public void SecondRow_IsAppended()
    {
        PrimitiveSelection selection = TestPurge.Select("src_port");
        TestPurge purge = TestPurge.For(selection, DateTimeOffset.UnixEpoch, new FlowRecord { SourcePort = 1 }, new FlowRecord { SourcePort = 2 });
        JsonRowWriter writer = new(selection, new KeyLayout(selection.KeyFields), new TextOptions());
        ArrayBufferWriter<byte> buffer = new(16);
        writer.Write(purge[0], buffer, 0, default);
        writer.Write(purge[1], buffer, 0, default);
        Assert.Equal(
            "{\"event_type\": \"purge\", \"port_src\": 1, \"packets\": 0, \"bytes\": 0}{\"event_type\": \"purge\", \"port_src\": 2, \"packets\": 0, \"bytes\": 0}",
            Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    internal static FlowRecord NetFlow5() => new()
    {
        SourceAddress = IpAddress.Parse("10.1.2.3"),
        DestinationAddress = IpAddress.Parse("192.168.5.47"),
        SourceNetwork = IpAddress.Parse("10.1.2.0"),
        DestinationNetwork = IpAddress.Parse("192.168.5.32"),
        SourceMask = 24,
        DestinationMask = 27,
        Family = FlowFamily.IPv4,
        EtherType = 0x800,
        SourcePort = 12345,
        DestinationPort = 443,
        Protocol = 6,
        TcpFlags = 27,
        Tos = 8,
        SourceAs = 65001,
        DestinationAs = 65002,
        IngressInterface = 100,
        EgressInterface = 200,
        ExporterAddress = IpAddress.Parse("127.0.0.1"),
        SamplingInterval = 100,
        StartTime = RowText.Micros("2026-11-20T17:12:36Z"),
        EndTime = RowText.Micros("2026-11-20T17:12:46Z"),
        ArrivalTime = RowText.Micros("2026-11-20T17:12:56.941421Z"),
        ExportTime = RowText.Micros("2026-11-20T17:12:56Z"),
        ExportSequence = 77,
        ExportVersion = 5,
        ExportSystemId = 4,
        Flows = 1,
        Packets = 10,
        Octets = 1500,
    };
}
