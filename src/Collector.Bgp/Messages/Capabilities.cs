namespace Collector.Bgp.Messages;

/// <summary>ADD-PATH for one family: 1 able to receive, 2 able to send, 3 both (RFC 7911 §4).</summary>
public readonly record struct AddPathFamily(AddressFamily Family, byte SendReceive);

/// <summary>One family of the graceful restart capability; forwarding is preserved when bit 0x80 of the flags is set (RFC 4724 §3).</summary>
public readonly record struct RestartFamily(AddressFamily Family, byte Flags)
{
    /// <summary>The forwarding state of this family survived the restart.</summary>
    public bool ForwardingPreserved => (Flags & 0x80) != 0;
}

/// <summary>The graceful restart capability (RFC 4724 §3).</summary>
/// <param name="IsRestarting">The sender has restarted and waits for End-of-RIB.</param>
/// <param name="RestartSeconds">How long the sender expects to be away, 0 to 4095.</param>
/// <param name="Families">The families whose routes are to be kept meanwhile.</param>
public sealed record GracefulRestart(bool IsRestarting, int RestartSeconds, IReadOnlyList<RestartFamily> Families);

/// <summary>One capability as it stood in an OPEN, known or not.</summary>
public readonly record struct RawCapability(byte Code, ReadOnlyMemory<byte> Value);

/// <summary>What an OPEN says about the abilities of its sender (RFC 5492).</summary>
public sealed record Capabilities
{
    /// <summary>The families of multiprotocol capabilities, in their order.</summary>
    public IReadOnlyList<AddressFamily> Multiprotocol { get; init; } = [];

    /// <summary>The four-octet AS number; null when the sender only knows two octets.</summary>
    public uint? FourOctetAs { get; init; }

    /// <summary>The families of ADD-PATH.</summary>
    public IReadOnlyList<AddPathFamily> AddPath { get; init; } = [];

    /// <summary>The families whose IPv4 prefixes may have an IPv6 next hop.</summary>
    public IReadOnlyList<AddressFamily> ExtendedNextHop { get; init; } = [];

    /// <summary>Answers ROUTE-REFRESH.</summary>
    public bool RouteRefresh { get; init; }

    /// <summary>Marks beginning and end of a refresh.</summary>
    public bool EnhancedRouteRefresh { get; init; }

    /// <summary>Takes messages up to 65,535 bytes.</summary>
    public bool ExtendedMessage { get; init; }

    /// <summary>Restarts gracefully; null when not announced.</summary>
    public GracefulRestart? GracefulRestart { get; init; }

    /// <summary>All capabilities as received, in their order.</summary>
    public IReadOnlyList<RawCapability> Raw { get; init; } = [];
}
