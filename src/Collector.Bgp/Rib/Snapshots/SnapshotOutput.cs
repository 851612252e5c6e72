using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Collector.Net;

namespace Collector.Bgp.Rib.Snapshots;

/// <summary>A buffered, hashed way into a stream.</summary>
internal sealed class SnapshotOutput(Stream stream) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[64 << 10];
    private int _used;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int part = Math.Min(bytes.Length, _buffer.Length - _used);
            bytes[..part].CopyTo(_buffer.AsSpan(_used));
            _used += part;
            bytes = bytes[part..];
            if (_used == _buffer.Length)
            {
                Flush();
            }
        }
    }

    public void Write(byte value) => Write(new ReadOnlySpan<byte>(in value));

    public void Write(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        Write(bytes);
    }

    public void Write(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Write(bytes);
    }

    public void Write(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Write(bytes);
    }

    public void Write(IpAddress address) => Write(MemoryMarshal.AsBytes(new ReadOnlySpan<IpAddress>(in address)));

    /// <summary>A length and the bytes.</summary>
    public void WriteValue(ReadOnlySpan<byte> value)
    {
        Write((uint)value.Length);
        Write(value);
    }

    /// <summary>Ends with the hash of all that was written.</summary>
    public void Finish()
    {
        Flush();
        stream.Write(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _used);
        stream.Write(_buffer, 0, _used);
        _used = 0;
    }
}
