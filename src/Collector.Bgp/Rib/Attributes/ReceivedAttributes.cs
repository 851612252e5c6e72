using Collector.Net;

namespace Collector.Bgp.Rib;

/// <summary>The path attributes of one UPDATE in canonical form: filled by the parser, interned by the <see cref="AttributeTable"/>, and used again.</summary>
/// <remarks>
/// Owned by one session. It allocates only while its buffers grow to the longest value seen. Canonical means: two UPDATEs that say the same have the
/// same bytes here.
/// </remarks>
public sealed class ReceivedAttributes
{
    private byte[] _asPath = new byte[256], _standard = new byte[256], _extended = new byte[64], _large = new byte[64];
    private int _asPathLength, _standardLength, _extendedLength, _largeLength;

    /// <summary>Which of the attributes below were there.</summary>
    public AttributeFlags Present { get; set; }

    /// <summary>ORIGIN: 0 IGP, 1 EGP, 2 INCOMPLETE (RFC 4271 §4.3).</summary>
    public byte Origin { get; set; }

    /// <summary>The next hop; of two in MP_REACH_NLRI the global one (RFC 2545 §3).</summary>
    public IpAddress NextHop { get; set; }

    /// <summary>LOCAL_PREF.</summary>
    public uint LocalPreference { get; set; }

    /// <summary>MULTI_EXIT_DISC.</summary>
    public uint Med { get; set; }

    /// <summary>The accumulated IGP metric (RFC 7311 §3).</summary>
    public ulong Aigp { get; set; }

    /// <summary>The AS of ONLY_TO_CUSTOMER (RFC 9234 §5).</summary>
    public uint OnlyToCustomer { get; set; }

    /// <summary>The AS_PATH with AS4_PATH merged in: segments of type (1 byte), count (1 byte) and AS numbers (4 bytes each, network order).</summary>
    public ReadOnlySpan<byte> AsPath => _asPath.AsSpan(0, _asPathLength);

    /// <summary>Communities of 4 bytes in network order, ascending, each once.</summary>
    public ReadOnlySpan<byte> StandardCommunities => _standard.AsSpan(0, _standardLength);

    /// <summary>Extended communities of 8 bytes, ascending, each once.</summary>
    public ReadOnlySpan<byte> ExtendedCommunities => _extended.AsSpan(0, _extendedLength);

    /// <summary>Large communities of 12 bytes, ascending, each once.</summary>
    public ReadOnlySpan<byte> LargeCommunities => _large.AsSpan(0, _largeLength);

    /// <summary>Makes room for an AS_PATH of so many bytes and gives it to be filled; its old content is undefined.</summary>
    public Span<byte> SetAsPath(int length) => Set(ref _asPath, ref _asPathLength, length);

    /// <summary>The same for <see cref="StandardCommunities"/>.</summary>
    public Span<byte> SetStandardCommunities(int length) => Set(ref _standard, ref _standardLength, length);

    /// <summary>The same for <see cref="ExtendedCommunities"/>.</summary>
    public Span<byte> SetExtendedCommunities(int length) => Set(ref _extended, ref _extendedLength, length);

    /// <summary>The same for <see cref="LargeCommunities"/>.</summary>
    public Span<byte> SetLargeCommunities(int length) => Set(ref _large, ref _largeLength, length);

    /// <summary>Back to an UPDATE without attributes.</summary>
    public void Clear()
    {
        Present = AttributeFlags.None;
        Origin = 0;
        NextHop = default;
        (LocalPreference, Med, OnlyToCustomer, Aigp) = (0, 0, 0, 0);
        _asPathLength = _standardLength = _extendedLength = _largeLength = 0;
    }

    private static Span<byte> Set(ref byte[] buffer, ref int used, int length)
    {
        if (length > buffer.Length)
        {
            buffer = new byte[Math.Max(length, buffer.Length * 2)];
        }

        used = length;
        return buffer.AsSpan(0, length);
    }
}
