using System.Runtime.InteropServices;
using Collector.Net;

namespace Collector.Flows;

/// <summary>
/// One decoded flow: the flat form in which every protocol hands it on. All numbers are in host order, addresses in network order.
/// </summary>
/// <remarks>
/// The default value is "nothing known". Fields that stand together in common aggregates lie side by side, so that the key of an aggregate
/// is a few block copies. Values of variable length are handles into the worker's <see cref="ValueTable"/>; 0 is the empty value.
/// Times are microseconds since the Unix epoch, 0 when unknown. The struct holds no references and no padding that matters.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public struct FlowRecord
{
    // Who talks to whom.

    /// <summary>Source of the packets (primitive src_host).</summary>
    public IpAddress SourceAddress;

    /// <summary>Destination of the packets (dst_host).</summary>
    public IpAddress DestinationAddress;

    /// <summary>src_port.</summary>
    public ushort SourcePort;

    /// <summary>dst_port.</summary>
    public ushort DestinationPort;

    /// <summary>IP protocol number (proto).</summary>
    public byte Protocol;

    /// <summary>Type of service or traffic class, all eight bits (tos).</summary>
    public byte Tos;

    /// <summary>Family of source and destination address, and of their networks.</summary>
    public FlowFamily Family;

    /// <summary>Flow, event or options record.</summary>
    public FlowKind Kind;

    /// <summary>ifIndex of the ingress interface (in_iface); sFlow: the raw 32-bit word.</summary>
    public uint IngressInterface;

    /// <summary>ifIndex of the egress interface (out_iface); sFlow: the raw 32-bit word.</summary>
    public uint EgressInterface;

    /// <summary>Origin AS of the source (src_as).</summary>
    public uint SourceAs;

    /// <summary>Origin AS of the destination (dst_as).</summary>
    public uint DestinationAs;

    /// <summary>Neighbouring AS towards the source (peer_src_as).</summary>
    public uint PeerSourceAs;

    /// <summary>Neighbouring AS towards the destination (peer_dst_as).</summary>
    public uint PeerDestinationAs;

    // Counters and what is summed rather than compared.

    /// <summary>Octets, as exported; renormalisation multiplies it later (bytes).</summary>
    public ulong Octets;

    /// <summary>Packets, as exported (packets).</summary>
    public ulong Packets;

    /// <summary>Flows that the record stands for, normally 1 (flows).</summary>
    public ulong Flows;

    /// <summary>All TCP flags seen (tcpflags); or-ed in an aggregate.</summary>
    public byte TcpFlags;

    /// <summary>TCP flags of the inner packet (tunnel_tcpflags); or-ed in an aggregate.</summary>
    public byte TunnelTcpFlags;

    /// <summary>forwardingStatus, RFC 7270 (fwd_status).</summary>
    public byte ForwardingStatus;

    /// <summary>ASCII 'u' unknown (also 0), 'i' ingress, 'e' egress (sampling_direction).</summary>
    public byte SamplingDirection;

    /// <summary>One in N packets was sampled, as announced; 0 unknown (sampling_rate).</summary>
    public uint SamplingInterval;

    /// <summary>What octets and packets are multiplied with when renormalising; 0 or 1 leaves them. sFlow: the effective interval.</summary>
    public uint RenormalizationFactor;

    // Prefixes.

    /// <summary>Network of the source (src_net): masked by the enricher, or exported alone.</summary>
    public IpAddress SourceNetwork;

    /// <summary>Network of the destination (dst_net).</summary>
    public IpAddress DestinationNetwork;

    /// <summary>Prefix length of the source (src_mask), 0 to 128.</summary>
    public byte SourceMask;

    /// <summary>Prefix length of the destination (dst_mask), 0 to 128.</summary>
    public byte DestinationMask;

    // Layer 2.

    /// <summary>EtherType, host order (etype); 0 unknown.</summary>
    public ushort EtherType;

    /// <summary>src_mac.</summary>
    public MacAddress SourceMac;

    /// <summary>dst_mac.</summary>
    public MacAddress DestinationMac;

    /// <summary>802.1Q id by pmacct's rule for `vlan` (pmacct-compat §8.5).</summary>
    public ushort Vlan;

    /// <summary>in_vlan.</summary>
    public ushort IngressVlan;

    /// <summary>out_vlan.</summary>
    public ushort EgressVlan;

    /// <summary>in_cvlan.</summary>
    public ushort IngressCustomerVlan;

    /// <summary>out_cvlan.</summary>
    public ushort EgressCustomerVlan;

    /// <summary>802.1p priority, 0 to 7 (cos).</summary>
    public byte Cos;

    /// <summary>Family of <see cref="NextHop"/>.</summary>
    public FlowFamily NextHopFamily;

    /// <summary>Labels that stand before the IP header: those of a sampled packet, or all label fields of a template up to the bottom of the stack, empty ones too. Filters look behind them.</summary>
    public byte PacketLabels;

    // Who exported, by which way.

    /// <summary>The next hop that pmacct calls peer_dst_ip.</summary>
    public IpAddress NextHop;

    /// <summary>Next hop of the exporter's own routing: IE 15, 62, that of version 5, sFlow's extended_router; <c>::</c> when unknown. Maps compare it.</summary>
    public IpAddress IpNextHop;

    /// <summary>peer_src_ip: the exporter address (DESIGN §4 "Who sent it"), which is not always the socket address.</summary>
    public IpAddress ExporterAddress;

    /// <summary>Sequence number in the header of the datagram (export_proto_seqno).</summary>
    public uint ExportSequence;

    /// <summary>Source id, observation domain id, v5 engine id or sFlow sub-agent id (export_proto_sysid).</summary>
    public uint ExportSystemId;

    /// <summary>5, 9, 10; sFlow 5 (export_proto_version).</summary>
    public ushort ExportVersion;

    /// <summary>Id of the template that the record was decoded with; 0 for v5 and sFlow.</summary>
    public ushort TemplateId;

    /// <summary>IE 34/48/302-style id of the sampler that the record names; 0 none.</summary>
    public uint SamplerId;

    /// <summary>When the exporter sent the datagram, by its own clock (timestamp_export).</summary>
    public long ExportTime;

    /// <summary>When the datagram came in (timestamp_arrival).</summary>
    public long ArrivalTime;

    /// <summary>First packet of the flow (timestamp_start); falls back to <see cref="ExportTime"/> for NetFlow and IPFIX.</summary>
    public long StartTime;

    /// <summary>Last packet of the flow (timestamp_end).</summary>
    public long EndTime;

    /// <summary>The start that pmacct bins by, whole seconds in microseconds (pmacct-compat §2.3); 0: bin by arrival.</summary>
    public long BinTime;

    /// <summary>The end that pmacct divides a flow by among bins (pro-rating), whole seconds in microseconds (pmacct-compat §2.3); 0 unknown.</summary>
    public long BinEndTime;

    // Events, NAT, MPLS and VPN.

    /// <summary>post_nat_src_host.</summary>
    public IpAddress PostNatSourceAddress;

    /// <summary>post_nat_dst_host.</summary>
    public IpAddress PostNatDestinationAddress;

    /// <summary>post_nat_src_port.</summary>
    public ushort PostNatSourcePort;

    /// <summary>post_nat_dst_port.</summary>
    public ushort PostNatDestinationPort;

    /// <summary>Family of <see cref="PostNatSourceAddress"/>.</summary>
    public FlowFamily PostNatSourceFamily;

    /// <summary>Family of <see cref="PostNatDestinationAddress"/>.</summary>
    public FlowFamily PostNatDestinationFamily;

    /// <summary>natEvent (nat_event).</summary>
    public byte NatEvent;

    /// <summary>firewallEvent (fw_event).</summary>
    public byte FirewallEvent;

    /// <summary>Origin validation of the source's route, RFC 6811, as the letter that pmacct prints: 'u' (also 0), 'i', 'v', 'V' or 'U' (src_roa).</summary>
    public byte SourceRoa;

    /// <summary>The same for the destination's route (dst_roa).</summary>
    public byte DestinationRoa;

    /// <summary>What the enricher knows of AS numbers that are 0, for the stage behind it that counts them: the source's reason in the lower four bits.</summary>
    public byte AsZeroReasons;

    /// <summary>Top label, 20 bits (mpls_label_top).</summary>
    public uint MplsLabelTop;

    /// <summary>Label with the bottom-of-stack bit, 20 bits (mpls_label_bottom).</summary>
    public uint MplsLabelBottom;

    /// <summary>mpls_pw_id.</summary>
    public uint MplsPseudowireId;

    /// <summary>Number of labels in the stack (mpls_stack_depth of 1.7.7).</summary>
    public uint MplsStackDepth;

    /// <summary>The label values, 4 bytes big-endian each, as a value (mpls_label_stack).</summary>
    public uint MplsLabelStack;

    /// <summary>ingressVRFID, IE 234; 0 unknown.</summary>
    public uint IngressVrfId;

    /// <summary>egressVRFID, IE 235; 0 unknown.</summary>
    public uint EgressVrfId;

    /// <summary>VXLAN network identifier, 24 bits (vxlan).</summary>
    public uint Vxlan;

    /// <summary>Route distinguisher, eight bytes as a big-endian number (mpls_vpn_rd).</summary>
    public ulong RouteDistinguisher;

    /// <summary>NVGRE virtual subnet id, 24 bits (nvgre).</summary>
    public uint Nvgre;

    /// <summary>IPv6 flow label, 20 bits (flow_label).</summary>
    public uint FlowLabel;

    // Values of variable length: handles into the worker's ValueTable.

    /// <summary>Application name (class).</summary>
    public uint ClassName;

    /// <summary>Name of the ingress interface from options (in_iface_name).</summary>
    public uint IngressInterfaceName;

    /// <summary>Name of the egress interface from options (out_iface_name).</summary>
    public uint EgressInterfaceName;

    /// <summary>ingress_vrf_name.</summary>
    public uint IngressVrfName;

    /// <summary>egress_vrf_name.</summary>
    public uint EgressVrfName;

    /// <summary>AS path, text with `_` between hops (as_path).</summary>
    public uint AsPath;

    /// <summary>Standard communities, text with `_` between them (std_comm).</summary>
    public uint StandardCommunities;

    /// <summary>local_pref.</summary>
    public uint LocalPreference;

    /// <summary>Extended communities of the destination's route, text with `_` between them (ext_comm).</summary>
    public uint ExtendedCommunities;

    /// <summary>Large communities of the destination's route, text with `_` between them (lrg_comm).</summary>
    public uint LargeCommunities;

    /// <summary>MULTI_EXIT_DISC of the destination's route (med).</summary>
    public uint MultiExitDiscriminator;

    /// <summary>AS path of the source's route (src_as_path).</summary>
    public uint SourceAsPath;

    /// <summary>src_std_comm.</summary>
    public uint SourceStandardCommunities;

    /// <summary>src_ext_comm.</summary>
    public uint SourceExtendedCommunities;

    /// <summary>src_lrg_comm.</summary>
    public uint SourceLargeCommunities;

    /// <summary>src_local_pref.</summary>
    public uint SourceLocalPreference;

    /// <summary>src_med.</summary>
    public uint SourceMultiExitDiscriminator;

    /// <summary>label (IE 3 of PEN 43874, later the maps).</summary>
    public uint Label;

    /// <summary>SRv6 segments, 16 bytes each, as a value (srv6_seg_ipv6_list).</summary>
    public uint Srv6Segments;

    // Where the hosts are, by a GeoIP database.

    /// <summary>src_host_country: up to three bytes of an ISO 3166-1 code as they lie in memory, zeros behind them; 0 unknown.</summary>
    public uint SourceCountry;

    /// <summary>dst_host_country.</summary>
    public uint DestinationCountry;

    /// <summary>src_host_pocode.</summary>
    public PostalCode SourcePostalCode;

    /// <summary>dst_host_pocode.</summary>
    public PostalCode DestinationPostalCode;

    /// <summary>src_host_coords.</summary>
    public Coordinates SourceCoordinates;

    /// <summary>dst_host_coords.</summary>
    public Coordinates DestinationCoordinates;

    /// <summary>tag.</summary>
    public ulong Tag;

    /// <summary>tag2.</summary>
    public ulong Tag2;

    /// <summary>path_delay_avg_usec.</summary>
    public uint PathDelayAverage;

    /// <summary>path_delay_min_usec.</summary>
    public uint PathDelayMinimum;

    /// <summary>path_delay_max_usec.</summary>
    public uint PathDelayMaximum;

    // The inner packet of a tunnel.

    /// <summary>tunnel_flow_label.</summary>
    public uint TunnelFlowLabel;

    /// <summary>tunnel_src_host.</summary>
    public IpAddress TunnelSourceAddress;

    /// <summary>tunnel_dst_host.</summary>
    public IpAddress TunnelDestinationAddress;

    /// <summary>tunnel_src_port.</summary>
    public ushort TunnelSourcePort;

    /// <summary>tunnel_dst_port.</summary>
    public ushort TunnelDestinationPort;

    /// <summary>What the exporter gave, for enrichment and maps.</summary>
    public FlowRecordFlags Flags;

    /// <summary>tunnel_proto.</summary>
    public byte TunnelProtocol;

    /// <summary>tunnel_tos.</summary>
    public byte TunnelTos;

    /// <summary>Family of the tunnel addresses.</summary>
    public FlowFamily TunnelFamily;

    /// <summary>tunnel_src_mac.</summary>
    public MacAddress TunnelSourceMac;

    /// <summary>tunnel_dst_mac.</summary>
    public MacAddress TunnelDestinationMac;

    /// <summary>Running number of the datagram within the worker or the replay: with <see cref="RecordNumber"/> it orders first insertions.</summary>
    public ulong DatagramNumber;

    /// <summary>Index of the record within its datagram.</summary>
    public uint RecordNumber;

    /// <summary>Why the exporter made the packet an exception, by its own numbers: Juniper's inline monitoring (drop_code); 0 none or unknown.</summary>
    public ushort DropCode;

    /// <summary>engine_type of a version 5 header, 0 elsewhere. Maps compare it.</summary>
    public byte EngineType;

    /// <summary>Format of an sFlow sample: 1 flow_sample, 3 flow_sample_expanded; 0 elsewhere. Maps compare it.</summary>
    public byte SampleFormat;

    /// <summary>Address of the row of values that few configurations ask for, such as custom primitives; 0 without one. It lies in the <see cref="FlowBatch"/>.</summary>
    public nint ExtraValues;
}
