using static Collector.Flows.Templates.InformationElement;

namespace Collector.Flows.Templates.Plans;

internal sealed partial class PlanCompiler
{
    private SectionOperands? _section;

    private bool HasCounters => First(NumberElements.Counters[0].Elements) >= 0 || First(NumberElements.Counters[1].Elements) >= 0;

    // A piece of a frame comes before all other steps: what the record says itself wins, and without counters the frame is one packet (seen with 1.7.7).
    private void CompileFrameSection()
    {
        if (!_isReverse && First(DataLinkFrameSection, Layer2PacketSectionData) is >= 0 and int frame)
        {
            AddSection(StepKind.FrameSection, frame, First(DataLinkFrameSize, Layer2PacketSectionSize));
        }
    }

    // Elements 313 and 314 (RFC 5477 §8.5), which pmacct passes over, count as the packet where the template has no counters.
    private void CompileSections()
    {
        if (_section is not null || HasCounters)
        {
            return;
        }

        if (Find(IpHeaderPacketSection) is >= 0 and int packet)
        {
            AddSection(StepKind.PacketSection, packet, -1);
        }
        else if (Find(IpPayloadPacketSection) is >= 0 and int payload && First(SourceTransportPort, UdpSourcePort, TcpSourcePort) < 0)
        {
            AddSection(StepKind.PayloadSection, payload, -1);
        }
    }

    private void AddSection(StepKind kind, int section, int size)
    {
        Add(kind, FlowField.Octets, section, size, value: HasCounters ? 1 : 0);
        _section = new SectionOperands();
        ReadOnlySpan<ushort> elements = [DataLinkFrameType, SectionOffset, SectionExportedOctets];
        for (int i = 0; i < SectionOperands.Count; i++)
        {
            int field = Find(elements[i]);
            _section.Fields[i] = field;
            _section.Offsets[i] = field < 0 ? 0 : _offsets[field];
            _section.Lengths[i] = field < 0 ? -1 : _template.Fields[field].Length;
        }
    }

    // Juniper's inline monitoring repeats one element for several properties, each with its kind in the upper six bits.
    private void CompileProperties()
    {
        for (int i = 0; i < _template.Fields.Length && Wants(FlowField.DropCode); i++)
        {
            if (_template.Fields[i].Element == new InformationElement(Juniper, JuniperCommonProperties) && _template.Fields[i].Length is 2 or 4)
            {
                Add(StepKind.CommonProperty, FlowField.DropCode, i);
            }
        }
    }

    // RFC 6313: lists are passed over by their length, which the plan knows anyway; the steps only count what is in them.
    private void CompileLists()
    {
        for (int i = 0; i < _template.Fields.Length; i++)
        {
            if (_template.Fields[i].Element is { Enterprise: 0, Id: BasicList or SubTemplateList or SubTemplateMultiList })
            {
                Add(StepKind.List, FlowField.Flags, i, value: _template.Fields[i].Element.Id);
            }
        }
    }
}
