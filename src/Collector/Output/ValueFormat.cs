namespace Collector.Output;

/// <summary>How one value of a row becomes text. The field or fields that it reads are named by its <see cref="PrimitiveColumn"/>.</summary>
internal enum ValueFormat
{
    /// <summary>One byte, decimal.</summary>
    Number8,

    /// <summary>Two bytes, decimal.</summary>
    Number16,

    /// <summary>Four bytes, decimal.</summary>
    Number32,

    /// <summary>Eight bytes of a tag: from 2^63 on it prints negative, as jansson's signed integers do.</summary>
    Tag,

    /// <summary>An address and its family; "" without a family.</summary>
    Address,

    /// <summary>An address without a family field: the mapped form is IPv4; "" for `::`.</summary>
    ExporterAddress,

    /// <summary>Next hop and its family; 1.7 converts it to the family of the flows ("" where that cannot be).</summary>
    NextHopOfFlowFamily,

    /// <summary>Six bytes in lower-case hexadecimal with colons.</summary>
    Mac,

    /// <summary>EtherType in lower-case hexadecimal without padding.</summary>
    EtherType,

    /// <summary>Protocol name of pmacct's table, or the number.</summary>
    Protocol,

    /// <summary>OR of TCP flags of the entry, as a string of 1.7, or an array.</summary>
    TcpFlags,

    /// <summary>OR of TCP flags of the entry, as the integer of 1.8, or an array.</summary>
    TcpFlagsNumber,

    /// <summary>OR of inner TCP flags of the entry, as a string or an array.</summary>
    TunnelTcpFlags,

    /// <summary>forwardingStatus as a decimal string or in words.</summary>
    ForwardingStatus,

    /// <summary>`u`, `i` or `e`.</summary>
    SamplingDirection,

    /// <summary>Route distinguisher.</summary>
    RouteDistinguisher,

    /// <summary>Where the route distinguisher came from.</summary>
    RouteDistinguisherOrigin,

    /// <summary>Microseconds since the Unix epoch, with six digits of fraction.</summary>
    Timestamp,

    /// <summary>timestamp_min of <see cref="Aggregation.StitchTimes"/>, behind the key. timestamps_secs does not touch it (seen with 1.7.7).</summary>
    StitchedMinimum,

    /// <summary>timestamp_max of the same.</summary>
    StitchedMaximum,

    /// <summary>Handle of an application name: "unknown" when empty, cut to 63 bytes.</summary>
    ClassName,

    /// <summary>Handle of a text.</summary>
    Text,

    /// <summary>Labels of a map: a text, or with pre_tag_label_encode_as_map an object.</summary>
    TagLabel,

    /// <summary>Handles of the ingress and egress VRF name and the sampling direction that chooses between them.</summary>
    VrfNameByDirection,

    /// <summary>Handle of an AS path, `_` between hops; a string or an array.</summary>
    AsPath,

    /// <summary>Handle of communities, `_` between them; a string or an array.</summary>
    Communities,

    /// <summary>Letter of the origin validation (RFC 6811), `u` for 0.</summary>
    Roa,

    /// <summary>Handle of labels, four bytes each; a string or an array.</summary>
    MplsLabelStack,

    /// <summary>Handle of SRv6 segments, sixteen bytes each; always an array.</summary>
    Srv6Segments,

    /// <summary>Sum of flows of the entry; left out for events and options.</summary>
    Flows,

    /// <summary>A number of 1, 2, 4 or 8 bytes in network order, decimal.</summary>
    CustomNumber,

    /// <summary>The same in lower-case hexadecimal without padding.</summary>
    CustomHexadecimal,

    /// <summary>An address of 4 or 16 bytes.</summary>
    CustomAddress,

    /// <summary>A text that lies in the key itself, up to its first NUL.</summary>
    InlineText,

    /// <summary>Bytes that lie in the key behind their number, in hexadecimal.</summary>
    InlineRawBytes,

    /// <summary>Handle of bytes that are printed in hexadecimal.</summary>
    RawBytes,

    /// <summary>Country of a host: up to three bytes within the key.</summary>
    Country,

    /// <summary>Postal code of a host: up to eleven bytes within the key.</summary>
    PostalCode,

    /// <summary>First of two doubles, in degrees.</summary>
    Latitude,

    /// <summary>Second of two doubles, in degrees.</summary>
    Longitude,
}
