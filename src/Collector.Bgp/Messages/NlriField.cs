using Collector.Bgp.Rib;

namespace Collector.Bgp.Messages;

/// <summary>A list of routes inside an UPDATE, not yet read.</summary>
/// <param name="bytes">The field.</param>
/// <param name="family">What it lists.</param>
/// <param name="hasPathIds">True when each route has a path identifier before it (RFC 7911 §3).</param>
/// <param name="isWithdrawn">True when the routes are withdrawn: their labels mean nothing (RFC 8277 §2.4).</param>
public readonly ref struct NlriField(ReadOnlySpan<byte> bytes, RouteFamily family, bool hasPathIds, bool isWithdrawn)
{
    /// <summary>The field.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>What it lists.</summary>
    public RouteFamily Family { get; } = family;

    /// <summary>Each route has a path identifier.</summary>
    public bool HasPathIds { get; } = hasPathIds;

    /// <summary>The routes are withdrawn.</summary>
    public bool IsWithdrawn { get; } = isWithdrawn;

    /// <summary>No routes.</summary>
    public bool IsEmpty => Bytes.IsEmpty;

    /// <summary>Reads the routes one by one.</summary>
    public NlriReader GetReader() => new(this);

    /// <summary>True when the whole field is routes and nothing else.</summary>
    public bool IsWellFormed()
    {
        if (!HasPathIds && Family is (RouteFamily.IPv4Unicast or RouteFamily.IPv6Unicast))
        {
            return ArePrefixes(Bytes, Family.MaxLength());
        }

        NlriReader reader = GetReader();
        Nlri route = default;
        while (reader.TryRead(ref route))
        {
        }

        return !reader.IsMalformed;
    }

    private static bool ArePrefixes(ReadOnlySpan<byte> bytes, int maxLength)
    {
        int position = 0;
        while (position < bytes.Length)
        {
            int length = bytes[position];
            if (length > maxLength)
            {
                return false;
            }

            position += 1 + ((length + 7) >> 3);
        }

        return position == bytes.Length;
    }
}
