namespace Collector.Flows.Packets;

/// <summary>EtherTypes that lead on to an IP packet.</summary>
internal static class EtherTypes
{
    public const ushort IPv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort TransparentEthernetBridging = 0x6558;
    public const ushort IPv6 = 0x86DD;
    public const ushort Mpls = 0x8847;
    public const ushort MplsUpstream = 0x8848;
    public const ushort PppoeSession = 0x8864;

    /// <summary>Values below are the length of an IEEE 802.3 frame, not a type (IEEE 802.3 §3.2.6).</summary>
    public const ushort FirstType = 0x0600;

    /// <summary>True for the tag protocol ids of 802.1Q, 802.1ad and what came before it (0x9100, 0x9200, 0x9300).</summary>
    public static bool IsVlanTag(ushort type) => type is 0x8100 or 0x88A8 or 0x9100 or 0x9200 or 0x9300;

    /// <summary>True where the two bytes are most likely a type and not payload: tells Ethernet pseudowires with and without control word apart.</summary>
    public static bool IsKnown(ushort type) =>
        type is IPv4 or Arp or IPv6 or Mpls or MplsUpstream or PppoeSession || IsVlanTag(type);

    /// <summary>The EtherType of a PPP protocol number (RFC 1332, RFC 5072, RFC 3032), 0 when there is none.</summary>
    public static ushort FromPpp(int protocol) => protocol switch
    {
        0x0021 => IPv4,
        0x0057 => IPv6,
        0x0281 => Mpls,
        0x0283 => MplsUpstream,
        _ => 0,
    };
}
