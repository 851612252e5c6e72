using Collector.Net;

namespace Collector.Flows.Packets;

/// <summary>The segment routing header of IPv6 (RFC 8754 §2): which way a packet is sent.</summary>
internal static class SegmentRouting
{
    /// <summary>Routing type of the header.</summary>
    public const byte RoutingType = 4;

    /// <summary>Segments kept of one header; a value holds no more.</summary>
    public const int MaxSegments = 32;

    private const int FixedLength = 8;

    /// <summary>The segment list as it stands on the wire, the last segment first, as far as there are bytes.</summary>
    /// <param name="header">From the header on.</param>
    public static ReadOnlySpan<byte> Segments(ReadOnlySpan<byte> header)
    {
        // The length counts eight bytes beyond the first eight; Last Entry is the index of the last segment; what is left are TLVs.
        int declared = Math.Min(header[4] + 1, header[1] / 2);
        int present = Math.Min(declared, (header.Length - FixedLength) / IpAddress.Size);
        return header.Slice(FixedLength, Math.Min(present, MaxSegments) * IpAddress.Size);
    }
}
