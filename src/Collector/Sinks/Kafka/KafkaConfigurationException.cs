namespace Collector.Sinks.Kafka;

/// <summary>A Kafka output cannot be opened as it is configured. The message is a sentence, or a line per mistake, for the operator.</summary>
public sealed class KafkaConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
