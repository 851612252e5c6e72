using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Collector.Receiving;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Receiving;

[SupportedOSPlatform("linux")]
public sealed class WorkerSocketsTests
{
    private const int SignalWindowChange = 28;

    [Theory]
    [InlineData(65_507, "127.0.0.1")]
    [InlineData(65_527, "::1")]
    [InlineData(0, "127.0.0.1")]
    public void DatagramOfAnyLength_ArrivesWhole(int length, string source)
    {
        using ReceiveSockets sockets = Open(1);
        using var sender = new UdpSender(source, sockets.Listen[0].Port);
        using var batch = new DatagramBatch();
        byte[] payload = new byte[length];
        new Random(1).NextBytes(payload);
        sender.Send(payload);

        Assert.Equal(1, sockets.ForWorker(0).Receive(batch));
        Assert.True(batch[0].Payload.SequenceEqual(payload));
        Assert.False(batch[0].IsTruncated);
        Assert.Equal(source, batch[0].Source.ToString());
        Assert.Equal(sender.Port, batch[0].SourcePort);
        Assert.Equal((1L, (long)length), (sockets.ForWorker(0).Sockets[0].Datagrams, sockets.ForWorker(0).Sockets[0].Octets));
    }

    [Fact]
    public void DatagramLongerThanTheBuffers_IsMarkedAndCounted()
    {
        using ReceiveSockets sockets = Open(1);
        using var sender = new UdpSender("127.0.0.1", sockets.Listen[0].Port);
        using var batch = new DatagramBatch(capacity: 4, datagramBytes: 100);
        sender.Send(new byte[100]);
        sender.Send(new byte[101]);
        sender.Send(new byte[3]);

        Assert.Equal(3, sockets.ForWorker(0).Receive(batch));
        Assert.Equal((100, false), (batch[0].Payload.Length, batch[0].IsTruncated));
        Assert.Equal((100, true), (batch[1].Payload.Length, batch[1].IsTruncated));
        Assert.Equal((3, false), (batch[2].Payload.Length, batch[2].IsTruncated));
        Assert.Equal(1, sockets.ForWorker(0).Sockets[0].Truncated);
    }

    [Fact]
    public void BufferTooSmallForTheBurst_ReceivedAndDroppedAddUp()
    {
        const int Sent = 3_000;
        using ReceiveSockets sockets = Open(1, bufferBytes: 16_384);
        WorkerSockets worker = sockets.ForWorker(0);
        using var sender = new UdpSender("127.0.0.1", sockets.Listen[0].Port);
        using var batch = new DatagramBatch();
        for (int i = 0; i < Sent; i++)
        {
            sender.Send(new byte[500]);
        }

        int received = ReadAll(worker, batch);
        worker.ReadKernelDrops();
        Assert.InRange(received, 1, Sent - 1);
        Assert.Equal(Sent - received, worker.Sockets[0].KernelDrops);

        sender.Send(1);
        Assert.Equal(1, worker.Receive(batch));
        worker.ReadKernelDrops();
        Assert.Equal(Sent - received, worker.Sockets[0].KernelDrops);
    }

    [Fact]
    public void Shut_CountsWhatIsLeftAndLetsNothingMoreIn()
    {
        using ReceiveSockets sockets = Open(2);
        WorkerSockets worker = sockets.ForWorker(0);
        using var first = new UdpSender("127.0.0.1", sockets.Listen[0].Port);
        using var second = new UdpSender("127.0.0.1", sockets.Listen[1]);
        for (int i = 0; i < 100; i++)
        {
            first.Send(1);
            second.Send(2);
        }

        using var batch = new DatagramBatch(capacity: 16);
        int read = worker.ReceiveQueued(batch) + worker.ReceiveQueued(batch) + worker.ReceiveQueued(batch);
        Assert.Equal(48, read);
        Assert.Equal(200 - read, worker.Shut(batch));
        Assert.Equal(0, worker.Shut(batch));
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public void OneSocketFlooded_TheOthersAreServedInBetween()
    {
        using ReceiveSockets sockets = Open(3);
        WorkerSockets worker = sockets.ForWorker(0);
        using var flood = new UdpSender("127.0.0.1", sockets.Listen[0].Port);
        using var quiet = new UdpSender("127.0.0.1", sockets.Listen[2]);
        for (int i = 0; i < 500; i++)
        {
            flood.Send(1);
        }

        quiet.Send(2);
        using var batch = new DatagramBatch(capacity: 8);
        List<int> order = [];
        while (worker.Receive(batch) > 0 && order.Count < 3)
        {
            order.Add(batch[0].Payload[0]);
        }

        Assert.Contains(2, order);
        ReadAll(worker, batch);
        Assert.Equal([500L, 0L, 1L], worker.Sockets.Select(s => s.Datagrams));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void NothingSent_ReceiveComesBackWithNothing(int addresses)
    {
        using ReceiveSockets sockets = Open(addresses);
        using var batch = new DatagramBatch();
        Assert.Equal(0, sockets.ForWorker(0).Receive(batch));
        Assert.Equal(0, sockets.ForWorker(0).ReceiveQueued(batch));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Receive_AllocatesNothing(int addresses)
    {
        using ReceiveSockets sockets = Open(addresses);
        WorkerSockets worker = sockets.ForWorker(0);
        using var sender = new UdpSender("127.0.0.1", sockets.Listen[0].Port);
        using var batch = new DatagramBatch(capacity: 4);
        for (int i = 0; i < 3; i++)
        {
            // Every call is bound to its library on first use.
            sender.Send(1);
            Read(worker, batch, 1);
            worker.ReadKernelDrops();
        }

        int octets = 0;
        int sent = 0;
        long allocated = long.MaxValue;
        for (int round = 0; round < 5 && allocated > 0; round++)
        {
            for (int i = 0; i < 1_000; i++)
            {
                sender.Send(1);
            }

            sent += 1_000;
            allocated = Allocation.OfSteadyState(
                () =>
                {
                    octets += Read(worker, batch, 1_000);
                    worker.ReadKernelDrops();
                    worker.Receive(batch);
                },
                rounds: 1);
        }

        Assert.Equal(0, allocated);
        Assert.Equal(sent, octets);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void SignalWhileWaiting_IsNoError(int addresses)
    {
        using ReceiveSockets sockets = Open(addresses);
        using var batch = new DatagramBatch();
        using var handler = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => { });
        int result = -1, id = 0;
        var waiting = new Thread(() =>
        {
            Volatile.Write(ref id, GetThreadId());
            result = sockets.ForWorker(0).Receive(batch);
        });
        waiting.Start();
        while (!waiting.Join(1))
        {
            if (Volatile.Read(ref id) != 0)
            {
                _ = SendSignal(Environment.ProcessId, id, SignalWindowChange);
            }
        }

        Assert.Equal(0, result);
    }

    private static ReceiveSockets Open(int addresses, int bufferBytes = 4 << 20)
    {
        IPEndPoint[] listen = [.. Enumerable.Range(0, addresses).Select(i => new IPEndPoint(i == 0 ? IPAddress.IPv6Any : IPAddress.Parse($"127.0.0.{i}"), 0))];
        return ReceiveSockets.Open(listen, 1, bufferBytes, sharePort: false);
    }

    private static int ReadAll(WorkerSockets worker, DatagramBatch batch)
    {
        int all = 0;
        for (int n; (n = worker.ReceiveQueued(batch)) > 0;)
        {
            all += n;
        }

        return all;
    }

    private static int Read(WorkerSockets worker, DatagramBatch batch, int datagrams)
    {
        int octets = 0;
        while (datagrams > 0)
        {
            int n = worker.Receive(batch);
            for (int i = 0; i < n; i++)
            {
                octets += batch[i].Payload.Length + (batch[i].Source.IsIPv4 ? 0 : 1);
            }

            datagrams -= n;
        }

        return octets;
    }

    [DllImport("libc", EntryPoint = "gettid")]
    private static extern int GetThreadId();

    [DllImport("libc", EntryPoint = "tgkill")]
    private static extern int SendSignal(int process, int thread, int signal);
}
