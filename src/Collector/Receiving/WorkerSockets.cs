using System.Runtime.InteropServices;
using Collector.Net;
using static Collector.Receiving.LibC;

namespace Collector.Receiving;

/// <summary>The sockets of one worker, one per listen address. Used by that worker's thread only.</summary>
/// <remarks>No call allocates once what came in before the workers started has been handed out.</remarks>
public sealed class WorkerSockets
{
    private const int WaitMilliseconds = 100;

    // Waking up for every two or three datagrams costs more than receiving them. Half a millisecond lets some gather, and even at 10 Gbit/s
    // fills no more than an eighth of the buffer; where the granted buffer is small, the pause is shorter or left out.
    private const int LongestGathering = 500;
    private const int ShortestGathering = 50;
    private const int BufferBytesPerMicrosecond = 16_384;

    private readonly ReceiveSocket[] _sockets;
    private readonly PollDescriptor[] _poll;
    private readonly uint _gathering;
    private int _next;
    private int _received;
    private Queue<HandedOver>? _handedOver;

    internal WorkerSockets(int worker, ReceiveSocket[] sockets)
    {
        Worker = worker;
        _sockets = sockets;
        _next = sockets.Length;
        int micros = sockets.Length == 0 ? 0 : Math.Min(LongestGathering, sockets.Min(s => s.GrantedBufferBytes) / BufferBytesPerMicrosecond);
        _gathering = micros < ShortestGathering ? 0 : (uint)micros;
        _poll = GC.AllocateArray<PollDescriptor>(sockets.Length, pinned: true);
        for (int i = 0; i < sockets.Length; i++)
        {
            _poll[i] = new PollDescriptor { Descriptor = sockets[i].Descriptor, Events = PollIn };
        }
    }

    /// <summary>The number of the worker, from 0.</summary>
    public int Worker { get; }

    /// <summary>The sockets, in the order of the listen addresses.</summary>
    public IReadOnlyList<ReceiveSocket> Sockets => _sockets;

    /// <summary>Waits up to 100 ms for datagrams and takes what is there, up to the capacity of the batch.</summary>
    /// <returns>Datagrams in the batch; 0 after a time-out or a signal. A full batch says nothing about what is left.</returns>
    /// <remarks>The first datagram after a pause is returned at once; while they come singly, those that follow are let gather for up to 0.5 ms.</remarks>
    public int Receive(DatagramBatch batch)
    {
        if (_handedOver is not null)
        {
            return TakeHandedOver(batch);
        }

        if (_sockets.Length != 1)
        {
            return ReceiveInTurn(batch, WaitMilliseconds);
        }

        Gather(batch);
        return _received = _sockets[0].Receive(batch, MessageWaitForOne);
    }

    /// <summary>Takes what is queued, without waiting: for the drain at stop.</summary>
    /// <returns>Datagrams in the batch; 0 when every socket is empty.</returns>
    public int ReceiveQueued(DatagramBatch batch) => _handedOver is not null ? TakeHandedOver(batch) : ReceiveInTurn(batch, 0);

    /// <summary>Ends reception: nothing more is let in, what is still queued is read and counted but not looked at, the sockets are closed.</summary>
    /// <param name="batch">Scratch; empty afterwards.</param>
    /// <returns>Datagrams that were queued and not handed out.</returns>
    /// <remarks>
    /// Terminates by itself, because the queues no longer grow. What comes after the door is shut counts as a kernel drop of the socket, so
    /// datagrams received + left here + kernel drops are all that reached the sockets.
    /// </remarks>
    public long Shut(DatagramBatch batch)
    {
        long left = _handedOver?.Count ?? 0;
        _handedOver = null;
        foreach (ReceiveSocket socket in _sockets)
        {
            if (socket.Descriptor < 0)
            {
                continue;
            }

            socket.RefuseMore();
            for (int n; (n = batch.Fill(socket.Descriptor, MessageDontWait)) > 0;)
            {
                left += n;
            }

            socket.ReadKernelDrops();
            socket.Close();
        }

        batch.Clear();
        return left;
    }

    /// <summary>Brings <see cref="ReceiveSocket.KernelDrops"/> of all sockets up to date; for the worker's tick.</summary>
    public void ReadKernelDrops()
    {
        foreach (ReceiveSocket socket in _sockets)
        {
            socket.ReadKernelDrops();
        }
    }

    /// <summary>Gives the worker a datagram that another worker's socket got before steering was in force.</summary>
    internal void HandOver(in ReceivedDatagram datagram) =>
        (_handedOver ??= []).Enqueue(new HandedOver(datagram.Payload.ToArray(), datagram.Source, datagram.SourcePort));

    /// <summary>Each socket that poll found readable gives one batch before poll is asked again: none can starve the others.</summary>
    private unsafe int ReceiveInTurn(DatagramBatch batch, int waitMilliseconds)
    {
        // Two rounds at most: what poll announced before may be gone (a bad checksum is found out when reading).
        for (int round = 0; round < 2; round++)
        {
            while (_next < _sockets.Length)
            {
                int i = _next++;
                if (_poll[i].Returned != 0)
                {
                    int n = _sockets[i].Receive(batch, MessageDontWait);
                    if (n > 0)
                    {
                        _received += n;
                        return n;
                    }
                }
            }

            if (waitMilliseconds > 0)
            {
                Gather(batch);
            }

            _received = 0;
            // The array is pinned for good.
            var descriptors = (PollDescriptor*)Marshal.UnsafeAddrOfPinnedArrayElement(_poll, 0);
            if (LibC.Poll(descriptors, (nuint)_poll.Length, waitMilliseconds) <= 0)
            {
                break;
            }

            _next = 0;
        }

        batch.Clear();
        return 0;
    }

    /// <summary>Lets datagrams gather, unless the last round found none or many.</summary>
    private void Gather(DatagramBatch batch)
    {
        if (_gathering > 0 && _received > 0 && _received <= batch.Capacity / 2)
        {
            _ = SleepMicroseconds(_gathering);
        }
    }

    private int TakeHandedOver(DatagramBatch batch)
    {
        batch.Clear();
        while (batch.Count < batch.Capacity && _handedOver!.TryDequeue(out HandedOver early))
        {
            batch.Append(early.Payload, early.Source, early.Port);
        }

        if (_handedOver!.Count == 0)
        {
            _handedOver = null;
        }

        return batch.Count;
    }

    private readonly record struct HandedOver(byte[] Payload, IpAddress Source, ushort Port);
}
