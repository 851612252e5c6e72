using System.Net;

namespace Collector.Configuration.Pmacct;

/// <summary>What the lines read so far say about the daemon.</summary>
internal sealed class PmacctCore
{
    /// <summary>What maps to options as it is. nfacctd drops data that comes before its template, so the rows of both are the same.</summary>
    public CollectorOptions Options { get; set; } = new() { TemplateWaitSeconds = 0, PmacctCoreName = "default", FilesUmask = 0x3F, Log = new LogOptions { Timestamps = false } };

    /// <summary>nfacctd_ip or sfacctd_ip; null: all addresses.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>nfacctd_port or sfacctd_port.</summary>
    public int? Port { get; set; }

    /// <summary>syslog_ident; null: the name of the daemon.</summary>
    public string? SyslogIdent { get; set; }

    /// <summary>sfacctd_counter_file.</summary>
    public string? CounterFile { get; set; }

    /// <summary>sfacctd_counter_kafka_topic; null: not to Kafka.</summary>
    public string? CounterTopic { get; set; }

    /// <summary>sfacctd_counter_kafka_broker_host and _port.</summary>
    public (string Host, int Port) CounterBroker { get; set; } = ("127.0.0.1", 9092);

    /// <summary>sfacctd_counter_kafka_partition, _partition_key and _config_file.</summary>
    public KafkaOutputOptions CounterKafka { get; set; } = new();

    /// <summary>What lines without brackets say about networks, which the core goes by where plugins differ.</summary>
    public PmacctPlugin Unbound { get; } = new("core", "core", 0);

    /// <summary>The keys of the BGP daemon.</summary>
    public PmacctBgp Bgp { get; } = new();

    // Keys of times and writer_id belong to plugins here; the daemon prints its own objects by those of the first.
    private BgpOptions BuildBgp(IReadOnlyList<OutputOptions> outputs, string? writerId)
    {
        OutputOptions first = outputs.Count > 0 ? outputs[0] : OutputOptions.BuiltIn;
        BgpOutputOptions objects = Bgp.Outputs.Build(Options.PmacctCoreName ?? "default", writerId ?? first.Kafka.WriterId);
        return Bgp.Build() with
        {
            Outputs = objects with { Objects = objects.Objects with { Text = first.Text, NumericCommunities = Options.Enrichment.NumericCommunities } },
        };
    }

    /// <summary>The options with the outputs. sfacctd listens on another port than nfacctd when the file names none.</summary>
    public CollectorOptions Build(IReadOnlyList<OutputOptions> outputs, PmacctDaemon daemon, string? writerId)
    {
        int port = Port ?? (daemon == PmacctDaemon.Sfacctd ? 6343 : 2100);
        bool all = Address is null || Address.Equals(IPAddress.IPv6Any);
        Options = Options with
        {
            SFlowCounters = new SFlowCounterOptions
            {
                File = CounterFile,
                Kafka = CounterTopic is null
                    ? null
                    : CounterKafka with { Topic = CounterTopic, Brokers = PmacctPlugin.Brokers(CounterBroker.Host, CounterBroker.Port) },

                // Keys of times belong to plugins here; the daemon prints its own objects by those without brackets.
                Text = outputs.Count > 0 ? outputs[0].Text : new TextOptions(),
            },
            Log = (Options.Log.Syslog is null ? Options.Log : Options.Log with { SyslogIdent = SyslogIdent ?? (daemon == PmacctDaemon.Sfacctd ? "sfacctd" : "nfacctd") }) with { Utc = outputs.Count > 0 && outputs[0].Text.Utc },
        };
        return Options with { Listen = [all ? ListenAddress.Any(port) : new IPEndPoint(Address!, port)], Outputs = outputs, Bgp = BuildBgp(outputs, writerId) };
    }
}
