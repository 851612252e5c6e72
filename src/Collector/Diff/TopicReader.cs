using System.Runtime.InteropServices;
using System.Text;
using Collector.Sinks.Kafka;
using Confluent.Kafka;

namespace Collector.Diff;

/// <summary>Reads the messages of a topic, all partitions, from its beginning to its present end or from now on for a while.</summary>
/// <remarks>Calls librdkafka itself: Confluent.Kafka's consumer needs functions that librdkafka has only since 2.1, and Debian 12 has 2.0.2.</remarks>
internal sealed class TopicReader : IDisposable
{
    private const int Consumer = 1;
    private const long Beginning = -2, End = -1;
    private const int PartitionEnd = -191;

    private readonly nint _client, _topic, _queue;
    private readonly int[] _partitions;
    private readonly string _name;
    private readonly HashSet<int> _ended = [];

    private TopicReader(nint client, nint topic, nint queue, int[] partitions, string name)
    {
        (_client, _topic, _queue, _partitions, _name) = (client, topic, queue, partitions, name);
    }

    /// <summary>True when every partition was read to its end at least once.</summary>
    public bool HasEnded => _ended.Count == _partitions.Length;

    /// <summary>Connects.</summary>
    /// <param name="brokers">host:port, several with commas.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="properties">Further settings of librdkafka.</param>
    /// <param name="fromNow">False: from the beginning.</param>
    /// <exception cref="KafkaConfigurationException">librdkafka, the brokers, a setting or the topic cannot be had.</exception>
    public static TopicReader Open(string brokers, string topic, IReadOnlyDictionary<string, string> properties, bool fromNow)
    {
        KafkaLibrary.Load(null);
        Dictionary<string, string> settings = new(properties)
        {
            ["bootstrap.servers"] = brokers,
            ["enable.partition.eof"] = "true",
            ["log_level"] = "0",
        };
        int[] partitions = PartitionsOf(topic, settings);
        nint configuration = rd_kafka_conf_new();
        var reason = new StringBuilder(512);
        foreach ((string name, string value) in settings)
        {
            if (rd_kafka_conf_set(configuration, name, value, reason, reason.Capacity) != 0)
            {
                throw new KafkaConfigurationException($"{name}: {reason}");
            }
        }

        nint client = rd_kafka_new(Consumer, configuration, reason, reason.Capacity);
        if (client == 0)
        {
            throw new KafkaConfigurationException(reason.ToString());
        }

        nint handle = rd_kafka_topic_new(client, topic, 0), queue = rd_kafka_queue_new(client);
        foreach (int partition in partitions)
        {
            _ = rd_kafka_consume_start_queue(handle, partition, fromNow ? End : Beginning, queue);
        }

        return new TopicReader(client, handle, queue, partitions, topic);
    }

    /// <summary>The next message, or null when none came for a moment.</summary>
    /// <exception cref="KafkaConfigurationException">The topic can no longer be read.</exception>
    public string? Next()
    {
        nint pointer = rd_kafka_consume_queue(_queue, 100);
        if (pointer == 0)
        {
            return null;
        }

        NativeMessage message = Marshal.PtrToStructure<NativeMessage>(pointer);
        string text = message.Payload == 0 ? "" : Marshal.PtrToStringUTF8(message.Payload, (int)message.Length);
        rd_kafka_message_destroy(pointer);
        switch (message.Error)
        {
            case 0:
                return text;
            case PartitionEnd:
                _ended.Add(message.Partition);
                return null;
            case < 0:
                // Errors of the client itself (a broker away, a time-out) pass: it reconnects.
                return null;
            default:
                throw new KafkaConfigurationException($"{_name}, partition {message.Partition}: {text}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (int partition in _partitions)
        {
            _ = rd_kafka_consume_stop(_topic, partition);
        }

        rd_kafka_queue_destroy(_queue);
        rd_kafka_topic_destroy(_topic);
        rd_kafka_destroy(_client);
    }

    private static int[] PartitionsOf(string topic, Dictionary<string, string> settings)
    {
        try
        {
            using IAdminClient admin = new AdminClientBuilder(new Dictionary<string, string>(settings.Where(s => s.Key != "enable.partition.eof"))).Build();
            TopicMetadata? metadata = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Find(t => t.Topic == topic);
            return metadata is { Error.Code: ErrorCode.NoError, Partitions.Count: > 0 }
                ? [.. metadata.Partitions.Select(p => p.PartitionId)]
                : throw new KafkaConfigurationException($"topic {topic}: {metadata?.Error.Reason ?? "the brokers do not know it"}");
        }
        catch (KafkaException e)
        {
            throw new KafkaConfigurationException($"{settings["bootstrap.servers"]}: {e.Error.Reason}", e);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct NativeMessage
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public nint Payload;
        public nint Length;
        public nint Key;
        public nint KeyLength;
        public long Offset;
        public nint Private;
    }

#pragma warning disable CA1838, SYSLIB1054 // A tool, not a hot path: plain marshalling.
    private const string Library = "librdkafka.so.1";

    [DllImport(Library)]
    private static extern nint rd_kafka_conf_new();

    [DllImport(Library)]
    private static extern int rd_kafka_conf_set(nint configuration, string name, string value, StringBuilder reason, nint size);

    [DllImport(Library)]
    private static extern nint rd_kafka_new(int type, nint configuration, StringBuilder reason, nint size);

    [DllImport(Library)]
    private static extern nint rd_kafka_topic_new(nint client, string topic, nint configuration);

    [DllImport(Library)]
    private static extern nint rd_kafka_queue_new(nint client);

    [DllImport(Library)]
    private static extern int rd_kafka_consume_start_queue(nint topic, int partition, long offset, nint queue);

    [DllImport(Library)]
    private static extern nint rd_kafka_consume_queue(nint queue, int milliseconds);

    [DllImport(Library)]
    private static extern int rd_kafka_consume_stop(nint topic, int partition);

    [DllImport(Library)]
    private static extern void rd_kafka_message_destroy(nint message);

    [DllImport(Library)]
    private static extern void rd_kafka_queue_destroy(nint queue);

    [DllImport(Library)]
    private static extern void rd_kafka_topic_destroy(nint topic);

    [DllImport(Library)]
    private static extern void rd_kafka_destroy(nint client);
#pragma warning restore CA1838, SYSLIB1054
}
