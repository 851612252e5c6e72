namespace Collector.Differential.Generation;

/// <summary>The primitives of 1.7.7.</summary>
internal static class Primitives
{
    /// <summary>Those that nfacctd and sfacctd list (option -a).</summary>
    private static readonly string[] Common =
    [
        "cos", "etype", "src_mac", "dst_mac", "vlan", "src_host", "dst_host", "src_mask", "dst_mask", "src_net", "dst_net", "proto", "tos", "src_port", "dst_port", "tcpflags",
        "src_as", "dst_as", "as_path", "std_comm", "ext_comm", "lrg_comm", "local_pref", "med", "src_as_path", "src_std_comm", "src_ext_comm", "src_lrg_comm", "src_local_pref", "src_med",
        "peer_src_as", "peer_dst_as", "peer_dst_ip", "vxlan", "mpls_vpn_rd", "mpls_pw_id", "src_host_country", "dst_host_country", "src_host_pocode", "dst_host_pocode",
        "src_host_coords", "dst_host_coords", "in_iface", "out_iface", "peer_src_ip", "sampling_rate", "tag", "tag2", "label", "export_proto_seqno", "export_proto_version",
        "export_proto_sysid", "src_roa", "dst_roa", "timestamp_arrival",
    ];

    private static readonly string[] OnlyNetFlow =
    [
        "class", "fw_event", "nat_event", "post_nat_src_host", "post_nat_dst_host", "post_nat_src_port", "post_nat_dst_port", "timestamp_start", "timestamp_end", "timestamp_export",
    ];

    /// <summary>What sfacctd -a leaves out although it prints them.</summary>
    private static readonly string[] Unlisted = ["flows", "mpls_label_top", "mpls_label_bottom", "mpls_stack_depth"];

    private static readonly string[] OnlySFlow =
        ["tunnel_src_mac", "tunnel_dst_mac", "tunnel_src_host", "tunnel_dst_host", "tunnel_proto", "tunnel_tos", "tunnel_src_port", "tunnel_dst_port"];

    // The class of sfacctd needs nDPI (pmacct-compat.md 1.1). sfacctd prints nothing behind sampling_direction (pmacct-compat.md 7.2).
    private static readonly HashSet<string> NetFlow = [.. Common, .. OnlyNetFlow, .. Unlisted, "sampling_direction"], SFlow = [.. Common, .. OnlySFlow, .. Unlisted];

    /// <summary>Alone in a list, but for tag, tag2, class and flows.</summary>
    public static IReadOnlyList<string> Sums { get; } = ["sum_host", "sum_net", "sum_as", "sum_port", "sum_mac", "sum"];

    /// <summary>Of these only one: 1.7.7 takes both for one.</summary>
    public static IReadOnlyList<string> Exclusive { get; } = ["fw_event", "nat_event"];

    /// <summary>All that can stand beside each other, of one daemon or the other.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Common, .. OnlyNetFlow, .. Unlisted, "sampling_direction", .. OnlySFlow];

    /// <summary>Whether the daemon has the primitive.</summary>
    public static bool Has(string daemon, string primitive) => primitive == "none" || Sums.Contains(primitive) || (daemon == "sfacctd" ? SFlow : NetFlow).Contains(primitive);
}
