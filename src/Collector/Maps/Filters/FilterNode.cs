using Collector.Flows;
using Collector.Net;

namespace Collector.Maps.Filters;

/// <summary>A part of a compiled filter.</summary>
internal abstract class FilterNode
{
    /// <summary>True when the flow passes.</summary>
    public abstract bool Holds(in FlowRecord record);
}

/// <summary>Both must hold.</summary>
internal sealed class AndNode(FilterNode left, FilterNode right) : FilterNode
{
    public override bool Holds(in FlowRecord record) => left.Holds(in record) && right.Holds(in record);
}

/// <summary>One must hold.</summary>
internal sealed class OrNode(FilterNode left, FilterNode right) : FilterNode
{
    public override bool Holds(in FlowRecord record) => left.Holds(in record) || right.Holds(in record);
}

/// <summary>Must not hold.</summary>
internal sealed class NotNode(FilterNode inner) : FilterNode
{
    public override bool Holds(in FlowRecord record) => !inner.Holds(in record);
}

/// <summary>The same for every flow.</summary>
internal sealed class ConstantNode(bool value) : FilterNode
{
    public override bool Holds(in FlowRecord record) => value;
}

/// <summary>Which end of the flow is looked at.</summary>
internal enum FilterDirection : byte
{
    Either,
    Source,
    Destination,
    Both,
}

/// <summary>What lies before the IP header: a filter that looks behind tags and labels names them first (vlan, mpls), as in pcap-filter(7).</summary>
/// <param name="Vlans">Tags named so far.</param>
/// <param name="Labels">Labels named so far.</param>
internal readonly record struct FilterLayers(int Vlans, int Labels)
{
    /// <summary>True when exactly these layers stand before the IP header of the flow.</summary>
    /// <remarks>
    /// nfacctd 1.7.7 makes a tag only for VLANs from 256 on (it looks at the first byte of element 58): flows of lower ones are reached without the
    /// keyword, as there, and through it, too.
    /// </remarks>
    public bool Fit(in FlowRecord record) => LabelsOf(in record) == Labels && (VlansOf(in record) == Vlans || (Vlans == 0 && IsUnnoticed(in record)));

    private static bool IsUnnoticed(in FlowRecord record) => (record.Flags & FlowRecordFlags.SFlow) == 0 && VlanOf(in record) < 256;

    /// <summary>Tags of the packet that pmacct makes up: at most one.</summary>
    public static int VlansOf(in FlowRecord record) => VlanOf(in record) != 0 ? 1 : 0;

    /// <summary>The id of that tag.</summary>
    public static uint VlanOf(in FlowRecord record) => (record.Flags & FlowRecordFlags.SFlow) != 0 || record.IngressVlan == 0 ? record.Vlan : record.IngressVlan;

    /// <summary>Labels of that packet. As pmacct does, a template with fields for labels makes all its flows labelled ones, those without labels too.</summary>
    public static int LabelsOf(in FlowRecord record) => record.PacketLabels;
}

/// <summary>An IP packet of one family, or of any.</summary>
internal sealed class FamilyNode(FilterLayers layers, FlowFamily family) : FilterNode
{
    public override bool Holds(in FlowRecord record) =>
        layers.Fit(in record) && (family == FlowFamily.None ? record.Family != FlowFamily.None : record.Family == family);
}

/// <summary>One protocol, of one family or of any.</summary>
internal sealed class ProtocolNode(FilterLayers layers, FlowFamily family, byte protocol) : FilterNode
{
    public override bool Holds(in FlowRecord record) =>
        record.Protocol == protocol && (family == FlowFamily.None ? record.Family != FlowFamily.None : record.Family == family) && layers.Fit(in record);
}

/// <summary>An address or prefix.</summary>
internal sealed class AddressNode(FilterLayers layers, FilterDirection direction, FlowFamily family, IpAddress address, byte length) : FilterNode
{
    public override bool Holds(in FlowRecord record)
    {
        if (record.Family != family || !layers.Fit(in record))
        {
            return false;
        }

        return direction switch
        {
            FilterDirection.Source => Is(record.SourceAddress),
            FilterDirection.Destination => Is(record.DestinationAddress),
            FilterDirection.Both => Is(record.SourceAddress) && Is(record.DestinationAddress),
            _ => Is(record.SourceAddress) || Is(record.DestinationAddress),
        };
    }

    private bool Is(IpAddress other) => MatchCondition.Masked(other, length) == address;
}

/// <summary>A port or a range of ports, of TCP, UDP or SCTP.</summary>
internal sealed class PortNode(FilterLayers layers, FilterDirection direction, FlowFamily family, byte protocol, ushort first, ushort last) : FilterNode
{
    private const byte Tcp = 6, Udp = 17, Sctp = 132;

    public override bool Holds(in FlowRecord record)
    {
        bool hasPorts = protocol == 0 ? record.Protocol is Tcp or Udp or Sctp : record.Protocol == protocol;
        if (!hasPorts || (family == FlowFamily.None ? record.Family == FlowFamily.None : record.Family != family) || !layers.Fit(in record))
        {
            return false;
        }

        return direction switch
        {
            FilterDirection.Source => Is(record.SourcePort),
            FilterDirection.Destination => Is(record.DestinationPort),
            FilterDirection.Both => Is(record.SourcePort) && Is(record.DestinationPort),
            _ => Is(record.SourcePort) || Is(record.DestinationPort),
        };
    }

    private bool Is(ushort port) => port >= first && port <= last;
}

/// <summary>A VLAN tag, any or one; only the first tag is known.</summary>
internal sealed class VlanNode(FilterLayers before, int id) : FilterNode
{
    public override bool Holds(in FlowRecord record) =>
        before.Vlans < FilterLayers.VlansOf(in record) && (id < 0 || (FilterLayers.VlanOf(in record) & 0xFFF) == (uint)id);
}

/// <summary>A label, any or one; of the stack, only the top is compared.</summary>
internal sealed class MplsNode(FilterLayers before, int label) : FilterNode
{
    public override bool Holds(in FlowRecord record) =>
        before.Vlans == FilterLayers.VlansOf(in record) && before.Labels < FilterLayers.LabelsOf(in record)
        && (label < 0 || (before.Labels == 0 ? record.MplsLabelTop : record.MplsLabelBottom) == (uint)label);
}

/// <summary>A MAC address.</summary>
internal sealed class MacNode(FilterDirection direction, ulong mac) : FilterNode
{
    public override bool Holds(in FlowRecord record) => direction switch
    {
        FilterDirection.Source => Is(in record.SourceMac),
        FilterDirection.Destination => Is(in record.DestinationMac),
        FilterDirection.Both => Is(in record.SourceMac) && Is(in record.DestinationMac),
        _ => Is(in record.SourceMac) || Is(in record.DestinationMac),
    };

    private bool Is(in MacAddress address)
    {
        Span<byte> bytes = stackalloc byte[MacAddress.Size];
        address.WriteTo(bytes);
        return NetworkOrder.Read(bytes) == mac;
    }
}

/// <summary>A multicast or broadcast address as destination.</summary>
internal sealed class MulticastNode(FilterLayers layers, FlowFamily family) : FilterNode
{
    public override bool Holds(in FlowRecord record) =>
        record.Family == family && layers.Fit(in record)
        && (family == FlowFamily.IPv6 ? record.DestinationAddress.FirstHostOrder >> 56 == 0xFF : record.DestinationAddress.ToIPv4() >> 24 >= 224);
}
