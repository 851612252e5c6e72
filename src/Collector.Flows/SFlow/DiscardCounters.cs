namespace Collector.Flows.SFlow;

/// <summary>How many packets an agent has told to have discarded, by reason (sflow.org, "sFlow Dropped Packet Notification Structures").</summary>
/// <remarks>Written by the owning worker only; others may read single numbers at any time.</remarks>
public sealed class DiscardCounters
{
    private const uint FirstInternal = 256;

    // Codes 0 to 15 are those of ICMP destination unreachable; the others begin at 256.
    private static readonly string[] IcmpNames =
    [
        "net_unreachable", "host_unreachable", "protocol_unreachable", "port_unreachable", "frag_needed", "src_route_failed", "dst_net_unknown",
        "dst_host_unknown", "src_host_isolated", "dst_net_prohibited", "dst_host_prohibited", "dst_net_tos_unreachable", "dst_host_tos_unreachable",
        "comm_admin_prohibited", "host_precedence_violation", "precedence_cutoff",
    ];

    private static readonly string[] InternalNames =
    [
        "unknown", "ttl_exceeded", "acl", "no_buffer_space", "red", "traffic_shaping", "pkt_too_big", "src_mac_is_multicast", "vlan_tag_mismatch",
        "ingress_vlan_filter", "ingress_spanning_tree_filter", "port_list_is_empty", "port_loopback_filter", "blackhole_route", "non_ip",
        "uc_dip_over_mc_dmac", "dip_is_loopback_address", "sip_is_mc", "sip_is_loopback_address", "ip_header_corrupted", "ipv4_sip_is_limited_bc",
        "ipv6_mc_dip_reserved_scope", "ipv6_mc_dip_interface_local_scope", "unresolved_neigh", "mc_reverse_path_forwarding", "non_routable_packet",
        "decap_error", "overlay_smac_is_mc", "unknown_l2", "unknown_l3", "unknown_l3_exception", "unknown_buffer", "unknown_tunnel", "unknown_l4",
        "sip_is_unspecified", "mlag_port_isolation", "blackhole_arp_neigh", "src_mac_is_dmac", "dmac_is_reserved", "sip_is_class_e",
        "mc_dmac_mismatch", "sip_is_dip", "dip_is_local_network", "dip_is_link_local", "overlay_smac_is_dmac", "egress_vlan_filter",
        "uc_reverse_path_forwarding", "split_horizon",
    ];

    private static readonly string[] Names = [.. IcmpNames, .. InternalNames, "other"];

    private readonly long[] _counts = new long[Names.Length];

    /// <summary>Reasons with their numbers; those that never occurred are left out.</summary>
    public IEnumerable<KeyValuePair<string, long>> All()
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (Volatile.Read(ref _counts[i]) is long count and > 0)
            {
                yield return new(Names[i], count);
            }
        }
    }

    internal void Add(DiscardCounters other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }

    internal void Count(uint reason)
    {
        int place = reason < IcmpNames.Length ? (int)reason
            : reason - FirstInternal < InternalNames.Length ? IcmpNames.Length + (int)(reason - FirstInternal)
            : Names.Length - 1;
        _counts[place]++;
    }
}
