using Collector.Aggregation;
using Confluent.Kafka;

namespace Collector.Sinks.Kafka;

/// <summary>What rows sum to; travels with every message, so that its delivery report alone says what was published or lost.</summary>
internal struct RowSums
{
    public long Rows;
    public long Records;
    public long Packets;
    public long Octets;

    public static RowSums Of(in AggregateEntry entry) =>
        new() { Rows = 1, Records = entry.Records, Packets = (long)entry.Packets, Octets = (long)entry.Octets };

    public void Add(in RowSums other)
    {
        Rows += other.Rows;
        Records += other.Records;
        Packets += other.Packets;
        Octets += other.Octets;
    }

    public void Subtract(in RowSums other)
    {
        Rows -= other.Rows;
        Records -= other.Records;
        Packets -= other.Packets;
        Octets -= other.Octets;
    }
}

/// <summary>A message's bytes and what its rows sum to. A struct: Confluent's delivery report carries it without another object.</summary>
/// <remarks>Bytes is a scratch array of <see cref="PayloadArrays"/>: valid only until the call that produces the message returns.</remarks>
internal readonly struct KafkaMessage(byte[] bytes, RowSums sums)
{
    public readonly byte[] Bytes = bytes;
    public readonly RowSums Sums = sums;
}

/// <summary>Confluent's serializer contract wants an array; ours is there already.</summary>
internal sealed class KafkaMessageSerializer : ISerializer<KafkaMessage>
{
    public byte[] Serialize(KafkaMessage data, SerializationContext context) => data.Bytes;
}
