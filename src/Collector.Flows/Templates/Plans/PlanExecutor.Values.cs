using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Collector.Flows.Extras;
using Collector.Flows.Templates.Options;

namespace Collector.Flows.Templates.Plans;

internal static unsafe partial class PlanExecutor
{
    private const int MaxLabels = 10;

    // forwardingStatus of RFC 7270 §4.12: dropped, reason unknown.
    private const byte Dropped = 128;

    // pmacct keeps 63 bytes of an application name.
    private const int MaxClassLength = 63;

    private static void RunValue(in PlanStep step, Column column, PlanContext context)
    {
        for (; column.Count > 0; column.Next())
        {
            FlowRecord* record = column.Record(step);
            switch (step.Kind)
            {
                case StepKind.SamplingInterval:
                    SetInterval(record, Load(column.Source, step.Length));
                    break;
                case StepKind.SamplerInterval:
                    SamplerInterval(record, context.Domain!, step.Argument != 0);
                    break;
                case StepKind.InterfaceName when context.Domain!.HasNames:
                    *(uint*)column.Target = context.Domain.Names.Interfaces.Handle(NumberAt(record, step.Argument), context.Values);
                    break;
                case StepKind.VrfName when context.Domain!.HasNames:
                    *(uint*)column.Target = context.Domain.Names.Vrfs.Handle(NumberAt(record, step.Argument), context.Values);
                    break;
                case StepKind.RouteDistinguisherOfVrf when context.Domain!.HasNames && *(ulong*)column.Target == 0:
                    *(ulong*)column.Target = context.Domain.Names.RouteDistinguishers.GetValueOrDefault(NumberAt(record, step.Argument));
                    break;
                case StepKind.ApplicationName when context.Domain!.HasNames && step.Length > 0:
                    ulong key = DomainNames.ApplicationKey(new ReadOnlySpan<byte>(column.Source, step.Length));
                    *(uint*)column.Target = context.Domain.Names.Applications.Handle(key, context.Values);
                    break;
                case StepKind.Text:
                    *(uint*)column.Target = context.Values.Intern(UntilZero(new ReadOnlySpan<byte>(column.Source, step.Length)));
                    break;
                case StepKind.Segments:
                    *(uint*)column.Target = context.Values.Intern(new ReadOnlySpan<byte>(column.Source, step.Length / 16 * 16));
                    break;
                case StepKind.MplsLabels:
                    MplsLabels(record, column.Source - step.Offset, context, step.Argument != 0);
                    break;
                case StepKind.Layer2Segment:
                    Layer2Segment(record, Load8(column.Source));
                    break;
                case StepKind.DelayPerPacket when record->Packets != 0:
                    *(uint*)column.Target = (uint)(Load(column.Source, step.Length) / record->Packets);
                    break;
                case StepKind.FrameSection or StepKind.PacketSection or StepKind.PayloadSection:
                    Section(step, column, context);
                    break;
                case StepKind.CommonProperty:
                    CommonProperty(column.Target, column.Source, step.Length);
                    break;
                case StepKind.Discard when (Load(column.Source, step.Length) | Load(column.SourceB, step.LengthB)) == 0:
                    *column.Target = Dropped;
                    break;
                case StepKind.List:
                    ListReader.Count((ushort)step.Argument, new ReadOnlySpan<byte>(column.Source, step.Length), context);
                    break;
                case StepKind.SegmentList:
                    *(uint*)column.Target = context.Values.Intern(SegmentsOf(new ReadOnlySpan<byte>(column.Source, step.Length)));
                    break;
                case StepKind.Custom:
                    ExtraRow.Store(step.Form, new ReadOnlySpan<byte>(column.Source, step.Length), step.LengthB, step.Argument, ref *record, context.Values);
                    break;
                case StepKind.TunnelOnlyIfEncapsulated when record->TunnelProtocol is not (4 or 41 or 143):
                    ForgetTunnel(ref *record);
                    break;
                default:
                    break;
            }
        }
    }

    private static uint NumberAt(FlowRecord* record, int offset) => *(uint*)((byte*)record + offset);

    // A number with its three low bytes 0 is a small one that the device wrote in the wrong order (quirk S13): no interval.
    private static void SetInterval(FlowRecord* record, ulong interval)
    {
        if (interval is not 0 and <= uint.MaxValue && (interval & 0x00FF_FFFF) != 0)
        {
            record->SamplingInterval = (uint)interval;
            record->RenormalizationFactor = (uint)interval;
        }
    }

    private static void SamplerInterval(FlowRecord* record, ExportDomain domain, bool staysWhenUnknown)
    {
        uint interval = domain.Sampler(record->SamplerId);
        if (interval == 0 && record->SamplerId == 0)
        {
            // Some devices number their one sampler in options only (quirk S6).
            interval = domain.Samplers.Newest != 0 ? domain.Samplers.Newest : domain.Source.Samplers.Newest;
        }
        else if (interval == 0 && !staysWhenUnknown)
        {
            record->SamplingInterval = record->RenormalizationFactor = 0;
        }

        SetInterval(record, interval);
    }

    // RFC 9487 §5.1.5 and RFC 6313 §4.5.1: semantic, element and length, and an enterprise number where the element has one.
    private static ReadOnlySpan<byte> SegmentsOf(ReadOnlySpan<byte> list)
    {
        int header = list.Length > 1 && (list[1] & 0x80) != 0 ? 9 : 5;
        bool isSegments = list.Length >= header && BinaryPrimitives.ReadUInt16BigEndian(list[3..]) == 16;
        return isSegments ? list[header..^((list.Length - header) % 16)] : default;
    }

    private static ReadOnlySpan<byte> UntilZero(ReadOnlySpan<byte> text) => text.IndexOf((byte)0) is >= 0 and int end ? text[..end] : text;

    // RFC 3032: 20 bits label, 3 bits traffic class, 1 bit bottom of stack; elements 70 to 79 leave the TTL out.
    [SkipLocalsInit]
    private static void MplsLabels(FlowRecord* record, byte* source, PlanContext context, bool keepStack)
    {
        Span<byte> stack = stackalloc byte[MaxLabels * 4];
        int depth = 0, known = 0;
        foreach (int offset in context.MplsLabels.AsSpan(0, context.MplsLabelCount))
        {
            uint entry = (uint)Load(source + offset, 3), label = entry >> 4;
            record->MplsLabelTop = depth == 0 ? label : record->MplsLabelTop;
            BinaryPrimitives.WriteUInt32BigEndian(stack[(depth++ * 4)..], label);

            // Devices fill the fields that a packet's stack does not reach with zeros.
            known = entry != 0 ? depth : known;
            if ((entry & 1) != 0)
            {
                record->MplsLabelBottom = label;
                break;
            }
        }

        record->PacketLabels = (byte)depth;
        depth = known;
        record->MplsStackDepth = (uint)depth;
        if (keepStack)
        {
            record->MplsLabelStack = context.Values.Intern(stack[..(depth * 4)]);
        }
    }

    // RFC 7637 and RFC 7348 identifiers behind the type byte of layer2SegmentId.
    private static void Layer2Segment(FlowRecord* record, ulong segment)
    {
        switch (segment >> 56)
        {
            case 1:
                record->Vxlan = (uint)segment & 0xFF_FFFF;
                break;
            case 2:
                record->Nvgre = (uint)segment & 0xFF_FFFF;
                break;
            default:
                break;
        }
    }

    private static void ForgetTunnel(ref FlowRecord record)
    {
        record.TunnelSourceAddress = default;
        record.TunnelDestinationAddress = default;
        record.TunnelFamily = FlowFamily.None;
        record.TunnelProtocol = 0;
        record.TunnelTos = 0;
        record.TunnelTcpFlags = 0;
        record.TunnelSourcePort = 0;
        record.TunnelDestinationPort = 0;
        record.TunnelFlowLabel = 0;
        record.TunnelSourceMac = default;
        record.TunnelDestinationMac = default;
    }
}
