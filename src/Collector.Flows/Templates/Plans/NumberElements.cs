using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Plans;

/// <summary>Which elements fill the plain numbers of a record: of those listed the first that the template holds (pmacct-compat §8.5).</summary>
internal static class NumberElements
{
    /// <summary>Numbers that are taken whatever the configuration reads.</summary>
    internal static readonly NumberRule[] Counters =
    [
        new(FlowField.Octets, OctetDeltaCount, OctetTotalCount, PostOctetDeltaCount, Layer2OctetDeltaCount),
        new(FlowField.Packets, PacketDeltaCount, PacketTotalCount, PostPacketDeltaCount),
        new(FlowField.Flows, DeltaFlowCount),
    ];

    /// <summary>Numbers that are taken when the configuration reads them.</summary>
    internal static readonly NumberRule[] Others =
    [
        new(FlowField.Protocol, ProtocolIdentifier),
        new(FlowField.Tos, ClassOfService),
        new(FlowField.TcpFlags, TcpControlBits),
        new(FlowField.SourcePort, SourceTransportPort, UdpSourcePort, TcpSourcePort),
        new(FlowField.DestinationPort, DestinationTransportPort, UdpDestinationPort, TcpDestinationPort),
        new(FlowField.IngressInterface, InformationElement.IngressInterface, IngressPhysicalInterface),
        new(FlowField.EgressInterface, InformationElement.EgressInterface, EgressPhysicalInterface),
        new(FlowField.EtherType, EthernetType),
        new(FlowField.IngressVlan, VlanId, Dot1qVlanId),
        new(FlowField.EgressVlan, PostVlanId, PostDot1qVlanId),
        new(FlowField.IngressCustomerVlan, Dot1qCustomerVlanId),
        new(FlowField.EgressCustomerVlan, PostDot1qCustomerVlanId),
        new(FlowField.Cos, Dot1qPriority),
        new(FlowField.FlowLabel, InformationElement.FlowLabel),
        new(FlowField.PostNatSourcePort, PostNaptSourcePort, AsaPostNatSourcePort),
        new(FlowField.PostNatDestinationPort, PostNaptDestinationPort, AsaPostNatDestinationPort),
        new(FlowField.NatEvent, InformationElement.NatEvent, AsaNatEvent),
        new(FlowField.FirewallEvent, InformationElement.FirewallEvent),
        new(FlowField.MplsPseudowireId, PseudoWireId),
        new(FlowField.IngressVrfId, InformationElement.IngressVrfId),
        new(FlowField.EgressVrfId, InformationElement.EgressVrfId),
        new(FlowField.RouteDistinguisher, InformationElement.RouteDistinguisher),
        new(FlowField.PathDelayAverage, PathDelayMean, new(Huawei, 521)),
        new(FlowField.PathDelayMinimum, InformationElement.PathDelayMinimum, new(Huawei, 523)),
        new(FlowField.PathDelayMaximum, InformationElement.PathDelayMaximum, new(Huawei, 525)),
        new(FlowField.Tag, new InformationElement(Pmacct, 1)),
        new(FlowField.Tag2, new InformationElement(Pmacct, 2)),
    ];

    /// <summary>Elements that make a record traffic: a template without any of them describes events (pmacct-compat §8.4).</summary>
    internal static readonly ushort[] Traffic =
    [
        OctetDeltaCount, PostOctetDeltaCount, OctetTotalCount, InitiatorOctets, ResponderOctets, DataLinkFrameSection, Layer2PacketSectionData,
        Layer2OctetDeltaCount,
    ];
}

/// <summary>A field of the record and the elements that may fill it, in the order of precedence.</summary>
internal readonly struct NumberRule(FlowField target, params InformationElement[] elements)
{
    internal FlowField Target { get; } = target;

    internal InformationElement[] Elements { get; } = elements;
}
