using System.Text.Json.Serialization;

namespace Collector.Configuration;

/// <summary>Where JSON objects that are no rows go: messages and tables of BGP peers. Either to files or to Kafka. Immutable.</summary>
public sealed record ObjectOutputOptions
{
    /// <summary>File name with strftime conversions and $peer_src_ip, $peer_tcp_port, $tag; null: no files. Default null.</summary>
    public string? Path { get; init; }

    /// <summary>A symbolic link to the file that was completed last; null: none. Default null.</summary>
    public string? LatestFile { get; init; }

    /// <summary>The topic and its brokers; null: no Kafka. The topic takes $peer_src_ip, $peer_tcp_port and $tag. Default null.</summary>
    public KafkaOutputOptions? Kafka { get; init; }

    /// <summary>Bytes of objects not written yet beyond which the newest are dropped and counted. Default 256 MiB.</summary>
    public long MaxBacklogBytes { get; init; } = 256L << 20;

    /// <summary>True when objects go anywhere.</summary>
    [JsonIgnore]
    public bool IsEnabled => Path is not null || Kafka is not null;

    /// <summary>The destination in words.</summary>
    [JsonIgnore]
    public string Destination => Kafka is { } kafka ? $"Kafka topic {kafka.Topic} at {kafka.Brokers}" : $"file {Path}";

    /// <summary>The options with brokers, library and properties of another section where this one leaves them out; without a topic nothing goes to Kafka.</summary>
    public ObjectOutputOptions Resolve(KafkaOutputOptions defaults) => this with { Kafka = Kafka?.Over(defaults) };
}
