using System.Net;
using System.Net.Sockets;
using Collector.Configuration;
using Collector.Receiving;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Receiving;

/// <summary>interface, ipv6_only and multicast_groups, asked of the kernel and seen in what arrives.</summary>
public class SocketOptionsTests
{
    private const string Group = "239.77.1.1", Group6 = "ff05::77";

    [NamespaceFact]
    public void Interface_TakesOnlyWhatComesThroughIt() => PrivateNetwork.Run(() =>
    {
        PrivateNetwork.Ip("link add va type veth peer name vb\nlink set va up\nlink set vb up\naddr add 192.0.2.1/24 dev va");
        using ReceiveSockets sockets = ReceiveSockets.Open([new IPEndPoint(IPAddress.Any, 2055)], 1, 1 << 16, sharePort: false, new SocketOptions { Interface = "va" });

        // Nobody listens on lo.
        Assert.Throws<SocketException>(() => Send(IPAddress.Loopback, 2055));
        Assert.Equal(0, Received(sockets));
    });

    [NamespaceFact]
    public void Interface_Loopback_TakesWhatComesThroughIt() => PrivateNetwork.Run(() =>
    {
        using ReceiveSockets sockets = ReceiveSockets.Open([new IPEndPoint(IPAddress.Any, 2055)], 1, 1 << 16, sharePort: false, new SocketOptions { Interface = "lo" });
        Send(IPAddress.Loopback, 2055);
        Assert.Equal(1, Received(sockets));
    });

    [Fact]
    public void Interface_ThatIsAbsent_IsNamedWithTheCure()
    {
        var options = new SocketOptions { Interface = "nowhere7" };
        var e = Assert.Throws<ListenException>(() => ReceiveSockets.Open([new IPEndPoint(IPAddress.Loopback, 0)], 1, 1 << 16, sharePort: false, options));
        Assert.Contains("this machine has no interface nowhere7; correct interface:", e.Message, StringComparison.Ordinal);
    }

    [NamespaceFact]
    public void IPv6Only_TakesNoIPv4() => PrivateNetwork.Run(() =>
    {
        using ReceiveSockets sockets = ReceiveSockets.Open([new IPEndPoint(IPAddress.IPv6Any, 2055)], 1, 1 << 16, sharePort: false, new SocketOptions { IPv6Only = true });
        Assert.Throws<SocketException>(() => Send(IPAddress.Loopback, 2055));
        Send(IPAddress.IPv6Loopback, 2055);
        Assert.Equal(1, Received(sockets));
    });

    [NamespaceFact]
    public void MulticastGroups_EachDatagramArrivesOnce_AtOneWorker() => PrivateNetwork.Run(() =>
    {
        PrivateNetwork.Ip("link set lo multicast on\nroute add 224.0.0.0/4 dev lo");
        var options = new SocketOptions { MulticastGroups = [IPAddress.Parse(Group)], Interface = "lo" };
        using ReceiveSockets sockets = ReceiveSockets.Open([new IPEndPoint(IPAddress.IPv6Any, 2055)], 3, 1 << 16, sharePort: false, options);
        Send(IPAddress.Parse(Group), 2055);
        Send(IPAddress.Parse("239.77.1.2"), 2055);
        Assert.Equal(1, Received(sockets, workers: 3));
    });

    [NamespaceFact]
    public void MulticastGroups_IPv6_ArrivesOnce() => PrivateNetwork.Run(() =>
    {
        PrivateNetwork.Ip("link add va type veth peer name vb\nlink set va up\nlink set vb up\naddr add fd00::1/64 dev va nodad\naddr add fd00::2/64 dev vb nodad");
        var options = new SocketOptions { MulticastGroups = [IPAddress.Parse(Group), IPAddress.Parse(Group6)], Interface = "vb" };
        using ReceiveSockets sockets = ReceiveSockets.Open([new IPEndPoint(IPAddress.IPv6Any, 2055)], 3, 1 << 16, sharePort: false, options);
        Send(IPAddress.Parse(Group6), 2055, "va");
        Send(IPAddress.Parse("ff05::78"), 2055, "va");
        Assert.Equal(1, Received(sockets, workers: 3));
    });

    [Fact]
    public void TryParseGroup_TakesGroupsOnly()
    {
        Assert.True(SocketOptions.TryParseGroup(Group, out _) && SocketOptions.TryParseGroup(Group6, out _));
        Assert.False(SocketOptions.TryParseGroup("192.0.2.1", out _) || SocketOptions.TryParseGroup("2001:db8::1", out _) || SocketOptions.TryParseGroup("group", out _));
    }

    private static void Send(IPAddress destination, int port, string through = "lo")
    {
        using var socket = new Socket(destination.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (destination.IsIPv6Multicast || destination.GetAddressBytes()[0] == 239)
        {
            int number = LibC.InterfaceIndex(through);
            (SocketOptionLevel level, int index) = destination.AddressFamily == AddressFamily.InterNetwork ? (SocketOptionLevel.IP, IPAddress.HostToNetworkOrder(number)) : (SocketOptionLevel.IPv6, number);
            socket.SetSocketOption(level, SocketOptionName.MulticastInterface, index);
        }

        // A port that nobody listens on answers to the second datagram.
        socket.Connect(destination, port);
        socket.Send([1, 2, 3]);
        if (IPAddress.IsLoopback(destination))
        {
            socket.Blocking = false;
            Thread.Sleep(50);
            try
            {
                socket.Receive(new byte[1]);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
            }
        }
    }

    private static int Received(ReceiveSockets sockets, int workers = 1)
    {
        Thread.Sleep(50);
        using var batch = new DatagramBatch();
        int sum = 0;
        for (int i = 0; i < workers; i++)
        {
            foreach (ReceiveSocket socket in sockets.ForWorker(i).Sockets)
            {
                sum += socket.Receive(batch, 0x40);
            }
        }

        return sum;
    }
}
