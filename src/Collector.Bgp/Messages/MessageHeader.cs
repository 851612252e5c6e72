using System.Buffers.Binary;

namespace Collector.Bgp.Messages;

/// <summary>What the first bytes of a message say.</summary>
public enum HeaderStatus : byte
{
    /// <summary>A whole header that is right; the body may not be there yet.</summary>
    Ok,

    /// <summary>Fewer than <see cref="MessageHeader.Size"/> bytes.</summary>
    Incomplete,

    /// <summary>The marker is not all ones (RFC 4271 §6.1).</summary>
    NotSynchronized,

    /// <summary>The length does not fit the type, or is beyond the maximum.</summary>
    BadLength,

    /// <summary>A type that no RFC known here defines.</summary>
    BadType,
}

/// <summary>Reads the header before every message: 16 bytes of ones, length, type (RFC 4271 §4.1).</summary>
public static class MessageHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 19;

    /// <summary>The longest message, header included (RFC 4271 §4.1), and the longest with the extended message capability (RFC 8654 §4).</summary>
    public const int MaxLength = 4096, MaxExtendedLength = 65535;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The stream from the header on.</param>
    /// <param name="extended">True when both sides announced extended messages.</param>
    /// <param name="type">The type; only for <see cref="HeaderStatus.Ok"/>.</param>
    /// <param name="length">The length with header, also for a length that is bad.</param>
    public static HeaderStatus Read(ReadOnlySpan<byte> bytes, bool extended, out MessageType type, out int length)
    {
        (type, length) = (MessageType.None, 0);
        if (bytes.Length < Size)
        {
            // A stream that is no BGP is told by its first bytes; waiting for more of it would wait for ever.
            return bytes[..Math.Min(bytes.Length, 16)].ContainsAnyExcept((byte)0xFF) ? HeaderStatus.NotSynchronized : HeaderStatus.Incomplete;
        }

        if (BinaryPrimitives.ReadUInt64BigEndian(bytes) != ulong.MaxValue || BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) != ulong.MaxValue)
        {
            return HeaderStatus.NotSynchronized;
        }

        length = BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]);
        type = (MessageType)bytes[18];
        (int minimum, int maximum) = type switch
        {
            MessageType.Open => (29, MaxLength),
            MessageType.Update => (23, extended ? MaxExtendedLength : MaxLength),
            MessageType.Notification => (21, extended ? MaxExtendedLength : MaxLength),
            MessageType.KeepAlive => (Size, Size),
            MessageType.RouteRefresh => (Size, extended ? MaxExtendedLength : MaxLength),
            _ => (Size, extended ? MaxExtendedLength : MaxLength),
        };
        if (length < minimum || length > maximum)
        {
            return HeaderStatus.BadLength;
        }

        return type is >= MessageType.Open and <= MessageType.RouteRefresh ? HeaderStatus.Ok : HeaderStatus.BadType;
    }

    /// <summary>The NOTIFICATION that answers a bad header (RFC 4271 §6.1).</summary>
    public static NotificationMessage Answer(HeaderStatus status, int length, byte type) => status switch
    {
        HeaderStatus.BadLength => NotificationMessage.OfNumber(NotificationCode.MessageHeader, 2, length),
        HeaderStatus.BadType => NotificationMessage.Of(NotificationCode.MessageHeader, 3, type),
        _ => NotificationMessage.Of(NotificationCode.MessageHeader, 1),
    };
}
