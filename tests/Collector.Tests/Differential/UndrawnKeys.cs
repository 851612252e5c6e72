namespace Collector.Tests.Differential;

/// <summary>Used keys that the matrix does not draw, by the reason why.</summary>
internal static class UndrawnKeys
{
    // Not in the dictionary of nfacctd 1.7.7: the daemon says "Unknown key".
    private static readonly string[] Unknown =
    [
        "pre_tag_label_encode_as_map", "tcpflags_encode_as_array", "bgp_comms_encode_as_array", "as_path_encode_as_array", "mpls_label_stack_encode_as_array", "fwd_status_encode_as_string",
        "aggregate_unknown_etype", "nfacctd_ignore_exporter_address", "sfacctd_ignore_exporter_address", "pre_tag_map_dont_recirculate", "timestamps_rfc9557", "bgp_comms_num",
        "tos_encode_as_dscp", "protos_file", "tos_file", "writer_id_string", "log_stderr_tstamp", "bgp_peer_dst_ip_map", "bgp_daemon_add_path_ignore", "bgp_table_dump_time_slots",
    ];

    // Logs, processes, sockets and where rows go: nothing of a row says so.
    private static readonly string[] Invisible =
    [
        "debug", "logfile", "pidfile", "maps_refresh", "print_latest_file", "nfacctd_ip", "nfacctd_port", "nfacctd_pipe_size", "sfacctd_ip", "sfacctd_port", "sfacctd_pipe_size", "pmacctd_pipe_size",
        "nfacctd_interface", "sfacctd_interface", "bgp_daemon_interface", "nfacctd_ipv6_only", "nfacctd_mcast_groups", "sfacctd_mcast_groups", "bgp_neighbors_file", "kafka_output", "amqp_output",
        "kafka_topic", "amqp_routing_key", "sql_table", "kafka_multi_values", "amqp_multi_values", "sql_multi_values",
    ];

    // Came to the collector after these configurations were drawn.
    private static readonly string[] Later =
    [
        "aggregate_primitives", "files_umask", "files_uid", "files_gid", "amqp_preprocess", "amqp_preprocess_type", "amqp_trigger_exec", "amqp_trigger_exec_async", "bgp_daemon_msglog_kafka_topic_rr",
        "bgp_table_dump_kafka_topic_rr", "kafka_preprocess", "kafka_preprocess_type", "kafka_topic_rr", "kafka_trigger_exec",
        "kafka_trigger_exec_async", "nfacctd_disable_checks", "nfacctd_pre_processing_checks", "nfacctd_pro_rating", "nfacctd_stitching",
        "pmacctd_stitching", "print_preprocess", "print_preprocess_type", "print_trigger_exec", "print_trigger_exec_async",
        "sfacctd_disable_checks", "sfacctd_stitching", "sql_preprocess", "sql_preprocess_type", "sql_trigger_exec",
        "sql_trigger_exec_async", "syslog", "syslog_ident", "uacctd_stitching",
    ];

    /// <summary>Why the key is not drawn; null when it should be.</summary>
    public static string? Reason(string key) =>
        Unknown.Contains(key) ? "1.7.7 does not know it"
        : Invisible.Contains(key) ? "no record shows it"
        : Later.Contains(key) ? "has tests of its own beside pmacct"
        : key.Contains("kafka_", StringComparison.Ordinal) && !key.EndsWith("history", StringComparison.Ordinal) && !IsWindow(key) ? "needs a broker: Sinks/Kafka tests"
        : key is "amqp_host" or "sql_host" ? "another name of kafka_broker_host"
        : key.StartsWith("sfacctd_counter_", StringComparison.Ordinal) ? "objects, not records: CounterOracleTests"
        : key.StartsWith("bgp_", StringComparison.Ordinal) || key.StartsWith("tmp_bgp_", StringComparison.Ordinal) || key == "rpki_roas_file" ? "needs sessions: Enrichment/Differential"
        : key == "geoipv2_file" ? "needs a database: Enrichment/Places"
        : null;

    private static bool IsWindow(string key) => new[] { "kafka_refresh_time", "kafka_history_roundoff", "kafka_history_offset", "kafka_startup_delay", "kafka_markers", "kafka_num_protos" }.Contains(key);
}
