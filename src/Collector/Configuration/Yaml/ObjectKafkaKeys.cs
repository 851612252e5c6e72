namespace Collector.Configuration.Yaml;

/// <summary>Section kafka of what publishes single objects: sflow_counters, bgp.message_log and bgp.table_dump.</summary>
internal static class ObjectKafkaKeys
{
    /// <summary>What holds where nothing is written: without a topic nothing goes to Kafka, and what is left out the section kafka at the root says (<see cref="KafkaOutputOptions.Over"/>).</summary>
    public static KafkaOutputOptions None { get; } = new() { Topic = "", Brokers = "" };

    /// <summary>The keys.</summary>
    /// <param name="name">Reads a topic or message key, whose variables depend on who publishes.</param>
    public static YamlKeys<KafkaOutputOptions> With(Func<YamlValue, string?, string?> name) => new()
    {
        { "brokers", (o, v) => o with { Brokers = v.OptionalText(null) is null ? "" : OutputKeys.Brokers(o.Brokers, v) } },
        { "topic", (o, v) => o with { Topic = name(v, o.Topic) ?? "" } },
        { "partition", (o, v) => o with { Partition = v.Integer(o.Partition, -1, int.MaxValue) } },
        { "partition_key", (o, v) => o with { PartitionKey = name(v, o.PartitionKey) } },
        { "properties", (o, v) => o with { Properties = OutputKeys.Properties(o.Properties, v) } },
    };
}
