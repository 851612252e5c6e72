using System.Buffers.Binary;

namespace Collector.Bgp.Messages;

/// <summary>Writes the messages that we send: everything but UPDATE, because the collector never announces a route.</summary>
public static class MessageWriter
{
    /// <summary>A KEEPALIVE: the bare header.</summary>
    public static ReadOnlyMemory<byte> KeepAlive { get; } = Frame(MessageType.KeepAlive, []);

    /// <summary>A NOTIFICATION.</summary>
    public static byte[] Notification(NotificationMessage message)
    {
        ReadOnlySpan<byte> data = message.Data;
        byte[] body = new byte[2 + Math.Min(data.Length, MessageHeader.MaxLength - MessageHeader.Size - 2)];
        (body[0], body[1]) = (message.Code, message.Subcode);
        data[..(body.Length - 2)].CopyTo(body.AsSpan(2));
        return Frame(MessageType.Notification, body);
    }

    /// <summary>A ROUTE-REFRESH request for one family (RFC 2918 §3).</summary>
    public static byte[] RouteRefresh(AddressFamily family)
    {
        byte[] body = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(body, family.Afi);
        body[3] = family.Safi;
        return Frame(MessageType.RouteRefresh, body);
    }

    /// <summary>Puts a header before a body.</summary>
    public static byte[] Frame(MessageType type, ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[MessageHeader.Size + body.Length];
        message.AsSpan(0, 16).Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(16), checked((ushort)message.Length));
        message[18] = (byte)type;
        body.CopyTo(message.AsSpan(MessageHeader.Size));
        return message;
    }
}
