using System.Net;
using System.Net.Sockets;
using Collector.Configuration;
using static Collector.Receiving.LibC;

namespace Collector.Receiving;

/// <summary>One bound UDP socket of one worker, with what was received through it and lost before it.</summary>
/// <remarks>Its worker writes the counters; any thread may read them.</remarks>
public sealed class ReceiveSocket
{
    private long _datagrams;
    private long _octets;
    private long _truncated;
    private long _kernelDrops;
    private long _errors;
    private uint _lastDrops;

    private ReceiveSocket(int descriptor, IPEndPoint endpoint, int worker)
    {
        Descriptor = descriptor;
        Endpoint = endpoint;
        Worker = worker;
    }

    /// <summary>The address and port that it is bound to.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>The worker that reads it, from 0.</summary>
    public int Worker { get; }

    /// <summary>Receive buffer granted by the kernel, in bytes: half of what getsockopt says, the other half is for its own overhead.</summary>
    public int GrantedBufferBytes { get; private set; }

    /// <summary>Datagrams read.</summary>
    public long Datagrams => Volatile.Read(ref _datagrams);

    /// <summary>UDP payload read, in bytes.</summary>
    public long Octets => Volatile.Read(ref _octets);

    /// <summary>Datagrams among <see cref="Datagrams"/> that were longer than the buffers of the batch.</summary>
    public long Truncated => Volatile.Read(ref _truncated);

    /// <summary>Datagrams that the kernel had to drop (buffer full, bad checksum), as of the last <see cref="ReadKernelDrops"/>.</summary>
    public long KernelDrops => Volatile.Read(ref _kernelDrops);

    /// <summary>Calls that failed otherwise than by time-out or signal; no datagram is lost by one.</summary>
    public long Errors => Volatile.Read(ref _errors);

    internal int Descriptor { get; private set; }

    /// <summary>Opens and binds a socket; throws <see cref="ListenException"/> when the kernel refuses.</summary>
    internal static ReceiveSocket Open(IPEndPoint endpoint, int worker, bool dualStack, int bufferBytes, SocketOptions options)
    {
        bool isIPv6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        int descriptor = Socket(isIPv6 ? AddressFamilyInet6 : AddressFamilyInet, SocketTypeDatagramCloseOnExec, 0);
        if (descriptor < 0)
        {
            throw new ListenException(LastError == ErrorAddressFamilyNotSupported
                ? $"{endpoint}: this kernel has no IPv6; write an IPv4 address under listen:, such as 0.0.0.0:{endpoint.Port}"
                : $"{endpoint}: no socket: {Describe(LastError)}");
        }

        try
        {
            Require(SetOption(descriptor, LevelSocket, OptionReusePort, 1), endpoint, "SO_REUSEPORT");
            if (isIPv6)
            {
                Require(SetOption(descriptor, LevelIPv6, OptionIPv6Only, dualStack ? 0 : 1), endpoint, "IPV6_V6ONLY");
            }

            if (options.Interface is { } name && BindToDevice(descriptor, name) is var refused and not 0)
            {
                throw new ListenException(PortProbe.ExplainInterface(endpoint, name, refused));
            }

            // struct timeval: 0 s, 100 ms. recvmmsg's own timeout is looked at only after a datagram.
            Require(SetOption(descriptor, LevelSocket, OptionReceiveTimeout, (0L, 100_000L)), endpoint, "SO_RCVTIMEO");
            int granted = AskForBuffer(descriptor, bufferBytes);
            int error = Bind(descriptor, endpoint);
            if (error != 0)
            {
                throw new ListenException(PortProbe.Explain(endpoint, error));
            }

            JoinGroups(descriptor, endpoint, worker, dualStack, options);
            return new ReceiveSocket(descriptor, LocalAddress(descriptor, endpoint.AddressFamily), worker) { GrantedBufferBytes = granted };
        }
        catch
        {
            _ = LibC.Close(descriptor);
            throw;
        }
    }

    /// <summary>Brings <see cref="KernelDrops"/> up to date; to be called by the worker at least every few seconds (the kernel counts in 32 bits).</summary>
    public void ReadKernelDrops()
    {
        Span<uint> info = stackalloc uint[MemoryInfoCount];
        if (GetOption(Descriptor, LevelSocket, OptionMemoryInfo, info) == 0)
        {
            uint drops = info[MemoryInfoDrops];
            _kernelDrops += drops - _lastDrops;
            _lastDrops = drops;
        }
    }

    internal int Receive(DatagramBatch batch, int flags)
    {
        int received = batch.Fill(Descriptor, flags);
        if (received > 0)
        {
            (long octets, int truncated) = batch.Measure();
            Volatile.Write(ref _datagrams, _datagrams + received);
            Volatile.Write(ref _octets, _octets + octets);
            _truncated += truncated;
            return received;
        }

        switch (-received)
        {
            case 0 or ErrorAgain or ErrorInterrupted:
                return 0;
            case ErrorBadDescriptor or ErrorNotSocket or ErrorFault or ErrorInvalid:
                throw new InvalidOperationException($"recvmmsg on {Endpoint}: {Describe(-received)}");
            default:
                _errors++;
                return 0;
        }
    }

    internal void AttachSteering(int workers)
    {
        int error = AttachFilter(Descriptor, OptionAttachReusePortFilter, ReuseportSteering.Program(workers));
        Require(error, Endpoint, "SO_ATTACH_REUSEPORT_CBPF");
    }

    /// <summary>From now on every arriving datagram is dropped (and counted by the kernel); what is queued can still be read.</summary>
    internal void RefuseMore()
    {
        const ushort ReturnConstant = 0x06;
        _ = AttachFilter(Descriptor, OptionAttachFilter, [new FilterInstruction(ReturnConstant, 0, 0, 0)]);
    }

    internal void Close()
    {
        if (Descriptor >= 0)
        {
            _ = LibC.Close(Descriptor);
            Descriptor = -1;
        }
    }

    /// <remarks>
    /// The kernel gives a datagram to a group to every socket of the port, steering or not. So the first worker's sockets alone take them: the
    /// others join no group, and take no part in groups that the machine has joined otherwise.
    /// </remarks>
    private static void JoinGroups(int descriptor, IPEndPoint endpoint, int worker, bool dualStack, SocketOptions options)
    {
        bool isIPv6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        if (worker > 0)
        {
            _ = SetOption(descriptor, LevelIPv4, OptionIPv4MulticastAll, 0);
            _ = isIPv6 ? SetOption(descriptor, LevelIPv6, OptionIPv6MulticastAll, 0) : 0;
            return;
        }

        int index = options.Interface is { } name ? InterfaceIndex(name) : 0;
        foreach (IPAddress group in options.MulticastGroups)
        {
            bool fits = group.AddressFamily == AddressFamily.InterNetworkV6 ? isIPv6 : !isIPv6 || dualStack;
            int error = fits ? Join(descriptor, group, index) : 0;
            if (error != 0)
            {
                throw new ListenException($"{endpoint}: cannot join the multicast group {group}: {Describe(error)}"
                    + (error == ErrorNoDevice ? "; name the interface (interface:), or give the group a route" : ""));
            }
        }
    }

    private static int AskForBuffer(int descriptor, int bytes)
    {
        // Beyond net.core.rmem_max only CAP_NET_ADMIN may ask.
        if (SetOption(descriptor, LevelSocket, OptionReceiveBufferForce, bytes) != 0)
        {
            _ = SetOption(descriptor, LevelSocket, OptionReceiveBuffer, bytes);
        }

        Span<int> doubled = stackalloc int[1];
        return GetOption(descriptor, LevelSocket, OptionReceiveBuffer, doubled) == 0 ? doubled[0] / 2 : 0;
    }

    private static void Require(int error, IPEndPoint endpoint, string option)
    {
        if (error != 0)
        {
            throw new ListenException($"{endpoint}: {option}: {Describe(error)}");
        }
    }
}
