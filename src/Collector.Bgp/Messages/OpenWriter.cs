using System.Buffers.Binary;

namespace Collector.Bgp.Messages;

/// <summary>Writes OPEN messages.</summary>
public static class OpenWriter
{
    /// <summary>The whole message: capabilities as given in <see cref="Capabilities.Raw"/>, each in an optional parameter of its own as most speakers do.</summary>
    /// <remarks>Lengths beyond 255 bytes are written as RFC 9072 says.</remarks>
    public static byte[] Write(OpenMessage open)
    {
        ArgumentNullException.ThrowIfNull(open);
        IReadOnlyList<RawCapability> capabilities = open.Capabilities.Raw;
        int total = capabilities.Sum(c => 4 + c.Value.Length);
        bool extended = total > 254;
        int header = extended ? 3 : 2;
        int length = extended ? total + capabilities.Count : total;
        byte[] body = new byte[9 + (extended ? 4 : 1) + length];
        body[0] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(1), open.As > ushort.MaxValue ? OpenMessage.AsTrans : (ushort)open.As);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(3), open.HoldSeconds);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(5), open.RouterId);
        Span<byte> to = body.AsSpan(9);
        if (extended)
        {
            (to[0], to[1]) = (255, 255);
            BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
            to = to[4..];
        }
        else
        {
            to[0] = (byte)length;
            to = to[1..];
        }

        foreach (RawCapability capability in capabilities)
        {
            int size = 2 + capability.Value.Length;
            to[0] = 2;
            if (extended)
            {
                BinaryPrimitives.WriteUInt16BigEndian(to[1..], (ushort)size);
            }
            else
            {
                to[1] = (byte)size;
            }

            to[header] = capability.Code;
            to[header + 1] = (byte)capability.Value.Length;
            capability.Value.Span.CopyTo(to[(header + 2)..]);
            to = to[(header + size)..];
        }

        return MessageWriter.Frame(MessageType.Open, body);
    }
}
