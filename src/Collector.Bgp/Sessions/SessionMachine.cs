using Collector.Bgp.Messages;

namespace Collector.Bgp.Sessions;

/// <summary>The finite state machine of one connection (RFC 4271 §8): events in, actions out. It has no socket, no clock and no thread.</summary>
/// <remarks>Times are milliseconds of any clock that does not go back. After each event <see cref="Deadline"/> says when <see cref="OnTime"/> is due.</remarks>
public sealed class SessionMachine
{
    /// <summary>How long the peer's OPEN is awaited before ours is sent: DelayOpenTime.</summary>
    public const int DelayOpenMilliseconds = 10_000;

    // RFC 4271 §8.2.2: a large value until the hold time is agreed.
    private const int LargeHoldMilliseconds = 240_000;

    private readonly int _localHoldSeconds;
    private readonly bool _mayOpenFirst;
    private long _hold = long.MaxValue, _keepAlive = long.MaxValue, _delayOpen = long.MaxValue;
    private long _holdMilliseconds;

    /// <param name="localHoldSeconds">Our hold time, 0 or 3 to 65535; the smaller of both sides' holds.</param>
    /// <param name="mayOpenFirst">False when our AS number is the peer's, which only its OPEN tells.</param>
    public SessionMachine(int localHoldSeconds, bool mayOpenFirst) => (_localHoldSeconds, _mayOpenFirst) = (localHoldSeconds, mayOpenFirst);

    /// <summary>Where the session is.</summary>
    public SessionState State { get; private set; }

    /// <summary>The agreed hold time in seconds; 0: no keepalives are sent or expected.</summary>
    public int HoldSeconds => (int)(_holdMilliseconds / 1000);

    /// <summary>When <see cref="OnTime"/> is due; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline => Math.Min(Math.Min(_hold, _keepAlive), _delayOpen);

    /// <summary>The connection is there.</summary>
    /// <param name="now">The time.</param>
    /// <param name="openFirst">Send OPEN at once, as the side does that connected.</param>
    public SessionStep OnConnected(long now, bool openFirst)
    {
        if (openFirst && _mayOpenFirst)
        {
            return SendOpen(now);
        }

        State = SessionState.Active;
        _delayOpen = now + DelayOpenMilliseconds;
        return default;
    }

    /// <summary>An OPEN that is acceptable came.</summary>
    public SessionStep OnOpen(OpenMessage open, long now)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (State is not (SessionState.Active or SessionState.OpenSent))
        {
            return Unexpected();
        }

        SessionActions actions = SessionActions.SendKeepAlive | (State == SessionState.Active ? SessionActions.SendOpen : 0);
        State = SessionState.OpenConfirm;
        _delayOpen = long.MaxValue;
        _holdMilliseconds = 1000L * Math.Min(_localHoldSeconds, open.HoldSeconds);
        HeardFromPeer(now);
        SentKeepAlive(now);
        return new SessionStep(actions);
    }

    /// <summary>A KEEPALIVE came.</summary>
    public SessionStep OnKeepAlive(long now)
    {
        switch (State)
        {
            case SessionState.OpenConfirm:
                State = SessionState.Established;
                HeardFromPeer(now);
                return new SessionStep(SessionActions.Established);
            case SessionState.Established:
                HeardFromPeer(now);
                return default;
            default:
                return Unexpected();
        }
    }

    /// <summary>An UPDATE or a ROUTE-REFRESH came.</summary>
    public SessionStep OnRoutes(long now)
    {
        if (State != SessionState.Established)
        {
            return Unexpected();
        }

        HeardFromPeer(now);
        return default;
    }

    /// <summary>A NOTIFICATION came.</summary>
    public SessionStep OnNotification(NotificationMessage message) => End(SessionActions.Close, message, $"the peer sent {message}");

    /// <summary>The session must end with a NOTIFICATION of ours.</summary>
    public SessionStep OnFault(NotificationMessage message) => End(SessionActions.SendNotification | SessionActions.Close, message, $"we sent {message}");

    /// <summary>The connection is gone.</summary>
    public SessionStep OnDisconnected(string reason) => End(SessionActions.Close, default, reason);

    /// <summary>Time has passed; does nothing before <see cref="Deadline"/>.</summary>
    public SessionStep OnTime(long now)
    {
        if (now >= _delayOpen)
        {
            return _mayOpenFirst ? SendOpen(now) : End(SessionActions.Close, default, "no OPEN came, and without it our AS number is not known");
        }

        if (now >= _hold)
        {
            return OnFault(NotificationMessage.Of(NotificationCode.HoldTimerExpired, 0));
        }

        if (now >= _keepAlive)
        {
            SentKeepAlive(now);
            return new SessionStep(SessionActions.SendKeepAlive);
        }

        return default;
    }

    /// <summary>Bytes of the peer wait to be read, so it is alive although its last message is long ago: the hold time begins anew.</summary>
    public void HeardFromPeer(long now)
    {
        if (State == SessionState.OpenSent)
        {
            _hold = now + LargeHoldMilliseconds;
        }
        else if (State is SessionState.OpenConfirm or SessionState.Established)
        {
            _hold = _holdMilliseconds == 0 ? long.MaxValue : now + _holdMilliseconds;
        }
    }

    private SessionStep SendOpen(long now)
    {
        State = SessionState.OpenSent;
        _delayOpen = long.MaxValue;
        HeardFromPeer(now);
        return new SessionStep(SessionActions.SendOpen);
    }

    // RFC 4271 §10: a third of the hold time.
    private void SentKeepAlive(long now) => _keepAlive = _holdMilliseconds == 0 ? long.MaxValue : now + (_holdMilliseconds / 3);

    // RFC 6608 §3.
    private SessionStep Unexpected() => OnFault(NotificationMessage.Of(NotificationCode.StateMachine, State switch
    {
        SessionState.OpenSent => 1,
        SessionState.OpenConfirm => 2,
        SessionState.Established => 3,
        _ => 0,
    }));

    private SessionStep End(SessionActions actions, NotificationMessage message, string reason)
    {
        if (State == SessionState.Idle)
        {
            return default;
        }

        State = SessionState.Idle;
        _hold = _keepAlive = _delayOpen = long.MaxValue;
        return new SessionStep(actions, message, reason);
    }
}
