using Collector.Configuration.CustomPrimitives;

namespace Collector.Output;

/// <summary>A column of pmacct's print plugin: its heading, and the blanks around it in the formatted form.</summary>
/// <param name="Heading">Heading, the same in CSV and formatted.</param>
/// <param name="HeadingWidth">Characters that the heading takes, blanks included.</param>
/// <param name="ValueWidth">Characters that a value takes at least; a longer one moves what follows.</param>
/// <param name="Gap">Blanks behind the value.</param>
internal sealed record PrintColumn(string Heading, int HeadingWidth, int ValueWidth, int Gap)
{
    /// <summary>No value is longer; 0: none is longer than a value of bounded length.</summary>
    public int LongestValue { get; init; }
}

/// <summary>The columns of the print plugin, in their order, which differs from that of JSON.</summary>
internal static class PrintColumns
{
    /// <summary>Characters of packets and flows in the formatted form.</summary>
    public const int CounterWidth = 20;

    private const int AddressWidth = 45, MacWidth = 17, TimestampWidth = 29;

    /// <summary>
    /// All columns before the counters. Widths are those of 1.7.7, where headings and values do not always stand below each other; columns that
    /// it lacks are as wide as their longest value or heading.
    /// </summary>
    public static IReadOnlyList<PrintColumn> Order { get; } =
    [
        Of("TAG", 10), Of("TAG2", 10), Of("LABEL"), Of("CLASS", 16), Of("SRC_MAC", MacWidth), Of("DST_MAC", MacWidth),
        Of("VLAN", 5), Of("IN_VLAN"), Of("OUT_VLAN"), Of("IN_CVLAN"), Of("OUT_CVLAN"), Of("COS", 3, gap: 1), Of("ETYPE", 5),
        Of("SRC_AS", 10), Of("DST_AS", 10), Of("COMMS"), Of("ECOMMS"), Of("LCOMMS"), Of("SRC_COMMS"), Of("SRC_ECOMMS"), Of("SRC_LCOMMS"),
        Of("AS_PATH"), Of("SRC_AS_PATH"), Of("PREF", 7), Of("SRC_PREF", 7), Of("MED", 6), Of("SRC_MED", 6), Of("SRC_ROA", 6), Of("DST_ROA", 6),
        Of("PEER_SRC_AS", 10), Of("PEER_DST_AS", 10), Of("PEER_SRC_IP", AddressWidth), Of("PEER_DST_IP", AddressWidth),
        Of("IN_IFACE", 10), Of("OUT_IFACE", 10), Of("MPLS_VPN_RD", 18), Of("MPLS_PW_ID", 10),
        Of("VRF_NAME"), Of("INGRESS_VRF_NAME"), Of("EGRESS_VRF_NAME"), Of("IN_IFACE_NAME"), Of("OUT_IFACE_NAME"),
        Of("SRC_IP", AddressWidth), Of("SRC_NET", AddressWidth), Of("DST_IP", AddressWidth), Of("DST_NET", AddressWidth),
        Of("SRC_MASK"), Of("DST_MASK"), Of("SRC_PORT"), Of("DST_PORT"), Of("TCP_FLAGS"), Of("PROTOCOL", 10), Of("TOS", 3, gap: 4), Of("FLOW_LABEL"),
        Of("SH_COUNTRY"), Of("DH_COUNTRY"), Of("SH_POCODE", 12), Of("DH_POCODE", 12),
        Coordinate("SH_LAT"), Coordinate("SH_LON"), Coordinate("DH_LAT"), Coordinate("DH_LON"),
        Of("SAMPLING_RATE", 7, gap: 7), new("SAMPLING_DIRECTION", 19, 1, 19),
        Of("POST_NAT_SRC_IP", AddressWidth), Of("POST_NAT_DST_IP", AddressWidth), Of("POST_NAT_SRC_PORT"), Of("POST_NAT_DST_PORT"),
        Of("NAT_EVENT", 3, gap: 7), Of("FW_EVENT", 3, gap: 7), Of("FWD_STATUS"), Of("DROP_CODE"),
        Of("MPLS_LABEL_TOP"), Of("MPLS_LABEL_BOTTOM"), Of("MPLS_STACK_DEPTH"), Of("MPLS_LABEL_STACK"), Of("SRV6_SEG_IPV6_LIST"),
        Of("TUNNEL_SRC_MAC", MacWidth), Of("TUNNEL_DST_MAC", MacWidth), Of("TUNNEL_SRC_IP", AddressWidth), Of("TUNNEL_DST_IP", AddressWidth),
        Of("TUNNEL_PROTOCOL"), Of("TUNNEL_TOS"), Of("TUNNEL_FLOW_LABEL"), Of("TUNNEL_SRC_PORT"), Of("TUNNEL_DST_PORT"), Of("TUNNEL_TCP_FLAGS"),
        Of("VXLAN", 8), Of("NVGRE", 8),
        Of("TIMESTAMP_START", TimestampWidth), Of("TIMESTAMP_END", TimestampWidth), Of("TIMESTAMP_ARRIVAL", TimestampWidth),
        Of("TIMESTAMP_EXPORT", TimestampWidth), Of("TIMESTAMP_MIN", TimestampWidth), Of("TIMESTAMP_MAX", TimestampWidth),
        Of("EXPORT_PROTO_SEQNO"), Of("EXPORT_PROTO_VERSION"), Of("EXPORT_PROTO_SYSID"),
        Of("PATH_DELAY_AVG_USEC"), Of("PATH_DELAY_MIN_USEC"), Of("PATH_DELAY_MAX_USEC"),
    ];

    /// <summary>The columns of a selection, in the order of the print plugin.</summary>
    /// <param name="selection">The primitives.</param>
    /// <param name="pmacct17">The dialect.</param>
    public static IReadOnlyList<(PrimitiveColumn Value, PrintColumn Place)> Of(PrimitiveSelection selection, bool pmacct17) =>
    [
        .. Order.SelectMany(place => selection.Primitives
            .SelectMany(p => p.Columns)
            .Where(c => c.IsIn(pmacct17) && c.CsvHeading == place.Heading)
            .Select(c => (c, place))),
        .. selection.Primitives.SelectMany(p => p.Columns).Where(c => c.Place is not null).Select(c => (c, c.Place!)),
    ];

    /// <summary>The column of a custom primitive: behind all others, as wide as 1.7.7 makes it.</summary>
    /// <param name="primitive">Its definition.</param>
    public static PrintColumn Of(CustomPrimitive primitive)
    {
        const int Gap = 2;
        int width = primitive.Semantics switch
        {
            CustomSemantics.Number or CustomSemantics.Hexadecimal => primitive.Length switch { 1 => 3, 2 => 5, 4 => 10, _ => CounterWidth },
            CustomSemantics.Address => AddressWidth + 1,
            CustomSemantics.Mac => MacWidth + 1,
            _ => primitive.Length,
        };
        return new PrintColumn(primitive.Name, Math.Max(width, primitive.Name.Length) + Gap, width, Gap) { LongestValue = 3 * primitive.Length };
    }

    private static PrintColumn Of(string heading, int width = 0, int gap = 2)
    {
        int value = width == 0 ? heading.Length : width;
        return new PrintColumn(heading, value + gap, value, gap);
    }

    private static PrintColumn Coordinate(string heading) => new(heading, 14, 8, 2);
}
