namespace Collector.Bgp.Messages;

/// <summary>Subcodes of Cease (RFC 4486 §4).</summary>
public static class CeaseSubcode
{
    /// <summary>Maximum Number of Prefixes Reached.</summary>
    public const byte MaximumPrefixes = 1;

    /// <summary>Administrative Shutdown.</summary>
    public const byte Shutdown = 2;

    /// <summary>Peer De-configured.</summary>
    public const byte PeerRemoved = 3;

    /// <summary>Connection Rejected.</summary>
    public const byte ConnectionRejected = 5;

    /// <summary>Connection Collision Resolution.</summary>
    public const byte Collision = 7;

    /// <summary>Out of Resources.</summary>
    public const byte OutOfResources = 8;
}
