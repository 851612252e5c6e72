using System.Buffers;
using System.Text;
using Collector.Bgp.Rib;
using Collector.Configuration;
using Collector.Maps;
using Collector.Output;
using Collector.Sinks.Objects;

namespace Collector.BgpOutputs;

/// <summary>The objects about one peer on their way to a publisher: names resolved, gathered into batches.</summary>
/// <remarks>Not thread-safe: who owns it guards it.</remarks>
internal sealed class PeerObjects
{
    private const int BatchBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(BatchBytes + 4096);
    private int _count;

    private PeerObjects(string target, byte[]? key, byte[] writerId, PeerDescription peer)
    {
        Target = target;
        Key = key;
        WriterId = writerId;
        Peer = peer;
    }

    /// <summary>File or topic.</summary>
    public string Target { get; }

    /// <summary>The message key, or null.</summary>
    public byte[]? Key { get; }

    /// <summary>The value of writer_id; empty for files, whose objects have none.</summary>
    public byte[] WriterId { get; }

    /// <summary>The peer.</summary>
    public PeerDescription Peer { get; }

    /// <summary>What <see cref="TaggedBy"/> says of the peer; kept by <see cref="BgpTagger"/>.</summary>
    public BgpTag Tag { get; set; }

    /// <summary>The map that gave <see cref="Tag"/>; null: none yet.</summary>
    public BgpTagMap? TaggedBy { get; set; }

    /// <summary>Where the next object goes; <see cref="Ended"/> follows.</summary>
    public IBufferWriter<byte> Buffer => _bytes;

    /// <summary>True when a batch is worth handing over.</summary>
    public bool IsFull => _bytes.WrittenCount >= BatchBytes;

    /// <summary>Resolves the names for a peer; they stay as they are, as in pmacct, when a reload changes its tag.</summary>
    public static PeerObjects For(ObjectOutputOptions output, PeerObjectNames names, PeerDescription peer, BgpTag tag, long seconds) => new(
        names.Target.Expand(peer, tag, seconds, names.Zone),
        output.Kafka is null || names.Key is null ? null : Encoding.UTF8.GetBytes(names.Key.Expand(peer, tag, seconds, names.Zone)),
        output.Kafka is null ? [] : names.WriterId.Expand(names.ProcessName, Environment.ProcessId),
        peer);

    /// <summary>An object was written.</summary>
    public void Ended()
    {
        _bytes.Write("\n"u8);
        _count++;
    }

    /// <summary>Takes what was gathered; null when there is nothing.</summary>
    public ObjectBatch? Take(EventPlace place)
    {
        if (_count == 0)
        {
            return null;
        }

        var batch = new ObjectBatch(Target, Key, _bytes.WrittenSpan.ToArray(), _count, place);
        _bytes.ResetWrittenCount();
        _count = 0;
        return batch;
    }
}

/// <summary>The names of one output, understood.</summary>
internal sealed record PeerObjectNames(PeerNameTemplate Target, PeerNameTemplate? Key, WriterId WriterId, string ProcessName, TimeZoneInfo Zone)
{
    /// <summary>Reads the names; the configuration was checked before.</summary>
    /// <exception cref="ArgumentException">A name is not understood.</exception>
    public static PeerObjectNames Of(ObjectOutputOptions output, BgpOutputOptions options, bool hasTime)
    {
        string? error = null;
        if (PeerNameTemplate.TryParse(output.Kafka?.Topic ?? output.Path ?? "", hasTime && output.Kafka is null, out PeerNameTemplate? target, out error)
            && PeerNameTemplate.TryParse(output.Kafka?.PartitionKey ?? "", false, out PeerNameTemplate? key, out error)
            && Output.WriterId.TryParse(output.Kafka?.WriterId ?? "", out WriterId? writer, out error))
        {
            TimeZoneInfo zone = options.Objects.Text.Utc ? TimeZoneInfo.Utc : TimeZoneInfo.Local;
            return new PeerObjectNames(target, string.IsNullOrEmpty(output.Kafka?.PartitionKey) ? null : key, writer, options.ProcessName, zone);
        }

        throw new ArgumentException(error, nameof(output));
    }
}
