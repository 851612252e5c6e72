using System.Runtime.InteropServices;
using System.Text;

namespace Collector.Testing;

/// <summary>One message as a consumer sees it.</summary>
public sealed record ConsumedMessage(int Partition, string? Key, string Value);

/// <summary>
/// Reads whole topics with the distribution's librdkafka. Not by Confluent.Kafka's consumer: it calls functions that librdkafka has only
/// since 2.1, and Debian 12 has 2.0.2; its producer, which the collector uses, does not.
/// </summary>
public static class KafkaTopicReader
{
    private const string Library = "librdkafka.so.1";
    private const int Consumer = 1;
    private const long FromBeginning = -2;
    private const int PartitionEnd = -191;
    private const int TimedOutWaiting = -185;

    /// <summary>All messages of partitions 0 to <paramref name="partitions"/> − 1 up to their present end, partition after partition.</summary>
    /// <exception cref="InvalidOperationException">A partition gave an error, or its end was not seen within 20 seconds.</exception>
    public static List<ConsumedMessage> Read(string bootstrapServers, string topic, int partitions = 1)
    {
        nint configuration = rd_kafka_conf_new();
        Set(configuration, "bootstrap.servers", bootstrapServers);
        Set(configuration, "enable.partition.eof", "true");
        Set(configuration, "fetch.wait.max.ms", "50");
        Set(configuration, "log_level", "0");
        StringBuilder reason = new(512);
        nint client = rd_kafka_new(Consumer, configuration, reason, 512);
        nint handle = client != 0 ? rd_kafka_topic_new(client, topic, 0) : throw new InvalidOperationException(reason.ToString());
        try
        {
            return [.. Enumerable.Range(0, partitions).SelectMany(p => ReadPartition(handle, topic, p))];
        }
        finally
        {
            rd_kafka_topic_destroy(handle);
            rd_kafka_destroy(client);
        }
    }

    private static List<ConsumedMessage> ReadPartition(nint topic, string name, int partition)
    {
        List<ConsumedMessage> messages = [];
        DateTime limit = DateTime.UtcNow.AddSeconds(20);
        rd_kafka_consume_start(topic, partition, FromBeginning);
        try
        {
            while (true)
            {
                nint pointer = rd_kafka_consume(topic, partition, 200);
                if (pointer == 0)
                {
                    if (DateTime.UtcNow > limit)
                    {
                        throw new InvalidOperationException($"The end of {name}/{partition} was not seen; {messages.Count} messages read.");
                    }

                    continue;
                }

                NativeMessage message = Marshal.PtrToStructure<NativeMessage>(pointer);
                string? key = message.Key == 0 ? null : Marshal.PtrToStringUTF8(message.Key, (int)message.KeyLength);
                string value = message.Payload == 0 ? "" : Marshal.PtrToStringUTF8(message.Payload, (int)message.Length);
                rd_kafka_message_destroy(pointer);
                switch (message.Error)
                {
                    case 0:
                        messages.Add(new ConsumedMessage(partition, key, value));
                        break;
                    case PartitionEnd:
                        return messages;
                    case TimedOutWaiting:
                        break;
                    default:
                        throw new InvalidOperationException($"{name}/{partition}: {value} ({message.Error})");
                }
            }
        }
        finally
        {
            rd_kafka_consume_stop(topic, partition);
        }
    }

    private static void Set(nint configuration, string name, string value)
    {
        StringBuilder reason = new(512);
        if (rd_kafka_conf_set(configuration, name, value, reason, 512) != 0)
        {
            throw new InvalidOperationException(reason.ToString());
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

#pragma warning disable CA1838, SYSLIB1054 // Not a hot path: plain marshalling keeps this project free of unsafe code.
    [DllImport(Library)]
    private static extern nint rd_kafka_conf_new();

    [DllImport(Library)]
    private static extern int rd_kafka_conf_set(nint configuration, string name, string value, StringBuilder reason, nint size);

    [DllImport(Library)]
    private static extern nint rd_kafka_new(int type, nint configuration, StringBuilder reason, nint size);

    [DllImport(Library)]
    private static extern nint rd_kafka_topic_new(nint client, string topic, nint configuration);

    [DllImport(Library)]
    private static extern int rd_kafka_consume_start(nint topic, int partition, long offset);

    [DllImport(Library)]
    private static extern nint rd_kafka_consume(nint topic, int partition, int milliseconds);

    [DllImport(Library)]
    private static extern int rd_kafka_consume_stop(nint topic, int partition);

    [DllImport(Library)]
    private static extern void rd_kafka_message_destroy(nint message);

    [DllImport(Library)]
    private static extern void rd_kafka_topic_destroy(nint topic);

    [DllImport(Library)]
    private static extern void rd_kafka_destroy(nint client);
#pragma warning restore CA1838, SYSLIB1054
}
