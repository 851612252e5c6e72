namespace Collector.Flows.Templates.Plans;

/// <summary>What a <see cref="PlanStep"/> does. "A" and "B" are its operands in the record on the wire, "target" the field of <see cref="FlowRecord"/>.</summary>
internal enum StepKind : byte
{
    // Unsigned numbers, named by their bytes on the wire and in the record.
    Copy1,
    Copy2,
    Copy4,
    Copy8,
    Widen2To4,
    Widen4To8,

    // Numbers of any other length: the low bytes count (RFC 7011 §6.2, and devices that enlarge).
    Number1,
    Number2,
    Number4,
    Number8,

    /// <summary>A number into 2 bytes when B (IE 61) is 0.</summary>
    Number2IfIngress,

    /// <summary>The same when B is 1.</summary>
    Number2IfEgress,

    /// <summary>forwardingStatus: values above 255 are ignored.</summary>
    ForwardingStatus,

    /// <summary>IE 61 as the letter that pmacct prints.</summary>
    Direction,

    // Addresses.
    IPv4,
    IPv6,
    IPv4IfIPv4,
    IPv6IfIPv6,
    Copy1IfIPv4,
    Copy1IfIPv6,

    /// <summary>An IPv4 address and its family, which lies <see cref="PlanStep.Argument"/> bytes into the record.</summary>
    IPv4WithFamily,

    /// <summary>An IPv6 address and its family.</summary>
    IPv6WithFamily,

    /// <summary>The same in an IPv6 flow whose IPv4 next hop is 0.0.0.0.</summary>
    IPv6WithFamilyIfUnset,

    /// <summary>130: the exporter's IPv4 address, unless 0.0.0.0.</summary>
    ExporterIPv4,

    /// <summary>131: the exporter's IPv6 address, unless ::.</summary>
    ExporterIPv6,

    /// <summary>The family by IE 60; left as it is for other values than 4 and 6.</summary>
    FamilyByVersion,

    /// <summary>The family by A, the IPv4 source: IPv4 unless its first byte is 0 (pmacct-compat §8.5) and B, an IPv6 address, is not ::.</summary>
    FamilyBySource,

    /// <summary>The EtherType of the family.</summary>
    EtherTypeByFamily,
    Mac,

    // Times, all into microseconds since the Unix epoch.

    /// <summary>IE 21/22 of NetFlow v9: milliseconds of the exporter's uptime, against the header.</summary>
    UptimeOfHeader,

    /// <summary>IE 22 of NetFlow v9 where the uptime counts seconds.</summary>
    UptimeSecondsOfHeader,

    /// <summary>IE 21/22 of IPFIX with IE 160 as B.</summary>
    UptimeSinceInit,

    /// <summary>IE 21/22 of IPFIX with IE 160 from options records.</summary>
    UptimeSinceDomainInit,
    Seconds,
    Milliseconds,

    /// <summary>IE 154 to 157: NTP 32.32 fixed point (RFC 7011 §6.1.9), or 16 bytes of seconds and microseconds.</summary>
    Ntp,

    /// <summary>IE 158/159: microseconds before the export time.</summary>
    DeltaMicroseconds,

    /// <summary>The value <see cref="PlanStep.Argument"/> bytes into the record, cut to whole seconds.</summary>
    WholeSeconds,

    // Lookups and values of variable length.

    /// <summary>IE 34/50 in the record.</summary>
    SamplingInterval,

    /// <summary>After the id of a sampler or selector is in the record: its interval; with <see cref="PlanStep.Argument"/> what was there stays when it is unknown.</summary>
    SamplerInterval,

    /// <summary>The name of the interface whose number lies <see cref="PlanStep.Argument"/> bytes into the record.</summary>
    InterfaceName,

    /// <summary>The name of the VRF whose id lies <see cref="PlanStep.Argument"/> bytes into the record.</summary>
    VrfName,

    /// <summary>The route distinguisher of that VRF, when none is known yet.</summary>
    RouteDistinguisherOfVrf,

    /// <summary>IE 95 to the application's name.</summary>
    ApplicationName,

    /// <summary>Text, up to the first zero byte.</summary>
    Text,

    /// <summary>IPv6 segments, 16 bytes each.</summary>
    Segments,

    /// <summary>IE 70 to 79.</summary>
    MplsLabels,

    /// <summary>IE 351.</summary>
    Layer2Segment,

    /// <summary>A sum of path delays divided by the packets.</summary>
    DelayPerPacket,

    /// <summary>A is a piece of an Ethernet frame, B its size (IE 312): the packet fills the record.</summary>
    FrameSection,

    /// <summary>A is a piece of an IP packet.</summary>
    PacketSection,

    /// <summary>A is a piece of the payload of an IP packet.</summary>
    PayloadSection,

    /// <summary>One of Juniper's common properties.</summary>
    CommonProperty,

    /// <summary>A is the next hop, B the egress interface: both 0 say that the packets were discarded.</summary>
    Discard,

    /// <summary>A list of structured data, of the element <see cref="PlanStep.Argument"/>: what is in it is counted.</summary>
    List,

    /// <summary>A basicList of IPv6 segments.</summary>
    SegmentList,

    /// <summary>Forgets the outer header unless it carries IPv4, IPv6 or Ethernet.</summary>
    TunnelOnlyIfEncapsulated,

    /// <summary>A custom primitive: <see cref="PlanStep.Argument"/> bytes into the row of extra values, of B's length.</summary>
    Custom,
}
