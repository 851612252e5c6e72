using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Net;
using AddressFamily = Collector.Bgp.Messages.AddressFamily;

namespace Collector.Bgp.Sessions;

/// <summary>One connection to a peer, from the handshake to its end: moves bytes and time into the <see cref="SessionMachine"/> and does what it says.</summary>
internal sealed class BgpSession
{
    private const int ReadBufferBytes = 256 * 1024, MinimumReadBytes = 32 * 1024, SendTimeoutMilliseconds = 3000;
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly BgpSpeaker _speaker;
    private readonly Socket _socket;
    private readonly SessionMachine _machine;
    private readonly MessageFramer _framer = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly ITimer _timer;
    private OpenMessage? _localOpen;
    private SessionParameters _parameters;
    private long _armed = long.MaxValue;
    private bool _wasNotified;

    internal BgpSession(BgpSpeaker speaker, BgpPeer peer, Socket socket, bool isOutbound)
    {
        (_speaker, Peer, _socket, IsOutbound) = (speaker, peer, socket, isOutbound);
        RemotePort = (ushort)((IPEndPoint)socket.RemoteEndPoint!).Port;
        LocalAs = peer.Options.LocalAs != 0 ? peer.Options.LocalAs : speaker.Options.LocalAs != 0 ? speaker.Options.LocalAs : peer.Options.RemoteAs;
        RouterId = LocalRouterId(speaker.Options, socket);
        _machine = new SessionMachine(speaker.Options.HoldSeconds, mayOpenFirst: LocalAs != 0);
        _timer = speaker.Time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        socket.NoDelay = true;
        socket.SendTimeout = SendTimeoutMilliseconds;
    }

    internal BgpPeer Peer { get; }

    internal bool IsOutbound { get; }

    internal ushort RemotePort { get; }

    /// <summary>Our AS number; 0 until the peer's OPEN tells.</summary>
    internal uint LocalAs { get; private set; }

    internal uint RouterId { get; }

    /// <summary>The peer's OPEN, once it is accepted.</summary>
    internal OpenMessage? PeerOpen { get; private set; }

    internal AdjRibInWriter? Writer { get; private set; }

    internal int HoldSeconds => _machine.HoldSeconds;

    /// <summary>When the last UPDATE came, or the session was established.</summary>
    internal long LastUpdate { get; private set; }

    internal Task Completion => _completion.Task;

    /// <summary>Holds the session until it is over.</summary>
    internal async Task RunAsync()
    {
        PipeReader reader = PipeReader.Create(new NetworkStream(_socket), new StreamPipeReaderOptions(bufferSize: ReadBufferBytes, minimumReadSize: MinimumReadBytes));
        try
        {
            lock (_gate)
            {
                Do(_machine.OnConnected(_speaker.Now, IsOutbound));
            }

            while (_machine.State != SessionState.Idle)
            {
                ReadResult result = await reader.ReadAsync(_over.Token).ConfigureAwait(false);
                reader.AdvanceTo(Receive(result.Buffer, result.IsCompleted), result.Buffer.End);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed by another thread, which has said why.
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            lock (_gate)
            {
                Do(_machine.OnDisconnected(e.InnerException is SocketException { SocketErrorCode: var code } ? $"the connection was lost ({code})" : $"the connection was lost ({e.Message})"));
            }
        }
        finally
        {
            await LingerAsync(reader).ConfigureAwait(false);
            _timer.Dispose();
            _socket.Dispose();
            _completion.TrySetResult();
        }
    }

    /// <summary>Ends the session from any thread; does not wait.</summary>
    /// <param name="message">The NOTIFICATION to send, or null for none.</param>
    internal void PostClose(NotificationMessage? message) => Task.Run(() =>
    {
        lock (_gate)
        {
            Do(message is { } m ? _machine.OnFault(m) : _machine.OnDisconnected("closed"));
        }
    });

    /// <summary>Asks for all routes again; does nothing when the peer is not able to (RFC 2918 §4).</summary>
    internal void PostRefresh() => Task.Run(() =>
    {
        lock (_gate)
        {
            if (_machine.State == SessionState.Established && PeerOpen is { Capabilities.RouteRefresh: true })
            {
                foreach (AddressFamily family in CapabilityNegotiation.FamiliesOf(PeerOpen))
                {
                    Send(MessageWriter.RouteRefresh(family));
                }
            }
        }
    });

    private SequencePosition Receive(ReadOnlySequence<byte> buffer, bool isCompleted)
    {
        lock (_gate)
        {
            long now = _speaker.Now;
            DateTimeOffset time = _speaker.Time.GetUtcNow();
            while (_machine.State != SessionState.Idle)
            {
                long before = buffer.Length;
                HeaderStatus status = _framer.TryRead(ref buffer, out MessageType type, out int length, out ReadOnlySpan<byte> body);
                if (status == HeaderStatus.Incomplete)
                {
                    break;
                }

                if (status != HeaderStatus.Ok)
                {
                    Do(_machine.OnFault(MessageHeader.Answer(status, length, (byte)type)));
                    break;
                }

                Peer.Counters.Octets += before - buffer.Length;
                Peer.Counters.Count(type);
                Do(OnMessage(type, body, now, time));
            }

            if (isCompleted)
            {
                Do(_machine.OnDisconnected("the peer closed the connection"));
            }

            return buffer.Start;
        }
    }

    private SessionStep OnMessage(MessageType type, ReadOnlySpan<byte> body, long now, DateTimeOffset time)
    {
        switch (type)
        {
            case MessageType.Update:
                SessionStep step = _machine.OnRoutes(now);
                LastUpdate = now;
                return step.Actions == SessionActions.None && Writer?.Apply(body, time) is { } fault ? _machine.OnFault(fault) : step;
            case MessageType.KeepAlive:
                return _machine.OnKeepAlive(now);
            case MessageType.Open:
                return OnOpen(body, now);
            case MessageType.Notification:
                return _machine.OnNotification(NotificationMessage.Read(body));
            default:
                return RouteRefreshMessage.TryRead(body, out RouteRefreshMessage refresh)
                    ? OnRefresh(refresh, now, time)
                    : _machine.OnFault(NotificationMessage.Of(NotificationCode.RouteRefresh, 1));
        }
    }

    private SessionStep OnOpen(ReadOnlySpan<byte> body, long now)
    {
        if (_machine.State is not (SessionState.Active or SessionState.OpenSent))
        {
            return _machine.OnOpen(PeerOpen!, now);
        }

        if (OpenMessage.Read(body, out NotificationMessage refusal) is not { } open)
        {
            return _machine.OnFault(refusal);
        }

        if (Peer.Options.RemoteAs != 0 && Peer.Options.RemoteAs != open.As)
        {
            return _machine.OnFault(NotificationMessage.OfNumber(NotificationCode.OpenMessage, 2, (ushort)Math.Min(open.As, ushort.MaxValue)));
        }

        if (Peer.Admit(this, open, RouterId) is { } rejection)
        {
            return _machine.OnFault(rejection);
        }

        LocalAs = LocalAs != 0 ? LocalAs : open.As;
        _localOpen ??= OpenOf(CapabilityNegotiation.Answer(_speaker.Options, LocalAs, open.Capabilities), HoldTimeFor(open));
        _parameters = CapabilityNegotiation.Agree(_localOpen, open);
        PeerOpen = open;
        SessionStep step = _machine.OnOpen(open, now);
        _framer.ExtendedMessages = _parameters.ExtendedMessages;
        return step;
    }

    // The table sent again stands between two marks; what was not sent again is gone (RFC 7313 §4). A request of the peer's is for nothing: we have no routes.
    private SessionStep OnRefresh(RouteRefreshMessage refresh, long now, DateTimeOffset time)
    {
        SessionStep step = _machine.OnRoutes(now);
        if (step.Actions == SessionActions.None && RouteFamilies.TryGet(refresh.Family.Afi, refresh.Family.Safi, out RouteFamily family))
        {
            LastUpdate = now;
            Writer?.Refresh(refresh.Subtype, family, time);
        }

        return step;
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _armed = long.MaxValue;
            long now = _speaker.Now;
            if (_machine.State == SessionState.Idle)
            {
                return;
            }

            if (HasBytesWaiting())
            {
                _machine.HeardFromPeer(now);
            }

            Do(_machine.OnTime(now));
            Arm();
        }
    }

    private bool HasBytesWaiting()
    {
        try
        {
            return _socket.Available > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Do(SessionStep step)
    {
        if ((step.Actions & SessionActions.SendOpen) != 0)
        {
            _localOpen ??= OpenOf(CapabilityNegotiation.Offer(_speaker.Options, LocalAs), _speaker.Options.HoldSeconds);
            Send(OpenWriter.Write(_localOpen));
        }

        if ((step.Actions & SessionActions.SendKeepAlive) != 0)
        {
            Send(MessageWriter.KeepAlive.Span);
        }

        if ((step.Actions & SessionActions.Established) != 0)
        {
            LastUpdate = _speaker.Now;
            Writer = Peer.Up(this, PeerOpen!, _parameters);
            if (Writer is null)
            {
                Do(_machine.OnFault(NotificationMessage.Of(NotificationCode.Cease, CeaseSubcode.OutOfResources)));
            }
        }

        if ((step.Actions & SessionActions.SendNotification) != 0)
        {
            Send(MessageWriter.Notification(step.Notification));
        }

        _wasNotified |= step.Notification.Code != 0;
        if ((step.Actions & SessionActions.Close) != 0)
        {
            Peer.Down(this, step.Reason!, isGraceful: !_wasNotified);
            _over.Cancel();
        }
        else if (step.Actions != SessionActions.None)
        {
            Arm();
        }
    }

    // The timer is only set anew when it would ring too late: a message that comes puts the deadline off, and the timer finds that out by itself.
    private void Arm()
    {
        long deadline = _machine.Deadline;
        if (deadline < _armed)
        {
            _armed = deadline;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, deadline - _speaker.Now)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Send(ReadOnlySpan<byte> message)
    {
        try
        {
            _socket.Send(message);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Do(_machine.OnDisconnected($"the peer takes no bytes ({e.Message})"));
        }
    }

    // pmacct answers with the peer's own hold time, but not with less than five seconds (pmacct-compat §6.1).
    private int HoldTimeFor(OpenMessage open) =>
        _speaker.Options.EchoesFamilies ? Math.Min(_speaker.Options.HoldSeconds, Math.Max(5, (int)open.HoldSeconds)) : _speaker.Options.HoldSeconds;

    private OpenMessage OpenOf(IReadOnlyList<RawCapability> capabilities, int holdSeconds) => new()
    {
        As = LocalAs,
        HoldSeconds = (ushort)holdSeconds,
        RouterId = RouterId,
        Capabilities = new Capabilities { Raw = capabilities },
    };

    // A connection that is closed while bytes wait is reset, and the peer never reads our NOTIFICATION: the bytes are read off for a while.
    private async Task LingerAsync(PipeReader reader)
    {
        try
        {
            if (_wasNotified)
            {
                _socket.Shutdown(SocketShutdown.Send);
                using var limit = new CancellationTokenSource(LingerTime);
                for (ReadResult result = default; !result.IsCompleted;)
                {
                    result = await reader.ReadAsync(limit.Token).ConfigureAwait(false);
                    reader.AdvanceTo(result.Buffer.End);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer is gone or does not go: closed either way.
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    private static uint LocalRouterId(SpeakerOptions options, Socket socket)
    {
        IpAddress local = options.RouterId ?? IpAddress.From(((IPEndPoint)socket.LocalEndPoint!).Address);

        // pmacct's number where there is none (pmacct-compat §6.1).
        return local.IsIPv4 && !local.IsUnspecified ? local.ToIPv4() : 0x0102_0304;
    }
}
