using System.Net.Sockets;
using System.Runtime.InteropServices;
using Collector.Net;
using static Collector.LoadGenerator.Sending.LibC;

namespace Collector.LoadGenerator.Sending;

/// <summary>Collects datagrams of one source and sends them with one sendmmsg call; one connected socket per source.</summary>
internal sealed unsafe class DatagramSender : IDisposable
{
    private const int MaxDatagrams = 64;
    private const int MaxSegmentedBytes = 65_000;

    private readonly Socket[] _sockets;
    private readonly int[] _descriptors;
    private readonly bool _segmentation;
    private readonly int _limit;
    private readonly MultiMessageHeader* _messages;
    private readonly IoVector* _vectors;
    private readonly ControlMessage* _controls;
    private int _source;
    private int _count;
    private int _messageCount;
    private int _messageBytes;

    internal DatagramSender(LoadOptions options, IReadOnlyList<IpAddress> sources, int ringLength)
    {
        _sockets = new Socket[sources.Count];
        _descriptors = new int[sources.Count];
        for (int i = 0; i < sources.Count; i++)
        {
            _sockets[i] = new Socket(options.Target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            _sockets[i].Bind(new System.Net.IPEndPoint(sources[i].ToIPAddress(), 0));
            _sockets[i].Connect(options.Target);
            _descriptors[i] = (int)_sockets[i].Handle;
        }

        _segmentation = options.Segmentation;
        _limit = Math.Min(MaxDatagrams, ringLength);
        _messages = (MultiMessageHeader*)NativeMemory.AllocZeroed(MaxDatagrams, (nuint)sizeof(MultiMessageHeader));
        _vectors = (IoVector*)NativeMemory.AllocZeroed(MaxDatagrams, (nuint)sizeof(IoVector));
        _controls = (ControlMessage*)NativeMemory.AllocZeroed(MaxDatagrams, (nuint)sizeof(ControlMessage));
    }

    /// <summary>Sends that the kernel answered with "connection refused": nobody receives on the target.</summary>
    internal long Refused { get; private set; }

    /// <summary>Takes a datagram; sends first when it does not fit to those collected, and at once after an announcement.</summary>
    /// <returns>True when nothing is held back.</returns>
    internal bool Add(in Outgoing datagram)
    {
        if (_count > 0 && datagram.Source != _source)
        {
            Flush();
        }

        _source = datagram.Source;
        _vectors[_count] = new IoVector { Base = datagram.Data, Length = (nuint)datagram.Length };
        if (_segmentation && _messageCount > 0 && (int)_controls[_messageCount - 1].Value == datagram.Length
            && _messageBytes + datagram.Length <= MaxSegmentedBytes)
        {
            _messages[_messageCount - 1].VectorCount++;
            _messageBytes += datagram.Length;
        }
        else
        {
            BeginMessage(datagram.Length);
        }

        _count++;
        if (_count < _limit && !datagram.IsAnnouncement)
        {
            return false;
        }

        Flush();
        return true;
    }

    internal void Flush()
    {
        MultiMessageHeader* next = _messages;
        MultiMessageHeader* end = _messages + _messageCount;
        while (next < end)
        {
            int sent = SendMultiple(_descriptors[_source], next, (uint)(end - next), 0);
            if (sent > 0)
            {
                next += sent;
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case ErrorInterrupted:
                    break;
                case ErrorConnectionRefused:
                    // Reports an earlier datagram; the one at hand was not tried.
                    Refused++;
                    break;
                case int error:
                    throw new IOException($"sendmmsg: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }

        _count = 0;
        _messageCount = 0;
    }

    public void Dispose()
    {
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }

        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_controls);
    }

    private void BeginMessage(int length)
    {
        MultiMessageHeader* message = _messages + _messageCount;
        ControlMessage* control = _controls + _messageCount++;
        *control = new ControlMessage { Length = 16 + sizeof(ushort), Level = LevelUdp, Type = UdpSegment, Value = (ushort)length };
        *message = new MultiMessageHeader
        {
            Vectors = _vectors + _count,
            VectorCount = 1,
            Control = _segmentation ? control : null,
            ControlLength = _segmentation ? (nuint)sizeof(ControlMessage) : 0,
        };
        _messageBytes = length;
    }
}
