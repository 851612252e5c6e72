using System.Buffers;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Collector.Flows;
using Collector.Output;
using Xunit;

namespace Collector.Tests.Output;

public class CsvRowWriterTests
{
    // Printed by nfacctd 1.7.7 for the same record and list.
    private const string Selected =
        "tag,tag2,label,class,src_mac,dst_mac,vlan,cos,etype,src_as,dst_as,std_comm,ext_comm,lrg_comm,as_path,local_pref,med,src_as_path,src_std_comm,"
        + "src_ext_comm,src_lrg_comm,src_local_pref,src_med,src_roa,dst_roa,peer_src_as,peer_dst_as,peer_src_ip,peer_dst_ip,in_iface,out_iface,mpls_vpn_rd,"
        + "mpls_pw_id,src_host,src_net,dst_host,dst_net,src_mask,dst_mask,src_port,dst_port,tcpflags,proto,tos,sampling_rate,sampling_direction,"
        + "post_nat_src_host,post_nat_dst_host,post_nat_src_port,post_nat_dst_port,nat_event,mpls_label_top,mpls_label_bottom,mpls_stack_depth,vxlan,"
        + "timestamp_start,timestamp_end,timestamp_arrival,timestamp_export,export_proto_seqno,export_proto_version,export_proto_sysid,flows";

    private const string Header =
        "TAG;TAG2;LABEL;CLASS;SRC_MAC;DST_MAC;VLAN;COS;ETYPE;SRC_AS;DST_AS;COMMS;ECOMMS;LCOMMS;SRC_COMMS;SRC_ECOMMS;SRC_LCOMMS;AS_PATH;SRC_AS_PATH;PREF;"
        + "SRC_PREF;MED;SRC_MED;SRC_ROA;DST_ROA;PEER_SRC_AS;PEER_DST_AS;PEER_SRC_IP;PEER_DST_IP;IN_IFACE;OUT_IFACE;MPLS_VPN_RD;MPLS_PW_ID;SRC_IP;SRC_NET;"
        + "DST_IP;DST_NET;SRC_MASK;DST_MASK;SRC_PORT;DST_PORT;TCP_FLAGS;PROTOCOL;TOS;SAMPLING_RATE;SAMPLING_DIRECTION;POST_NAT_SRC_IP;POST_NAT_DST_IP;"
        + "POST_NAT_SRC_PORT;POST_NAT_DST_PORT;NAT_EVENT;MPLS_LABEL_TOP;MPLS_LABEL_BOTTOM;MPLS_STACK_DEPTH;VXLAN;TIMESTAMP_START;TIMESTAMP_END;"
        + "TIMESTAMP_ARRIVAL;TIMESTAMP_EXPORT;EXPORT_PROTO_SEQNO;EXPORT_PROTO_VERSION;EXPORT_PROTO_SYSID;PACKETS;FLOWS;BYTES";

    private const string Row =
        "0;0;;unknown;00:00:00:00:00:00;00:00:00:00:00:00;0;0;800;65001;65002;;;;;;;;;0;0;0;0;u;u;0;0;127.0.0.1;;100;200;0:0:0;0;10.1.2.3;10.1.2.0;"
        + "192.168.5.47;192.168.5.32;24;27;12345;443;27;tcp;8;100;u;;;0;0;0;0;0;0;0;2026-11-20 17:12:36.000000;2026-11-20 17:12:46.000000;"
        + "2026-11-20 17:12:56.941421;2026-11-20 17:12:56.000000;77;5;4;10;1;1500";

    [Fact]
    public void EverythingOfNetFlow5_MatchesNfacctd()
    {
        TextOptions text = new() { Separator = ";" };
        Assert.Equal(Row, RowText.Csv(Selected, JsonRowWriterTests.NetFlow5(), text));
        PrimitiveSelection selection = TestPurge.Select(Selected);
        ArrayBufferWriter<byte> buffer = new();
        Assert.True(new CsvRowWriter(selection, new KeyLayout(selection.KeyFields), text, isEvent: false).WriteHeader(buffer));
        Assert.Equal(Header, Encoding.ASCII.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void Events_KeepTheirCounters() =>
        Assert.Equal("1,3,300", RowText.Csv("nat_event", new FlowRecord { NatEvent = 1, Kind = FlowKind.Event, Packets = 3, Octets = 300 }));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void TextThatWouldBreakTheRow_IsQuoted(string label, string expected)
    {
        ValueTable values = new();
        FlowRecord record = new() { Label = values.Intern(Encoding.UTF8.GetBytes(label)) };
        Assert.Equal($"{expected},0,0", RowText.Csv("label", record, values: values));
    }

    [Theory]
    [InlineData("\\t", "1\t0\t0")]
    [InlineData("\\s", "1 0 0")]
    [InlineData("|", "1|0|0")]
    public void Separators_MayBeNamed(string separator, string expected) =>
        Assert.Equal(expected, RowText.Csv("src_port", new FlowRecord { SourcePort = 1 }, new TextOptions { Separator = separator }));

    [Fact]
    public void UnknownPlace_HasSixDecimals() => Assert.Equal("0.000000,0.000000,0,0", RowText.Csv("src_host_coords", new FlowRecord()));

    [Fact]
    public void LongestValues_Fit()
    {
        ValueTable values = new();
        uint quotes = values.Intern(Enumerable.Repeat((byte)'"', ValueTable.MaxValueLength).ToArray());
        uint ones = values.Intern(Enumerable.Repeat((byte)0xFF, ValueTable.MaxValueLength).ToArray());
        FlowRecord record = new() { Label = quotes, MplsLabelStack = ones, Srv6Segments = ones };
        string row = RowText.Csv("label,mpls_label_stack,srv6_seg_ipv6_list", record, values: values);
        Assert.Equal((2 * ValueTable.MaxValueLength) + 2, row.IndexOf(',', StringComparison.Ordinal));
    }

    [Fact]
    public void Markers_AreThoseOfPmacct()
    {
        CsvRowWriter writer = new(TestPurge.Select("none"), new KeyLayout([FlowField.Kind]), new TextOptions(), isEvent: false);
        ArrayBufferWriter<byte> buffer = new();
        writer.WriteOpeningMarker("out", 12, buffer);
        writer.WriteClosingMarker("out", 12, new MarkerTally(1, 1, 0), buffer);
        Assert.Equal("--START (12)----END (12)--", Encoding.ASCII.GetString(buffer.WrittenSpan));
    }
}
