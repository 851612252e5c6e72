using System.Net;
using System.Net.Sockets;

namespace Collector.Tests.Receiving;

/// <summary>A bound UDP socket that sends to one address.</summary>
internal sealed class UdpSender : IDisposable
{
    private readonly Socket _socket;
    private readonly IPEndPoint _target;

    /// <summary>Sends to a port of the loopback address of the source's family.</summary>
    internal UdpSender(string source, int port)
        : this(source, new IPEndPoint(source.Contains(':') ? IPAddress.IPv6Loopback : IPAddress.Loopback, port))
    {
    }

    internal UdpSender(string source, IPEndPoint target)
    {
        _target = target;
        _socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
    }

    internal int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    internal void Send(params byte[] payload) => _socket.SendTo(payload, _target);

    public void Dispose() => _socket.Dispose();
}
