namespace Collector.Configuration.Pmacct;

/// <summary>What the lines read so far say about one plugin. Later lines overwrite earlier ones.</summary>
internal sealed class PmacctPlugin(string type, string name, int line)
{
    private static readonly string[] Families = ["print", "kafka", "amqp", "sql"];

    private readonly Dictionary<string, PmacctLine> _lines = [];

    /// <summary>print or kafka.</summary>
    public string Type { get; } = type;

    /// <summary>The name in brackets, or default_ and the type.</summary>
    public string Name { get; } = name;

    /// <summary>The plugins line.</summary>
    public int Line { get; } = line;

    /// <summary>What maps to an output as it is.</summary>
    public OutputOptions Output { get; set; } = new() { Name = name };

    /// <summary>print_output_file, kafka_topic and their like are one setting in pmacct: the last line wins, whichever key it has.</summary>
    public PmacctValue? Destination { get; set; }

    /// <summary>print_output and kafka_output are one setting too.</summary>
    public PmacctValue? Format { get; set; }

    /// <summary>kafka_broker_host.</summary>
    public string BrokerHost { get; set; } = "127.0.0.1";

    /// <summary>kafka_broker_port.</summary>
    public int BrokerPort { get; set; } = 9092;

    /// <summary>kafka_partition_dynamic.</summary>
    public PmacctValue? PartitionDynamic { get; set; }

    /// <summary>nfacctd_peer_as: the AS numbers of the datagram are those of peers.</summary>
    public bool PeerAs { get; set; }

    /// <summary>nfacctd_net, networks_* and bgp_comms_num: settings of plugins, and bgp_comms_num one of the decoder here.</summary>
    public EnrichmentOptions Enrichment { get; set; } = new();

    /// <summary>The output. Everything that is wrong with it is reported.</summary>
    public OutputOptions Build(PmacctReport report)
    {
        OutputOptions output = Type == "kafka" ? BuildKafka(report) : BuildPrint(report);
        foreach (OutputFault fault in OutputRules.Check(output))
        {
            PmacctLine? line = LineOf(fault.Key);
            string place = line is null ? $"plugin '{Name}': " : fault.Text.StartsWith(line.Key, StringComparison.Ordinal) ? "" : $"{line.Key}: ";
            report.Findings.Error(line?.Number ?? Line, place + fault.Text);
        }

        return output.Settled();
    }

    /// <summary>Tells when pro-rating does nothing, as in pmacct, which does not tell.</summary>
    public void CheckProRating(bool timeNew, PmacctReport report)
    {
        if (OutputRules.IdleProRating(Output, timeNew) is { } idle)
        {
            report.Findings.Warning(LineOf("pro_rating")?.Number ?? Line, $"nfacctd_{idle}");
        }
    }

    /// <summary>Remembers the line that set something last, for errors that show only when all lines are read.</summary>
    public void Remember(PmacctLine line) => _lines[line.Key] = line;

    /// <summary>The last line that set what collector.yaml calls <paramref name="key"/>.</summary>
    private PmacctLine? LineOf(string key)
    {
        string[] names = key switch
        {
            "kafka.topic" or "file.path" => Destination is null ? [] : [Destination.Key],
            "kafka.brokers" => ["kafka_broker_host", "amqp_host", "sql_host"],
            "kafka.writer_id" => ["writer_id_string"],
            "pro_rating" => ["nfacctd_pro_rating"],
            "file.latest_file" => ["print_latest_file"],
            _ when key.StartsWith("kafka.properties.", StringComparison.Ordinal) => ["kafka_config_file"],
            _ => [key, .. Families.Select(f => $"{f}_{key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..]}")],
        };
        return names.Select(n => _lines.GetValueOrDefault(n)).OfType<PmacctLine>().MaxBy(l => l.Number);
    }

    private OutputOptions BuildPrint(PmacctReport report)
    {
        OutputOptions output = Output with { Kind = OutputKind.Stdout, Format = ReadFormat(report) };
        if (Destination is null)
        {
            return output;
        }

        WarnOfShared(report, "print_output_file", Destination);
        return output with { Kind = OutputKind.File, File = output.File with { Path = Destination.Text } };
    }

    private OutputOptions BuildKafka(PmacctReport report)
    {
        KafkaOutputOptions kafka = Output.Kafka with { Brokers = Brokers(BrokerHost, BrokerPort) };
        if (Destination is not null)
        {
            WarnOfShared(report, "kafka_topic", Destination);
            kafka = kafka with { Topic = Destination.Text };
        }

        if (PartitionDynamic is { } dynamic && dynamic.Boolean(false))
        {
            if (kafka.PartitionKey is null)
            {
                report.Findings.Error(dynamic.Line, "kafka_partition_dynamic needs kafka_partition_key; write it, or remove this line");
            }
            else if (kafka.Partition >= 0)
            {
                report.Findings.Error(dynamic.Line, "kafka_partition_dynamic and kafka_partition exclude each other; remove one");
            }
        }

        return Output with { Kind = OutputKind.Kafka, Kafka = kafka, Format = ReadFormat(report) };
    }

    private OutputFormat ReadFormat(PmacctReport report)
    {
        string format = Format?.Text.ToLowerInvariant() ?? (Type == "print" ? "formatted" : "json");
        int line = Format?.Line ?? Line;
        string key = Format?.Key ?? $"{Type}_output";
        string names = Type == "print" ? "formatted, csv, json, event_formatted or event_csv" : "json";
        switch (format)
        {
            case "json":
                return OutputFormat.Json;
            case "avro" or "avro_json" or "custom":
                report.Findings.Error(line, $"{key}: {format} is not supported yet; write {names}");
                return OutputFormat.Json;
        }

        OutputFormat? columns = OutputFormatNames.Find(format);
        if (columns is null)
        {
            report.Findings.Error(line, $"{key}: '{Format!.Text}' does not fit; write {names}");
        }
        else if (Type != "print")
        {
            report.Findings.Error(line, $"{key}: {format} also reaches the kafka plugin '{Name}', which sends JSON only; write print_output[name]: {format}");
        }

        return Type == "print" ? columns ?? OutputFormat.Json : OutputFormat.Json;
    }

    private void WarnOfShared(PmacctReport report, string own, PmacctValue value)
    {
        if (value.Key != own)
        {
            report.Findings.Warning(
                value.Line,
                $"{value.Key} without brackets also sets {own} of plugin '{Name}' to '{value.Text}', as in pmacct; bind it: {value.Key}[plugin name]");
        }
    }

    /// <summary>A list of brokers from pmacct's two keys for one.</summary>
    public static string Brokers(string host, int port)
    {
        // A list is taken as it is, and so is a host that already carries its port or protocol.
        int colon = host.LastIndexOf(':');
        bool hasPort = colon > 0 && host.IndexOf(':', StringComparison.Ordinal) == colon && host.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0;
        if (host.Contains(',', StringComparison.Ordinal) || host.Contains("://", StringComparison.Ordinal) || hasPort)
        {
            return host;
        }

        return colon >= 0 && host[0] != '[' ? $"[{host}]:{port}" : $"{host}:{port}";
    }
}
