namespace Collector.Bgp.Messages;

/// <summary>Error codes of NOTIFICATION messages (RFC 4271 §4.5, RFC 7313 §5).</summary>
public enum NotificationCode : byte
{
    /// <summary>Message Header Error: subcodes 1 not synchronized, 2 bad length, 3 bad type.</summary>
    MessageHeader = 1,

    /// <summary>OPEN Message Error: 1 version, 2 peer AS, 3 identifier, 4 optional parameter, 6 hold time.</summary>
    OpenMessage = 2,

    /// <summary>UPDATE Message Error: 1 malformed attribute list, 2 unrecognized well-known attribute, 9 optional attribute, 10 network field.</summary>
    UpdateMessage = 3,

    /// <summary>Hold Timer Expired.</summary>
    HoldTimerExpired = 4,

    /// <summary>Finite State Machine Error: 1 in OpenSent, 2 in OpenConfirm, 3 in Established (RFC 6608).</summary>
    StateMachine = 5,

    /// <summary>Cease (RFC 4486): 1 too many prefixes, 2 shutdown, 3 peer removed, 5 rejected, 7 collision, 8 out of resources.</summary>
    Cease = 6,

    /// <summary>ROUTE-REFRESH Message Error: 1 invalid length.</summary>
    RouteRefresh = 7,
}
