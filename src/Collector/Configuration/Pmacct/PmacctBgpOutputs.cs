using Collector.BgpOutputs;
using Collector.Maps.PreTag;
using Collector.Sinks.Kafka;

namespace Collector.Configuration.Pmacct;

/// <summary>What the lines read so far say about the message log and the table dumps of the BGP daemon (pmacct-compat §6.2).</summary>
internal sealed class PmacctBgpOutputs
{
    private readonly Destination _log = new(), _dump = new();
    private PmacctValue? _refresh, _slots;
    private bool _numericOrigin, _withPeerId;
    private string? _labelFilter;

    /// <summary>The keys of both.</summary>
    public static IEnumerable<(string Key, Action<PmacctCore, PmacctValue> Apply)> Settings { get; } =
    [
        .. Destination.Keys("bgp_daemon_msglog", hasTime: false, o => o._log),
        .. Destination.Keys("bgp_table_dump", hasTime: true, o => o._dump),
        ("bgp_daemon_msglog_label_filter", (c, v) => c.Bgp.Outputs._labelFilter = LabelFilter.Parse(v.Text) is null ? v.Refuse<string?>("labels separated by commas, null for none", null) : v.Text),
        ("bgp_table_dump_latest_file", (c, v) => c.Bgp.Outputs._dump.Latest = v.NotEmpty("")),
        ("bgp_table_dump_refresh_time", (c, v) => c.Bgp.Outputs._refresh = v),
        ("bgp_table_dump_time_slots", (c, v) => c.Bgp.Outputs._slots = v),
        ("tmp_bgp_daemon_origin_type_int", (c, v) => c.Bgp.Outputs._numericOrigin = v.Boolean(false)),
        ("tmp_bgp_lookup_compare_ports", (c, v) => c.Bgp.Outputs._withPeerId = v.Boolean(false)),
    ];

    /// <summary>The options; how values are printed comes from elsewhere.</summary>
    public BgpOutputOptions Build(string processName, string writerId)
    {
        var options = new BgpOutputOptions
        {
            MessageLog = _log.Build(writerId),
            LabelFilter = _labelFilter,
            TableDump = _dump.Build(writerId),
            TableDumpSlots = _slots?.Integer(1, 1, 1_000) ?? 1,
            Objects = new BgpObjectOptions { NumericOrigin = _numericOrigin, WithPeerId = _withPeerId },
            ProcessName = processName,
        };
        if (_refresh is not null)
        {
            options = options with { TableDumpSeconds = _refresh.Integer(options.TableDumpSeconds, 60, 86_400) };
        }
        else if (options.TableDump.IsEnabled)
        {
            // pmacct: no dump without a time.
            _dump.Where!.Report.Findings.Warning(_dump.Where.Line, $"{_dump.Where.Key}: tables are dumped only with bgp_table_dump_refresh_time; write it, from 60 to 86400");
            options = options with { TableDump = new ObjectOutputOptions() };
        }

        return options;
    }

    /// <summary>A file or a topic.</summary>
    private sealed class Destination
    {
        private PmacctValue? _file, _topic;
        private (string Host, int Port) _broker = ("127.0.0.1", 9092);
        private KafkaOutputOptions _kafka = new();

        /// <summary>bgp_table_dump_latest_file.</summary>
        public string? Latest { get; set; }

        /// <summary>The line that names the destination.</summary>
        public PmacctValue? Where => _topic ?? _file;

        public static IEnumerable<(string Key, Action<PmacctCore, PmacctValue> Apply)> Keys(string prefix, bool hasTime, Func<PmacctBgpOutputs, Destination> of) =>
        [
            ($"{prefix}_file", (c, v) => of(c.Bgp.Outputs)._file = Named(v, hasTime)),
            ($"{prefix}_output", (_, v) => v.Choice(true, ("json", true))),
            ($"{prefix}_kafka_topic", (c, v) => of(c.Bgp.Outputs)._topic = Named(v, hasTime: false)),
            ($"{prefix}_kafka_broker_host", (c, v) => of(c.Bgp.Outputs)._broker.Host = v.NotEmpty("127.0.0.1")),
            ($"{prefix}_kafka_broker_port", (c, v) => of(c.Bgp.Outputs)._broker.Port = v.Integer(9092, 1, 65_535)),
            ($"{prefix}_kafka_topic_rr", (c, v) => Set(of(c.Bgp.Outputs), k => k with { RotatingTopics = v.Integer(0, 0, KafkaOptionErrors.MaxRotatingTopics) })),
            ($"{prefix}_kafka_partition", (c, v) => Set(of(c.Bgp.Outputs), k => k with { Partition = v.Integer(-1, -1, int.MaxValue) })),
            ($"{prefix}_kafka_partition_key", (c, v) => Set(of(c.Bgp.Outputs), k => k with { PartitionKey = Named(v, hasTime: false).Text })),
            ($"{prefix}_kafka_config_file", (c, v) => Set(of(c.Bgp.Outputs), k => k with { Properties = KafkaConfigFile.Read(v) })),
        ];

        public ObjectOutputOptions Build(string writerId)
        {
            if (_file is not null && _topic is not null)
            {
                _topic.Report.Findings.Error(_topic.Line, $"{_topic.Key} and {_file.Key} exclude each other; remove one");
            }

            return new ObjectOutputOptions
            {
                Path = _file?.Text,
                LatestFile = Latest,
                Kafka = _topic is null ? null : _kafka with { Topic = _topic.Text, Brokers = PmacctPlugin.Brokers(_broker.Host, _broker.Port), WriterId = writerId },
            };
        }

        private static void Set(Destination destination, Func<KafkaOutputOptions, KafkaOutputOptions> change) => destination._kafka = change(destination._kafka);

        private static PmacctValue Named(PmacctValue value, bool hasTime)
        {
            if (!PeerNameTemplate.TryParse(value.NotEmpty("-"), hasTime, out _, out string? error))
            {
                value.Report.Findings.Error(value.Line, $"{value.Key}: {error}");
            }

            return value;
        }
    }
}
