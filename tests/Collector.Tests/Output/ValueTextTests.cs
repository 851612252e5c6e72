using System.Text;
using Collector.Configuration;
using Collector.Flows;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Output;

public class ValueTextTests
{
    private static readonly TextOptions Pmacct18 = new() { Pmacct17 = false };

    [Theory]
    [InlineData(FlowFamily.None, "10.0.0.1", "\"\"")]
    [InlineData(FlowFamily.IPv4, "10.0.0.1", "\"10.0.0.1\"")]
    [InlineData(FlowFamily.IPv4, "::", "\"\"")]
    [InlineData(FlowFamily.IPv4, "0.0.0.0", "\"0.0.0.0\"")]
    [InlineData(FlowFamily.IPv6, "::", "\"::\"")]
    [InlineData(FlowFamily.IPv6, "2001:db8::1", "\"2001:db8::1\"")]
    [InlineData(FlowFamily.IPv6, "::ffff:1.2.3.4", "\"::ffff:1.2.3.4\"")]
    public void Addresses_PrintByTheirFamily(FlowFamily family, string address, string expected)
    {
        FlowRecord record = new() { Family = family, SourceAddress = IpAddress.Parse(address), DestinationNetwork = IpAddress.Parse(address) };
        Assert.Equal(expected, RowText.Value("src_host", record));
        Assert.Equal(expected, RowText.Value("dst_net", record));
    }

    // The rows of 1.7 were printed by nfacctd 1.7.7.
    [Theory]
    [InlineData(true, FlowFamily.IPv4, FlowFamily.IPv4, "9.9.9.9", "\"9.9.9.9\"")]
    [InlineData(true, FlowFamily.IPv4, FlowFamily.IPv6, "2001:db8::9", "\"\"")]
    [InlineData(true, FlowFamily.IPv4, FlowFamily.IPv6, "::ffff:1.2.3.4", "\"1.2.3.4\"")]
    [InlineData(true, FlowFamily.IPv6, FlowFamily.IPv4, "9.9.9.9", "\"::ffff:9.9.9.9\"")]
    [InlineData(true, FlowFamily.IPv6, FlowFamily.IPv6, "2001:db8::9", "\"2001:db8::9\"")]
    [InlineData(true, FlowFamily.IPv6, FlowFamily.None, "::", "\"\"")]
    [InlineData(true, FlowFamily.None, FlowFamily.IPv4, "9.9.9.9", "\"\"")]
    [InlineData(false, FlowFamily.IPv4, FlowFamily.IPv6, "2001:db8::9", "\"2001:db8::9\"")]
    [InlineData(false, FlowFamily.IPv6, FlowFamily.IPv4, "9.9.9.9", "\"9.9.9.9\"")]
    [InlineData(false, FlowFamily.IPv4, FlowFamily.None, "::", "\"\"")]
    public void NextHop_IsOfTheFamilyOfTheFlowIn17AndAsStoredIn18(bool pmacct17, FlowFamily flow, FlowFamily family, string hop, string expected)
    {
        FlowRecord record = new() { Family = flow, NextHop = IpAddress.Parse(hop), NextHopFamily = family };
        Assert.Equal(expected, RowText.Value("peer_dst_ip", record, new TextOptions { Pmacct17 = pmacct17 }));
    }

    [Fact]
    public void Exporter_PrintsMappedAsIPv4()
    {
        Assert.Equal("\"10.0.0.1\"", RowText.Value("peer_src_ip", new FlowRecord { ExporterAddress = IpAddress.Parse("::ffff:10.0.0.1") }));
        Assert.Equal("\"2001:db8::1\"", RowText.Value("peer_src_ip", new FlowRecord { ExporterAddress = IpAddress.Parse("2001:db8::1") }));
        Assert.Equal("\"\"", RowText.Value("peer_src_ip", default));
    }

    [Theory]
    [InlineData(0, "\"0\"", "\"0\"")]
    [InlineData(1, "\"icmp\"", "\"icmp\"")]
    [InlineData(6, "\"tcp\"", "\"tcp\"")]
    [InlineData(58, "\"ipv6-icmp\"", "\"ipv6-icmp\"")]
    [InlineData(93, "\"ax.25\"", "\"ax.25\"")]
    [InlineData(99, "\"99\"", "\"99\"")]
    [InlineData(108, "\"IPcomp\"", "\"IPcomp\"")]
    [InlineData(143, "\"143\"", "\"ethernet\"")]
    [InlineData(255, "\"255\"", "\"others\"")]
    public void Protocol_PrintsItsNameOfTheDialect(byte protocol, string in17, string in18)
    {
        FlowRecord record = new() { Protocol = protocol, TunnelProtocol = protocol };
        Assert.Equal(in17, RowText.Value("proto", record));
        Assert.Equal(in18, RowText.Value("tunnel_proto", record, Pmacct18));
        Assert.Equal($"\"{protocol}\"", RowText.Value("proto", record, new TextOptions { NumericProtocols = true }));
    }

    [Fact]
    public void TcpFlags_AreAStringIn17AnIntegerIn18AndAnArrayOnDemand()
    {
        FlowRecord record = new() { TcpFlags = 27, TunnelTcpFlags = 18 };
        Assert.Equal("\"27\"", RowText.Value("tcpflags", record));
        Assert.Equal("27", RowText.Value("tcpflags", record, Pmacct18));
        Assert.Equal("\"18\"", RowText.Value("tunnel_tcpflags", record, Pmacct18));
        Assert.Equal("[\"ACK\", \"PSH\", \"SYN\", \"FIN\"]", RowText.Value("tcpflags", record, new TextOptions { TcpFlagsAsArray = true }));
        Assert.Equal("[\"ACK\", \"SYN\"]", RowText.Value("tunnel_tcpflags", record, new TextOptions { TcpFlagsAsArray = true }));
    }

    [Theory]
    [InlineData(0, "[]")]
    [InlineData(0x3F, "[\"URG\", \"ACK\", \"PSH\", \"RST\", \"SYN\", \"FIN\"]")]
    [InlineData(0x42, "[]")]
    [InlineData(0x82, "[]")]
    public void TcpFlagsAsArray_AreEmptyWithEcnBits(byte flags, string expected) =>
        Assert.Equal(expected, RowText.Value("tcpflags", new FlowRecord { TcpFlags = flags }, new TextOptions { TcpFlagsAsArray = true }));

    [Theory]
    [InlineData(0, "UNKNOWN Unclassified")]
    [InlineData(64, "FORWARDED Unknown")]
    [InlineData(66, "FORWARDED Not Fragmented")]
    [InlineData(100, "FORWARDED Unclassified")]
    [InlineData(133, "DROPPED Fragmentation and DF set")]
    [InlineData(143, "DROPPED Hardware")]
    [InlineData(191, "DROPPED Unclassified")]
    [InlineData(195, "CONSUMED For us")]
    [InlineData(255, "CONSUMED Unclassified")]
    public void ForwardingStatus_PrintsNumberOrWords(byte status, string words)
    {
        FlowRecord record = new() { ForwardingStatus = status };
        Assert.Equal($"\"{status}\"", RowText.Value("fwd_status", record));
        Assert.Equal($"\"{words}\"", RowText.Value("fwd_status", record, new TextOptions { ForwardingStatusAsString = true }));
    }

    [Theory]
    [InlineData(0x0000_0000_0000_0000UL, "0:0:0")]
    [InlineData(0x0000_FDE8_0000_0001UL, "0:65000:1")]
    [InlineData(0x0000_FFFF_FFFF_FFFFUL, "0:65535:4294967295")]
    [InlineData(0x0001_0A00_0001_0001UL, "1:10.0.0.1:1")]
    [InlineData(0x0002_FA56_EA00_0001UL, "2:4200000000:1")]
    [InlineData(0x0003_0000_0000_0001UL, "unknown")]
    [InlineData(0xFFFF_0000_0000_0007UL, "vrfid:7")]
    public void RouteDistinguisher_PrintsByItsType(ulong value, string expected)
    {
        FlowRecord record = new() { RouteDistinguisher = value };
        Assert.Equal($"\"{expected}\"", RowText.Value("mpls_vpn_rd", record));
        string origin = value == 0 ? "unknown" : "flow";
        Assert.Equal($"\"{expected}\", \"mpls_vpn_rd_origin\": \"{origin}\"", RowText.Value("mpls_vpn_rd", record, Pmacct18));
    }

    [Fact]
    public void LabelsAndSegments_PrintJoinedOrIndexed()
    {
        ValueTable values = new();
        byte[] segments = new byte[32];
        IpAddress.Parse("fc00::1").WriteTo(segments);
        IpAddress.Parse("fc00::2").WriteTo(segments.AsSpan(16));
        FlowRecord record = new() { MplsLabelStack = values.Intern([0, 0, 0x5D, 0xC1, 0, 0, 0x5D, 0xCA]), Srv6Segments = values.Intern(segments) };
        TextOptions array = new() { MplsLabelStackAsArray = true };
        Assert.Equal("\"24001_24010\"", RowText.Value("mpls_label_stack", record, values: values));
        Assert.Equal("[\"0-24001\", \"1-24010\"]", RowText.Value("mpls_label_stack", record, array, values));
        Assert.Equal("[\"0-fc00::1\", \"1-fc00::2\"]", RowText.Value("srv6_seg_ipv6_list", record, values: values));
        Assert.Equal("\"\"", RowText.Value("mpls_label_stack", default));
        Assert.Equal("[]", RowText.Value("mpls_label_stack", default, array));
        Assert.Equal("[]", RowText.Value("srv6_seg_ipv6_list", default));
    }

    [Fact]
    public void PathsAndCommunities_PrintJoinedOrAsArrays()
    {
        ValueTable values = new();
        FlowRecord record = new()
        {
            AsPath = values.Intern("65001_65002_{65003,65004}"u8),
            StandardCommunities = values.Intern("65000:1_no-export"u8),
        };
        TextOptions arrays = new() { AsPathAsArray = true, CommunitiesAsArray = true };
        Assert.Equal("\"65001_65002_{65003,65004}\"", RowText.Value("as_path", record, values: values));
        Assert.Equal("[\"65001\", \"65002\", \"{65003,65004}\"]", RowText.Value("as_path", record, arrays, values));
        Assert.Equal("\"65000:1_no-export\"", RowText.Value("std_comm", record, values: values));
        Assert.Equal("[\"65000:1\", \"no-export\"]", RowText.Value("std_comm", record, arrays, values));
        foreach (string absent in (string[])["as_path", "src_as_path", "std_comm", "ext_comm", "lrg_comm", "src_std_comm", "src_ext_comm", "src_lrg_comm"])
        {
            Assert.Equal("\"\"", RowText.Value(absent, default));
            Assert.Equal("[]", RowText.Value(absent, default, arrays));
        }
    }

    [Fact]
    public void AttributesOfBothRoutes_PrintTheirOwnFields()
    {
        ValueTable values = new();
        FlowRecord record = new()
        {
            ExtendedCommunities = values.Intern("RT:65000:1"u8),
            LargeCommunities = values.Intern("1:2:3_4:5:6"u8),
            MultiExitDiscriminator = 50,
            DestinationRoa = (byte)'i',
            SourceAsPath = values.Intern("65003_65004"u8),
            SourceStandardCommunities = values.Intern("65003:1"u8),
            SourceExtendedCommunities = values.Intern("SoO:65003:1"u8),
            SourceLargeCommunities = values.Intern("7:8:9"u8),
            SourceLocalPreference = 200,
            SourceMultiExitDiscriminator = 60,
            SourceRoa = (byte)'V',
        };
        const string Aggregate = "ext_comm,lrg_comm,med,dst_roa,src_as_path,src_std_comm,src_ext_comm,src_lrg_comm,src_local_pref,src_med,src_roa";
        Assert.Equal(
            "{\"event_type\": \"purge\", \"ecomms\": \"RT:65000:1\", \"lcomms\": \"1:2:3_4:5:6\", \"med\": 50, \"roa_dst\": \"i\", "
            + "\"comms_src\": \"65003:1\", \"ecomms_src\": \"SoO:65003:1\", \"lcomms_src\": \"7:8:9\", \"as_path_src\": \"65003_65004\", "
            + "\"local_pref_src\": 200, \"med_src\": 60, \"roa_src\": \"V\", \"packets\": 0, \"bytes\": 0}",
            RowText.Json(Aggregate, record, values: values));
        Assert.Equal(
            "RT:65000:1,1:2:3_4:5:6,65003:1,SoO:65003:1,7:8:9,65003_65004,200,50,60,V,i,0,0", RowText.Csv(Aggregate, record, values: values));
    }

    [Theory]
    [InlineData("med", "0")]
    [InlineData("src_med", "0")]
    [InlineData("src_local_pref", "0")]
    [InlineData("dst_roa", "\"u\"")]
    [InlineData("src_roa", "\"u\"")]
    [InlineData("src_host_country", "\"\"")]
    [InlineData("dst_host_pocode", "\"\"")]
    [InlineData("src_host_coords", "0.0, \"lon_ip_src\": 0.0")]
    [InlineData("dst_host_coords", "0.0, \"lon_ip_dst\": 0.0")]
    public void WhatNothingFills_PrintsAbsent(string primitive, string expected) => Assert.Equal(expected, RowText.Value(primitive, default));

    [Theory]
    [InlineData(0, "\"u\"")]
    [InlineData((byte)'i', "\"i\"")]
    [InlineData((byte)'e', "\"e\"")]
    [InlineData((byte)'u', "\"u\"")]
    [InlineData((byte)'"', "\"u\"")]
    public void SamplingDirection_IsOneOfThreeLetters(byte direction, string expected) =>
        Assert.Equal(expected, RowText.Value("sampling_direction", new FlowRecord { SamplingDirection = direction }));

    [Fact]
    public void SmallNumbers_PrintInTheirForms()
    {
        FlowRecord record = new()
        {
            SourceMac = MacAddress.Read([0, 0x11, 0x22, 0xAA, 0xBB, 0xCC]),
            EtherType = 0x86DD,
            Tos = 0xB8,
            Vxlan = 0xFFFFFF,
            Vlan = 4095,
            Cos = 7,
            ExportSystemId = uint.MaxValue,
        };
        Assert.Equal("\"00:11:22:aa:bb:cc\"", RowText.Value("src_mac", record));
        Assert.Equal("\"86dd\"", RowText.Value("etype", record));
        Assert.Equal("\"0\"", RowText.Value("etype", default));
        Assert.Equal("184", RowText.Value("tos", record));
        Assert.Equal("16777215", RowText.Value("vxlan", record));
        Assert.Equal("4095", RowText.Value("vlan", record));
        Assert.Equal("7", RowText.Value("cos", record));
        Assert.Equal("4294967295", RowText.Value("export_proto_sysid", record));
    }

    [Fact]
    public void NonAsciiText_StaysAsItIs()
    {
        ValueTable values = new();
        FlowRecord record = new() { Label = values.Intern(Encoding.UTF8.GetBytes("Zürich/→")) };
        Assert.Equal("\"Zürich/→\"", RowText.Value("label", record, values: values));
    }
}
