using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Collector.Configuration;
using static Collector.Receiving.LibC;

namespace Collector.Receiving;

/// <summary>All sockets of the collector: for each listen address one per worker, steered by the address of the sender.</summary>
/// <remarks>Made and disposed by one thread; dispose it only after the workers have ended.</remarks>
public sealed class ReceiveSockets : IDisposable
{
    // What came in during the few milliseconds between bind and attach; beyond it, datagrams stay in the queue that they landed in.
    private const long HandOverBytes = 16 << 20;

    private readonly WorkerSockets[] _workers;
    private readonly List<ReceiveSocket[]> _steered;

    private ReceiveSockets(WorkerSockets[] workers, List<ReceiveSocket[]> steered, IReadOnlyList<IPEndPoint> listen, IReadOnlyList<string> warnings)
    {
        _workers = workers;
        _steered = steered;
        Listen = listen;
        Warnings = warnings;
    }

    /// <summary>The addresses really listened on.</summary>
    public IReadOnlyList<IPEndPoint> Listen { get; }

    /// <summary>What the operator should know: a smaller receive buffer than asked for, a shared port. One sentence or two each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Binds every address for every worker and puts the steering in force; the workers can start when it returns.</summary>
    /// <param name="listen">Addresses; empty for <see cref="ListenAddress.Defaults"/>. [::] takes IPv4 too, unless 0.0.0.0 with the same port is listed.</param>
    /// <param name="workers">Number of workers, at least 1.</param>
    /// <param name="bufferBytes">Receive buffer to ask for, per socket, in bytes.</param>
    /// <param name="sharePort">Accept that another process receives on an address.</param>
    /// <param name="options">Interface, IPv6 only, multicast groups; null: none of them.</param>
    /// <exception cref="ListenException">An address cannot be used; the message names each such address, the reason and the remedy.</exception>
    public static ReceiveSockets Open(IReadOnlyList<IPEndPoint> listen, int workers, int bufferBytes, bool sharePort, SocketOptions? options = null)
    {
        ReceiveSockets sockets = Bind(listen, workers, bufferBytes, sharePort, options);
        try
        {
            sockets.Steer();
            return sockets;
        }
        catch
        {
            sockets.Dispose();
            throw;
        }
    }

    /// <summary>The sockets of one worker, from 0.</summary>
    public WorkerSockets ForWorker(int worker) => _workers[worker];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ReceiveSocket socket in _workers.SelectMany(w => w.Sockets))
        {
            socket.Close();
        }
    }

    /// <summary>The first half of <see cref="Open"/>: sockets are bound, the kernel still spreads by its own hash.</summary>
    internal static ReceiveSockets Bind(IReadOnlyList<IPEndPoint> listen, int workers, int bufferBytes, bool sharePort, SocketOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        IPEndPoint[] addresses = [.. (listen.Count == 0 ? ListenAddress.Defaults : listen).Select(Unmap).Distinct()];
        options ??= new SocketOptions();
        Dictionary<IPEndPoint, string> shared = Probe(addresses, sharePort, options);

        var byWorker = new List<ReceiveSocket>[workers];
        for (int i = 0; i < workers; i++)
        {
            byWorker[i] = [];
        }

        List<ReceiveSocket[]> steered = [];
        List<IPEndPoint> bound = [];
        try
        {
            foreach (IPEndPoint address in addresses)
            {
                // Among another process's sockets the kernel's choice cannot be ours: one socket keeps every source on one worker.
                var group = new ReceiveSocket[shared.ContainsKey(address) ? 1 : workers];
                IPEndPoint wanted = address;
                for (int i = 0; i < group.Length; i++)
                {
                    group[i] = ReceiveSocket.Open(wanted, i, IsDualStack(address, addresses, options), bufferBytes, options);
                    byWorker[i].Add(group[i]);
                    wanted = group[i].Endpoint;
                }

                bound.Add(wanted);
                if (!shared.ContainsKey(address))
                {
                    steered.Add(group);
                }
            }
        }
        catch
        {
            foreach (ReceiveSocket socket in byWorker.SelectMany(s => s))
            {
                socket.Close();
            }

            throw;
        }

        List<string> warnings = [.. shared.Values];
        if (DescribeBuffer(bufferBytes, byWorker[0].Min(s => s.GrantedBufferBytes)) is { } tooSmall)
        {
            warnings.Add(tooSmall);
        }

        return new ReceiveSockets([.. byWorker.Select((s, i) => new WorkerSockets(i, [.. s]))], steered, bound, warnings);
    }

    /// <summary>The second half: attaches the program, then hands over what landed on another worker's socket before.</summary>
    internal void Steer()
    {
        foreach (ReceiveSocket[] group in _steered)
        {
            group[0].AttachSteering(group.Length);
        }

        if (_workers.Length == 1)
        {
            return;
        }

        using var batch = new DatagramBatch();
        long room = HandOverBytes;
        foreach (ReceiveSocket socket in _steered.SelectMany(g => g))
        {
            while (room > 0 && socket.Receive(batch, MessageDontWait) > 0)
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    ReceivedDatagram datagram = batch[i];
                    room -= datagram.Payload.Length;
                    _workers[ReuseportSteering.WorkerOf(datagram.Source, _workers.Length)].HandOver(datagram);
                }
            }
        }
    }

    private static IPEndPoint Unmap(IPEndPoint address) =>
        address.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(address.Address.MapToIPv4(), address.Port) : address;

    /// <summary>The addresses that another process receives on, each with the warning about it.</summary>
    private static Dictionary<IPEndPoint, string> Probe(IPEndPoint[] addresses, bool sharePort, SocketOptions options)
    {
        Dictionary<IPEndPoint, string> shared = [];
        List<string> errors = [];
        foreach (IPEndPoint address in addresses)
        {
            int error = PortProbe.TryBind(address, IsDualStack(address, addresses, options), options.Interface);
            if (error == ErrorAddressInUse && sharePort)
            {
                shared.Add(address, DescribeShared(address));
            }
            else if (error != 0)
            {
                errors.Add(PortProbe.Explain(address, error));
            }
        }

        return errors.Count == 0 ? shared : throw new ListenException(string.Join('\n', errors));
    }

    private static bool IsDualStack(IPEndPoint address, IPEndPoint[] all, SocketOptions options) =>
        !options.IPv6Only && address.Address.Equals(IPAddress.IPv6Any) && !all.Any(a => a.Port == address.Port && a.AddressFamily == AddressFamily.InterNetwork
            && a.Address.Equals(IPAddress.Any));

    private static string DescribeShared(IPEndPoint address) =>
        $"{PortOwner.Describe(address)} receives on {address} too: the kernel gives each of them a part of the exporters, "
        + "and one worker takes all of ours from this address";

    /// <summary>The warning for a buffer smaller than asked for, else null.</summary>
    internal static string? DescribeBuffer(int asked, int granted) => granted >= asked ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"receive buffer: asked for {asked:N0} bytes per socket, the kernel granted {granted:N0}; "
        + $"set net.core.rmem_max={asked} (sysctl -w net.core.rmem_max={asked}) or grant CAP_NET_ADMIN, else bursts are lost");
}
