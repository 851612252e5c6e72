using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Plans;

/// <summary>
/// Rewrites templates whose records describe both directions of a flow: biflows (RFC 5103) and NSEL of Cisco ASA. The rewritten template says of
/// one direction what a plain template says, so that one compiler serves all.
/// </summary>
internal static class Directions
{
    // RFC 5103 §6.1.
    private const uint ReverseEnterprise = 29_305;

    // Elements that say of the source what the other says of the destination, or of the way in what the other says of the way out.
    private static readonly (ushort A, ushort B)[] Pairs =
    [
        (SourceIPv4, DestinationIPv4), (SourceIPv4Prefix, DestinationIPv4Prefix), (SourceIPv6, DestinationIPv6), (SourceIPv6Prefix, DestinationIPv6Prefix),
        (SourceIPv4PrefixLength, DestinationIPv4PrefixLength), (SourceIPv6PrefixLength, DestinationIPv6PrefixLength),
        (SourceTransportPort, DestinationTransportPort), (UdpSourcePort, UdpDestinationPort), (TcpSourcePort, TcpDestinationPort),
        (IngressInterface, EgressInterface), (IngressPhysicalInterface, EgressPhysicalInterface), (InformationElement.SourceAs, InformationElement.DestinationAs),
        (BgpPrevAdjacentAs, BgpNextAdjacentAs), (SourceMac, DestinationMac), (PostSourceMac, PostDestinationMac), (VlanId, PostVlanId),
        (Dot1qVlanId, PostDot1qVlanId), (Dot1qCustomerVlanId, PostDot1qCustomerVlanId), (IngressVrfId, EgressVrfId),
        (PostNatSourceIPv4, PostNatDestinationIPv4), (PostNaptSourcePort, PostNaptDestinationPort),
        (AsaPostNatSourceIPv4, AsaPostNatDestinationIPv4), (AsaPostNatSourcePort, AsaPostNatDestinationPort),
    ];

    // What is said of the packets in the forward direction only.
    private static readonly HashSet<ushort> ForwardOnly =
    [
        OctetDeltaCount, PacketDeltaCount, DeltaFlowCount, TcpControlBits, PostOctetDeltaCount, PostPacketDeltaCount, OctetTotalCount, PacketTotalCount,
        Layer2OctetDeltaCount, InitiatorOctets, ResponderOctets, InitiatorPackets, ResponderPackets, NextHopIPv4, BgpNextHopIPv4, NextHopIPv6,
        BgpNextHopIPv6, TopLabelIPv4, TopLabelIPv6, FlowDirection, InformationElement.ForwardingStatus, StationMac, StationIPv4,
        .. Enumerable.Range(FirstMplsLabel, LastMplsLabel - FirstMplsLabel + 1).Select(id => (ushort)id),
    ];

    /// <summary>The template as it is read for the direction from source to destination.</summary>
    internal static Template Forward(Template template, NselCounters nsel)
    {
        if (nsel == NselCounters.None || (template.Find(InitiatorOctets) < 0 && template.Find(ResponderOctets) < 0))
        {
            return template;
        }

        ushort packets = nsel == NselCounters.Pmacct ? ResponderOctets : InitiatorPackets;
        bool hasOctets = Array.Exists(NumberElements.Counters[0].Elements, e => template.Find(e) >= 0);
        bool hasPackets = Array.Exists(NumberElements.Counters[1].Elements, e => template.Find(e) >= 0);
        return template.Rewritten(e => e.Id switch
        {
            InitiatorOctets when e.Enterprise == 0 && !hasOctets => OctetDeltaCount,
            _ when e == packets && !hasPackets => PacketDeltaCount,
            _ => e,
        });
    }

    /// <summary>The template as it is read for the direction from destination to source; null when it says nothing of that, or nobody asks.</summary>
    internal static Template? Reverse(Template template, DecoderOptions options)
    {
        bool isBiflow = options.BothDirections && Array.Exists(template.Fields, f => f.Element.Enterprise == ReverseEnterprise && IsCounter(f.Element.Id));
        bool isNsel = options.Nsel == NselCounters.Both && (template.Find(ResponderOctets) >= 0 || template.Find(ResponderPackets) >= 0);
        if (template.IsOptions || (!isBiflow && !isNsel))
        {
            return null;
        }

        return template.Rewritten(e => Reverse(template, e, isNsel));
    }

    private static InformationElement Reverse(Template template, InformationElement element, bool isNsel) => element switch
    {
        { Enterprise: ReverseEnterprise } => element.Id,
        { Enterprise: not 0 } => element,
        { Id: ResponderOctets } when isNsel => OctetDeltaCount,
        { Id: ResponderPackets } when isNsel => PacketDeltaCount,
        _ when ForwardOnly.Contains(element.Id) || template.Find(new InformationElement(ReverseEnterprise, element.Id)) >= 0 => PaddingOctets,
        _ => Partner(element.Id),
    };

    private static bool IsCounter(ushort id) => NumberElements.Counters[..2].Any(rule => rule.Elements.Contains(id));

    private static ushort Partner(ushort id)
    {
        foreach ((ushort a, ushort b) in Pairs)
        {
            if (id == a || id == b)
            {
                return id == a ? b : a;
            }
        }

        return id;
    }
}
