using System.Buffers.Binary;

namespace Collector.Replay;

/// <summary>The pcapng file format: sections of blocks, each with interfaces and packets (draft-ietf-opsawg-pcapng).</summary>
internal sealed class PcapngFormat(CaptureSource source)
{
    /// <summary>The block type that begins every section: the same in both byte orders.</summary>
    public const uint SectionHeader = 0x0A0D0D0A;

    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;

    /// <summary>Most interfaces of a section; real files have as many as the machine had network cards.</summary>
    private const int MaxInterfaces = 65_536;

    private readonly List<Interface> _interfaces = [];
    private bool _isBigEndian;
    private uint _blockLength;
    private long _pending = -1;
    private long _lastTime;

    /// <summary>Why the last step was <see cref="CaptureStep.Damaged"/>; for the operator, without the path.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Begins a file whose first four bytes are <see cref="SectionHeader"/>.</summary>
    public void Begin()
    {
        _pending = -1;
        _lastTime = 0;
        _interfaces.Clear();
    }

    /// <summary>Reads up to the next packet.</summary>
    public CaptureStep TryNext(out CapturedFrame frame)
    {
        frame = default;
        while (true)
        {
            if (!TryEndBlock())
            {
                return CaptureStep.Damaged;
            }

            if (!source.TryPeek(8, out ReadOnlySpan<byte> start))
            {
                return source.Available == 0 && source.Fault is null ? CaptureStep.End : Damaged(null);
            }

            if (BinaryPrimitives.ReadUInt32BigEndian(start) == SectionHeader)
            {
                if (!TryBeginSection())
                {
                    return CaptureStep.Damaged;
                }

                continue;
            }

            uint type = UInt32(start);
            _blockLength = UInt32(start[4..]);
            if (_blockLength < 12 || _blockLength % 4 != 0)
            {
                return Damaged($"a block of {_blockLength} bytes is announced, which cannot be");
            }

            switch (type)
            {
                case InterfaceDescription:
                    if (!TryReadInterface())
                    {
                        return CaptureStep.Damaged;
                    }

                    break;
                case EnhancedPacket or ObsoletePacket:
                    return ReadPacket(type, out frame);
                case SimplePacket:
                    return ReadSimplePacket(out frame);
                default:
                    _pending = _blockLength - 4L;
                    break;
            }
        }
    }

    // The total length stands before and after each block; where the two differ, the reader has lost its place.
    private bool TryEndBlock()
    {
        if (_pending < 0)
        {
            return true;
        }

        if (!source.TrySkip(_pending) || !source.TryPeek(4, out ReadOnlySpan<byte> trailer))
        {
            Damaged(null);
            return false;
        }

        _pending = -1;
        if (UInt32(trailer) != _blockLength)
        {
            Damaged("the two lengths of a block differ");
            return false;
        }

        source.Advance(4);
        return true;
    }

    private bool TryBeginSection()
    {
        if (!source.TryPeek(24, out ReadOnlySpan<byte> header))
        {
            Damaged(null);
            return false;
        }

        _isBigEndian = BinaryPrimitives.ReadUInt32BigEndian(header[8..]) == ByteOrderMagic;
        _blockLength = UInt32(header[4..]);
        int major = _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(header[12..]) : BinaryPrimitives.ReadUInt16LittleEndian(header[12..]);
        if (UInt32(header[8..]) != ByteOrderMagic || _blockLength < 28 || _blockLength % 4 != 0)
        {
            Damaged("a section header is damaged");
            return false;
        }

        if (major != 1)
        {
            Damaged($"pcapng version {major} is not known, only version 1 is");
            return false;
        }

        // Interface numbers begin anew; the length of the section is not needed.
        _interfaces.Clear();
        _pending = _blockLength - 4L;
        return true;
    }

    private bool TryReadInterface()
    {
        if (_blockLength < 20 || _interfaces.Count == MaxInterfaces)
        {
            Damaged(_blockLength < 20 ? "an interface description is too short" : $"a section has more than {MaxInterfaces} interfaces");
            return false;
        }

        if (!source.TryPeek(16, out ReadOnlySpan<byte> header))
        {
            Damaged(null);
            return false;
        }

        int linkType = UInt16(header[8..]);
        uint snapLength = UInt32(header[12..]);
        source.Advance(16);
        _pending = _blockLength - 20L;
        if (!TryReadInterfaceOptions(out byte resolution, out long offset))
        {
            Damaged(null);
            return false;
        }

        _interfaces.Add(new Interface(linkType, snapLength, new CaptureTimescale(resolution, offset)));
        return true;
    }

    private bool TryReadInterfaceOptions(out byte resolution, out long offset)
    {
        const int EndOfOptions = 0, TimeResolution = 9, TimeOffset = 14;
        resolution = 6;
        offset = 0;
        while (_pending >= 4)
        {
            if (!source.TryPeek(4, out ReadOnlySpan<byte> option))
            {
                return false;
            }

            int code = UInt16(option), length = UInt16(option[2..]);
            int padded = (length + 3) & ~3;
            if (code == EndOfOptions || 4 + padded > _pending)
            {
                return true;
            }

            source.Advance(4);
            _pending -= 4;
            if (!source.TryPeek(padded, out ReadOnlySpan<byte> value))
            {
                return false;
            }

            if (code == TimeResolution && length >= 1)
            {
                resolution = value[0];
            }
            else if (code == TimeOffset && length >= 8)
            {
                offset = _isBigEndian ? BinaryPrimitives.ReadInt64BigEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
            }

            source.Advance(padded);
            _pending -= padded;
        }

        return true;
    }

    private CaptureStep ReadPacket(uint type, out CapturedFrame frame)
    {
        const int HeaderLength = 28;
        frame = default;
        if (_blockLength < HeaderLength + 4)
        {
            return Damaged("a packet block is too short");
        }

        if (!source.TryPeek(HeaderLength, out ReadOnlySpan<byte> header))
        {
            return Damaged(null);
        }

        uint number = type == EnhancedPacket ? UInt32(header[8..]) : UInt16(header[8..]);
        ulong stamp = ((ulong)UInt32(header[12..]) << 32) | UInt32(header[16..]);
        uint captured = UInt32(header[20..]);
        if (number >= (uint)_interfaces.Count)
        {
            return Damaged($"a packet names interface {number}, which is not described");
        }

        _lastTime = _interfaces[(int)number].Timescale.ToMicroseconds(stamp);
        return Take(HeaderLength, captured, (int)number, out frame);
    }

    private CaptureStep ReadSimplePacket(out CapturedFrame frame)
    {
        const int HeaderLength = 12;
        frame = default;
        if (_blockLength < HeaderLength + 4 || _interfaces.Count == 0)
        {
            return Damaged(_interfaces.Count == 0 ? "a packet comes before any interface is described" : "a packet block is too short");
        }

        if (!source.TryPeek(HeaderLength, out ReadOnlySpan<byte> header))
        {
            return Damaged(null);
        }

        // This block has no captured length: it is the original one, or the snaplen of the first interface (0: none) where that is less.
        uint snapLength = _interfaces[0].SnapLength;
        uint captured = Math.Min(UInt32(header[8..]), snapLength == 0 ? uint.MaxValue : snapLength);
        return Take(HeaderLength, Math.Min(captured, _blockLength - HeaderLength - 4), 0, out frame);
    }

    private CaptureStep Take(int headerLength, uint captured, int number, out CapturedFrame frame)
    {
        frame = default;
        if (captured > _blockLength - (uint)headerLength - 4 || captured > PcapFormat.MaxPacketLength)
        {
            return Damaged($"a packet of {captured} bytes is announced, which is more than its block or the most of {PcapFormat.MaxPacketLength}");
        }

        int length = headerLength + (int)captured;
        if (!source.TryPeek(length, out ReadOnlySpan<byte> packet))
        {
            return Damaged(null);
        }

        _pending = _blockLength - 4L;
        frame = new CapturedFrame { Time = _lastTime, LinkType = _interfaces[number].LinkType, Bytes = packet[headerLength..] };
        return CaptureStep.Frame;
    }

    private CaptureStep Damaged(string? why)
    {
        Fault = why is null ? source.Fault ?? "the file ends in the middle of a block" : why + ", so the file is damaged";
        return CaptureStep.Damaged;
    }

    private ushort UInt16(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint UInt32(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private readonly record struct Interface(int LinkType, uint SnapLength, CaptureTimescale Timescale);
}
