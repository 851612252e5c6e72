using System.Net;
using System.Net.Sockets;

namespace Collector.Testing;

/// <summary>Ports for programs that a test starts, free on all IPv4 addresses when they are asked for.</summary>
public static class FreePort
{
    private static readonly HashSet<(SocketType, int)> Given = [];

    /// <summary>A UDP port.</summary>
    public static int Udp() => Next(SocketType.Dgram, ProtocolType.Udp);

    /// <summary>A TCP port.</summary>
    public static int Tcp() => Next(SocketType.Stream, ProtocolType.Tcp);

    // Never the same twice: the program of one test may not have bound its port yet when the next test asks.
    private static int Next(SocketType type, ProtocolType protocol)
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            lock (Given)
            {
                if (Given.Add((type, port)))
                {
                    return port;
                }
            }
        }
    }
}
