using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Collector.BgpAnnouncer;

/// <summary>One session as an active peer: OPEN, keepalives, messages out; what comes in is read and passed over.</summary>
internal sealed class PeerConnection : IDisposable
{
    private const int HeaderBytes = 19;
    private const ushort HoldSeconds = 180;
    private const byte OpenType = 1, NotificationType = 3, KeepaliveType = 4;

    private readonly IPEndPoint _target;
    private readonly IPAddress _local;
    private readonly uint _asNumber;
    private readonly Socket _socket;
    private readonly Lock _sending = new();
    private readonly ManualResetEventSlim _established = new();
    private Timer? _keepalive;
    private string? _failure;

    internal PeerConnection(IPEndPoint target, IPAddress local, uint asNumber)
    {
        (_target, _local, _asNumber) = (target, local, asNumber);
        _socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Bind(new IPEndPoint(local, 0));
    }

    /// <summary>Connects and waits for the peer's first KEEPALIVE.</summary>
    /// <exception cref="IOException">It did not come within 30 s, or the peer refused.</exception>
    internal void Establish()
    {
        _socket.Connect(_target);
        Send(Open());
        new Thread(Receive) { IsBackground = true }.Start();
        if (!_established.Wait(TimeSpan.FromSeconds(30)) || _failure is not null)
        {
            throw new IOException($"{_local}: {_failure ?? "no KEEPALIVE within 30 s"}");
        }

        _keepalive = new Timer(_ => Send(Message(KeepaliveType, [])), null, TimeSpan.FromSeconds(HoldSeconds / 6), TimeSpan.FromSeconds(HoldSeconds / 6));
    }

    /// <summary>Sends whole messages.</summary>
    internal void Send(ReadOnlySpan<byte> messages)
    {
        lock (_sending)
        {
            while (!messages.IsEmpty)
            {
                messages = messages[_socket.Send(messages)..];
            }
        }
    }

    /// <summary>Waits until the peer's kernel has everything.</summary>
    internal void Drain()
    {
        // struct tcp_info: segments not acknowledged and bytes not sent.
        const int LevelTcp = 6, OptionInfo = 11, Unacknowledged = 24, NotSent = 144;
        byte[] info = new byte[192];
        do
        {
            Thread.Sleep(1);
            _socket.GetRawSocketOption(LevelTcp, OptionInfo, info);
        }
        while ((BinaryPrimitives.ReadInt32LittleEndian(info.AsSpan(Unacknowledged)) | BinaryPrimitives.ReadInt32LittleEndian(info.AsSpan(NotSent))) != 0 && _failure is null);
    }

    public void Dispose()
    {
        _keepalive?.Dispose();
        _socket.Dispose();
        _established.Dispose();
    }

    private static byte[] Message(byte type, ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[HeaderBytes + body.Length];
        message.AsSpan(0, 16).Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(16), (ushort)message.Length);
        message[18] = type;
        body.CopyTo(message.AsSpan(HeaderBytes));
        return message;
    }

    // RFC 4271 §4.2 with the capabilities of both address families and of AS numbers of four octets.
    private byte[] Open()
    {
        byte[] capabilities = [1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1, 65, 4, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(capabilities.AsSpan(14), _asNumber);
        byte[] body = new byte[10 + 2 + capabilities.Length];
        body[0] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(1), (ushort)(_asNumber > ushort.MaxValue ? 23456 : _asNumber));
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(3), HoldSeconds);
        _local.MapToIPv4().GetAddressBytes().CopyTo(body, 5);
        (body[9], body[10], body[11]) = ((byte)(2 + capabilities.Length), 2, (byte)capabilities.Length);
        capabilities.CopyTo(body, 12);
        return Message(OpenType, body);
    }

    private void Receive()
    {
        byte[] buffer = new byte[65_536];
        try
        {
            while (true)
            {
                ReadExactly(buffer.AsSpan(0, HeaderBytes));
                int length = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(16));
                byte type = buffer[18];
                ReadExactly(buffer.AsSpan(0, length - HeaderBytes));
                if (type == OpenType)
                {
                    Send(Message(KeepaliveType, []));
                }
                else if (type == KeepaliveType)
                {
                    _established.Set();
                }
                else if (type == NotificationType)
                {
                    throw new IOException($"NOTIFICATION {buffer[0]}/{buffer[1]}");
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or ArgumentOutOfRangeException)
        {
            _failure = e.Message;
            if (e is not ObjectDisposedException)
            {
                _established.Set();
            }
        }
    }

    private void ReadExactly(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            int read = _socket.Receive(into);
            if (read == 0)
            {
                throw new IOException("the peer closed the connection");
            }

            into = into[read..];
        }
    }
}
