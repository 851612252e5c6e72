using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Collector.Net;

namespace Collector.Bgp.Rib.Snapshots;

/// <summary>A buffered way out of a stream, up to the hash at its end; reading beyond it makes <see cref="IsCut"/> true and gives zeros.</summary>
internal sealed class SnapshotInput(Stream stream, long bytes)
{
    private readonly byte[] _buffer = new byte[64 << 10];
    private long _left = bytes;
    private int _position, _filled;

    /// <summary>More was wanted than there is.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Everything was read.</summary>
    public bool IsAtEnd => _left == 0 && _position == _filled;

    public void Read(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            if (_position == _filled && !TryFill())
            {
                IsCut = true;
                into.Clear();
                return;
            }

            int part = Math.Min(into.Length, _filled - _position);
            _buffer.AsSpan(_position, part).CopyTo(into);
            _position += part;
            into = into[part..];
        }
    }

    public byte ReadByte()
    {
        byte value = 0;
        Read(new Span<byte>(ref value));
        return value;
    }

    public ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Read(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong ReadUInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public IpAddress ReadAddress()
    {
        IpAddress address = default;
        Read(MemoryMarshal.AsBytes(new Span<IpAddress>(ref address)));
        return address;
    }

    private bool TryFill()
    {
        _position = 0;
        _filled = stream.Read(_buffer, 0, (int)Math.Min(_buffer.Length, _left));
        _left -= _filled;
        return _filled > 0;
    }
}
