using System.Buffers.Binary;

namespace Collector.Replay;

/// <summary>The pcap file format: one header, then packets of one link type (draft-ietf-opsawg-pcap).</summary>
internal sealed class PcapFormat(CaptureSource source)
{
    /// <summary>Largest packet that is believed (libpcap's MAXIMUM_SNAPLEN); a larger length means that the reader lost its place.</summary>
    public const int MaxPacketLength = 262_144;

    private const uint MagicMicroseconds = 0xA1B2C3D4;
    private const uint MagicNanoseconds = 0xA1B23C4D;
    private const int FileHeaderLength = 24;
    private const int PacketHeaderLength = 16;

    private bool _isBigEndian;
    private bool _isNanoseconds;
    private int _linkType;
    private int _pending;

    /// <summary>Why the last step was <see cref="CaptureStep.Damaged"/>; for the operator, without the path.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>True when the four bytes begin a pcap file.</summary>
    public static bool IsMagic(ReadOnlySpan<byte> magic)
    {
        uint little = BinaryPrimitives.ReadUInt32LittleEndian(magic);
        uint big = BinaryPrimitives.ReadUInt32BigEndian(magic);
        return little is MagicMicroseconds or MagicNanoseconds || big is MagicMicroseconds or MagicNanoseconds;
    }

    /// <summary>Reads the file header.</summary>
    /// <returns>False with <see cref="Fault"/> when it is cut off or of another version.</returns>
    public bool TryBegin()
    {
        _pending = 0;
        if (!source.TryPeek(FileHeaderLength, out ReadOnlySpan<byte> header))
        {
            Fault = source.Fault ?? $"the file ends within its header of {FileHeaderLength} bytes";
            return false;
        }

        uint big = BinaryPrimitives.ReadUInt32BigEndian(header);
        _isBigEndian = big is MagicMicroseconds or MagicNanoseconds;
        _isNanoseconds = UInt32(header) == MagicNanoseconds;
        ushort major = _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(header[4..]) : BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        if (major != 2)
        {
            Fault = $"pcap version {major} is not known, only version 2 is";
            return false;
        }

        // Bits 16 to 27 are reserved, the upper four the length of a frame check sequence: trailing bytes, which IP's own length leaves out.
        _linkType = (int)(UInt32(header[20..]) & 0xFFFF);
        source.Advance(FileHeaderLength);
        return true;
    }

    /// <summary>Reads the next packet.</summary>
    public CaptureStep TryNext(out CapturedFrame frame)
    {
        source.Advance(_pending);
        _pending = 0;
        frame = default;
        if (!source.TryPeek(PacketHeaderLength, out ReadOnlySpan<byte> header))
        {
            return Short();
        }

        uint seconds = UInt32(header), fraction = UInt32(header[4..]), captured = UInt32(header[8..]);
        if (captured > MaxPacketLength)
        {
            Fault = $"a packet of {captured} bytes is announced (the most is {MaxPacketLength}), so the file is damaged";
            return CaptureStep.Damaged;
        }

        int length = PacketHeaderLength + (int)captured;
        if (!source.TryPeek(length, out ReadOnlySpan<byte> packet))
        {
            return Short();
        }

        _pending = length;
        frame = new CapturedFrame
        {
            Time = (seconds * 1_000_000L) + (_isNanoseconds ? fraction / 1000 : fraction),
            LinkType = _linkType,
            Bytes = packet[PacketHeaderLength..],
        };
        return CaptureStep.Frame;
    }

    private CaptureStep Short()
    {
        if (source.Available == 0 && source.Fault is null)
        {
            return CaptureStep.End;
        }

        Fault = source.Fault ?? "the file ends in the middle of a packet";
        return CaptureStep.Damaged;
    }

    private uint UInt32(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
