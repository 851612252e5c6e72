namespace Collector.Sinks.Kafka;

/// <summary>
/// One scratch array per payload length. librdkafka copies a payload while it is produced and Confluent takes whole arrays only, so an
/// array of the right length can be used again for the next message of that length: publishing makes no garbage of the size of its rows.
/// </summary>
internal sealed class PayloadArrays
{
    private const int LargestRow = 4096;

    /// <summary>Packed messages come in as many lengths as rows differ in, near the size they are packed to.</summary>
    private const int MaxPackedBytesKept = 16 << 20;

    private readonly byte[]?[] _rows = new byte[LargestRow + 1][];
    private readonly Dictionary<int, byte[]> _packed = [];
    private int _packedBytes;

    /// <summary>The payload in an array of its length; overwritten by the next payload of that length.</summary>
    public byte[] Copy(ReadOnlySpan<byte> payload)
    {
        byte[] array = payload.Length > LargestRow ? Packed(payload.Length) : _rows[payload.Length] ??= new byte[payload.Length];
        payload.CopyTo(array);
        return array;
    }

    private byte[] Packed(int length)
    {
        if (!_packed.TryGetValue(length, out byte[]? array))
        {
            array = new byte[length];
            if (_packedBytes + length <= MaxPackedBytesKept)
            {
                _packed.Add(length, array);
                _packedBytes += length;
            }
        }

        return array;
    }
}
