using System.Net.Sockets;
using System.Text;
using Collector.Net;

namespace Collector.Bgp.Sessions;

/// <summary>The socket options of Linux that sessions need and the framework has no names for.</summary>
internal static class PeerSockets
{
    private const int LevelSocket = 1, BindToDeviceOption = 25;
    private const int LevelIP = 0, LevelTcp = 6, LevelIPv6 = 41;
    private const int IPTos = 1, IPTtl = 2, IPMinimumTtl = 21, IPv6Hops = 16, IPv6TrafficClass = 67, IPv6MinimumHops = 73;
    private const int TcpMd5Extended = 32;
    private const int MaxTtl = 255;

    /// <summary>Sets the IP precedence of what we send (RFC 791 §3.1).</summary>
    internal static void SetPrecedence(Socket socket, int precedence)
    {
        if (precedence > 0)
        {
            Set(socket, LevelIP, IPTos, precedence << 5);
            Set(socket, LevelIPv6, IPv6TrafficClass, precedence << 5);
        }
    }

    /// <summary>Sends with TTL 255 and takes only what came no further than <paramref name="hops"/> hops (RFC 5082 §3).</summary>
    internal static void SetTtlSecurity(Socket socket, int hops)
    {
        if (hops > 0)
        {
            Set(socket, LevelIP, IPTtl, MaxTtl);
            Set(socket, LevelIPv6, IPv6Hops, MaxTtl);
            Set(socket, LevelIP, IPMinimumTtl, MaxTtl + 1 - hops);
            Set(socket, LevelIPv6, IPv6MinimumHops, MaxTtl + 1 - hops);
        }
    }

    /// <summary>Takes only what comes in through an interface (SO_BINDTODEVICE).</summary>
    /// <exception cref="SocketException">There is no such interface, or no permission.</exception>
    internal static void BindToDevice(Socket socket, string name) => socket.SetRawSocketOption(LevelSocket, BindToDeviceOption, [.. Encoding.UTF8.GetBytes(name), 0]);

    /// <summary>Gives the kernel the key of a peer's segments, or takes it away (RFC 2385; struct tcp_md5sig of linux/tcp.h).</summary>
    /// <exception cref="SocketException">The kernel takes no key: it is built without TCP-MD5.</exception>
    internal static void SetPassword(Socket socket, PeerOptions peer, string? password)
    {
        // sockaddr_storage of 128 bytes, flags, prefix length, key length, interface, key of 80 bytes.
        Span<byte> option = stackalloc byte[216];
        option.Clear();
        bool isIPv6Socket = socket.AddressFamily == AddressFamily.InterNetworkV6;
        BitConverter.TryWriteBytes(option, isIPv6Socket ? (ushort)10 : (ushort)2);
        Span<byte> address = stackalloc byte[IpAddress.Size];
        peer.Address.WriteTo(address);
        if (isIPv6Socket)
        {
            address.CopyTo(option[8..]);
        }
        else
        {
            address[12..].CopyTo(option[4..]);
        }

        byte[] key = Encoding.UTF8.GetBytes(password ?? "");
        option[128] = 1;
        option[129] = peer.PrefixLength ?? (byte)(peer.Address.IsIPv4 ? 32 : 128);
        BitConverter.TryWriteBytes(option[130..], (ushort)key.Length);
        key.AsSpan(0, Math.Min(key.Length, 80)).CopyTo(option[136..]);
        socket.SetRawSocketOption(LevelTcp, TcpMd5Extended, option);
    }

    // An option of the other address family is refused; a dual-stack socket takes both.
    private static void Set(Socket socket, int level, int option, int value)
    {
        if (level == LevelIPv6 && socket.AddressFamily == AddressFamily.InterNetwork)
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(bytes, value);
        socket.SetRawSocketOption(level, option, bytes);
    }
}
