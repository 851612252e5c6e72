using Collector.Bgp.Messages;

namespace Collector.Bgp.Sessions;

/// <summary>What the owner of the connection has to do, in this order.</summary>
[Flags]
public enum SessionActions : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send our OPEN.</summary>
    SendOpen = 1,

    /// <summary>Send a KEEPALIVE.</summary>
    SendKeepAlive = 2,

    /// <summary>The session is established.</summary>
    Established = 4,

    /// <summary>Send the NOTIFICATION.</summary>
    SendNotification = 8,

    /// <summary>Close the connection; the session is over.</summary>
    Close = 16,
}

/// <summary>The outcome of one event.</summary>
/// <param name="Actions">What to do.</param>
/// <param name="Notification">What to send, or what was received, when the session ends by one.</param>
/// <param name="Reason">Why the session is over, for operators; null while it goes on.</param>
public readonly record struct SessionStep(SessionActions Actions, NotificationMessage Notification = default, string? Reason = null);
