using Collector.Flows;

namespace Collector.Maps;

/// <summary>Which fields of a record conditions read, so that templates decode them.</summary>
internal static class MatchFields
{
    /// <summary>What a map can begin to ask after a reload although it did not at start: what nearly every output reads anyway, and all that filters read.</summary>
    public static FlowFieldSet Always { get; } = FlowFieldSet.Of(
        FlowField.ExporterAddress,
        FlowField.IngressInterface,
        FlowField.EgressInterface,
        FlowField.SourceAddress,
        FlowField.DestinationAddress,
        FlowField.Family,
        FlowField.Protocol,
        FlowField.SourcePort,
        FlowField.DestinationPort,
        FlowField.SamplingInterval,
        FlowField.EtherType,
        FlowField.Vlan,
        FlowField.IngressVlan,
        FlowField.SourceMac,
        FlowField.DestinationMac,
        FlowField.MplsLabelTop,
        FlowField.MplsLabelBottom,
        FlowField.PacketLabels);

    /// <summary>The fields of one key.</summary>
    public static FlowFieldSet Of(MatchCondition condition) => condition.Filter is { } filter ? filter.Fields : condition.Key switch
    {
        MatchKey.Exporter => FlowFieldSet.Of(FlowField.ExporterAddress),
        MatchKey.IngressInterface => FlowFieldSet.Of(FlowField.IngressInterface),
        MatchKey.EgressInterface => FlowFieldSet.Of(FlowField.EgressInterface),
        MatchKey.IpNextHop => FlowFieldSet.Of(FlowField.IpNextHop),
        MatchKey.BgpNextHop => FlowFieldSet.Of(FlowField.NextHop, FlowField.NextHopFamily, FlowField.IpNextHop),
        MatchKey.Direction => FlowFieldSet.Of(FlowField.SamplingDirection),
        MatchKey.SourceAs => FlowFieldSet.Of(FlowField.SourceAs),
        MatchKey.DestinationAs => FlowFieldSet.Of(FlowField.DestinationAs),
        MatchKey.PeerSourceAs => FlowFieldSet.Of(FlowField.PeerSourceAs),
        MatchKey.PeerDestinationAs => FlowFieldSet.Of(FlowField.PeerDestinationAs),
        MatchKey.SourceLocalPreference => FlowFieldSet.Of(FlowField.SourceLocalPreference),
        MatchKey.LocalPreference => FlowFieldSet.Of(FlowField.LocalPreference),
        MatchKey.SourceRoa => FlowFieldSet.Of(FlowField.SourceRoa),
        MatchKey.DestinationRoa => FlowFieldSet.Of(FlowField.DestinationRoa),
        MatchKey.SourceCommunities => FlowFieldSet.Of(FlowField.SourceStandardCommunities),
        MatchKey.Communities => FlowFieldSet.Of(FlowField.StandardCommunities),
        MatchKey.IngressVrfId => FlowFieldSet.Of(FlowField.IngressVrfId),
        MatchKey.EgressVrfId => FlowFieldSet.Of(FlowField.EgressVrfId),
        MatchKey.VrfId => FlowFieldSet.Of(FlowField.IngressVrfId, FlowField.EgressVrfId),
        MatchKey.RouteDistinguisher => FlowFieldSet.Of(FlowField.RouteDistinguisher),
        MatchKey.PseudowireId => FlowFieldSet.Of(FlowField.MplsPseudowireId),
        MatchKey.MplsLabelBottom => FlowFieldSet.Of(FlowField.MplsLabelBottom),
        MatchKey.SourceMac => FlowFieldSet.Of(FlowField.SourceMac),
        MatchKey.DestinationMac => FlowFieldSet.Of(FlowField.DestinationMac),
        MatchKey.Vlan => FlowFieldSet.Of(FlowField.Vlan, FlowField.IngressVlan),
        MatchKey.CustomerVlan => FlowFieldSet.Of(FlowField.IngressCustomerVlan),
        MatchKey.SourceNetwork => FlowFieldSet.Of(FlowField.SourceAddress, FlowField.Family),
        MatchKey.DestinationNetwork or MatchKey.IsMulticast => FlowFieldSet.Of(FlowField.DestinationAddress, FlowField.Family),
        MatchKey.Protocol => FlowFieldSet.Of(FlowField.Protocol),
        MatchKey.SourcePort => FlowFieldSet.Of(FlowField.SourcePort),
        MatchKey.DestinationPort => FlowFieldSet.Of(FlowField.DestinationPort),
        MatchKey.TcpFlags => FlowFieldSet.Of(FlowField.TcpFlags),
        MatchKey.ForwardingStatus => FlowFieldSet.Of(FlowField.ForwardingStatus),
        MatchKey.IsNsel => FlowFieldSet.Of(FlowField.FirewallEvent),
        MatchKey.IsNel => FlowFieldSet.Of(FlowField.NatEvent),
        MatchKey.SamplingRate => FlowFieldSet.Of(FlowField.SamplingInterval),
        _ => FlowFieldSet.Of(),
    };
}
