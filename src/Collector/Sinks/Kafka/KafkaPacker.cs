namespace Collector.Sinks.Kafka;

/// <summary>Packs rows into one message as kafka_multi_values does: each followed by a newline, up to a size (pmacct-compat §2.5).</summary>
/// <remarks>A row that is larger than the size goes alone; pmacct ends there. Rows of different message keys never share a message.</remarks>
internal sealed class KafkaPacker(int size)
{
    private byte[] _buffer = new byte[size];
    private int _used;
    private RowSums _sums;

    public bool IsEmpty => _used == 0;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _used);

    public byte[]? Key { get; private set; }

    public RowSums Sums => _sums;

    /// <summary>False when the message must be sent before this row is added.</summary>
    public bool Takes(ReadOnlySpan<byte> row, byte[]? key) =>
        _used == 0 || (row.Length + 1 < size - _used && (ReferenceEquals(key, Key) || key.AsSpan().SequenceEqual(Key)));

    public void Add(ReadOnlySpan<byte> row, byte[]? key, in RowSums sums)
    {
        if (_used + row.Length + 1 > _buffer.Length)
        {
            Array.Resize(ref _buffer, _used + row.Length + 1);
        }

        row.CopyTo(_buffer.AsSpan(_used));
        _used += row.Length;
        _buffer[_used++] = (byte)'\n';
        _sums.Add(sums);

        // The route's scratch array is overwritten by the next row's key.
        Key = _used == row.Length + 1 ? key?.ToArray() : Key;
    }

    public void Clear()
    {
        _used = 0;
        _sums = default;
        Key = null;
    }
}
