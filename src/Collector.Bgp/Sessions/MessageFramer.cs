using System.Buffers;
using Collector.Bgp.Messages;

namespace Collector.Bgp.Sessions;

/// <summary>Cuts a stream into messages.</summary>
public sealed class MessageFramer
{
    private byte[] _joined = [];

    /// <summary>True when both sides announced messages beyond 4,096 bytes.</summary>
    public bool ExtendedMessages { get; set; }

    /// <summary>Takes the next message off <paramref name="stream"/>; when the answer is not Ok nothing is taken.</summary>
    /// <param name="stream">What was received and not yet taken.</param>
    /// <param name="type">The message's type, also where it is the fault.</param>
    /// <param name="length">Its length with header, also where it is the fault.</param>
    /// <param name="body">What follows its header; good until the next call.</param>
    public HeaderStatus TryRead(ref ReadOnlySequence<byte> stream, out MessageType type, out int length, out ReadOnlySpan<byte> body)
    {
        body = default;
        HeaderStatus status = ReadHeader(stream, out type, out length);
        if (status != HeaderStatus.Ok)
        {
            return status;
        }

        ReadOnlySpan<byte> first = stream.FirstSpan;
        if (first.Length >= length)
        {
            body = first[MessageHeader.Size..length];
        }
        else if (stream.Length < length)
        {
            return HeaderStatus.Incomplete;
        }
        else
        {
            body = Join(stream.Slice(0, length))[MessageHeader.Size..];
        }

        stream = stream.Slice(length);
        return HeaderStatus.Ok;
    }

    private HeaderStatus ReadHeader(in ReadOnlySequence<byte> stream, out MessageType type, out int length)
    {
        if (stream.FirstSpan.Length >= MessageHeader.Size || stream.IsSingleSegment)
        {
            return MessageHeader.Read(stream.FirstSpan, ExtendedMessages, out type, out length);
        }

        Span<byte> header = stackalloc byte[MessageHeader.Size];
        int count = (int)Math.Min(stream.Length, MessageHeader.Size);
        stream.Slice(0, count).CopyTo(header);
        return MessageHeader.Read(header[..count], ExtendedMessages, out type, out length);
    }

    // A message across two buffers; both are large, so few are.
    private ReadOnlySpan<byte> Join(scoped in ReadOnlySequence<byte> message)
    {
        if (_joined.Length < message.Length)
        {
            _joined = new byte[ExtendedMessages ? MessageHeader.MaxExtendedLength : MessageHeader.MaxLength];
        }

        message.CopyTo(_joined);
        return _joined.AsSpan(0, (int)message.Length);
    }
}
