using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Collector.Net;

/// <summary>
/// An IPv4 or IPv6 address as 16 bytes in network order; an IPv4 address is kept in its mapped form <c>::ffff:a.b.c.d</c> (RFC 4291 §2.5.5.2).
/// </summary>
/// <remarks>
/// A plain value: no heap object, no scope id, the bytes in memory are the bytes on the wire, so records can be filled by copying.
/// The default value is <c>::</c>.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly struct IpAddress : IEquatable<IpAddress>, IComparable<IpAddress>
{
    /// <summary>Size in memory and on the wire, in bytes.</summary>
    public const int Size = 16;

    private static readonly ulong MappedMarker = BitConverter.IsLittleEndian ? 0x0000_0000_FFFF_0000UL : 0x0000_FFFF_0000_0000UL;

    // The first and last eight bytes, as they lie in memory.
    private readonly ulong _first;
    private readonly ulong _last;

    private IpAddress(ulong first, ulong last)
    {
        _first = first;
        _last = last;
    }

    /// <summary>True when the address is IPv4, or an IPv6 address of the mapped form.</summary>
    public bool IsIPv4 => _first == 0 && (_last & (BitConverter.IsLittleEndian ? 0xFFFF_FFFFUL : 0xFFFF_FFFF_0000_0000UL)) == MappedMarker;

    /// <summary>True for <c>::</c> and for <c>0.0.0.0</c>.</summary>
    public bool IsUnspecified => _first == 0 && (_last == 0 || _last == MappedMarker);

    /// <summary>The IPv4 address as a number (10.0.0.1 is 0x0A000001); the low 32 bits when the address is IPv6.</summary>
    public uint ToIPv4() => (uint)LastHostOrder;

    /// <summary>The first 64 bits as a number.</summary>
    public ulong FirstHostOrder => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_first) : _first;

    /// <summary>The last 64 bits as a number.</summary>
    public ulong LastHostOrder => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_last) : _last;

    /// <summary>Makes an IPv4 address from its number (0x0A000001 is 10.0.0.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IpAddress FromIPv4(uint address) => FromHostOrder(0, 0x0000_FFFF_0000_0000UL | address);

    /// <summary>Makes an address from the two halves as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IpAddress FromHostOrder(ulong first, ulong last) => BitConverter.IsLittleEndian
        ? new IpAddress(BinaryPrimitives.ReverseEndianness(first), BinaryPrimitives.ReverseEndianness(last))
        : new IpAddress(first, last);

    /// <summary>Reads four bytes in network order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than four bytes: the caller must have checked.</exception>
    public static IpAddress ReadIPv4(ReadOnlySpan<byte> bytes) => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Reads sixteen bytes in network order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than sixteen bytes: the caller must have checked.</exception>
    public static IpAddress ReadIPv6(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<IpAddress>(bytes);

    /// <summary>Converts from the framework's address; a scope id is dropped.</summary>
    public static IpAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[Size];
        address.TryWriteBytes(bytes, out int written);
        return written == 4 ? ReadIPv4(bytes) : ReadIPv6(bytes);
    }

    /// <summary>Parses "10.0.0.1", "2001:db8::1" or "::ffff:10.0.0.1" (which gives 10.0.0.1).</summary>
    /// <returns>
    /// False, and <c>::</c>, when the text is no address, has a zone, or writes IPv4 with fewer than four decimal parts or with leading
    /// zeros: as inet_pton(3), because some read 010 as eight and some as ten.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        bool dotted = !text.Contains(':');
        if (text.Contains('%') || text.Contains('[') || (dotted && text.Count('.') != 3) || text.ContainsAny("xX") || HasLeadingZero(text)
            || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        address = From(parsed);
        return true;
    }

    // In the dotted part, that is; hexadecimal groups may have them.
    private static bool HasLeadingZero(ReadOnlySpan<char> text)
    {
        int end = text.IndexOf('.');
        if (end < 0)
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[(text[..end].LastIndexOf(':') + 1)..];
        for (int i = 0; i + 1 < rest.Length; i++)
        {
            if (rest[i] == '0' && char.IsAsciiDigit(rest[i + 1]) && (i == 0 || rest[i - 1] == '.'))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same as <see cref="TryParse"/> for text known to be right, as in tests and constants.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static IpAddress Parse(string text) =>
        TryParse(text, out IpAddress address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    /// <summary>Copies the sixteen bytes in network order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination holds fewer than sixteen bytes.</exception>
    public void WriteTo(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    /// <summary>The address with all bits beyond the first <paramref name="length"/> set to 0.</summary>
    /// <param name="length">0 to 32 for IPv4, 0 to 128 for IPv6; a larger length changes nothing.</param>
    public IpAddress Mask(int length)
    {
        int bits = IsIPv4 ? Math.Clamp(length, 0, 32) + 96 : Math.Min(length, 128);
        ulong first = FirstHostOrder, last = LastHostOrder;
        return bits switch
        {
            <= 0 => default,
            < 64 => FromHostOrder(first & (ulong.MaxValue << (64 - bits)), 0),
            64 => FromHostOrder(first, 0),
            < 128 => FromHostOrder(first, last & (ulong.MaxValue << (128 - bits))),
            _ => this,
        };
    }

    /// <summary>The framework's address: an IPv4 address for the mapped form.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[Size];
        WriteTo(bytes);
        return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes);
    }

    /// <summary>The address family that a socket for this address takes.</summary>
    public AddressFamily Family => IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    /// <summary>A well-mixed 64-bit hash; the same in every process, so steering and tests can rely on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash()
    {
        ulong h = (_first ^ 0x9E37_79B9_7F4A_7C15UL) * 0xBF58_476D_1CE4_E5B9UL;
        h ^= h >> 32;
        h = (h ^ _last) * 0x94D0_49BB_1331_11EBUL;
        h = (h ^ (h >> 32)) * 0x9FB2_1C65_1E98_DF25UL;
        return h ^ (h >> 32);
    }

    /// <inheritdoc/>
    public bool Equals(IpAddress other) => _first == other._first && _last == other._last;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Hash();

    /// <summary>Orders by the bytes in network order, so IPv4 sorts as numbers.</summary>
    public int CompareTo(IpAddress other)
    {
        int first = FirstHostOrder.CompareTo(other.FirstHostOrder);
        return first != 0 ? first : LastHostOrder.CompareTo(other.LastHostOrder);
    }

    /// <summary>RFC 5952 text; dotted decimal for IPv4. For data rows use <see cref="IpAddressText"/>, which does not allocate.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[IpAddressText.MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..IpAddressText.Write(this, IsIPv4, text)]);
    }

    /// <summary>Equality by value.</summary>
    public static bool operator ==(IpAddress left, IpAddress right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(IpAddress left, IpAddress right) => !left.Equals(right);

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;
}
