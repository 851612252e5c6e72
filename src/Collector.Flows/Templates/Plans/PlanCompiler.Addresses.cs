using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Plans;

internal sealed partial class PlanCompiler
{
    // An address of another length than its family's is no address (pmacct once overflowed its stack with one): such a field is passed over.
    private const int IPv4Length = 4;
    private const int IPv6Length = 16;
    private const int MacLength = 6;

    private void CompileAddresses()
    {
        int source4 = FirstOfLength(IPv4Length, SourceIPv4, SourceIPv4Prefix, StationIPv4);
        int destination4 = FirstOfLength(IPv4Length, DestinationIPv4, DestinationIPv4Prefix);
        int source6 = FirstOfLength(IPv6Length, SourceIPv6, SourceIPv6Prefix);
        int destination6 = FirstOfLength(IPv6Length, DestinationIPv6, DestinationIPv6Prefix);
        bool has4 = source4 >= 0 || destination4 >= 0, has6 = source6 >= 0 || destination6 >= 0;
        if (has4 && has6)
        {
            CompileBothFamilies(source4, destination4, source6, destination6);
        }
        else
        {
            _family = has4 ? FlowFamily.IPv4 : has6 ? FlowFamily.IPv6 : FlowFamily.None;
            AddressIfWanted(FlowField.SourceAddress, FlowField.SourceNetwork, source4, source6);
            AddressIfWanted(FlowField.DestinationAddress, FlowField.DestinationNetwork, destination4, destination6);
            CompilePrefixes(source4 >= 0 ? source4 : source6, destination4 >= 0 ? destination4 : destination6);
            NumberIfWanted(FlowField.SourceMask, has6 ? SourceIPv6PrefixLength : SourceIPv4PrefixLength);
            NumberIfWanted(FlowField.DestinationMask, has6 ? DestinationIPv6PrefixLength : DestinationIPv4PrefixLength);
        }

        MacIfWanted(FlowField.SourceMac, FlowRecordFlags.SourceMacGiven, SourceMac, PostSourceMac, StationMac);
        MacIfWanted(FlowField.DestinationMac, FlowRecordFlags.DestinationMacGiven, DestinationMac, PostDestinationMac);
        CompileNextHop();
        CompileIpNextHop();
        CompileExporter();
        NatIfWanted(FlowField.PostNatSourceAddress, FlowField.PostNatSourceFamily, PostNatSourceIPv4, AsaPostNatSourceIPv4);
        NatIfWanted(FlowField.PostNatDestinationAddress, FlowField.PostNatDestinationFamily, PostNatDestinationIPv4, AsaPostNatDestinationIPv4);
    }

    // Both families in one template: each record says by IE 60, or by its source, which of them it uses.
    private void CompileBothFamilies(int source4, int destination4, int source6, int destination6)
    {
        _family = FlowFamily.IPv6;
        int version = Find(IpVersion);
        Add(
            StepKind.FamilyBySource,
            FlowField.Family,
            source4 >= 0 ? source4 : destination4,
            destination6 >= 0 ? destination6 : source6);
        if (version >= 0)
        {
            Add(StepKind.FamilyByVersion, FlowField.Family, version);
        }

        if (Wants(FlowField.EtherType) && Find(EthernetType) < 0)
        {
            Add(StepKind.EtherTypeByFamily, FlowField.EtherType);
        }

        AddIf(StepKind.IPv4IfIPv4, FlowField.SourceAddress, FlowField.SourceNetwork, source4);
        AddIf(StepKind.IPv6IfIPv6, FlowField.SourceAddress, FlowField.SourceNetwork, source6);
        AddIf(StepKind.IPv4IfIPv4, FlowField.DestinationAddress, FlowField.DestinationNetwork, destination4);
        AddIf(StepKind.IPv6IfIPv6, FlowField.DestinationAddress, FlowField.DestinationNetwork, destination6);
        AddIf(StepKind.Copy1IfIPv4, FlowField.SourceMask, FlowField.SourceNetwork, _template.Find(SourceIPv4PrefixLength, 1));
        AddIf(StepKind.Copy1IfIPv6, FlowField.SourceMask, FlowField.SourceNetwork, _template.Find(SourceIPv6PrefixLength, 1));
        AddIf(StepKind.Copy1IfIPv4, FlowField.DestinationMask, FlowField.DestinationNetwork, _template.Find(DestinationIPv4PrefixLength, 1));
        AddIf(StepKind.Copy1IfIPv6, FlowField.DestinationMask, FlowField.DestinationNetwork, _template.Find(DestinationIPv6PrefixLength, 1));
    }

    private void AddIf(StepKind kind, FlowField target, FlowField reason, int field)
    {
        if (field >= 0 && (Wants(target) || Wants(reason)))
        {
            Add(kind, target, field);
        }
    }

    private void AddressIfWanted(FlowField target, FlowField reason, int field4, int field6)
    {
        AddIf(StepKind.IPv4, target, reason, field4);
        AddIf(StepKind.IPv6, target, reason, field6);
    }

    // Only a prefix and no host: the exporter has masked it already.
    private void CompilePrefixes(int source, int destination)
    {
        if (IsPrefix(source) && Wants(FlowField.SourceNetwork))
        {
            Add(_family == FlowFamily.IPv4 ? StepKind.IPv4 : StepKind.IPv6, FlowField.SourceNetwork, source);
            _flags |= FlowRecordFlags.SourceNetworkGiven;
        }

        if (IsPrefix(destination) && Wants(FlowField.DestinationNetwork))
        {
            Add(_family == FlowFamily.IPv4 ? StepKind.IPv4 : StepKind.IPv6, FlowField.DestinationNetwork, destination);
            _flags |= FlowRecordFlags.DestinationNetworkGiven;
        }
    }

    private bool IsPrefix(int field) => field >= 0
        && _template.Fields[field].Element is { Enterprise: 0, Id: SourceIPv4Prefix or DestinationIPv4Prefix or SourceIPv6Prefix or DestinationIPv6Prefix };

    private void MacIfWanted(FlowField target, FlowRecordFlags given, params ReadOnlySpan<ushort> elements)
    {
        if (Wants(target) && FirstOfLength(MacLength, elements) is >= 0 and int field)
        {
            _flags |= given;
            Add(StepKind.Mac, target, field);
        }
    }

    // pmacct-compat §8.5: 18, 47, 15, 63, 140, 62, those of plain routing only with use_ip_next_hop.
    private void CompileNextHop()
    {
        if (!Wants(FlowField.NextHop) && !Wants(FlowField.NextHopFamily))
        {
            return;
        }

        int hop4 = FirstOfLength(IPv4Length, BgpNextHopIPv4, TopLabelIPv4);
        int hop6 = FirstOfLength(IPv6Length, BgpNextHopIPv6, TopLabelIPv6);
        if (_options.UseIpNextHop)
        {
            hop4 = hop4 >= 0 ? hop4 : FirstOfLength(IPv4Length, NextHopIPv4);
            hop6 = hop6 >= 0 ? hop6 : FirstOfLength(IPv6Length, NextHopIPv6);
        }

        if (hop4 >= 0)
        {
            Add(StepKind.IPv4WithFamily, FlowField.NextHop, hop4, argument: FlowField.NextHopFamily);
        }

        if (hop6 >= 0)
        {
            Add(
                hop4 >= 0 ? StepKind.IPv6WithFamilyIfUnset : StepKind.IPv6WithFamily,
                FlowField.NextHop,
                hop6,
                argument: FlowField.NextHopFamily);
        }
    }

    private void CompileIpNextHop()
    {
        if (!Wants(FlowField.IpNextHop))
        {
            return;
        }

        int hop4 = FirstOfLength(IPv4Length, NextHopIPv4), hop6 = FirstOfLength(IPv6Length, NextHopIPv6);
        if (hop4 >= 0 || hop6 >= 0)
        {
            Add(hop4 >= 0 ? StepKind.IPv4 : StepKind.IPv6, FlowField.IpNextHop, hop4 >= 0 ? hop4 : hop6);
        }
    }

    private void CompileExporter()
    {
        if (_options.IgnoreExporterAddress)
        {
            return;
        }

        int exporter6 = _template.Find(ExporterIPv6, IPv6Length), exporter4 = _template.Find(ExporterIPv4, IPv4Length);
        if (exporter6 >= 0)
        {
            Add(StepKind.ExporterIPv6, FlowField.ExporterAddress, exporter6);
        }

        if (exporter4 >= 0)
        {
            Add(StepKind.ExporterIPv4, FlowField.ExporterAddress, exporter4);
        }
    }

    private void NatIfWanted(FlowField target, FlowField family, params ReadOnlySpan<ushort> elements)
    {
        if (Wants(target) && FirstOfLength(IPv4Length, elements) is >= 0 and int field)
        {
            Add(StepKind.IPv4WithFamily, target, field, argument: family);
        }
    }
}
