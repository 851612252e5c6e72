using System.Buffers.Binary;
using Collector.Net;

namespace Collector.Testing.Builders;

/// <summary>Appends numbers in network order, addresses and bytes.</summary>
public sealed class WireWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>Bytes written.</summary>
    public int Length => _bytes.Count;

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>Appends bytes as they are.</summary>
    public WireWriter Bytes(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Appends one byte.</summary>
    public WireWriter U8(int value) => Bytes((byte)value);

    /// <summary>Appends two bytes.</summary>
    public WireWriter U16(int value) => Bytes((byte)(value >> 8), (byte)value);

    /// <summary>Appends four bytes per number.</summary>
    public WireWriter U32(params ReadOnlySpan<uint> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        foreach (uint value in values)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            _bytes.AddRange(bytes);
        }

        return this;
    }

    /// <summary>Appends eight bytes.</summary>
    public WireWriter U64(ulong value) => U32((uint)(value >> 32), (uint)value);

    /// <summary>Appends four bytes for IPv4, sixteen for IPv6.</summary>
    public WireWriter Address(IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[IpAddress.Size];
        address.WriteTo(bytes);
        return Bytes(address.IsIPv4 ? bytes[12..] : bytes);
    }

    /// <summary>Appends zeros up to a multiple of four.</summary>
    public WireWriter Pad4() => Bytes(new byte[-_bytes.Count & 3]);
}
