using Collector.Configuration.CustomPrimitives;

namespace Collector.Configuration;

/// <summary>Where the rows of an output go.</summary>
public enum OutputKind
{
    /// <summary>Standard output, a row a line.</summary>
    Stdout,

    /// <summary>Files, as pmacct's print plugin writes them.</summary>
    File,

    /// <summary>A Kafka topic, a message a row.</summary>
    Kafka,
}

/// <summary>How rows are written.</summary>
public enum OutputFormat
{
    /// <summary>pmacct's JSON.</summary>
    Json,

    /// <summary>pmacct's CSV, with a header line.</summary>
    Csv,

    /// <summary>pmacct's columns of fixed width, with a header line.</summary>
    Formatted,

    /// <summary>CSV without counters.</summary>
    EventCsv,

    /// <summary>Columns of fixed width without counters.</summary>
    EventFormatted,
}

/// <summary>One output of the configuration: what it aggregates by, over which windows, where it goes. Immutable.</summary>
public sealed record OutputOptions
{
    /// <summary>The output of a configuration that names none: one readable JSON row per conversation, exporter and minute on standard output.</summary>
    public static OutputOptions BuiltIn { get; } = new()
    {
        Name = "stdout",
        Aggregate =
        [
            "peer_src_ip", "in_iface", "out_iface", "src_host", "dst_host", "src_port", "dst_port", "proto", "tos", "tcpflags", "src_as", "dst_as", "flows",
        ],
        Window = new WindowOptions { HistorySeconds = 60, Roundoff = "m", RefreshIsSet = true },
    };

    /// <summary>Unique name; the plugin name of nfacctd.conf and of writer_id.</summary>
    public required string Name { get; init; }

    /// <summary>Where the rows go.</summary>
    public OutputKind Kind { get; init; } = OutputKind.Stdout;

    /// <summary>The destination in words, for the log and `check`.</summary>
    public string Destination => Kind switch
    {
        OutputKind.Kafka => $"Kafka topic {Kafka.Topic} at {Kafka.Brokers}",
        OutputKind.File => $"file {File.Path}",
        _ => "standard output",
    };

    /// <summary>How rows are written. Default JSON.</summary>
    public OutputFormat Format { get; init; } = OutputFormat.Json;

    /// <summary>pmacct primitive names, lower case. Default src_host, as pmacct.</summary>
    public IReadOnlyList<string> Aggregate { get; init; } = ["src_host"];

    /// <summary>What the list may name besides pmacct's primitives: those of <see cref="CollectorOptions.CustomPrimitives"/>. Default none.</summary>
    public IReadOnlyList<CustomPrimitive> CustomPrimitives { get; init; } = [];

    /// <summary>history, history_roundoff, history_offset, refresh, startup_delay.</summary>
    public WindowOptions Window { get; init; } = new();

    /// <summary>How times and protocol names are printed.</summary>
    public TextOptions Text { get; init; } = new();

    /// <summary>networks: how this output alone resolves networks; null: as the root says.</summary>
    public NetworkRules? Networks { get; init; }

    /// <summary>Tags, and which records enter.</summary>
    public SelectionOptions Selection { get; init; } = new();

    /// <summary>pro_rating: flows are divided among the bins that they touch. Default false; without history it does nothing.</summary>
    public bool ProRating { get; init; }

    /// <summary>stitching: timestamp_min and timestamp_max. Default false; excludes <see cref="ProRating"/>.</summary>
    public bool Stitching { get; init; }

    /// <summary>preprocess, preprocess_type: which rows are published. Default all.</summary>
    public PreprocessOptions Preprocess { get; init; } = PreprocessOptions.None;

    /// <summary>markers: purge_init and purge_close rows. Default false.</summary>
    public bool Markers { get; init; }

    /// <summary>trigger_exec: a program and its arguments, separated by blanks, started after each purge that has rows, for Kafka and with write_empty_file after empty ones too, as in pmacct. Default none.</summary>
    public string? TriggerExec { get; init; }

    /// <summary>trigger_exec_async: a stop does not wait for the program. Default false.</summary>
    public bool TriggerAsync { get; init; }

    /// <summary>Keys the output may hold in all its tables before they are flushed early (counted, never dropped). Default 4,194,304.</summary>
    public int MaxEntries { get; init; } = 4 << 20;

    /// <summary>Purges handed over and not yet published beyond which the newest is dropped whole and counted as `backlog`. Default 8.</summary>
    public int MaxBacklogPurges { get; init; } = 8;

    /// <summary>Bytes of purges handed over and not yet published beyond which the newest is dropped whole. Default 1 GiB.</summary>
    public long MaxBacklogBytes { get; init; } = 1L << 30;

    /// <summary>The output without settings that outputs of its kind do not have, whatever the surroundings of the configuration say.</summary>
    public OutputOptions Settled() => this with
    {
        File = Kind == OutputKind.File ? File : new FileOutputOptions(),
        Kafka = Kind == OutputKind.Kafka ? Kafka : new KafkaOutputOptions(),
    };

    /// <summary>Settings of <see cref="OutputKind.File"/>.</summary>
    public FileOutputOptions File { get; init; } = new();

    /// <summary>Settings of <see cref="OutputKind.Kafka"/>.</summary>
    public KafkaOutputOptions Kafka { get; init; } = new();
}

/// <summary>pmacct's *_history and *_refresh_time keys.</summary>
public sealed record WindowOptions
{
    /// <summary>Length of a bin in seconds; 0 without history. Months are <see cref="HistoryMonths"/>.</summary>
    public int HistorySeconds { get; init; }

    /// <summary>Calendar months per bin; 0 unless history is given as NM.</summary>
    public int HistoryMonths { get; init; }

    /// <summary>Letters of m, h, d, w, M (pmacct-compat §2.2). Default none.</summary>
    public string Roundoff { get; init; } = "";

    /// <summary>history_offset in seconds, below the bin length. Default 0.</summary>
    public int OffsetSeconds { get; init; }

    /// <summary>Seconds between purges. Default 60.</summary>
    public int RefreshSeconds { get; init; } = 60;

    /// <summary>True when the configuration names the refresh time. A replay of an output with neither refresh nor history is one single purge.</summary>
    public bool RefreshIsSet { get; init; }

    /// <summary>startup_delay in seconds. Default 0.</summary>
    public int StartupDelaySeconds { get; init; }

    /// <summary>True when rows carry stamp_inserted and stamp_updated.</summary>
    public bool HasHistory => HistorySeconds > 0 || HistoryMonths > 0;
}

/// <summary>How values are printed; pmacct's switches of the same meaning.</summary>
public sealed record TextOptions
{
    /// <summary>The JSON dialect; false is 1.8 (pmacct-compat §11.1). Default 1.7.</summary>
    public bool Pmacct17 { get; init; } = true;

    /// <summary>timestamps_utc: UTC instead of the zone of the system (TZ). Default false.</summary>
    public bool Utc { get; init; }

    /// <summary>timestamps_rfc3339. Default false.</summary>
    public bool Rfc3339 { get; init; }

    /// <summary>timestamps_since_epoch; wins over <see cref="Rfc3339"/>. Default false.</summary>
    public bool SinceEpoch { get; init; }

    /// <summary>timestamps_secs: microseconds are zero, in the key as in the text. Default false.</summary>
    public bool Seconds { get; init; }

    /// <summary>num_protos: protocol numbers instead of names. Default false.</summary>
    public bool NumericProtocols { get; init; }

    /// <summary>tcpflags_encode_as_array. Default false.</summary>
    public bool TcpFlagsAsArray { get; init; }

    /// <summary>fwd_status_encode_as_string. Default false.</summary>
    public bool ForwardingStatusAsString { get; init; }

    /// <summary>mpls_label_stack_encode_as_array. Default false.</summary>
    public bool MplsLabelStackAsArray { get; init; }

    /// <summary>as_path_encode_as_array. Default false.</summary>
    public bool AsPathAsArray { get; init; }

    /// <summary>bgp_comms_encode_as_array. Default false.</summary>
    public bool CommunitiesAsArray { get; init; }

    /// <summary>tos_encode_as_dscp. Default false.</summary>
    public bool TosAsDscp { get; init; }

    /// <summary>pre_tag_label_encode_as_map: labels as JSON objects. Default false.</summary>
    public bool LabelsAsMap { get; init; }

    /// <summary>Separator of CSV. Default a comma.</summary>
    public string Separator { get; init; } = ",";
}

/// <summary>pmacct's print plugin.</summary>
public sealed record FileOutputOptions
{
    /// <summary>File name with pmacct's variables (%Y %m …, $hst, $ref, $tzone, $peer_src_ip, $tag; pmacct-compat §3.3).</summary>
    public string Path { get; init; } = "";

    /// <summary>print_output_file_append. Default false: a file is written anew.</summary>
    public bool Append { get; init; }

    /// <summary>print_latest_file: a symbolic link to the file written last. Default none.</summary>
    public string? LatestFile { get; init; }

    /// <summary>print_write_empty_file. Default false.</summary>
    public bool WriteEmptyFile { get; init; }
}

/// <summary>pmacct's kafka plugin.</summary>
public sealed record KafkaOutputOptions
{
    /// <summary>Bootstrap list, host:port separated by commas. Default 127.0.0.1:9092.</summary>
    public string Brokers { get; init; } = "127.0.0.1:9092";

    /// <summary>Topic, with pmacct's variables ($peer_src_ip, $tag, $tag2). Default pmacct.acct.</summary>
    public string Topic { get; init; } = "pmacct.acct";

    /// <summary>kafka_topic_rr: messages go round the topics Topic_0 to Topic_(n − 1), from the first one anew with each purge or dump; 0: to Topic itself. Default 0.</summary>
    public int RotatingTopics { get; init; }

    /// <summary>Fixed partition; -1 lets librdkafka choose. Default -1.</summary>
    public int Partition { get; init; } = -1;

    /// <summary>Message key, with pmacct's variables. Default none.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>kafka_multi_values: bytes of rows packed in one message; 0 sends one row a message. Default 0.</summary>
    public int MultiValues { get; init; }

    /// <summary>writer_id_string. Default $proc_name/$writer_pid.</summary>
    public string WriterId { get; init; } = "$proc_name/$writer_pid";

    /// <summary>librdkafka settings; they win over our own, but for the delivery callbacks. test.mock.* is refused.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Path of librdkafka (`kafka.library`); default: beside the program, then the system's librdkafka.so.1.</summary>
    public string? Library { get; init; }

    /// <summary>The options of a section of objects, with brokers, library and properties of another where this one leaves them out; null without a topic.</summary>
    public KafkaOutputOptions? Over(KafkaOutputOptions defaults) => Topic.Length == 0 ? null : defaults with
    {
        Topic = Topic,
        RotatingTopics = RotatingTopics,
        Brokers = Brokers.Length > 0 ? Brokers : defaults.Brokers,
        Partition = Partition,
        PartitionKey = PartitionKey,
        Properties = Properties.Count > 0 ? Properties : defaults.Properties,
        MultiValues = 0,
    };
}
