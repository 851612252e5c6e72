using Collector.Sinks.Kafka;

namespace Collector.Configuration.Yaml;

/// <summary>The keys of one output, and of the sections that stand both at the root (as defaults) and in an output.</summary>
internal static class OutputKeys
{
    private const int Day = 86_400, MaxDays = 3_660, MaxMonths = 120;

    /// <summary>How values are printed: at the root for all outputs, in an output for that one.</summary>
    public static YamlKeys<TextOptions> Text { get; } = new()
    {
        { "timestamps_utc", (o, v) => o with { Utc = v.Boolean(o.Utc) } },
        { "timestamps_rfc3339", (o, v) => o with { Rfc3339 = v.Boolean(o.Rfc3339) } },
        { "timestamps_since_epoch", (o, v) => o with { SinceEpoch = v.Boolean(o.SinceEpoch) } },
        { "timestamps_secs", (o, v) => o with { Seconds = v.Boolean(o.Seconds) } },
        { "num_protos", (o, v) => o with { NumericProtocols = v.Boolean(o.NumericProtocols) } },
        { "tcpflags_encode_as_array", (o, v) => o with { TcpFlagsAsArray = v.Boolean(o.TcpFlagsAsArray) } },
        { "fwd_status_encode_as_string", (o, v) => o with { ForwardingStatusAsString = v.Boolean(o.ForwardingStatusAsString) } },
        { "mpls_label_stack_encode_as_array", (o, v) => o with { MplsLabelStackAsArray = v.Boolean(o.MplsLabelStackAsArray) } },
        { "as_path_encode_as_array", (o, v) => o with { AsPathAsArray = v.Boolean(o.AsPathAsArray) } },
        { "bgp_comms_encode_as_array", (o, v) => o with { CommunitiesAsArray = v.Boolean(o.CommunitiesAsArray) } },
        { "tos_encode_as_dscp", (o, v) => o with { TosAsDscp = v.Boolean(o.TosAsDscp) } },
        { "pre_tag_label_encode_as_map", (o, v) => o with { LabelsAsMap = v.Boolean(o.LabelsAsMap) } },
        { "separator", (o, v) => o with { Separator = v.Text(o.Separator) } },
    };

    /// <summary>Section file.</summary>
    public static YamlKeys<FileOutputOptions> File { get; } = new()
    {
        { "path", (o, v) => o with { Path = v.OptionalText(o.Path) ?? "" } },
        { "append", (o, v) => o with { Append = v.Boolean(o.Append) } },
        { "latest_file", (o, v) => o with { LatestFile = v.OptionalText(o.LatestFile) } },
        { "write_empty_file", (o, v) => o with { WriteEmptyFile = v.Boolean(o.WriteEmptyFile) } },
    };

    /// <summary>Section kafka.</summary>
    public static YamlKeys<KafkaOutputOptions> Kafka { get; } = new()
    {
        { "brokers", (o, v) => o with { Brokers = Brokers(o.Brokers, v) } },
        { "topic", (o, v) => o with { Topic = v.Text(o.Topic) } },
        { "topic_rr", (o, v) => o with { RotatingTopics = v.Integer(o.RotatingTopics, 0, KafkaOptionErrors.MaxRotatingTopics) } },
        { "partition", (o, v) => o with { Partition = v.Integer(o.Partition, -1, int.MaxValue) } },
        { "partition_key", (o, v) => o with { PartitionKey = v.OptionalText(o.PartitionKey) } },
        { "multi_values", (o, v) => o with { MultiValues = (int)v.Bytes(o.MultiValues, 0, 1 << 30) } },
        { "writer_id", (o, v) => o with { WriterId = v.Text(o.WriterId) } },
        { "library", (o, v) => o with { Library = v.OptionalText(o.Library) } },
        { "properties", (o, v) => o with { Properties = Properties(o.Properties, v) } },
    };

    /// <summary>All keys of an output. Sections file and kafka lie over those of the root.</summary>
    public static YamlKeys<OutputOptions> Output { get; } = new YamlKeys<OutputOptions>()
    {
        { "name", (o, v) => o with { Name = v.Text(o.Name) } },
        {
            "type",
            (o, v) => o with { Kind = v.Choice(o.Kind, ("stdout", OutputKind.Stdout), ("file", OutputKind.File), ("kafka", OutputKind.Kafka)) }
        },
        { "format", (o, v) => o with { Format = v.Choice(o.Format, OutputFormatNames.All) } },
        { "aggregate", (o, v) => o with { Aggregate = [.. v.Words().Select(w => w.Text.ToLowerInvariant())] } },
        { "history", (o, v) => o with { Window = History(o.Window, v) } },
        { "history_roundoff", (o, v) => o with { Window = o.Window with { Roundoff = Roundoff(o.Window.Roundoff, v) } } },
        { "history_offset", (o, v) => o with { Window = o.Window with { OffsetSeconds = v.Seconds(o.Window.OffsetSeconds, 0, MaxDays * Day) } } },
        { "refresh", (o, v) => o with { Window = o.Window with { RefreshSeconds = v.Seconds(o.Window.RefreshSeconds, 1, 31 * Day), RefreshIsSet = true } } },
        { "startup_delay", (o, v) => o with { Window = o.Window with { StartupDelaySeconds = v.Seconds(o.Window.StartupDelaySeconds, 0, 31 * Day) } } },
        { "pre_tag_map", (o, v) => Selection(o, s => s with { PreTagMap = v.OptionalText(s.PreTagMap) }) },
        { "pre_tag_filter", (o, v) => Selection(o, s => s with { TagFilter = v.OptionalText(s.TagFilter) }) },
        { "pre_tag2_filter", (o, v) => Selection(o, s => s with { Tag2Filter = v.OptionalText(s.Tag2Filter) }) },
        { "pre_tag_label_filter", (o, v) => Selection(o, s => s with { LabelFilter = v.OptionalText(s.LabelFilter) }) },
        { "aggregate_filter", (o, v) => Selection(o, s => s with { Filter = v.OptionalText(s.Filter) }) },
        { "post_tag", (o, v) => Selection(o, s => s with { PostTag = Tag(v) }) },
        { "post_tag2", (o, v) => Selection(o, s => s with { PostTag2 = Tag(v) }) },
        { "ports_file", (o, v) => Selection(o, s => s with { PortsFile = v.OptionalText(s.PortsFile) }) },
        { "protos_file", (o, v) => Selection(o, s => s with { ProtocolsFile = v.OptionalText(s.ProtocolsFile) }) },
        { "tos_file", (o, v) => Selection(o, s => s with { TosFile = v.OptionalText(s.TosFile) }) },
        { "networks", (o, v) => o with { Networks = Section(EnrichmentKeys.Networks, o.Networks!, v) } },
        { "pro_rating", (o, v) => o with { ProRating = v.Boolean(o.ProRating) } },
        { "stitching", (o, v) => o with { Stitching = v.Boolean(o.Stitching) } },
        { "preprocess", (o, v) => o with { Preprocess = Preprocess(o.Preprocess, v) } },
        { "preprocess_type", (o, v) => o with { Preprocess = o.Preprocess with { All = v.Choice(o.Preprocess.All, ("any", false), ("all", true)) } } },
        { "markers", (o, v) => o with { Markers = v.Boolean(o.Markers) } },
        { "trigger_exec", (o, v) => o with { TriggerExec = v.OptionalText(o.TriggerExec) } },
        { "trigger_exec_async", (o, v) => o with { TriggerAsync = v.Boolean(o.TriggerAsync) } },
        { "max_entries", (o, v) => o with { MaxEntries = v.Integer(o.MaxEntries, 1, 1 << 30) } },
        { "max_backlog_purges", (o, v) => o with { MaxBacklogPurges = v.Integer(o.MaxBacklogPurges, 1, 1 << 20) } },
        { "max_backlog", (o, v) => o with { MaxBacklogBytes = v.Bytes(o.MaxBacklogBytes, 1 << 20, 1L << 42) } },
        { "file", (o, v) => o with { File = Section(File, o.File, v) } },
        { "kafka", (o, v) => o with { Kafka = Section(Kafka, o.Kafka, v) } },
    }.With(Text, o => o.Text, (o, text) => o with { Text = text });

    /// <summary>Applies a nested section.</summary>
    public static T Section<T>(YamlKeys<T> keys, T start, YamlValue value) =>
        value.Section() is { } section ? keys.Apply(start, section, value.Path, _ => null, value.Findings) : start;

    private static OutputOptions Selection(OutputOptions output, Func<SelectionOptions, SelectionOptions> change) => output with { Selection = change(output.Selection) };

    private static ulong? Tag(YamlValue value)
    {
        if (value.OptionalText(null) is not { } text)
        {
            return null;
        }

        if (!ulong.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ulong tag))
        {
            value.Refuse("a whole number from 0 to 18446744073709551615");
        }

        return tag;
    }

    private static PreprocessOptions Preprocess(PreprocessOptions before, YamlValue value)
    {
        if (value.OptionalText(null) is not { Length: > 0 } text)
        {
            return new PreprocessOptions { All = before.All };
        }

        if (!PreprocessOptions.TryParse(text, before.All, out PreprocessOptions options, out IReadOnlyList<string> errors))
        {
            foreach (string error in errors)
            {
                value.Findings.Error(value.Line, $"{value.Path}: {error}");
            }
        }

        return options;
    }

    private static WindowOptions History(WindowOptions window, YamlValue value)
    {
        if (value.Node is YamlScalar { IsNull: true } or YamlScalar { Text: "none" })
        {
            return window with { HistorySeconds = 0, HistoryMonths = 0 };
        }

        if (value.Node is YamlScalar scalar && DurationText.TryParse(scalar.Text, out int seconds, out int months) && months <= MaxMonths && seconds <= MaxDays * Day)
        {
            return window with { HistorySeconds = seconds, HistoryMonths = months };
        }

        value.Refuse("a time such as 60, 300s, 5m, 1h, 1d, 1w or 1M (months), or none");
        return window;
    }

    private static string Roundoff(string fallback, YamlValue value)
    {
        string text = value.OptionalText(fallback) ?? "";
        if (OutputRules.IsRoundoff(text))
        {
            return text;
        }

        value.Refuse("letters of m, h, d, w and M");
        return fallback;
    }

    /// <summary>A list of brokers, or one.</summary>
    public static string Brokers(string fallback, YamlValue value)
    {
        IReadOnlyList<(string Text, int Line)> brokers = value.Words();
        return brokers.Count == 0 ? fallback : string.Join(',', brokers.Select(b => b.Text));
    }

    /// <summary>Settings of librdkafka, over those of the surroundings.</summary>
    public static Dictionary<string, string> Properties(IReadOnlyDictionary<string, string> inherited, YamlValue value)
    {
        var result = new Dictionary<string, string>(inherited);
        var here = new Dictionary<string, int>();
        if (value.Node is YamlScalar { IsNull: true } || value.Section() is not { } section)
        {
            return result;
        }

        foreach (YamlPair pair in section.Pairs)
        {
            string full = $"{value.Path}.{pair.Key}";
            if (!here.TryAdd(pair.Key, pair.Line))
            {
                value.Findings.Error(pair.Line, $"{full} stands here again (first in line {here[pair.Key]}); remove one of the two");
            }
            else if (pair.Value is YamlScalar scalar)
            {
                result[pair.Key] = scalar.Text;
            }
            else
            {
                value.Findings.Error(pair.Line, $"{full}: write a single value, as librdkafka's CONFIGURATION.md names it");
            }
        }

        return result;
    }
}
