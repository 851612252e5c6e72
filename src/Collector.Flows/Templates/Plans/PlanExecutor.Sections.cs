using System.Buffers.Binary;
using Collector.Flows.Extras;
using Collector.Flows.Packets;

namespace Collector.Flows.Templates.Plans;

internal static unsafe partial class PlanExecutor
{
    // RFC 5477 and IANA's registry: element 408 says what the section is a piece of.
    private const ulong FrameTypeUnset = 0, FrameTypeEthernet = 1;

    // header_protocol of sFlow, which SampledHeaderReader goes by.
    private const uint IPv4Packet = 11, IPv6Packet = 12;

    private const int JuniperException = 2;

    // A piece of the packet stands for the whole of it: one packet of the length that its IP header says, as pmacct counts it.
    private static void Section(in PlanStep step, in Column column, PlanContext context)
    {
        ref FlowRecord record = ref *column.Record(step);
        byte* wire = column.Source - step.Offset;
        ReadOnlySpan<byte> section = new(column.Source, step.Length);
        ulong exported = Operand(context, wire, SectionOperands.ExportedOctets, (ulong)section.Length);

        // Sections of fixed length are filled up behind what was exported.
        section = section[..(int)Math.Min(exported, (ulong)section.Length)];
        if (Operand(context, wire, SectionOperands.SectionOffset, 0) != 0)
        {
            // A piece from the middle of a packet: no header begins it.
            SetPacket(step, ref record, (uint)Load(column.SourceB, step.LengthB));
            return;
        }

        switch (step.Kind)
        {
            case StepKind.FrameSection when Operand(context, wire, SectionOperands.FrameType, FrameTypeUnset) is FrameTypeUnset or FrameTypeEthernet:
                Frame(step, ref record, section, (uint)Load(column.SourceB, step.LengthB), context);
                break;
            case StepKind.FrameSection:
                context.Domain!.Counters.Count(DecodeFault.UnknownFormat);
                SetPacket(step, ref record, (uint)Load(column.SourceB, step.LengthB));
                break;
            case StepKind.PacketSection:
                Packet(step, ref record, section, context);
                break;
            default:
                Payload(step, ref record, section);
                break;
        }
    }

    private static void Frame(in PlanStep step, ref FlowRecord record, ReadOnlySpan<byte> frame, uint frameSize, PlanContext context)
    {
        CountFault(SampledHeaderReader.Read(SampledHeaderReader.Ethernet, frame, context.Values, ref record, out uint ipOctets), context);
        if (context.FrameFields.Length != 0)
        {
            PacketPointers.Read(context.FrameFields, frame, ref record, context.Values);
        }

        uint size = frameSize != 0 ? frameSize : (uint)frame.Length;
        SetPacket(step, ref record, ipOctets != 0 ? ipOctets : EthernetHeader.TryRead(frame, out EthernetHeader header) ? PacketLength(header.EtherType, frame[header.Length..], size) : size);
    }

    private static void Packet(in PlanStep step, ref FlowRecord record, ReadOnlySpan<byte> packet, PlanContext context)
    {
        bool isIPv6 = packet.Length > 0 && packet[0] >> 4 == 6;
        ushort etherType = isIPv6 ? EtherTypes.IPv6 : EtherTypes.IPv4;
        CountFault(SampledHeaderReader.Read(isIPv6 ? IPv6Packet : IPv4Packet, packet, context.Values, ref record), context);
        record.EtherType = etherType;
        SetPacket(step, ref record, PacketLength(etherType, packet, (uint)packet.Length));
    }

    // What the template says of the protocol decides what the first bytes are.
    private static void Payload(in PlanStep step, ref FlowRecord record, ReadOnlySpan<byte> payload)
    {
        const byte Tcp = 6, Udp = 17, Sctp = 132;
        if (record.Protocol is Tcp or Udp or Sctp && payload.Length >= 4)
        {
            record.SourcePort = BinaryPrimitives.ReadUInt16BigEndian(payload);
            record.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
            record.TcpFlags = record.Protocol == Tcp && payload.Length > 13 ? payload[13] : record.TcpFlags;
        }

        SetPacket(step, ref record, (uint)payload.Length);
    }

    private static void SetPacket(in PlanStep step, ref FlowRecord record, uint octets)
    {
        // A template with counters has said it already, or says it in a later step.
        if (step.Argument == 0)
        {
            record.Packets = 1;
            record.Octets = octets;
        }
    }

    private static uint PacketLength(ushort etherType, ReadOnlySpan<byte> packet, uint otherwise) => etherType switch
    {
        EtherTypes.IPv4 when packet.Length >= 4 => BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
        EtherTypes.IPv6 when packet.Length >= 6 => BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) + 40u,
        _ => otherwise,
    };

    private static ulong Operand(PlanContext context, byte* wire, int operand, ulong otherwise) =>
        context.Section!.Lengths[operand] is > 0 and int length ? Load(wire + context.Section.Offsets[operand], length) : otherwise;

    private static void CountFault(DecodeFault fault, PlanContext context)
    {
        if (fault != DecodeFault.None)
        {
            context.Domain!.Counters.Count(fault);
        }
    }

    // Six bits say which property it is; the second is why the packet was an exception (quirk C12).
    private static void CommonProperty(byte* target, byte* source, int length)
    {
        ulong property = Load(source, length);
        int valueBits = (length * 8) - 6;
        if ((int)(property >> valueBits) == JuniperException)
        {
            *(ushort*)target = (ushort)(property & ((1UL << valueBits) - 1));
        }
    }
}
