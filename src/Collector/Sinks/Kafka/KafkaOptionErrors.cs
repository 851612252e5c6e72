using Collector.Configuration;
using Collector.Output;

namespace Collector.Sinks.Kafka;

/// <summary>A mistake in the configuration of a Kafka output.</summary>
/// <param name="Key">The key below the output, for example <c>kafka.topic</c> or <c>kafka.properties.test.mock.num.brokers</c>.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
public readonly record struct KafkaOptionError(string Key, string Message);

/// <summary>Finds the mistakes in a Kafka output that can be seen without librdkafka and without a broker.</summary>
public static class KafkaOptionErrors
{
    /// <summary>librdkafka refuses longer topic names, and so do brokers.</summary>
    private const int MaxTopicLength = 249;

    /// <summary>Most topics that messages can go round.</summary>
    internal const int MaxRotatingTopics = 10_000;

    /// <summary>Why rows cannot go round topics as the options say; null when they can.</summary>
    private static string? RotationError(KafkaOutputOptions kafka) => kafka.RotatingTopics == 0
        ? null
        : kafka.Topic.Contains('$', StringComparison.Ordinal)
            ? "messages cannot go round topics whose name has variables: write a topic without, or no topic_rr"
            : kafka.Topic.Length + $"_{kafka.RotatingTopics - 1}".Length > MaxTopicLength ? $"with _{kafka.RotatingTopics - 1} behind it '{kafka.Topic}' is longer than {MaxTopicLength}: write a shorter topic" : null;

    /// <summary>Every mistake of <paramref name="output"/>; empty when it can be opened.</summary>
    public static IReadOnlyList<KafkaOptionError> Of(OutputOptions output)
    {
        List<KafkaOptionError> errors = [];
        KafkaOutputOptions kafka = output.Kafka;
        Check("format", output.Format == OutputFormat.Json, "a Kafka output writes json");
        Check("kafka.brokers", kafka.Brokers.Trim().Length > 0, "no broker: write host:port, several separated by commas");
        Check(
            "kafka.partition",
            kafka.Partition >= -1,
            $"{kafka.Partition} is no partition: write its number from 0, or -1 to let librdkafka choose");
        Check("kafka.multi_values", kafka.MultiValues >= 0, $"{kafka.MultiValues} is no number of bytes: write 0 for a message a row");

        bool topicVaries = Template("kafka.topic", kafka.Topic, KafkaTemplate.TopicVariables);
        Template("kafka.partition_key", kafka.PartitionKey ?? "", KafkaTemplate.KeyVariables);
        string? rotation = RotationError(kafka);
        Check("kafka.topic_rr", rotation is null, rotation ?? "");
        if (!topicVaries)
        {
            Check(
                "kafka.topic",
                IsTopicName(kafka.Topic),
                $"'{kafka.Topic}' is no topic name: 1 to {MaxTopicLength} of letters, digits, '.', '_' and '-'");
        }

        Check(
            "kafka.multi_values",
            !topicVaries || kafka.MultiValues == 0,
            "rows of one message cannot go to several topics: write 0, or a topic without variables");
        Check(
            "markers",
            !topicVaries || !output.Markers,
            "markers need one topic to go to: write a topic without variables, or markers: false");

        if (!WriterId.TryParse(kafka.WriterId, out _, out string? writerError))
        {
            errors.Add(new("kafka.writer_id", writerError));
        }

        foreach (string name in kafka.Properties.Keys)
        {
            if (KafkaProperties.WhyRefused(name) is { } why)
            {
                errors.Add(new($"kafka.properties.{name}", $"{name} is refused: {why}"));
            }
        }

        return errors;

        void Check(string key, bool holds, string message)
        {
            if (!holds)
            {
                errors.Add(new(key, message));
            }
        }

        bool Template(string key, string text, IReadOnlyList<string> variables)
        {
            if (KafkaTemplate.ErrorIn(text, variables) is { } error)
            {
                errors.Add(new(key, error));
            }

            return text.Contains('$');
        }
    }

    private static bool IsTopicName(string name) =>
        name.Length is > 0 and <= MaxTopicLength
        && name is not ("." or "..")
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
