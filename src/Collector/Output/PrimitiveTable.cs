using Collector.Aggregation;
using static Collector.Flows.FlowField;
using static Collector.Output.ColumnDialect;
using static Collector.Output.ValueFormat;
using FlowField = Collector.Flows.FlowField;

namespace Collector.Output;

/// <summary>All pmacct primitives, in the order in which JSON prints them.</summary>
internal static class PrimitiveTable
{
    private static readonly FlowField[] SourceNetworkNeeds = [SourceAddress, SourceMask, FlowField.Flags];
    private static readonly FlowField[] DestinationNetworkNeeds = [DestinationAddress, DestinationMask, FlowField.Flags];

    /// <summary>Every primitive once, aliases inside.</summary>
    public static IReadOnlyList<Primitive> All { get; } =
    [
        new("none"),
        One("tag", "tag", "TAG", ValueFormat.Tag, FlowField.Tag) with { StandsBesideSum = true },
        One("tag2", "tag2", "TAG2", ValueFormat.Tag, Tag2) with { StandsBesideSum = true },
        One("label", "label", "LABEL", ValueFormat.TagLabel, Label),
        One("class", "class", "CLASS", ValueFormat.ClassName, FlowField.ClassName) with { StandsBesideSum = true },
        One("src_mac", "mac_src", "SRC_MAC", Mac, SourceMac),
        One("sum_mac", "mac_src", "SRC_MAC", Mac, SourceMac) with { Sum = SumKind.Mac, DerivedFrom = [DestinationMac] },
        One("dst_mac", "mac_dst", "DST_MAC", Mac, DestinationMac),
        One("vlan", "vlan", "VLAN", Number16, Vlan),
        One("in_vlan", "vlan_in", "IN_VLAN", Number16, IngressVlan),
        One("out_vlan", "vlan_out", "OUT_VLAN", Number16, EgressVlan),
        One("in_cvlan", "cvlan_in", "IN_CVLAN", Number16, IngressCustomerVlan) with { Aliases = ["cvlan"] },
        One("out_cvlan", "cvlan_out", "OUT_CVLAN", Number16, EgressCustomerVlan),
        One("cos", "cos", "COS", Number8, Cos),
        One("etype", "etype", "ETYPE", ValueFormat.EtherType, FlowField.EtherType),
        One("src_as", "as_src", "SRC_AS", Number32, SourceAs),
        One("sum_as", "as_src", "SRC_AS", Number32, SourceAs) with { Sum = SumKind.As, DerivedFrom = [DestinationAs] },
        One("dst_as", "as_dst", "DST_AS", Number32, DestinationAs),
        One("std_comm", "comms", "COMMS", Communities, StandardCommunities),
        One("ext_comm", "ecomms", "ECOMMS", Communities, ExtendedCommunities),
        One("lrg_comm", "lcomms", "LCOMMS", Communities, LargeCommunities),
        One("as_path", "as_path", "AS_PATH", ValueFormat.AsPath, FlowField.AsPath),
        One("local_pref", "local_pref", "PREF", Number32, LocalPreference),
        One("med", "med", "MED", Number32, MultiExitDiscriminator),
        One("dst_roa", "roa_dst", "DST_ROA", Roa, DestinationRoa),
        One("peer_src_as", "peer_as_src", "PEER_SRC_AS", Number32, PeerSourceAs),
        One("peer_dst_as", "peer_as_dst", "PEER_DST_AS", Number32, PeerDestinationAs),
        One("peer_src_ip", "peer_ip_src", "PEER_SRC_IP", ValueFormat.ExporterAddress, FlowField.ExporterAddress),
        new(
            "peer_dst_ip",
            new PrimitiveColumn("peer_ip_dst", "PEER_DST_IP", NextHopOfFlowFamily, [NextHop, NextHopFamily], Only17),
            new PrimitiveColumn("peer_ip_dst", "PEER_DST_IP", Address, [NextHop, NextHopFamily], Only18))
        {
            DerivedFrom = [Family],
        },
        One("src_std_comm", "comms_src", "SRC_COMMS", Communities, SourceStandardCommunities),
        One("src_ext_comm", "ecomms_src", "SRC_ECOMMS", Communities, SourceExtendedCommunities),
        One("src_lrg_comm", "lcomms_src", "SRC_LCOMMS", Communities, SourceLargeCommunities),
        One("src_as_path", "as_path_src", "SRC_AS_PATH", ValueFormat.AsPath, SourceAsPath),
        One("src_local_pref", "local_pref_src", "SRC_PREF", Number32, SourceLocalPreference),
        One("src_med", "med_src", "SRC_MED", Number32, SourceMultiExitDiscriminator),
        One("src_roa", "roa_src", "SRC_ROA", Roa, SourceRoa),
        One("in_iface", "iface_in", "IN_IFACE", Number32, IngressInterface),
        One("out_iface", "iface_out", "OUT_IFACE", Number32, EgressInterface),
        new(
            "mpls_vpn_rd",
            new PrimitiveColumn("mpls_vpn_rd", "MPLS_VPN_RD", ValueFormat.RouteDistinguisher, [FlowField.RouteDistinguisher]),
            new PrimitiveColumn("mpls_vpn_rd_origin", null, RouteDistinguisherOrigin, [FlowField.RouteDistinguisher], Only18))
        {
            DerivedFrom = [IngressVrfId, EgressVrfId, FlowField.SamplingDirection],
        },
        One("mpls_pw_id", "mpls_pw_id", "MPLS_PW_ID", Number32, MplsPseudowireId),
        One("src_host", "ip_src", "SRC_IP", Address, SourceAddress, Family),
        One("sum_host", "ip_src", "SRC_IP", Address, SourceAddress, Family) with
        {
            Aliases = ["sum"], Sum = SumKind.Host, DerivedFrom = [DestinationAddress],
        },
        One("src_net", "net_src", "SRC_NET", Address, SourceNetwork, Family) with { DerivedFrom = SourceNetworkNeeds },
        One("sum_net", "net_src", "SRC_NET", Address, SourceNetwork, Family) with
        {
            Sum = SumKind.Network, DerivedFrom = [DestinationNetwork, .. SourceNetworkNeeds, .. DestinationNetworkNeeds],
        },
        One("dst_host", "ip_dst", "DST_IP", Address, DestinationAddress, Family),
        One("dst_net", "net_dst", "DST_NET", Address, DestinationNetwork, Family) with { DerivedFrom = DestinationNetworkNeeds },
        One("src_mask", "mask_src", "SRC_MASK", Number8, SourceMask),
        One("dst_mask", "mask_dst", "DST_MASK", Number8, DestinationMask),
        One("src_port", "port_src", "SRC_PORT", Number16, SourcePort),
        One("sum_port", "port_src", "SRC_PORT", Number16, SourcePort) with { Sum = SumKind.Port, DerivedFrom = [DestinationPort] },
        One("dst_port", "port_dst", "DST_PORT", Number16, DestinationPort),
        One("src_host_country", "country_ip_src", "SH_COUNTRY", Country, SourceCountry),
        One("dst_host_country", "country_ip_dst", "DH_COUNTRY", Country, DestinationCountry),
        One("src_host_pocode", "pocode_ip_src", "SH_POCODE", ValueFormat.PostalCode, SourcePostalCode),
        One("dst_host_pocode", "pocode_ip_dst", "DH_POCODE", ValueFormat.PostalCode, DestinationPostalCode),
        Coordinates("src_host_coords", "ip_src", "SH", SourceCoordinates),
        Coordinates("dst_host_coords", "ip_dst", "DH", DestinationCoordinates),
        new(
            "tcpflags",
            new PrimitiveColumn("tcp_flags", "TCP_FLAGS", ValueFormat.TcpFlags, [], Only17),
            new PrimitiveColumn("tcp_flags", "TCP_FLAGS", TcpFlagsNumber, [], Only18))
        {
            DerivedFrom = [FlowField.TcpFlags],
        },
        One("fwd_status", "fwd_status", "FWD_STATUS", ValueFormat.ForwardingStatus, FlowField.ForwardingStatus),
        One("drop_code", "drop_code", "DROP_CODE", Number16, DropCode),
        One("mpls_label_stack", "mpls_label_stack", "MPLS_LABEL_STACK", ValueFormat.MplsLabelStack, FlowField.MplsLabelStack),
        One("srv6_seg_ipv6_list", "srv6_seg_ipv6_list", "SRV6_SEG_IPV6_LIST", ValueFormat.Srv6Segments, FlowField.Srv6Segments),
        One("path_delay_avg_usec", "path_delay_avg_usec", "PATH_DELAY_AVG_USEC", Number32, PathDelayAverage),
        One("path_delay_min_usec", "path_delay_min_usec", "PATH_DELAY_MIN_USEC", Number32, PathDelayMinimum),
        One("path_delay_max_usec", "path_delay_max_usec", "PATH_DELAY_MAX_USEC", Number32, PathDelayMaximum),
        One("proto", "ip_proto", "PROTOCOL", ValueFormat.Protocol, FlowField.Protocol),
        One("tos", "tos", "TOS", Number8, Tos),
        One("flow_label", "flow_label", "FLOW_LABEL", Number32, FlowLabel),
        One("sampling_rate", "sampling_rate", "SAMPLING_RATE", Number32, SamplingInterval),
        One("sampling_direction", "sampling_direction", "SAMPLING_DIRECTION", ValueFormat.SamplingDirection, FlowField.SamplingDirection),
        One("post_nat_src_host", "post_nat_ip_src", "POST_NAT_SRC_IP", Address, PostNatSourceAddress, PostNatSourceFamily),
        One("post_nat_dst_host", "post_nat_ip_dst", "POST_NAT_DST_IP", Address, PostNatDestinationAddress, PostNatDestinationFamily),
        One("post_nat_src_port", "post_nat_port_src", "POST_NAT_SRC_PORT", Number16, PostNatSourcePort),
        One("post_nat_dst_port", "post_nat_port_dst", "POST_NAT_DST_PORT", Number16, PostNatDestinationPort),
        One("nat_event", "nat_event", "NAT_EVENT", Number8, NatEvent),
        One("fw_event", "fw_event", "FW_EVENT", Number8, FirewallEvent),
        One("mpls_label_top", "mpls_label_top", "MPLS_LABEL_TOP", Number32, MplsLabelTop),
        One("mpls_label_bottom", "mpls_label_bottom", "MPLS_LABEL_BOTTOM", Number32, MplsLabelBottom),
        One("mpls_stack_depth", "mpls_stack_depth", "MPLS_STACK_DEPTH", Number32, MplsStackDepth),
        One("tunnel_src_mac", "tunnel_mac_src", "TUNNEL_SRC_MAC", Mac, TunnelSourceMac),
        One("tunnel_dst_mac", "tunnel_mac_dst", "TUNNEL_DST_MAC", Mac, TunnelDestinationMac),
        One("tunnel_src_host", "tunnel_ip_src", "TUNNEL_SRC_IP", Address, TunnelSourceAddress, TunnelFamily),
        One("tunnel_dst_host", "tunnel_ip_dst", "TUNNEL_DST_IP", Address, TunnelDestinationAddress, TunnelFamily),
        One("tunnel_proto", "tunnel_ip_proto", "TUNNEL_PROTOCOL", ValueFormat.Protocol, TunnelProtocol),
        One("tunnel_tos", "tunnel_tos", "TUNNEL_TOS", Number8, TunnelTos),
        One("tunnel_flow_label", "tunnel_flow_label", "TUNNEL_FLOW_LABEL", Number32, TunnelFlowLabel),
        One("tunnel_src_port", "tunnel_port_src", "TUNNEL_SRC_PORT", Number16, TunnelSourcePort),
        One("tunnel_dst_port", "tunnel_port_dst", "TUNNEL_DST_PORT", Number16, TunnelDestinationPort),
        One("tunnel_tcpflags", "tunnel_tcp_flags", "TUNNEL_TCP_FLAGS", ValueFormat.TunnelTcpFlags) with
        {
            DerivedFrom = [FlowField.TunnelTcpFlags],
        },
        One("vxlan", "vxlan", "VXLAN", Number32, Vxlan),
        One("nvgre", "nvgre", "NVGRE", Number32, Nvgre),
        One("timestamp_start", "timestamp_start", "TIMESTAMP_START", Timestamp, StartTime),
        One("timestamp_end", "timestamp_end", "TIMESTAMP_END", Timestamp, EndTime),
        One("timestamp_arrival", "timestamp_arrival", "TIMESTAMP_ARRIVAL", Timestamp, ArrivalTime),
        One("export_proto_seqno", "export_proto_seqno", "EXPORT_PROTO_SEQNO", Number32, ExportSequence),
        One("export_proto_version", "export_proto_version", "EXPORT_PROTO_VERSION", Number16, ExportVersion),
        One("export_proto_sysid", "export_proto_sysid", "EXPORT_PROTO_SYSID", Number32, ExportSystemId),
        One("timestamp_export", "timestamp_export", "TIMESTAMP_EXPORT", Timestamp, ExportTime),
        One("flows", "flows", "FLOWS", ValueFormat.Flows) with { AfterStamps = true, StandsBesideSum = true },
        One("vrf_name", "vrf_name", "VRF_NAME", VrfNameByDirection, IngressVrfName, EgressVrfName, FlowField.SamplingDirection) with
        {
            AfterStamps = true, DerivedFrom = [IngressVrfId, EgressVrfId],
        },
        Named("ingress_vrf_name", "ingress_vrf_name", "INGRESS_VRF_NAME", IngressVrfName, IngressVrfId),
        Named("egress_vrf_name", "egress_vrf_name", "EGRESS_VRF_NAME", EgressVrfName, EgressVrfId),
        Named("in_iface_name", "iface_name_in", "IN_IFACE_NAME", IngressInterfaceName, IngressInterface),
        Named("out_iface_name", "iface_name_out", "OUT_IFACE_NAME", EgressInterfaceName, EgressInterface),
    ];

    /// <summary>The chosen primitives in their order.</summary>
    /// <param name="isSelected">Whether the `aggregate` list has a primitive.</param>
    /// <param name="stitching">timestamp_min and timestamp_max come behind timestamp_arrival, where JSON of nfacctd_stitching has them.</param>
    public static IEnumerable<Primitive> Printed(Func<Primitive, bool> isSelected, bool stitching)
    {
        foreach (Primitive primitive in All)
        {
            if (isSelected(primitive))
            {
                yield return primitive;
            }

            if (stitching && primitive.Name == "timestamp_arrival")
            {
                yield return new(
                    "stitching",
                    new PrimitiveColumn("timestamp_min", "TIMESTAMP_MIN", StitchedMinimum, []),
                    new PrimitiveColumn("timestamp_max", "TIMESTAMP_MAX", StitchedMaximum, []));
            }
        }
    }

    private static Primitive One(string name, string key, string heading, ValueFormat format, params FlowField[] fields) =>
        new(name, new PrimitiveColumn(key, heading, format, fields));

    private static Primitive Named(string name, string key, string heading, FlowField text, FlowField id) =>
        One(name, key, heading, Text, text) with { AfterStamps = true, DerivedFrom = [id] };

    private static Primitive Coordinates(string name, string key, string heading, FlowField field) => new(
        name,
        new PrimitiveColumn($"lat_{key}", $"{heading}_LAT", Latitude, [field]),
        new PrimitiveColumn($"lon_{key}", $"{heading}_LON", Longitude, [field]));
}
