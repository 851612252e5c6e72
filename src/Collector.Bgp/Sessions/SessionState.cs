namespace Collector.Bgp.Sessions;

/// <summary>The states of a session (RFC 4271 §8.2.2). Connect and Idle belong to the connector: a machine exists for a connection that is there.</summary>
public enum SessionState : byte
{
    /// <summary>Over, or not begun.</summary>
    Idle,

    /// <summary>Connected; the peer's OPEN is awaited before ours is sent (DelayOpen).</summary>
    Active,

    /// <summary>Our OPEN is sent, the peer's is awaited.</summary>
    OpenSent,

    /// <summary>Both OPENs are there, a KEEPALIVE is awaited.</summary>
    OpenConfirm,

    /// <summary>Routes may come.</summary>
    Established,
}
