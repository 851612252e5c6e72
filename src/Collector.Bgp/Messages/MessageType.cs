namespace Collector.Bgp.Messages;

/// <summary>The kinds of BGP messages (RFC 4271 §4.1, RFC 2918 §3).</summary>
public enum MessageType : byte
{
    /// <summary>Not a message.</summary>
    None = 0,

    /// <summary>OPEN.</summary>
    Open = 1,

    /// <summary>UPDATE.</summary>
    Update = 2,

    /// <summary>NOTIFICATION.</summary>
    Notification = 3,

    /// <summary>KEEPALIVE.</summary>
    KeepAlive = 4,

    /// <summary>ROUTE-REFRESH.</summary>
    RouteRefresh = 5,
}
