using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Collector.Net;
using static Collector.Receiving.LibC;

namespace Collector.Receiving;

/// <summary>Room for the datagrams of one recvmmsg call, made once per worker outside the GC heap. Not thread-safe.</summary>
public sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Holds any UDP payload: 65,507 bytes over IPv4, 65,527 over IPv6.</summary>
    public const int LargestDatagram = 65_535;

    private const int AddressSize = 32;

    // Slots a multiple of 64 KiB apart would share the same few sets of the L1 and L2 caches and evict each other.
    private const int SlotSpread = 1_536;

    private readonly int _slotBytes;
    private readonly byte* _memory;
    private readonly MultiMessageHeader* _messages;
    private readonly IoVector* _vectors;
    private readonly byte* _addresses;
    private readonly byte* _payloads;
    private bool _disposed;

    /// <summary>Reserves the memory; the kernel commits only the pages that datagrams really touch.</summary>
    /// <param name="capacity">Most datagrams per call, at least 1. Default 64, so that the payloads of one batch stay in the L2 cache.</param>
    /// <param name="datagramBytes">Longest payload that is not truncated. Default <see cref="LargestDatagram"/>.</param>
    public DatagramBatch(int capacity = 64, int datagramBytes = LargestDatagram)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(datagramBytes, 1);
        Capacity = capacity;
        DatagramBytes = datagramBytes;
        _slotBytes = ((datagramBytes + 63) & ~63) + SlotSpread;
        int headers = capacity * (sizeof(MultiMessageHeader) + sizeof(IoVector) + AddressSize);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)headers + ((nuint)capacity * (nuint)_slotBytes), 64);
        NativeMemory.Clear(_memory, (nuint)headers);
        _messages = (MultiMessageHeader*)_memory;
        _vectors = (IoVector*)(_messages + capacity);
        _addresses = (byte*)(_vectors + capacity);
        _payloads = _memory + headers;
        for (int i = 0; i < capacity; i++)
        {
            _vectors[i] = new IoVector { Base = Slot(i), Length = (nuint)datagramBytes };
            _messages[i].Name = _addresses + (i * AddressSize);
            _messages[i].NameLength = AddressSize;
            _messages[i].Vectors = _vectors + i;
            _messages[i].VectorCount = 1;
        }
    }

    /// <summary>Most datagrams of one call.</summary>
    public int Capacity { get; }

    /// <summary>Longest payload in bytes that is not truncated.</summary>
    public int DatagramBytes { get; }

    /// <summary>Datagrams in the batch now.</summary>
    public int Count { get; private set; }

    /// <summary>The datagram at an index below <see cref="Count"/>; valid until the batch is filled again.</summary>
    public ReceivedDatagram this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            byte* address = _addresses + (index * AddressSize);
            return new ReceivedDatagram
            {
                Payload = new ReadOnlySpan<byte>(Slot(index), (int)_messages[index].Length),
                Source = *(ushort*)address == AddressFamilyInet6
                    ? IpAddress.ReadIPv6(new ReadOnlySpan<byte>(address + 8, IpAddress.Size))
                    : IpAddress.ReadIPv4(new ReadOnlySpan<byte>(address + 4, 4)),
                SourcePort = BinaryPrimitives.ReadUInt16BigEndian(new ReadOnlySpan<byte>(address + 2, 2)),
                IsTruncated = (_messages[index].Flags & MessageTruncated) != 0,
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Count = 0;
            NativeMemory.AlignedFree(_memory);
        }
    }

    /// <summary>Fills the batch from a socket.</summary>
    /// <param name="descriptor">A bound UDP socket.</param>
    /// <param name="flags">MSG_WAITFORONE or MSG_DONTWAIT.</param>
    /// <returns>The number of datagrams, or −errno.</returns>
    internal int Fill(int descriptor, int flags)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // The kernel wrote the length of each sender's address over the room that it has.
        for (int i = 0; i < Count; i++)
        {
            _messages[i].NameLength = AddressSize;
        }

        int received = ReceiveMultiple(descriptor, _messages, (uint)Capacity, flags, null);
        Count = Math.Max(received, 0);
        return received < 0 ? -LastError : received;
    }

    /// <summary>Sum of the payloads in bytes, and how many of them are truncated.</summary>
    internal (long Octets, int Truncated) Measure()
    {
        long octets = 0;
        int truncated = 0;
        for (int i = 0; i < Count; i++)
        {
            octets += _messages[i].Length;
            truncated += (_messages[i].Flags & MessageTruncated) / MessageTruncated;
        }

        return (octets, truncated);
    }

    internal void Clear() => Count = 0;

    /// <summary>Appends a datagram that was read before; there must be room.</summary>
    internal void Append(ReadOnlySpan<byte> payload, IpAddress source, ushort port)
    {
        int index = Count++;
        byte* address = _addresses + (index * AddressSize);
        *(ushort*)address = AddressFamilyInet6;
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(address + 2, 2), port);
        source.WriteTo(new Span<byte>(address + 8, IpAddress.Size));
        int length = Math.Min(payload.Length, DatagramBytes);
        payload[..length].CopyTo(new Span<byte>(Slot(index), length));
        _messages[index].Length = (uint)length;
        _messages[index].Flags = length < payload.Length ? MessageTruncated : 0;
    }

    private byte* Slot(int index) => _payloads + ((nint)index * _slotBytes);
}
