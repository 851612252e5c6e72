using System.Net;
using System.Net.Sockets;
using Collector.Testing.Builders;

namespace Collector.Tests.Enrichment.Differential;

/// <summary>A router by hand: opens a session from an address of its own, says what it is told to, and stays.</summary>
internal sealed class Announcer : IDisposable
{
    // MP for the six families, four-byte AS numbers; ADD-PATH for IPv4 unicast on request.
    private static readonly byte[] Families =
    [
        1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1, 1, 4, 0, 1, 0, 4, 1, 4, 0, 2, 0, 4, 1, 4, 0, 1, 0, 128, 1, 4, 0, 2, 0, 128,
    ];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public Announcer(string address, int port, string routerId, uint asNumber, bool addPath)
        : this(address, new IPEndPoint(IPAddress.Loopback, port), routerId, asNumber, addPath)
    {
    }

    public Announcer(string address, IPEndPoint collector, string routerId, uint asNumber, bool addPath)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        _socket.ReceiveTimeout = 10_000;
        for (int tries = 0; ; tries++)
        {
            try
            {
                _socket.Connect(collector);
                break;
            }
            catch (SocketException) when (tries < 200)
            {
                Thread.Sleep(50);
            }
        }

        byte[] capabilities = [.. Families, 65, 4, .. new WireWriter().U32(asNumber).ToArray(), .. addPath ? new byte[] { 69, 4, 0, 1, 1, 3 } : []];
        _socket.Send(UpdateBuilder.Open(asNumber, 180, routerId, capabilities));
        _socket.Receive(new byte[4096]);
        _socket.Send(UpdateBuilder.Message(4));
    }

    public void Send(IEnumerable<byte[]> messages) => _socket.Send([.. messages.SelectMany(m => m)]);

    public void Dispose() => _socket.Dispose();
}
