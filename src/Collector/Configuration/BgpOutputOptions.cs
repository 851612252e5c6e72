namespace Collector.Configuration;

/// <summary>What the BGP speaker publishes of its own: a log of its messages and dumps of its tables. Immutable.</summary>
public sealed record BgpOutputOptions
{
    /// <summary>bgp_daemon_msglog_*: an object for each route announced, withdrawn or deleted and each session that comes or goes. Default none.</summary>
    public ObjectOutputOptions MessageLog { get; init; } = new();

    /// <summary>bgp_daemon_msglog_label_filter, such as "gold, null, -silver": labels of bgp_daemon_tag_map of which an object of the message log must bear one. Default none.</summary>
    public string? LabelFilter { get; init; }

    /// <summary>bgp_table_dump_*: all routes of all peers, again and again. Default none.</summary>
    public ObjectOutputOptions TableDump { get; init; } = new();

    /// <summary>Seconds between dumps, 60 to 86,400. Default 300.</summary>
    public int TableDumpSeconds { get; init; } = 300;

    /// <summary>bgp_table_dump_time_slots: the peers are spread over this many dumps of an interval. Default 1.</summary>
    public int TableDumpSlots { get; init; } = 1;

    /// <summary>How objects are printed.</summary>
    public BgpObjectOptions Objects { get; init; } = new();

    /// <summary>The name of the writer in writer_id: core_proc_name behind -f. Default "default".</summary>
    public string ProcessName { get; init; } = "default";

    /// <summary>The options with what collector.yaml says elsewhere: brokers, library and properties of its section kafka, and how values are printed.</summary>
    public BgpOutputOptions Resolve(KafkaOutputOptions kafka, TextOptions text, bool numericCommunities) => this with
    {
        MessageLog = MessageLog.Resolve(kafka),
        TableDump = TableDump.Resolve(kafka),
        Objects = Objects with { Text = text, NumericCommunities = numericCommunities },
    };
}
