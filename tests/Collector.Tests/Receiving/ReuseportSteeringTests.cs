using System.Net;
using Collector.Net;
using Collector.Receiving;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Receiving;

public sealed class ReuseportSteeringTests
{
    [NamespaceFact]
    public void SourcesThatDifferInTheUpperHalfOnly_KernelAndCSharpNameTheSameWorker()
    {
        string[] ipv4 = [.. Enumerable.Range(1, 64).Select(i => $"10.{i}.0.1")];
        string[] ipv6 = [.. Enumerable.Range(1, 64).Select(i => $"2001:db8:{i:x}:{i * 257:x}::1")];
        PrivateNetwork.Run(() =>
        {
            PrivateNetwork.Ip(string.Join('\n', ipv4.Select(a => $"addr add {a}/32 dev lo")));
            PrivateNetwork.Ip(string.Join('\n', ipv6.Select(a => $"addr add {a}/128 dev lo nodad")));
            foreach (int workers in (ReadOnlySpan<int>)[1, 2, 3, 4])
            {
                int[] perWorker = SendFromEach([.. ipv4, .. ipv6], new IPEndPoint(IPAddress.IPv6Any, 2055), workers);
                Assert.Equal(256, perWorker.Sum());
                Assert.All(perWorker, n => Assert.NotEqual(0, n));
            }
        });
    }

    [Fact]
    public void LoopbackSources_KernelAndCSharpNameTheSameWorker()
    {
        string[] sources = [.. Enumerable.Range(1, 64).Select(i => $"127.{i}.{i ^ 9}.{i * 3}")];
        Assert.Equal(128, SendFromEach(sources, new IPEndPoint(IPAddress.Loopback, 0), 4).Sum());
    }

    [Theory]
    [InlineData("10.0.0.0", 1u)]
    [InlineData("10.0.0.0", 256u)]
    [InlineData("10.0.0.0", 65_536u)]
    [InlineData("1.0.0.1", 0x0100_0000u)]
    [InlineData("192.168.0.1", 4u)]
    public void NeighbouringExporters_AreSpreadOverAllWorkers(string first, uint step)
    {
        foreach (int workers in (ReadOnlySpan<int>)[2, 3, 4, 8])
        {
            int[] perWorker = new int[workers];
            for (uint i = 0; i < 240; i++)
            {
                perWorker[ReuseportSteering.WorkerOf(IpAddress.FromIPv4(IpAddress.Parse(first).ToIPv4() + (i * step)), workers)]++;
            }

            Assert.All(perWorker, n => Assert.InRange(n, 240 / workers * 6 / 10, 240 / workers * 14 / 10));
        }
    }

    /// <summary>Two datagrams, from two ports, of each source; asserts where each lands.</summary>
    private static int[] SendFromEach(string[] sources, IPEndPoint listen, int workers)
    {
        using var sockets = ReceiveSockets.Open([listen], workers, 1 << 20, sharePort: false);
        foreach (string source in sources)
        {
            using var one = new UdpSender(source, sockets.Listen[0].Port);
            using var other = new UdpSender(source, sockets.Listen[0].Port);
            one.Send(1);
            other.Send(2);
        }

        using var batch = new DatagramBatch();
        int[] perWorker = new int[workers];
        HashSet<string> seen = [];
        for (int worker = 0; worker < workers; worker++)
        {
            while (sockets.ForWorker(worker).ReceiveQueued(batch) > 0)
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    Assert.Equal(ReuseportSteering.WorkerOf(batch[i].Source, workers), worker);
                    seen.Add(batch[i].Source.ToString());
                    perWorker[worker]++;
                }
            }
        }

        Assert.Equal(sources.Select(s => IpAddress.Parse(s).ToString()).Order(), seen.Order());
        return perWorker;
    }
}
