using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Plans;

internal sealed partial class PlanCompiler
{
    // The order of the steps is the precedence of pmacct-compat §8.3 from its end: what comes later wins where it knows anything.
    private void CompileSampling()
    {
        foreach (ushort element in (ReadOnlySpan<ushort>)[InformationElement.SamplingInterval, SamplerRandomInterval])
        {
            if (Find(element) is >= 0 and int field)
            {
                Add(StepKind.SamplingInterval, FlowField.SamplingInterval, field);
            }
        }

        // An unknown sampler is none, as in 1.7.7; an unknown selector says nothing.
        int sampler = Find(InformationElement.SamplerId), selector = Find(SelectorId);
        if (Math.Max(sampler, selector) >= 0)
        {
            bool staysWhenUnknown = sampler < 0 || First(InformationElement.SamplingInterval, SamplerRandomInterval) >= 0;
            Number(FlowField.SamplerId, sampler >= 0 ? sampler : selector);
            Add(StepKind.SamplerInterval, FlowField.SamplingInterval, value: staysWhenUnknown ? 1 : 0);
        }
    }

    // Values that may be of variable length come last: what follows the first of them runs record by record.
    private void CompileValues()
    {
        AddIfWanted(StepKind.Direction, FlowField.SamplingDirection, Find(FlowDirection));
        AddIfWanted(StepKind.ForwardingStatus, FlowField.ForwardingStatus, Find(InformationElement.ForwardingStatus));
        CompileDiscard();
        AddIfWanted(StepKind.Layer2Segment, FlowField.Vxlan, _template.Find(Layer2SegmentId, 8));
        AddIfWanted(StepKind.Layer2Segment, FlowField.Nvgre, _template.Find(Layer2SegmentId, 8));
        if (First(PathDelayMean, new InformationElement(Huawei, 521)) < 0)
        {
            AddIfWanted(StepKind.DelayPerPacket, FlowField.PathDelayAverage, First(PathDelaySum, new InformationElement(Huawei, 527)));
        }

        CompileInterfaceNames();
        CompileVrfs();
        CompileLabels();
        CompileOuterHeader();
        AddIfWanted(StepKind.ApplicationName, FlowField.ClassName, Find(ApplicationIdentifier));
        AddIfWanted(StepKind.Text, FlowField.Label, Find(new InformationElement(Pmacct, 3)));
        if (!AddIfWanted(StepKind.Segments, FlowField.Srv6Segments, First(Srv6SegmentList, new InformationElement(Huawei, 505))))
        {
            AddIfWanted(StepKind.SegmentList, FlowField.Srv6Segments, Find(Srv6SegmentBasicList));
        }

        if (!_isReverse)
        {
            CompileProperties();
            CompileSections();
            CompileLists();
        }
    }

    // Quirk C11: only where the exporter does not say it itself.
    private void CompileDiscard()
    {
        int hop = _template.Find(NextHopIPv4, IPv4Length), interfaceField = Find(InformationElement.EgressInterface);
        if (_options.DiscardWithoutNextHop && Wants(FlowField.ForwardingStatus) && Find(InformationElement.ForwardingStatus) < 0
            && hop >= 0 && interfaceField >= 0 && _template.Find(BgpNextHopIPv4, IPv4Length) >= 0)
        {
            Add(StepKind.Discard, FlowField.ForwardingStatus, hop, interfaceField);
        }
    }

    private void CompileInterfaceNames()
    {
        NameOf(StepKind.InterfaceName, FlowField.IngressInterfaceName, FlowField.IngressInterface, InformationElement.IngressInterface, IngressPhysicalInterface);
        NameOf(StepKind.InterfaceName, FlowField.EgressInterfaceName, FlowField.EgressInterface, InformationElement.EgressInterface, EgressPhysicalInterface);
    }

    private void CompileVrfs()
    {
        NameOf(StepKind.VrfName, FlowField.IngressVrfName, FlowField.IngressVrfId, InformationElement.IngressVrfId);
        NameOf(StepKind.VrfName, FlowField.EgressVrfName, FlowField.EgressVrfId, InformationElement.EgressVrfId);
        if (Wants(FlowField.RouteDistinguisher) && Find(InformationElement.RouteDistinguisher) < 0)
        {
            NameOf(StepKind.RouteDistinguisherOfVrf, FlowField.RouteDistinguisher, FlowField.IngressVrfId, InformationElement.IngressVrfId);
            NameOf(StepKind.RouteDistinguisherOfVrf, FlowField.RouteDistinguisher, FlowField.EgressVrfId, InformationElement.EgressVrfId);
        }
    }

    // The number must be in the record for its name to be found, even where the number itself is not read.
    private void NameOf(StepKind kind, FlowField name, FlowField number, params ReadOnlySpan<InformationElement> elements)
    {
        if (Wants(name) && First(elements) is >= 0 and int field)
        {
            if (!Wants(number))
            {
                Number(number, field);
            }

            Add(kind, name, argument: number);
        }
    }

    private void CompileLabels()
    {
        if (!Wants(FlowField.MplsLabelTop) && !Wants(FlowField.MplsLabelBottom) && !Wants(FlowField.MplsLabelStack) && !Wants(FlowField.MplsStackDepth)
            && !Wants(FlowField.PacketLabels))
        {
            return;
        }

        var labels = new List<int>();
        for (ushort id = FirstMplsLabel; id <= LastMplsLabel; id++)
        {
            if (_template.Find(id, 3) is >= 0 and int field)
            {
                labels.Add(field);
            }
        }

        if (labels.Count != 0)
        {
            _labelFields = [.. labels];
            Add(StepKind.MplsLabels, FlowField.MplsLabelStack, argument: Wants(FlowField.MplsLabelStack) ? FlowField.MplsLabelStack : null);
        }
    }

    // Where the same header fields come twice, the first ones are the outer header of an SRv6 tunnel (pmacct-compat §8.1).
    private void CompileOuterHeader()
    {
        int protocol = FirstInstance(ProtocolIdentifier, 1);
        if (protocol < 0 || protocol == Find(ProtocolIdentifier) || FirstInstance(SourceIPv6, IPv6Length) is not (>= 0 and int source)
            || FirstInstance(SourceIPv4, IPv4Length) is >= 0 and int inner && inner < source)
        {
            return;
        }

        _ = AddIfWanted(StepKind.IPv6WithFamily, FlowField.TunnelSourceAddress, source, FlowField.TunnelFamily)
            | AddIfWanted(StepKind.IPv6WithFamily, FlowField.TunnelDestinationAddress, FirstInstance(DestinationIPv6, IPv6Length), FlowField.TunnelFamily)
            | AddIfWanted(StepKind.Copy1, FlowField.TunnelTos, FirstInstance(ClassOfService, 1))
            | AddIfWanted(StepKind.Copy1, FlowField.TunnelTcpFlags, FirstInstance(TcpControlBits, 1))
            | AddIfWanted(StepKind.Copy2, FlowField.TunnelSourcePort, FirstInstance(SourceTransportPort, 2))
            | AddIfWanted(StepKind.Copy2, FlowField.TunnelDestinationPort, FirstInstance(DestinationTransportPort, 2))
            | AddIfWanted(StepKind.Number4, FlowField.TunnelFlowLabel, FirstInstance(FlowLabel, 4))
            | AddIfWanted(StepKind.Mac, FlowField.TunnelSourceMac, FirstInstance(SourceMac, MacLength))
            | AddIfWanted(StepKind.Mac, FlowField.TunnelDestinationMac, FirstInstance(DestinationMac, MacLength));
        Add(StepKind.Copy1, FlowField.TunnelProtocol, protocol);
        Add(StepKind.TunnelOnlyIfEncapsulated, FlowField.TunnelProtocol);
    }

    private int FirstInstance(InformationElement element, int length) =>
        Array.FindIndex(_template.Fields, f => f.Element == element && f.Length == length);

    private bool AddIfWanted(StepKind kind, FlowField target, int field, FlowField? argument = null)
    {
        bool wanted = field >= 0 && Wants(target);
        if (wanted)
        {
            Add(kind, target, field, argument: argument);
        }

        return wanted;
    }
}
