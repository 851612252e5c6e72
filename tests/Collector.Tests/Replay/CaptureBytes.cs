using System.Buffers.Binary;

namespace Collector.Tests.Replay;

/// <summary>Writes a pcap file in either byte order and resolution.</summary>
internal sealed class PcapBytes
{
    private readonly MemoryStream _bytes = new();
    private readonly bool _isBigEndian;

    public PcapBytes(bool isBigEndian = false, bool isNanoseconds = false, int linkType = 1, uint snapLength = 262_144, ushort major = 2)
    {
        _isBigEndian = isBigEndian;
        UInt32(isNanoseconds ? 0xA1B23C4D : 0xA1B2C3D4);
        UInt16(major);
        UInt16(4);
        UInt32(0);
        UInt32(0);
        UInt32(snapLength);
        UInt32((uint)linkType);
    }

    /// <summary>Adds a packet; <paramref name="fraction"/> counts micro- or nanoseconds.</summary>
    public PcapBytes Add(ReadOnlySpan<byte> frame, uint seconds = 1_700_000_000, uint fraction = 0, int? originalLength = null)
    {
        UInt32(seconds);
        UInt32(fraction);
        UInt32((uint)frame.Length);
        UInt32((uint)(originalLength ?? frame.Length));
        _bytes.Write(frame);
        return this;
    }

    public PcapBytes AddRaw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();

    private void UInt16(ushort value) => _bytes.Write(BitConverter.GetBytes(_isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value));

    private void UInt32(uint value) => _bytes.Write(BitConverter.GetBytes(_isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value));
}

/// <summary>Writes a pcapng file block by block; a new section may change the byte order.</summary>
internal sealed class PcapngBytes
{
    private readonly MemoryStream _bytes = new();
    private bool _isBigEndian;

    public PcapngBytes Section(bool isBigEndian = false, ushort major = 1)
    {
        _isBigEndian = isBigEndian;
        return Block(0x0A0D0D0A, [.. UInt32(0x1A2B3C4D), .. UInt16(major), .. UInt16(0), .. UInt32(uint.MaxValue), .. UInt32(uint.MaxValue)]);
    }

    public PcapngBytes Interface(int linkType = 1, uint snapLength = 0, byte? resolution = null, long? offset = null)
    {
        List<byte> body = [.. UInt16((ushort)linkType), .. UInt16(0), .. UInt32(snapLength)];
        body.AddRange([.. Option(2, "eth0"u8)]);
        if (resolution is byte r)
        {
            body.AddRange(Option(9, [r]));
        }

        if (offset is long o)
        {
            body.AddRange(Option(14, BitConverter.GetBytes(_isBigEndian ? BinaryPrimitives.ReverseEndianness(o) : o)));
        }

        body.AddRange(Option(0, []));
        return Block(1, [.. body]);
    }

    public PcapngBytes Packet(ReadOnlySpan<byte> frame, ulong stamp = 1_700_000_000_000_000, uint number = 0, uint? captured = null, bool withOptions = false) => Block(
        6,
        [
            .. UInt32(number), .. UInt32((uint)(stamp >> 32)), .. UInt32((uint)stamp), .. UInt32(captured ?? (uint)frame.Length), .. UInt32((uint)frame.Length),
            .. Padded(frame), .. withOptions ? [.. Option(1, "a comment"u8), .. Option(0, [])] : Array.Empty<byte>(),
        ]);

    public PcapngBytes ObsoletePacket(ReadOnlySpan<byte> frame, ulong stamp, ushort number = 0) => Block(
        2,
        [
            .. UInt16(number), .. UInt16(9), .. UInt32((uint)(stamp >> 32)), .. UInt32((uint)stamp), .. UInt32((uint)frame.Length), .. UInt32((uint)frame.Length),
            .. Padded(frame),
        ]);

    public PcapngBytes SimplePacket(ReadOnlySpan<byte> frame, int? originalLength = null) =>
        Block(3, [.. UInt32((uint)(originalLength ?? frame.Length)), .. Padded(frame)]);

    public PcapngBytes Block(uint type, ReadOnlySpan<byte> body, uint? length = null, uint? trailer = null)
    {
        uint total = length ?? (uint)(12 + body.Length);
        _bytes.Write(UInt32(type));
        _bytes.Write(UInt32(total));
        _bytes.Write(body);
        _bytes.Write(UInt32(trailer ?? total));
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();

    private byte[] Option(ushort code, ReadOnlySpan<byte> value) => [.. UInt16(code), .. UInt16((ushort)value.Length), .. Padded(value)];

    private static byte[] Padded(ReadOnlySpan<byte> bytes) => [.. bytes, .. new byte[-bytes.Length & 3]];

    private byte[] UInt16(ushort value) => BitConverter.GetBytes(_isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private byte[] UInt32(uint value) => BitConverter.GetBytes(_isBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
}
