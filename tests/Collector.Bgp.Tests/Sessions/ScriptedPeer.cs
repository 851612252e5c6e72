using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Collector.Bgp.Messages;
using Collector.Testing.Builders;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Collector.Bgp.Tests.Sessions;

/// <summary>The other end of a session, by hand: what is sent is what the test says.</summary>
internal sealed class ScriptedPeer : IDisposable
{
    /// <summary>IPv4 and IPv6 unicast, route refresh, four-octet AS 65001.</summary>
    internal const string Usual = "0104 00010001 0104 00020001 0200 4104 0000FDE9";

    /// <summary>The same with graceful restart: 120 s, IPv4 unicast with its forwarding preserved.</summary>
    internal const string Graceful = Usual + "4006 0078 00010180";

    private readonly Socket _socket;

    internal ScriptedPeer(int port, string capabilities, uint asNumber = 65001)
        : this(ConnectTo(port)) => Send(OpenOf(capabilities, asNumber));

    internal ScriptedPeer(Socket socket)
    {
        _socket = socket;
        _socket.ReceiveTimeout = 60_000;
    }

    internal static byte[] OpenOf(string capabilities, uint asNumber = 65001, string routerId = "10.0.0.1", int hold = 90) =>
        UpdateBuilder.Open(asNumber, hold, routerId, Convert.FromHexString(capabilities.Replace(" ", "", StringComparison.Ordinal)));

    internal void Send(params ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    /// <summary>Answers OPEN and KEEPALIVE, so that the session is established.</summary>
    /// <returns>The speaker's OPEN.</returns>
    internal OpenMessage Establish()
    {
        OpenMessage open = OpenMessage.Read(Receive(MessageType.Open), out _)!;
        Receive(MessageType.KeepAlive);
        Send(UpdateBuilder.Message(4));
        return open;
    }

    /// <summary>The body of the next message, which must be of this kind.</summary>
    internal byte[] Receive(MessageType expected)
    {
        byte[] header = ReceiveBytes(MessageHeader.Size);
        byte[] body = ReceiveBytes(BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16)) - MessageHeader.Size);
        return (MessageType)header[18] == expected
            ? body
            : throw new InvalidOperationException($"expected {expected}, came {(MessageType)header[18]} {Convert.ToHexString(body)}");
    }

    /// <summary>Code and subcode of the NOTIFICATION that must come next, before the end of the stream.</summary>
    internal string ReceiveNotification()
    {
        byte[] body = Receive(MessageType.Notification);
        return _socket.Receive(new byte[1]) == 0 ? $"{body[0]}/{body[1]}" : "more after the NOTIFICATION";
    }

    /// <summary>True when the speaker has closed without a word.</summary>
    internal bool IsClosed()
    {
        try
        {
            return _socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    /// <summary>Ends the connection in the middle of things.</summary>
    public void Dispose() => _socket.Dispose();

    private static Socket ConnectTo(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private byte[] ReceiveBytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int read = _socket.Receive(bytes.AsSpan(done));
            done += read > 0 ? read : throw new InvalidOperationException("the speaker closed the connection");
        }

        return bytes;
    }
}

/// <summary>A word for tests.</summary>
internal static class SocketTestExtensions
{
    internal static Socket ConnectedTo(this Socket socket, int port)
    {
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }
}
