using Collector.Bgp.Messages;
using Collector.Bgp.Rib;
using Collector.Net;

namespace Collector.Bgp.Sessions;

/// <summary>A router with which sessions are held: one at a time, one after the other, over which its routes may survive (RFC 4724).</summary>
/// <remarks>What it tells may be asked by any thread.</remarks>
public sealed class BgpPeer
{
    private readonly BgpSpeaker _speaker;
    private readonly RouteTable _table;
    private readonly Lock _gate = new();
    private readonly List<BgpSession> _connections = [];
    private BgpSession? _established;
    private long _restartDeadline = long.MaxValue, _staleDeadline = long.MaxValue;
    private bool _isOurRestart;

    internal BgpPeer(BgpSpeaker speaker, IpAddress address, PeerOptions options)
    {
        (_speaker, _table, Address, Options) = (speaker, speaker.Table, address, options);
        Rib = _table.FindPeer(address);
        if (Rib is not null)
        {
            // Routes of a snapshot of before our own restart.
            _isOurRestart = true;
            _staleDeadline = speaker.Now + (1000L * speaker.Options.StaleSeconds);
        }
    }

    /// <summary>The address of its sessions.</summary>
    public IpAddress Address { get; }

    /// <summary>What is configured for it.</summary>
    public PeerOptions Options { get; }

    /// <summary>What it sent.</summary>
    public PeerCounters Counters { get; } = new();

    /// <summary>Its routes; null while it has none and no session.</summary>
    public AdjRibIn? Rib { get; private set; }

    /// <summary>Its OPEN of the last session that was established; null before.</summary>
    public OpenMessage? Open { get; private set; }

    /// <summary>The agreed hold time of the last session in seconds.</summary>
    public int HoldSeconds { get; private set; }

    /// <summary>True while a session is established.</summary>
    public bool IsEstablished => Volatile.Read(ref _established) is not null;

    /// <summary>Why the last session, or the last attempt at one, ended; null before.</summary>
    public string? LastReason { get; private set; }

    /// <summary>True when nothing is known of it that would be lost.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count == 0 && Rib is null && !Options.Connect;
            }
        }
    }

    /// <summary>True when a connection of ours is wanted.</summary>
    internal bool WantsConnection
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count == 0;
            }
        }
    }

    internal void Add(BgpSession session)
    {
        lock (_gate)
        {
            // The side that connects again has given its first attempt up.
            foreach (BgpSession other in _connections.Where(c => c.IsOutbound == session.IsOutbound && c != _established).ToArray())
            {
                other.PostClose(NotificationMessage.Of(NotificationCode.Cease, CeaseSubcode.Collision));
                _connections.Remove(other);
            }

            _connections.Add(session);
        }
    }

    /// <summary>Says whether a connection may go on after the peer's OPEN (RFC 4271 §6.8, RFC 4724 §5); others may be closed for it.</summary>
    internal NotificationMessage? Admit(BgpSession session, OpenMessage open, uint localRouterId)
    {
        lock (_gate)
        {
            if (!_connections.Contains(session))
            {
                return NotificationMessage.Of(NotificationCode.Cease, CeaseSubcode.Collision);
            }

            if (_established is { } established && established != session)
            {
                if (established.PeerOpen?.Capabilities.GracefulRestart is null)
                {
                    return NotificationMessage.Of(NotificationCode.Cease, CeaseSubcode.Collision);
                }

                // It restarted before we saw its connection end.
                Finish(established, "the peer connected anew", isGraceful: true);
                established.PostClose(null);
                return null;
            }

            BgpSession? other = _connections.Find(c => c != session && c.PeerOpen?.RouterId == open.RouterId);
            if (other is null)
            {
                return null;
            }

            bool oursStays = localRouterId > open.RouterId;
            if (session.IsOutbound == oursStays)
            {
                other.PostClose(NotificationMessage.Of(NotificationCode.Cease, CeaseSubcode.Collision));
                _connections.Remove(other);
                return null;
            }

            return NotificationMessage.Of(NotificationCode.Cease, CeaseSubcode.Collision);
        }
    }

    /// <summary>The session is established: from now on its UPDATEs count.</summary>
    /// <returns>What takes them; null when there is no room for one more peer.</returns>
    internal AdjRibInWriter? Up(BgpSession session, OpenMessage open, SessionParameters parameters)
    {
        lock (_gate)
        {
            AdjRibInWriter? writer = Up(open, parameters, session.RemotePort, session.HoldSeconds);
            Volatile.Write(ref _established, writer is null ? null : session);
            return writer;
        }
    }

    /// <summary>The same for a session that is not held but read from a capture.</summary>
    internal AdjRibInWriter? Up(OpenMessage open, SessionParameters parameters, ushort port, int holdSeconds)
    {
        lock (_gate)
        {
            var description = new PeerDescription
            {
                Address = Address,
                Port = port,
                RouterId = IpAddress.FromIPv4(open.RouterId),
                AsNumber = open.As,
                AddPathFamilies = parameters.AddPathFamilies,
            };
            DateTimeOffset time = _speaker.Time.GetUtcNow();
            AdjRibInWriter writer;
            lock (_table.WriterLock)
            {
                if (Rib is null)
                {
                    Rib = _table.AddPeer(description);
                    if (Rib is null)
                    {
                        return null;
                    }
                }
                else
                {
                    Rib.SetState(PeerState.Established, description);
                    SweepUnpreserved(open.Capabilities.GracefulRestart, time);
                }

                writer = new AdjRibInWriter(_table, this, Rib, parameters, _speaker.Observer);
            }

            (Open, HoldSeconds, _restartDeadline) = (open, holdSeconds, long.MaxValue);
            Counters.Sessions++;
            _speaker.Observer.SessionUp(this, time);
            return writer;
        }
    }

    /// <summary>A session that was read from a capture is over: its routes go.</summary>
    internal void Down(AdjRibInWriter writer, string reason)
    {
        lock (_gate)
        {
            LastReason = reason;
            DateTimeOffset time = _speaker.Time.GetUtcNow();
            lock (_table.WriterLock)
            {
                writer.Close();
                Rib!.Clear(Deleted(time));
                Remove(Rib);
            }

            _speaker.Observer.SessionDown(this, reason, isGraceful: false, time);
        }
    }

    /// <summary>The connection is over, established or not.</summary>
    /// <param name="session">Which.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isGraceful">False when a NOTIFICATION ended it: then the routes go at once (RFC 4724 §4).</param>
    internal void Down(BgpSession session, string reason, bool isGraceful)
    {
        lock (_gate)
        {
            if (!_connections.Contains(session))
            {
                return;
            }

            LastReason = reason;
            if (session == _established)
            {
                Finish(session, reason, isGraceful && !_speaker.IsStopping);
                return;
            }

            _connections.Remove(session);
            _speaker.Observer.SessionRefused(Address, reason, _speaker.Time.GetUtcNow());
        }
    }

    /// <summary>Takes away what is stale of a family; called under the writer lock.</summary>
    internal void SweepStale(RouteFamily? family, DateTimeOffset time)
    {
        if (Rib is { StalePaths: > 0 } rib)
        {
            rib.SweepStale(family, Deleted(time));
        }
    }

    /// <summary>The routes of a family are stale until they are sent again; called under the writer lock.</summary>
    internal void MarkStale(RouteFamily family, DateTimeOffset time)
    {
        Rib?.MarkStale(family, Deleted(time));
        Volatile.Write(ref _staleDeadline, _speaker.Now + (1000L * _speaker.Options.StaleSeconds));
    }

    /// <summary>Looks whether times are over: for the restart of the peer, for stale routes, for an End-of-RIB that does not come.</summary>
    internal void OnTime(long now)
    {
        lock (_gate)
        {
            if (Rib is not { } rib)
            {
                return;
            }

            bool isQuiet = _established is { } session && rib.StalePaths > 0 && session.PeerOpen?.Capabilities.GracefulRestart is null
                && now - session.LastUpdate >= 1000L * _speaker.Options.QuietSeconds;
            if (!isQuiet && now < _restartDeadline && now < _staleDeadline)
            {
                return;
            }

            (_restartDeadline, _staleDeadline) = (long.MaxValue, long.MaxValue);
            lock (_table.WriterLock)
            {
                SweepStale(null, _speaker.Time.GetUtcNow());
                if (_established is null)
                {
                    Remove(rib);
                }
            }
        }
    }

    internal void Post(Action<BgpSession> action)
    {
        lock (_gate)
        {
            if (_established is { } session)
            {
                action(session);
            }
        }
    }

    internal Task[] CloseAll(NotificationMessage message)
    {
        lock (_gate)
        {
            return [.. _connections.Select(c =>
            {
                c.PostClose(message);
                return c.Completion;
            })];
        }
    }

    private void Finish(BgpSession session, string reason, bool isGraceful)
    {
        _connections.Remove(session);
        Volatile.Write(ref _established, null);
        DateTimeOffset time = _speaker.Time.GetUtcNow();
        GracefulRestart? restart = session.PeerOpen?.Capabilities.GracefulRestart;
        bool keeps = isGraceful && restart is { Families.Count: > 0 };
        lock (_table.WriterLock)
        {
            session.Writer?.Close();
            if (keeps)
            {
                Rib!.MarkAllStale(Deleted(time));
                Rib.SetState(PeerState.Stale);
                SweepUnlisted(restart!, time);
                _isOurRestart = false;
                _restartDeadline = _speaker.Now + (1000L * restart!.RestartSeconds);
                _staleDeadline = _speaker.Now + (1000L * _speaker.Options.StaleSeconds);
            }
            else if (!_speaker.IsStopping)
            {
                // At our own stop the routes stay for the snapshot.
                Rib!.Clear(Deleted(time));
                Remove(Rib);
            }
        }

        _speaker.Observer.SessionDown(this, reason, keeps, time);
    }

    // RFC 4724 §4.2: what the restarted peer did not preserve goes at once. After our own restart there is nothing it could have preserved.
    private void SweepUnpreserved(GracefulRestart? restart, DateTimeOffset time)
    {
        if (_isOurRestart)
        {
            return;
        }

        for (int i = 0; i < RouteFamilies.Count; i++)
        {
            if (restart is null || !restart.Families.Any(f => IsFamily(f, i) && f.ForwardingPreserved))
            {
                SweepStale((RouteFamily)i, time);
            }
        }
    }

    private void SweepUnlisted(GracefulRestart restart, DateTimeOffset time)
    {
        for (int i = 0; i < RouteFamilies.Count; i++)
        {
            if (!restart.Families.Any(f => IsFamily(f, i)))
            {
                SweepStale((RouteFamily)i, time);
            }
        }
    }

    private static bool IsFamily(RestartFamily family, int index) => RouteFamilies.TryGet(family.Family.Afi, family.Family.Safi, out RouteFamily f) && (int)f == index;

    private RouteRemoved Deleted(DateTimeOffset time)
    {
        BgpObserver observer = _speaker.Observer;
        bool tells = observer.WantsRoutes;
        return (in Nlri route, uint attributes) =>
        {
            Counters.Deleted++;
            if (tells)
            {
                observer.RouteDeleted(this, route, attributes, time);
            }
        };
    }

    private void Remove(AdjRibIn rib)
    {
        _table.RemovePeer(rib);
        (Rib, _isOurRestart) = (null, false);
    }
}
