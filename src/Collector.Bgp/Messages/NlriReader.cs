using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.Messages;

/// <summary>Reads the routes of one field: [path identifier] length [labels] [route distinguisher] prefix (RFC 4271 §4.3, RFC 7911 §3, RFC 8277 §2, RFC 4364 §4.3.4).</summary>
public ref struct NlriReader(NlriField field)
{
    private const int LabelSize = 3, LabelBits = 24, DistinguisherSize = 8, DistinguisherBits = 64;

    // RFC 8277 §2.4: the label field of a withdrawn route.
    private const uint WithdrawnLabel = 0x800000;

    private readonly NlriField _field = field;
    private ReadOnlySpan<byte> _rest = field.Bytes;

    /// <summary>True when reading ended at bytes that are no route.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Reads the next route; false at the end, and at bytes that are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ref Nlri route)
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        IsMalformed = !TryReadRoute(ref route);
        return !IsMalformed;
    }

    private bool TryReadRoute(ref Nlri route)
    {
        ReadOnlySpan<byte> rest = _rest;
        route.Family = _field.Family;
        route.PathId = 0;
        route.Label = 0;
        route.RouteDistinguisher = 0;
        if (_field.HasPathIds)
        {
            if (rest.Length < 5)
            {
                return false;
            }

            route.PathId = BinaryPrimitives.ReadUInt32BigEndian(rest);
            rest = rest[4..];
        }

        int bits = rest[0];
        rest = rest[1..];
        if (rest.Length < (bits + 7) >> 3)
        {
            return false;
        }

        if (_field.Family is not (RouteFamily.IPv4Unicast or RouteFamily.IPv6Unicast) && !TryReadLabels(ref rest, ref bits, ref route))
        {
            return false;
        }

        bool isIPv4 = _field.Family.IsIPv4();
        if ((uint)bits > (isIPv4 ? 32u : 128u))
        {
            return false;
        }

        int size = (bits + 7) >> 3;
        route.Length = (byte)bits;
        route.Prefix = isIPv4 ? IpAddress.FromIPv4(ReadIPv4(rest, bits, size)) : ReadIPv6(rest, bits, size);
        _rest = rest[size..];
        return true;
    }

    // Labels up to the one with the bottom of stack bit; the first is kept. Then, for VPN routes, the distinguisher.
    private readonly bool TryReadLabels(ref ReadOnlySpan<byte> rest, ref int bits, ref Nlri route)
    {
        bool isFirst = true, isLast;
        do
        {
            if (bits < LabelBits)
            {
                return false;
            }

            uint label = (uint)((rest[0] << 16) | (rest[1] << 8) | rest[2]);
            isLast = (label & 1) != 0 || (_field.IsWithdrawn && (label is WithdrawnLabel or 0));
            if (isFirst && !_field.IsWithdrawn)
            {
                route.Label = label >> 4;
            }

            isFirst = false;
            rest = rest[LabelSize..];
            bits -= LabelBits;
        }
        while (!isLast);

        if (!_field.Family.IsVpn())
        {
            return true;
        }

        if (bits < DistinguisherBits)
        {
            return false;
        }

        route.RouteDistinguisher = BinaryPrimitives.ReadUInt64BigEndian(rest);
        rest = rest[DistinguisherSize..];
        bits -= DistinguisherBits;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ReadIPv4(ReadOnlySpan<byte> bytes, int bits, int size)
    {
        uint value = 0;
        if (bytes.Length >= 4)
        {
            value = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }
        else
        {
            for (int i = 0; i < size; i++)
            {
                value |= (uint)bytes[i] << (24 - (8 * i));
            }
        }

        return bits == 0 ? 0 : value & (uint.MaxValue << (32 - bits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static IpAddress ReadIPv6(ReadOnlySpan<byte> bytes, int bits, int size)
    {
        ulong first, last;
        if (bytes.Length >= IpAddress.Size)
        {
            first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
            last = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        }
        else
        {
            Span<byte> whole = stackalloc byte[IpAddress.Size];
            whole.Clear();
            bytes[..size].CopyTo(whole);
            first = BinaryPrimitives.ReadUInt64BigEndian(whole);
            last = BinaryPrimitives.ReadUInt64BigEndian(whole[8..]);
        }

        first &= bits >= 64 ? ulong.MaxValue : bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
        last &= bits <= 64 ? 0 : bits == 128 ? ulong.MaxValue : ulong.MaxValue << (128 - bits);
        return IpAddress.FromHostOrder(first, last);
    }
}
