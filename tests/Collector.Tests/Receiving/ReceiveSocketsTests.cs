using System.Diagnostics;
using System.Globalization;
using System.Net;
using Collector.Receiving;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Receiving;

public sealed class ReceiveSocketsTests
{
    // Binds 127.0.0.1 with SO_REUSEPORT (15), as nfacctd does, says the port and waits for its input to end.
    private const string PortHolder =
        "socket(S,PF_INET,SOCK_DGRAM,0) && setsockopt(S,SOL_SOCKET,15,1) && bind(S,sockaddr_in(0,INADDR_LOOPBACK)) or die $!;"
        + "$|=1; print((sockaddr_in(getsockname(S)))[0],\"\\n\"); <STDIN>";

    [ProgramFact("perl")]
    public void AddressHeldByAnotherProcess_IsRefusedWithItsNameAndPid()
    {
        using Process holder = StartHolder(out int port);
        try
        {
            var refused = Assert.Throws<ListenException>(
                () => ReceiveSockets.Open([new IPEndPoint(IPAddress.IPv6Any, port), new IPEndPoint(IPAddress.Loopback, port)], 2, 1 << 16, sharePort: false));
            string remedy = "; stop it, choose another address under listen:, or pass --share-port";
            Assert.Equal(
                $"perl (pid {holder.Id}) already receives on [::]:{port}{remedy}\nperl (pid {holder.Id}) already receives on 127.0.0.1:{port}{remedy}",
                refused.Message);
        }
        finally
        {
            End(holder);
        }
    }

    [ProgramFact("perl")]
    public void SharedPort_OneWorkerTakesAllThatTheKernelGivesUs()
    {
        using Process holder = StartHolder(out int port);
        try
        {
            using var sockets = ReceiveSockets.Open([new IPEndPoint(IPAddress.Loopback, port)], 3, 1 << 16, sharePort: true);
            Assert.Single(sockets.ForWorker(0).Sockets);
            Assert.Empty(sockets.ForWorker(1).Sockets);
            Assert.StartsWith($"perl (pid {holder.Id}) receives on 127.0.0.1:{port} too", Assert.Single(sockets.Warnings), StringComparison.Ordinal);

            for (int i = 0; i < 64; i++)
            {
                using var sender = new UdpSender("127.0.0.1", port);
                sender.Send((byte)i);
            }

            using var batch = new DatagramBatch();
            Assert.InRange(sockets.ForWorker(0).Receive(batch), 1, 63);
        }
        finally
        {
            End(holder);
        }
    }

    [Fact]
    public void SharePortWhereNobodyElseReceives_IsSteeredAsEver()
    {
        using var sockets = ReceiveSockets.Open([new IPEndPoint(IPAddress.Loopback, 0)], 3, 1 << 16, sharePort: true);
        Assert.Empty(sockets.Warnings);
        Assert.Single(sockets.ForWorker(2).Sockets);
    }

    [NamespaceFact]
    public void NoAddressConfigured_TheThreePortsTakeBothFamiliesForEveryWorker() => PrivateNetwork.Run(() =>
    {
        using var sockets = ReceiveSockets.Open([], 2, 1 << 16, sharePort: false);
        Assert.Equal(["[::]:2055", "[::]:4739", "[::]:6343"], sockets.Listen.Select(l => l.ToString()));
        using var batch = new DatagramBatch();
        foreach (int port in (ReadOnlySpan<int>)[2055, 4739, 6343])
        {
            foreach (string source in (ReadOnlySpan<string>)["127.0.0.1", "::1"])
            {
                using var sender = new UdpSender(source, port);
                sender.Send(1);
                WorkerSockets worker = sockets.ForWorker(ReuseportSteering.WorkerOf(Collector.Net.IpAddress.Parse(source), 2));
                Assert.Equal(1, worker.Receive(batch));
                Assert.Equal(source, batch[0].Source.ToString());
                Assert.Equal(sender.Port, batch[0].SourcePort);
            }
        }
    });

    [NamespaceFact]
    public void BothWildcardsOfOnePort_EachTakesItsFamily() => PrivateNetwork.Run(() =>
    {
        using var sockets = ReceiveSockets.Open([new IPEndPoint(IPAddress.IPv6Any, 2100), new IPEndPoint(IPAddress.Any, 2100)], 1, 1 << 16, sharePort: false);
        using var four = new UdpSender("127.0.0.1", 2100);
        using var six = new UdpSender("::1", 2100);
        using var batch = new DatagramBatch();
        four.Send(4);
        Assert.Equal(1, sockets.ForWorker(0).Receive(batch));
        six.Send(6);
        Assert.Equal(1, sockets.ForWorker(0).Receive(batch));
        Assert.Equal([1L, 1L], sockets.ForWorker(0).Sockets.Select(s => s.Datagrams));
    });

    [Fact]
    public void DatagramsQueuedBeforeSteering_ReachTheWorkerOfTheirSourceFirst()
    {
        using ReceiveSockets sockets = ReceiveSockets.Bind([new IPEndPoint(IPAddress.Loopback, 0)], 4, 1 << 20, sharePort: false);
        string[] sources = [.. Enumerable.Range(1, 40).Select(i => $"127.0.{i}.1")];
        UdpSender[] senders = [.. sources.Select(s => new UdpSender(s, sockets.Listen[0].Port))];
        foreach (UdpSender sender in senders)
        {
            sender.Send(1);
        }

        sockets.Steer();
        foreach (UdpSender sender in senders)
        {
            sender.Send(2);
            sender.Dispose();
        }

        int seen = 0;
        using var batch = new DatagramBatch(capacity: 3);
        for (int w = 0; w < 4; w++)
        {
            Dictionary<string, byte> last = [];
            while (sockets.ForWorker(w).ReceiveQueued(batch) > 0)
            {
                for (int i = 0; i < batch.Count; i++, seen++)
                {
                    Assert.Equal(w, ReuseportSteering.WorkerOf(batch[i].Source, 4));
                    byte before = last.GetValueOrDefault(batch[i].Source.ToString());
                    Assert.Equal(before + 1, batch[i].Payload[0]);
                    last[batch[i].Source.ToString()] = batch[i].Payload[0];
                }
            }
        }

        Assert.Equal(80, seen);
    }

    [Fact]
    public void AddressOfNoInterface_IsNamedWithTheRemedy()
    {
        var refused = Assert.Throws<ListenException>(() => ReceiveSockets.Open([new IPEndPoint(IPAddress.Parse("192.0.2.1"), 2055)], 1, 1 << 16, false));
        Assert.Equal("192.0.2.1:2055: no interface of this machine has the address 192.0.2.1; correct listen:, or write 0.0.0.0 or [::] for all addresses", refused.Message);
    }

    [Fact]
    public void PortBelow1024WithoutTheRight_NamesTheCapability() =>
        Assert.Contains("CAP_NET_BIND_SERVICE", PortProbe.Explain(new IPEndPoint(IPAddress.Any, 514), LibC.ErrorAccess), StringComparison.Ordinal);

    [Fact]
    public void KernelWithoutIPv6_SaysWhatToWriteInstead() =>
        Assert.Contains("0.0.0.0:2055", PortProbe.Explain(new IPEndPoint(IPAddress.IPv6Any, 2055), LibC.ErrorAddressFamilyNotSupported), StringComparison.Ordinal);

    [Fact]
    public void BufferSmallerThanAsked_NamesTheSysctlAndItsValue()
    {
        Assert.Equal(
            "receive buffer: asked for 8,388,608 bytes per socket, the kernel granted 212,992; "
            + "set net.core.rmem_max=8388608 (sysctl -w net.core.rmem_max=8388608) or grant CAP_NET_ADMIN, else bursts are lost",
            ReceiveSockets.DescribeBuffer(8 << 20, 212_992));
        Assert.Null(ReceiveSockets.DescribeBuffer(8 << 20, 8 << 20));
    }

    [Fact]
    public void GrantedBuffer_IsWhatTheKernelCountsForPayload()
    {
        using var sockets = ReceiveSockets.Open([new IPEndPoint(IPAddress.Loopback, 0)], 1, 65_536, sharePort: false);
        Assert.Equal(65_536, sockets.ForWorker(0).Sockets[0].GrantedBufferBytes);
    }

    private static Process StartHolder(out int port)
    {
        var holder = Process.Start(new ProcessStartInfo(Peers.Find("perl")!, ["-MSocket", "-e", PortHolder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        port = int.Parse(holder.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        return holder;
    }

    private static void End(Process holder)
    {
        holder.StandardInput.Close();
        holder.WaitForExit();
    }
}
