using System.Buffers.Binary;

namespace Collector.Flows.Packets;

/// <summary>Addresses, tags and type of an Ethernet frame: Ethernet II, 802.3 with LLC/SNAP, any stack of VLAN tags, PPPoE sessions.</summary>
internal struct EthernetHeader
{
    private const int AddressesLength = 12;

    /// <summary>Bytes of LLC and OUI before the type of a SNAP header.</summary>
    private const int SnapTypeOffset = 6;

    public MacAddress Destination;
    public MacAddress Source;

    /// <summary>What the payload is; 0 when the frame ends before or names none (LLC other than SNAP and IP).</summary>
    public ushort EtherType;

    /// <summary>Id of the first tag; 0 without one.</summary>
    public ushort Vlan;

    /// <summary>Id of the second tag; 0 without one.</summary>
    public ushort CustomerVlan;

    /// <summary>Priority of the first tag.</summary>
    public byte Cos;

    /// <summary>Where the payload starts.</summary>
    public int Length;

    /// <summary>Reads as far as the bytes go.</summary>
    /// <returns>False when the frame ends before its type is known.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out EthernetHeader header)
    {
        header = default;
        if (frame.Length < AddressesLength)
        {
            return false;
        }

        header.Destination = MacAddress.Read(frame);
        header.Source = MacAddress.Read(frame[MacAddress.Size..]);
        return header.TryReadType(frame, AddressesLength);
    }

    private bool TryReadType(ReadOnlySpan<byte> frame, int offset)
    {
        bool hasSnap = false;
        for (int tags = 0; ; tags++)
        {
            if (!BinaryPrimitives.TryReadUInt16BigEndian(frame[offset..], out ushort type))
            {
                return false;
            }

            offset += sizeof(ushort);
            if (type < EtherTypes.FirstType && !hasSnap)
            {
                // SNAP names a type, which may be a tag: the stack goes on behind it.
                hasSnap = IsSnap(frame[offset..]);
                if (!hasSnap)
                {
                    return TryReadLlc(frame, offset);
                }

                tags--;
                offset += SnapTypeOffset;
                continue;
            }

            if (!EtherTypes.IsVlanTag(type))
            {
                return TryReadPayloadType(frame, offset, type);
            }

            if (!BinaryPrimitives.TryReadUInt16BigEndian(frame[offset..], out ushort tag))
            {
                return false;
            }

            offset += sizeof(ushort);
            if (tags == 0)
            {
                Vlan = (ushort)(tag & 0xFFF);
                Cos = (byte)(tag >> 13);
            }
            else if (tags == 1)
            {
                CustomerVlan = (ushort)(tag & 0xFFF);
            }
        }
    }

    private bool TryReadPayloadType(ReadOnlySpan<byte> frame, int offset, ushort type)
    {
        EtherType = type;
        Length = offset;
        if (type != EtherTypes.PppoeSession)
        {
            return true;
        }

        // RFC 2516 §4: version, type, code, session id, length; then the PPP protocol.
        if (!BinaryPrimitives.TryReadUInt16BigEndian(frame[Math.Min(offset + 6, frame.Length)..], out ushort protocol))
        {
            return false;
        }

        ushort inner = EtherTypes.FromPpp(protocol);
        if (inner != 0)
        {
            EtherType = inner;
            Length = offset + 8;
        }

        return true;
    }

    // IEEE 802.2: DSAP, SSAP, control; SNAP adds an OUI and a type (RFC 1042), OUI 00-00-F8 is its bridged form.
    private static bool IsSnap(ReadOnlySpan<byte> llc) =>
        llc.Length >= 8 && llc[0] == 0xAA && llc[1] == 0xAA && llc[2] == 0x03 && llc[3] == 0 && llc[4] == 0 && llc[5] is 0 or 0xF8;

    private bool TryReadLlc(ReadOnlySpan<byte> frame, int offset)
    {
        Length = offset;
        ReadOnlySpan<byte> llc = frame[offset..];
        if (llc.Length < 3 || (llc[0] == 0xAA && llc.Length < 8))
        {
            return false;
        }

        if (llc[0] == 0x06 && llc[1] == 0x06 && llc[2] == 0x03)
        {
            EtherType = EtherTypes.IPv4;
            Length = offset + 3;
        }

        return true;
    }
}
