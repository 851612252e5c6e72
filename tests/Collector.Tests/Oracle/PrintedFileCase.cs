namespace Collector.Tests.Oracle;

/// <summary>A file of the print plugin that pmacct and the collector write alike.</summary>
/// <param name="Capture">Capture in pcaps/.</param>
/// <param name="Format">print_output.</param>
/// <param name="Aggregate">Primitives.</param>
/// <param name="Lines">More lines of the configuration; MAPS stands for the folder of the maps.</param>
internal sealed record PrintedFileCase(string Capture, string Format, string Aggregate, params string[] Lines)
{
    // All that 1.7.7 prints in columns, but for timestamp_arrival, which is its clock, and fw_event, which it calls nat_event (KnownDifferences).
    // sfacctd prints neither class nor a direction, and another text for no next hop, in every format.
    private const string Columns =
        "tag, tag2, src_mac, dst_mac, vlan, cos, etype, src_as, dst_as, local_pref, med, dst_roa, peer_src_as, peer_dst_as, peer_src_ip,"
        + "src_local_pref, src_med, src_roa, in_iface, out_iface, mpls_vpn_rd, mpls_pw_id, src_host, src_net, dst_net, dst_host, src_mask, dst_mask, src_port, dst_port,"
        + "tcpflags, proto, src_host_country, dst_host_country, src_host_pocode, dst_host_pocode, src_host_coords, dst_host_coords, sampling_rate,"
        + "post_nat_src_host, post_nat_dst_host, post_nat_src_port, post_nat_dst_port, nat_event, mpls_label_top, mpls_stack_depth, tunnel_src_mac, tunnel_dst_mac,"
        + "tunnel_src_host, tunnel_dst_host, tunnel_proto, tunnel_tos, tunnel_src_port, tunnel_dst_port, vxlan, timestamp_start, timestamp_end,"
        + "export_proto_seqno, export_proto_version, export_proto_sysid, timestamp_export";

    private const string NetFlowColumns = Columns + ", tos, mpls_label_bottom, class, peer_dst_ip, sampling_direction";

    // With all columns 1.7.7 crashes on MPLS.
    private const string MplsColumns = "src_host, mpls_label_top, mpls_label_bottom, mpls_stack_depth, mpls_vpn_rd, mpls_pw_id, vxlan";

    private const string Texts = ", label, as_path, std_comm, ext_comm, lrg_comm, src_as_path, src_std_comm, src_ext_comm, src_lrg_comm";

    private static readonly string[] Wide = ["pre_tag_map: MAPS/tags", "sampling_map: MAPS/rates", "flow_to_rd_map: MAPS/rds"];

    /// <summary>The maps, so that values are wider than their columns.</summary>
    public static IReadOnlyDictionary<string, string> Maps { get; } = new Dictionary<string, string>
    {
        ["tags"] = "set_tag=18446744073709551615 jeq=a\nset_tag2=12345678901234 label=a\n",
        ["rates"] = "id=4294967295 ip=0.0.0.0/0\n",
        ["rds"] = "id=1:192.168.100.200:65535 ip=0.0.0.0/0\n",
    };

    /// <summary>The cases; together they have every primitive and every key of the print plugin that changes bytes.</summary>
    public static IReadOnlyList<PrintedFileCase> All { get; } =
    [
        new("netflow9-softflowd-ipv4", "formatted", NetFlowColumns + ", flows"),
        new("netflow9-softflowd-ipv4", "formatted", NetFlowColumns + ", flows", [.. Wide, "timestamps_rfc3339: true", "print_num_protos: true"]),
        new("netflow9-softflowd-ipv4", "formatted", NetFlowColumns, "timestamps_since_epoch: true", "timestamps_secs: true", "print_markers: true"),
        new("netflow9-softflowd-ipv6", "formatted", NetFlowColumns),
        new("netflow9-nfprobe-layer2", "formatted", NetFlowColumns + ", flows"),
        new("netflow5-ovs", "formatted", NetFlowColumns),
        new("ipfix-nfprobe-mpls", "formatted", MplsColumns),
        new("ipfix-nfprobe-networks", "formatted", NetFlowColumns, "nfacctd_as: netflow", "nfacctd_net: netflow"),
        new("sflow5-sfprobe-networks", "formatted", Columns, "sfacctd_as: sflow", "sfacctd_net: sflow"),
        new("netflow9-softflowd-ipv4", "formatted", "none"),
        new("netflow9-softflowd-ipv4", "formatted", "sum_host, flows"),
        new("netflow9-softflowd-ipv4", "formatted", "src_host", "print_history: 1m", "print_markers: true"),
        new("netflow9-softflowd-ipv4", "event_formatted", NetFlowColumns + ", flows", "print_markers: true"),
        new("netflow9-softflowd-ipv4", "event_formatted", "none"),
        new("netflow9-softflowd-ipv4", "event_csv", NetFlowColumns + Texts + ", flows", "print_markers: true"),
        new("netflow9-softflowd-ipv4", "event_csv", "none"),
        new("netflow9-softflowd-ipv4", "csv", NetFlowColumns + Texts + ", flows", [.. Wide, "print_output_separator: \\t"]),
        new("netflow9-softflowd-ipv4", "csv", NetFlowColumns, "print_output_separator: \\s", "timestamps_rfc3339: true"),
        new("netflow9-softflowd-ipv4", "csv", "src_host, dst_host", "print_output_separator: ;", "print_markers: true", "print_history: 1m"),
        new("netflow9-softflowd-ipv4", "csv", "src_host, dst_host", "print_output_separator: xx"),
        new("netflow9-softflowd-ipv6", "csv", NetFlowColumns + Texts),
        new("netflow5-ovs", "csv", NetFlowColumns + Texts),
        new("ipfix-nfprobe-label", "csv", NetFlowColumns + Texts),
        new("ipfix-nfprobe-mpls", "csv", MplsColumns),
        new("sflow5-sfprobe-networks", "csv", Columns + Texts, "sfacctd_as: sflow", "sfacctd_net: sflow"),
        new("netflow9-softflowd-ipv4", "csv", "none"),
    ];

    /// <summary>nfacctd or sfacctd.</summary>
    public string Program => Capture.StartsWith("sflow", StringComparison.Ordinal) ? "sfacctd" : "nfacctd";

    /// <summary>The configuration for both sides.</summary>
    /// <param name="file">print_output_file.</param>
    /// <param name="maps">Where the maps are.</param>
    public IEnumerable<string> Configuration(string file, string maps) =>
    [
        "plugins: print[p]",
        $"aggregate: {Aggregate}",
        .. Format.Length == 0 ? Array.Empty<string>() : [$"print_output: {Format}"],
        $"print_output_file: {file}",
        "print_refresh_time: 86400",
        $"{Program}_time_new: true",
        "timestamps_utc: true",
        .. Lines.Select(l => l.Replace("MAPS", maps, StringComparison.Ordinal)),
    ];
}
