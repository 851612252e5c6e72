using System.Globalization;
using System.Text;
using Collector.Aggregation;
using Collector.Configuration;
using Confluent.Kafka;

namespace Collector.Sinks.Kafka;

/// <summary>Which topic, partition and message key a row goes to. Nothing is computed per row where there are no variables.</summary>
internal sealed class KafkaRoute
{
    /// <summary>Topic names come from the wire where the topic has variables: beyond this many the cache starts anew.</summary>
    private const int MaxTopicsKept = 4096;

    private readonly KafkaTemplate? _topic;
    private readonly KafkaTemplate? _key;
    private readonly Partition _partition;
    private readonly TopicPartition[] _rotation;
    private readonly byte[] _text;
    private readonly char[] _characters;
    private readonly PayloadArrays _keys = new();
    private readonly Dictionary<string, TopicPartition> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TopicPartition>.AlternateLookup<ReadOnlySpan<char>> _topicsByText;
    private int _current, _next;

    public KafkaRoute(KafkaOutputOptions options, KeyLayout layout)
    {
        KafkaTemplate topic = new(options.Topic, KafkaTemplate.TopicVariables, layout);
        KafkaTemplate? key = options.PartitionKey is { Length: > 0 } text ? new(text, KafkaTemplate.KeyVariables, layout) : null;
        _topic = topic.IsConstant ? null : topic;
        _key = key is { IsConstant: false } ? key : null;
        _text = new byte[Math.Max(topic.MaxBytes, key?.MaxBytes ?? 0)];
        _characters = new char[_text.Length];
        _partition = PartitionOf(options);
        _topicsByText = _topics.GetAlternateLookup<ReadOnlySpan<char>>();
        string name = topic.IsConstant ? Text(topic) : options.Topic;
        _rotation = RotationOf(name, options);
        ConstantKey = key is { IsConstant: true } ? Encoding.UTF8.GetBytes(Text(key)) : null;
    }

    /// <summary>The topic of what belongs to no row, where there are no variables: that of the message before, and at first that of the first.</summary>
    /// <remarks>So 1.7.7 places purge_close and the last, incomplete message of kafka_multi_values under kafka_topic_rr; those at the beginning it loses.</remarks>
    public TopicPartition CurrentTopic => _rotation[_current];

    /// <summary>The message key where it is set and has no variables.</summary>
    public byte[]? ConstantKey { get; }

    /// <summary>The topics that messages go round: one, where they do not.</summary>
    public static TopicPartition[] RotationOf(string topic, KafkaOutputOptions options)
    {
        Partition partition = PartitionOf(options);
        return options.RotatingTopics == 0
            ? [new TopicPartition(topic, partition)]
            : [.. Enumerable.Range(0, options.RotatingTopics).Select(i => new TopicPartition(string.Create(CultureInfo.InvariantCulture, $"{topic}_{i}"), partition))];
    }

    private static Partition PartitionOf(KafkaOutputOptions options) => options.Partition < 0 ? Partition.Any : new Partition(options.Partition);

    /// <summary>A purge begins: the next message goes to the first of the topics.</summary>
    public void Rewind() => (_current, _next) = (0, 0);

    /// <summary>The topic of the next message, where there are no variables.</summary>
    public TopicPartition NextTopic()
    {
        _current = _next;
        _next = _next + 1 == _rotation.Length ? 0 : _next + 1;
        return _rotation[_current];
    }

    /// <summary>The topic of the next message, which is about this row.</summary>
    public TopicPartition TopicOf(in AggregateRow row)
    {
        if (_topic is null)
        {
            return NextTopic();
        }

        int length = Encoding.UTF8.GetChars(_text.AsSpan(0, _topic.Write(row, _text)), _characters);
        ReadOnlySpan<char> name = _characters.AsSpan(0, length);
        if (!_topicsByText.TryGetValue(name, out TopicPartition? topic))
        {
            if (_topics.Count == MaxTopicsKept)
            {
                _topics.Clear();
            }

            topic = new TopicPartition(name.ToString(), _partition);
            _topics.Add(topic.Topic, topic);
        }

        return topic;
    }

    /// <summary>The message key; where it has variables a scratch array that the next row's key may overwrite.</summary>
    public byte[]? KeyOf(in AggregateRow row) => _key is null ? ConstantKey : _keys.Copy(_text.AsSpan(0, _key.Write(row, _text)));

    private string Text(KafkaTemplate constant) => Encoding.UTF8.GetString(_text.AsSpan(0, constant.Write(default, _text)));
}
