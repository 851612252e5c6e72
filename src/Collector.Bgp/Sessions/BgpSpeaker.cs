using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Net;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Collector.Bgp.Sessions;

/// <summary>Takes and makes connections and holds the sessions with all peers. It never announces a route.</summary>
/// <remarks>Inert until <see cref="Start"/>; started and stopped by one thread. What it tells may be asked by any.</remarks>
public sealed class BgpSpeaker : IAsyncDisposable
{
    private const int Backlog = 64;
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1), StopLimit = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<IpAddress, BgpPeer> _peers = [];
    private readonly Lock _gate = new();
    private readonly List<Socket> _listeners = [];
    private readonly List<Task> _tasks = [];
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _tick;
    private SpeakerOptions _options;

    /// <summary>Makes a speaker.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="table">Where the routes go; its limit of peers should be at least <see cref="SpeakerOptions.MaxPeers"/>.</param>
    /// <param name="observer">Who is told; <see cref="ObserverList"/> for several.</param>
    /// <param name="time">The clock of all timers.</param>
    public BgpSpeaker(SpeakerOptions options, RouteTable table, BgpObserver observer, TimeProvider time) =>
        (_options, Table, Observer, Time) = (options, table, observer, time);

    /// <summary>How it behaves; sessions that are up keep what held when they came up.</summary>
    public SpeakerOptions Options => Volatile.Read(ref _options);

    /// <summary>All peers that are or were there, in no order.</summary>
    public IEnumerable<BgpPeer> Peers => _peers.Values;

    /// <summary>Connections closed because their address may not have a session.</summary>
    public long NotListed { get; private set; }

    /// <summary>Connections closed because <see cref="SpeakerOptions.MaxPeers"/> was met.</summary>
    public long TooManyPeers { get; private set; }

    /// <summary>Where connections are taken: with the ports that the kernel chose.</summary>
    public IReadOnlyList<IPEndPoint> LocalEndPoints => [.. _listeners.Select(l => (IPEndPoint)l.LocalEndPoint!)];

    internal RouteTable Table { get; }

    internal BgpObserver Observer { get; }

    internal TimeProvider Time { get; }

    internal bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Milliseconds of a clock that does not go back.</summary>
    internal long Now => (long)Time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Opens the ports and begins to connect.</summary>
    /// <exception cref="SocketException">A port cannot be opened, or the kernel takes no TCP-MD5 keys.</exception>
    public void Start()
    {
        foreach (RoutePeer stale in Table.Peers.Peers)
        {
            _ = PeerOf(stale.Description.Address, out _);
        }

        foreach (IPEndPoint endPoint in Options.Listen)
        {
            Listen(endPoint);
        }

        foreach (PeerOptions peer in Options.Peers.Where(p => p.Connect))
        {
            BgpPeer target = _peers.GetOrAdd(peer.Address, address => new BgpPeer(this, address, peer));
            _tasks.Add(Task.Run(() => new PeerConnector(this, target).RunAsync(_stop.Token)));
        }

        _tick = Time.CreateTimer(_ => OnTick(), null, TickInterval, TickInterval);
    }

    /// <summary>Takes new options for the peers and asks all peers for their routes again.</summary>
    /// <param name="options">Listening and connecting stay as they are; sessions of peers that are not allowed any more end with Cease.</param>
    public void Reload(SpeakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_gate)
        {
            foreach (PeerOptions peer in Options.Peers.Where(p => p.Password is not null))
            {
                SetPasswordOnListeners(peer, null);
            }

            Volatile.Write(ref _options, options);
            foreach (PeerOptions peer in options.Peers)
            {
                SetPasswordOnListeners(peer, peer.Password);
            }
        }

        foreach (BgpPeer peer in _peers.Values)
        {
            if (Find(peer.Address) is null)
            {
                peer.CloseAll(NotificationMessage.Of(NotificationCode.Cease, CeaseSubcode.PeerRemoved));
            }
            else
            {
                peer.Post(session => session.PostRefresh());
            }
        }
    }

    /// <summary>Ends all sessions with Cease; the routes stay in the table as they are, for a snapshot.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _tick?.Dispose();
        _listeners.ForEach(l => l.Dispose());
        Task[] sessions = [.. _peers.Values.SelectMany(p => p.CloseAll(NotificationMessage.Of(NotificationCode.Cease, CeaseSubcode.Shutdown)))];
        await Task.WhenAny(Task.WhenAll([.. sessions, .. _tasks]), Task.Delay(StopLimit)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!IsStopping)
        {
            await StopAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    /// <summary>A session with this peer as a capture has it; null when the peer may not have one. For speakers that are never started.</summary>
    /// <param name="address">The router's address.</param>
    /// <param name="port">Its TCP port.</param>
    public BgpStream? OpenStream(IpAddress address, ushort port) => PeerOf(address, out _) is { } peer ? new BgpStream(this, peer, port) : null;

    /// <summary>Holds a session over a connection that is there.</summary>
    internal Task RunAsync(Socket socket, BgpPeer peer, bool isOutbound)
    {
        var session = new BgpSession(this, peer, socket, isOutbound);
        peer.Add(session);
        return session.RunAsync();
    }

    private void Listen(IPEndPoint endPoint)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listeners.Add(listener);
        if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            listener.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any) && !Options.IPv6Only;
        }

        if (Options.ReceiveBufferBytes > 0)
        {
            listener.ReceiveBufferSize = Options.ReceiveBufferBytes;
        }

        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        PeerSockets.SetPrecedence(listener, Options.IpPrecedence);
        if (Options.Interface is { } name)
        {
            PeerSockets.BindToDevice(listener, name);
        }

        foreach (PeerOptions peer in Options.Peers.Where(p => p.Password is not null))
        {
            SetPassword(listener, peer, peer.Password);
        }

        listener.Bind(endPoint);
        listener.Listen(Backlog);
        _tasks.Add(Task.Run(() => AcceptAsync(listener)));
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!IsStopping)
        {
            try
            {
                Socket socket = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                Take(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The connection was gone before it was taken, or there are no descriptors left for a moment.
                await Task.Delay(100).ConfigureAwait(false);
            }
        }
    }

    private void Take(Socket socket)
    {
        IpAddress address = default;
        try
        {
            address = IpAddress.From(((IPEndPoint)socket.RemoteEndPoint!).Address);
            if (PeerOf(address, out string? refusal) is not { } peer)
            {
                socket.Dispose();
                Observer.SessionRefused(address, refusal!, Time.GetUtcNow());
                return;
            }

            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            PeerSockets.SetTtlSecurity(socket, peer.Options.TtlSecurityHops);
            _ = RunAsync(socket, peer, isOutbound: false);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            Observer.SessionRefused(address, e.Message, Time.GetUtcNow());
        }
    }

    private BgpPeer? PeerOf(IpAddress address, out string? refusal)
    {
        refusal = null;
        if (Find(address) is not { } options)
        {
            NotListed++;
            refusal = "it is not listed as a peer";
            return null;
        }

        lock (_gate)
        {
            if (_peers.TryGetValue(address, out BgpPeer? known) && (!known.IsIdle || known.Options == options))
            {
                return known;
            }

            if (known is null && _peers.Count >= Options.MaxPeers && !TryForgetOne())
            {
                TooManyPeers++;
                refusal = $"there are {Options.MaxPeers} peers, the limit";
                return null;
            }

            return _peers[address] = new BgpPeer(this, address, options);
        }
    }

    private bool TryForgetOne() => _peers.FirstOrDefault(p => p.Value.IsIdle) is { Value: not null } idle && _peers.TryRemove(idle.Key, out _);

    private PeerOptions? Find(IpAddress address) =>
        Options.Peers.FirstOrDefault(p => p.Matches(address)) ?? (Options.TakesAll ? new PeerOptions { Address = address } : null);

    private void OnTick()
    {
        long now = Now;
        foreach (BgpPeer peer in _peers.Values)
        {
            peer.OnTime(now);
        }
    }

    private void SetPasswordOnListeners(PeerOptions peer, string? password)
    {
        foreach (Socket listener in _listeners.Where(_ => password is not null || peer.Password is not null))
        {
            SetPassword(listener, peer, password);
        }
    }

    // A key for an address of the other family than the listener's has no effect.
    private static void SetPassword(Socket listener, PeerOptions peer, string? password)
    {
        if (listener.AddressFamily == AddressFamily.InterNetworkV6 || peer.Address.IsIPv4)
        {
            PeerSockets.SetPassword(listener, peer, password);
        }
    }
}
