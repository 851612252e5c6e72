using System.Buffers.Binary;

namespace Collector.Bgp.Messages;

/// <summary>A ROUTE-REFRESH, or one of the two marks around the answer to one (RFC 2918 §3, RFC 7313 §3.2).</summary>
/// <param name="Family">What it is about.</param>
/// <param name="Subtype">0 request, 1 Beginning of Route Refresh, 2 End of Route Refresh.</param>
public readonly record struct RouteRefreshMessage(AddressFamily Family, byte Subtype)
{
    /// <summary>Subtypes.</summary>
    public const byte Request = 0, Beginning = 1, End = 2;

    /// <summary>Reads the body; false when its length is not right.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out RouteRefreshMessage message)
    {
        message = default;
        if (body.Length < 4)
        {
            return false;
        }

        message = new RouteRefreshMessage(new AddressFamily(BinaryPrimitives.ReadUInt16BigEndian(body), body[3]), body[2]);

        // RFC 7313 §5: marks are exactly four bytes; a request may carry an outbound route filter (RFC 5291).
        return body.Length == 4 || message.Subtype == Request;
    }
}
