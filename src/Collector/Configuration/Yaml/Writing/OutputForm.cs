using static Collector.Configuration.Yaml.Writing.YamlText;

namespace Collector.Configuration.Yaml.Writing;

/// <summary>The keys of one output, and of the sections that stand both at the root (as defaults) and in an output.</summary>
internal static class OutputForm
{
    /// <summary>How values are printed.</summary>
    public static YamlForm<TextOptions> Text { get; } = new()
    {
        { "timestamps_utc", o => Of(o.Utc) },
        { "timestamps_rfc3339", o => Of(o.Rfc3339) },
        { "timestamps_since_epoch", o => Of(o.SinceEpoch) },
        { "timestamps_secs", o => Of(o.Seconds) },
        { "num_protos", o => Of(o.NumericProtocols) },
        { "tcpflags_encode_as_array", o => Of(o.TcpFlagsAsArray) },
        { "fwd_status_encode_as_string", o => Of(o.ForwardingStatusAsString) },
        { "mpls_label_stack_encode_as_array", o => Of(o.MplsLabelStackAsArray) },
        { "as_path_encode_as_array", o => Of(o.AsPathAsArray) },
        { "bgp_comms_encode_as_array", o => Of(o.CommunitiesAsArray) },
        { "tos_encode_as_dscp", o => Of(o.TosAsDscp) },
        { "pre_tag_label_encode_as_map", o => Of(o.LabelsAsMap) },
        { "separator", o => Of(o.Separator) },
    };

    /// <summary>Section file.</summary>
    public static YamlForm<FileOutputOptions> File { get; } = new()
    {
        { "path", o => Of(o.Path) },
        { "append", o => Of(o.Append) },
        { "latest_file", o => Of(o.LatestFile) },
        { "write_empty_file", o => Of(o.WriteEmptyFile) },
    };

    /// <summary>Section kafka.</summary>
    public static YamlForm<KafkaOutputOptions> Kafka { get; } = new()
    {
        { "brokers", o => Of(o.Brokers) },
        { "topic", o => Of(o.Topic) },
        { "topic_rr", o => Of(o.RotatingTopics) },
        { "partition", o => Of(o.Partition) },
        { "partition_key", o => Of(o.PartitionKey) },
        { "multi_values", o => Bytes(o.MultiValues) },
        { "writer_id", o => Of(o.WriterId) },
        { "library", o => Of(o.Library) },
        { "properties", o => Map(o.Properties) },
    };

    /// <summary>All keys of an output.</summary>
    public static YamlForm<OutputOptions> Output { get; } = new YamlForm<OutputOptions>()
    {
        { "name", o => Of(o.Name) },
        { "type", o => o.Name.Length == 0 ? null : o.Kind switch { OutputKind.File => "file", OutputKind.Kafka => "kafka", _ => "stdout" } },
        { "format", o => OutputFormatNames.Of(o.Format) },
        { "aggregate", o => o.Name.Length == 0 ? null : List(o.Aggregate) },
        { "history", o => o.Window.HistoryMonths > 0 ? $"{o.Window.HistoryMonths}M" : o.Window.HistorySeconds == 0 ? null : Seconds(o.Window.HistorySeconds) },
        { "history_roundoff", o => Of(o.Window.Roundoff) },
        { "history_offset", o => Seconds(o.Window.OffsetSeconds) },
        { "refresh", o => o.Window.RefreshIsSet ? Seconds(o.Window.RefreshSeconds) : null },
        { "startup_delay", o => Seconds(o.Window.StartupDelaySeconds) },
        { "pre_tag_map", o => Of(o.Selection.PreTagMap) },
        { "pre_tag_filter", o => Of(o.Selection.TagFilter) },
        { "pre_tag2_filter", o => Of(o.Selection.Tag2Filter) },
        { "pre_tag_label_filter", o => Of(o.Selection.LabelFilter) },
        { "aggregate_filter", o => Of(o.Selection.Filter) },
        { "post_tag", o => o.Selection.PostTag is { } tag ? Of(tag) : null },
        { "post_tag2", o => o.Selection.PostTag2 is { } tag ? Of(tag) : null },
        { "ports_file", o => Of(o.Selection.PortsFile) },
        { "protos_file", o => Of(o.Selection.ProtocolsFile) },
        { "tos_file", o => Of(o.Selection.TosFile) },
        { "networks", EnrichmentForm.Networks, o => o.Networks ?? new NetworkRules() },
        { "pro_rating", o => Of(o.ProRating) },
        { "stitching", o => Of(o.Stitching) },
        { "preprocess", o => Of(o.Preprocess.ToString()) },
        { "preprocess_type", o => o.Preprocess.All ? "all" : "any" },
        { "markers", o => Of(o.Markers) },
        { "trigger_exec", o => Of(o.TriggerExec) },
        { "trigger_exec_async", o => Of(o.TriggerAsync) },
        { "max_entries", o => Of(o.MaxEntries) },
        { "max_backlog_purges", o => Of(o.MaxBacklogPurges) },
        { "max_backlog", o => Bytes(o.MaxBacklogBytes) },
        { "file", File, o => o.File },
        { "kafka", Kafka, o => o.Kafka },
    }.With(Text, o => o.Text);
}
