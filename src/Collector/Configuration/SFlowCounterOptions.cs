namespace Collector.Configuration;

/// <summary>Where counter samples of sFlow are published, an object for each block of counters as it comes (pmacct's sfacctd_counter_* keys).</summary>
public sealed record SFlowCounterOptions
{
    /// <summary>File that objects are appended to, a line each; $peer_src_ip stands for the agent's address. Default none.</summary>
    public string? File { get; init; }

    /// <summary>Kafka: brokers, topic, partition, message key (both with $peer_src_ip), librdkafka and its properties; null: not to Kafka. Default null.</summary>
    public KafkaOutputOptions? Kafka { get; init; }

    /// <summary>How times are printed.</summary>
    public TextOptions Text { get; init; } = new();

    /// <summary>True when counters are published at all.</summary>
    public bool IsOn => File is not null || Kafka is not null;

    /// <summary>The options with what collector.yaml says at its root: brokers, library and properties of the section kafka, and how times are printed.</summary>
    /// <remarks>Counters carry no writer_id.</remarks>
    public SFlowCounterOptions Resolve(KafkaOutputOptions kafka, TextOptions text) =>
        this with { Kafka = Kafka?.Over(kafka with { WriterId = new KafkaOutputOptions().WriterId }), Text = text };

    /// <summary>The destination in words, for the log.</summary>
    public string Destination =>
        string.Join(" and ", new[] { File is null ? null : $"file {File}", Kafka is null ? null : $"Kafka topic {Kafka.Topic} at {Kafka.Brokers}" }.OfType<string>());
}
