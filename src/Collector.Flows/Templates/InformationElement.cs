namespace Collector.Flows.Templates;

/// <summary>An information element: its number and, for an enterprise's own, the private enterprise number (RFC 7011 §3.2).</summary>
/// <param name="Enterprise">0 for the elements of IANA and for all field types of NetFlow v9.</param>
/// <param name="Id">The number, without the enterprise bit.</param>
internal readonly record struct InformationElement(uint Enterprise, ushort Id)
{
    /// <summary>Marks the scope types of NetFlow v9, which are numbered apart from its field types (RFC 3954 §6.1).</summary>
    internal const uint NetFlow9Scope = uint.MaxValue;

    internal const uint Huawei = 2011;
    internal const uint Juniper = 2636;
    internal const uint Pmacct = 43874;

    /// <summary>Of <see cref="Juniper"/>.</summary>
    internal const ushort JuniperCommonProperties = 137;

    internal const ushort
        OctetDeltaCount = 1, PacketDeltaCount = 2, DeltaFlowCount = 3, ProtocolIdentifier = 4, ClassOfService = 5, TcpControlBits = 6,
        SourceTransportPort = 7, SourceIPv4 = 8, SourceIPv4PrefixLength = 9, IngressInterface = 10, DestinationTransportPort = 11,
        DestinationIPv4 = 12, DestinationIPv4PrefixLength = 13, EgressInterface = 14, NextHopIPv4 = 15, SourceAs = 16, DestinationAs = 17,
        BgpNextHopIPv4 = 18, EndSysUpTime = 21, StartSysUpTime = 22, PostOctetDeltaCount = 23, PostPacketDeltaCount = 24, SourceIPv6 = 27,
        DestinationIPv6 = 28, SourceIPv6PrefixLength = 29, DestinationIPv6PrefixLength = 30, FlowLabel = 31, SamplingInterval = 34,
        SourceIPv4Prefix = 44, DestinationIPv4Prefix = 45, TopLabelIPv4 = 47, SamplerId = 48, SamplerRandomInterval = 50, SourceMac = 56,
        PostDestinationMac = 57, VlanId = 58, PostVlanId = 59, IpVersion = 60, FlowDirection = 61, NextHopIPv6 = 62, BgpNextHopIPv6 = 63,
        FirstMplsLabel = 70, LastMplsLabel = 79, DestinationMac = 80, PostSourceMac = 81, InterfaceName = 82, OctetTotalCount = 85,
        PacketTotalCount = 86, ForwardingStatus = 89, RouteDistinguisher = 90, ApplicationDescription = 94, ApplicationIdentifier = 95,
        ApplicationName = 96, Layer2PacketSectionSize = 103, Layer2PacketSectionData = 104, BgpNextAdjacentAs = 128, BgpPrevAdjacentAs = 129, ExporterIPv4 = 130,
        ExporterIPv6 = 131, TopLabelIPv6 = 140, TemplateId = 145, StartSeconds = 150, EndSeconds = 151, StartMilliseconds = 152,
        EndMilliseconds = 153, StartMicroseconds = 154, EndMicroseconds = 155, StartNanoseconds = 156, EndNanoseconds = 157,
        StartDeltaMicroseconds = 158, EndDeltaMicroseconds = 159, SystemInitMilliseconds = 160, DestinationIPv6Prefix = 169,
        SourceIPv6Prefix = 170, UdpSourcePort = 180, UdpDestinationPort = 181, TcpSourcePort = 182, TcpDestinationPort = 183,
        PaddingOctets = 210, PostNatSourceIPv4 = 225, PostNatDestinationIPv4 = 226, PostNaptSourcePort = 227, PostNaptDestinationPort = 228, NatEvent = 230,
        InitiatorOctets = 231, ResponderOctets = 232, FirewallEvent = 233, IngressVrfId = 234, EgressVrfId = 235, VrfName = 236,
        Dot1qVlanId = 243, Dot1qPriority = 244, Dot1qCustomerVlanId = 245, PseudoWireId = 249, IngressPhysicalInterface = 252,
        EgressPhysicalInterface = 253, PostDot1qVlanId = 254, PostDot1qCustomerVlanId = 255, EthernetType = 256, BasicList = 291,
        SubTemplateList = 292, SubTemplateMultiList = 293, InitiatorPackets = 298, ResponderPackets = 299, SelectorId = 302,
        SamplingPacketInterval = 305, SamplingPacketSpace = 306, SamplingSize = 309, SamplingPopulation = 310, DataLinkFrameSize = 312,
        IpHeaderPacketSection = 313, IpPayloadPacketSection = 314, DataLinkFrameSection = 315, ObservationMilliseconds = 323, Layer2SegmentId = 351, Layer2OctetDeltaCount = 352, StationMac = 365,
        StationIPv4 = 366, DataLinkFrameType = 408, SectionOffset = 409, SectionExportedOctets = 410, Srv6SegmentBasicList = 496, Srv6SegmentList = 497, PathDelayMean = 600, PathDelayMinimum = 601,
        PathDelayMaximum = 602, PathDelaySum = 603;

    // Cisco ASA in NetFlow v9, before IANA had numbers for them.
    internal const ushort
        AsaPostNatSourceIPv4 = 40001, AsaPostNatDestinationIPv4 = 40002, AsaPostNatSourcePort = 40003, AsaPostNatDestinationPort = 40004,
        AsaNatEvent = 40005;

    /// <summary>An element of IANA, or a field type of NetFlow v9.</summary>
    public static implicit operator InformationElement(ushort id) => new(0, id);
}
