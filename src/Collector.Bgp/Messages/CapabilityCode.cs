namespace Collector.Bgp.Messages;

/// <summary>Capability codes of OPEN messages that the speaker knows.</summary>
public static class CapabilityCode
{
    /// <summary>Multiprotocol extensions (RFC 4760 §8).</summary>
    public const byte Multiprotocol = 1;

    /// <summary>Route refresh (RFC 2918 §2).</summary>
    public const byte RouteRefresh = 2;

    /// <summary>Extended next hop encoding (RFC 8950 §4).</summary>
    public const byte ExtendedNextHop = 5;

    /// <summary>Extended messages (RFC 8654 §3).</summary>
    public const byte ExtendedMessage = 6;

    /// <summary>Graceful restart (RFC 4724 §3).</summary>
    public const byte GracefulRestart = 64;

    /// <summary>Four-octet AS numbers (RFC 6793 §3).</summary>
    public const byte FourOctetAs = 65;

    /// <summary>ADD-PATH (RFC 7911 §4).</summary>
    public const byte AddPath = 69;

    /// <summary>Enhanced route refresh (RFC 7313 §3.1).</summary>
    public const byte EnhancedRouteRefresh = 70;
}
