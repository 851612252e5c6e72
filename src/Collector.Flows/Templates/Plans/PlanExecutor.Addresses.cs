using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Collector.Net;

namespace Collector.Flows.Templates.Plans;

internal static unsafe partial class PlanExecutor
{
    private static readonly ulong MappedHalf = BinaryPrimitives.ReverseEndianness(0x0000_FFFF_0000_0000UL);

    private static void RunAddress(in PlanStep step, Column column, PlanContext context)
    {
        switch (step.Kind)
        {
            case StepKind.IPv4:
                IPv4(column);
                break;
            case StepKind.IPv6:
                IPv6(column);
                break;
            case StepKind.Mac:
                Mac(column);
                break;
            case StepKind.IPv4WithFamily:
                for (; column.Count > 0; column.Next())
                {
                    StoreIPv4(column.Source, column.Target);
                    SetFamily(column, step, FlowFamily.IPv4);
                }

                break;
            case StepKind.IPv6WithFamily:
            case StepKind.IPv6WithFamilyIfUnset:
                for (; column.Count > 0; column.Next())
                {
                    if (step.Kind == StepKind.IPv6WithFamily
                        || (column.Record(step)->Family == FlowFamily.IPv6 && ((IpAddress*)column.Target)->IsUnspecified))
                    {
                        StoreIPv6(column.Source, column.Target);
                        SetFamily(column, step, FlowFamily.IPv6);
                    }
                }

                break;
            case StepKind.ExporterIPv4:
            case StepKind.ExporterIPv6:
                Exporter(column, step.Kind == StepKind.ExporterIPv4);
                break;
            default:
                ByFamily(step, column);
                break;
        }
    }

    private static void IPv4(Column column)
    {
        byte* source = column.Source, target = column.Target;
        for (int i = column.Count; i > 0; i--, source += column.Stride, target += RecordSize)
        {
            StoreIPv4(source, target);
        }
    }

    private static void IPv6(Column column)
    {
        byte* source = column.Source, target = column.Target;
        for (int i = column.Count; i > 0; i--, source += column.Stride, target += RecordSize)
        {
            StoreIPv6(source, target);
        }
    }

    private static void Mac(Column column)
    {
        for (; column.Count > 0; column.Next())
        {
            *(MacAddress*)column.Target = Unsafe.ReadUnaligned<MacAddress>(column.Source);
        }
    }

    private static void Exporter(Column column, bool isIPv4)
    {
        for (; column.Count > 0; column.Next())
        {
            IpAddress address = isIPv4 ? IpAddress.FromIPv4(Load4(column.Source)) : Unsafe.ReadUnaligned<IpAddress>(column.Source);
            if (!address.IsUnspecified)
            {
                *(IpAddress*)column.Target = address;
            }
        }
    }

    // Templates with the addresses of both families.
    private static void ByFamily(in PlanStep step, Column column)
    {
        for (; column.Count > 0; column.Next())
        {
            FlowRecord* record = column.Record(step);
            switch (step.Kind)
            {
                case StepKind.FamilyBySource:
                    record->Family = *column.Source != 0 || Unsafe.ReadUnaligned<IpAddress>(column.SourceB) == default ? FlowFamily.IPv4 : FlowFamily.IPv6;
                    break;
                case StepKind.FamilyByVersion:
                    record->Family = Load(column.Source, step.Length) switch
                    {
                        4 => FlowFamily.IPv4,
                        6 => FlowFamily.IPv6,
                        _ => record->Family,
                    };
                    break;
                case StepKind.EtherTypeByFamily:
                    record->EtherType = record->Family == FlowFamily.IPv4 ? (ushort)0x0800 : (ushort)0x86DD;
                    break;
                case StepKind.IPv4IfIPv4 when record->Family == FlowFamily.IPv4:
                    StoreIPv4(column.Source, column.Target);
                    break;
                case StepKind.IPv6IfIPv6 when record->Family == FlowFamily.IPv6:
                    StoreIPv6(column.Source, column.Target);
                    break;
                case StepKind.Copy1IfIPv4 when record->Family == FlowFamily.IPv4:
                case StepKind.Copy1IfIPv6 when record->Family == FlowFamily.IPv6:
                    *column.Target = *column.Source;
                    break;
                default:
                    break;
            }
        }
    }

    private static void SetFamily(in Column column, in PlanStep step, FlowFamily family) =>
        *((byte*)column.Record(step) + step.Argument) = (byte)family;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreIPv4(byte* source, byte* target)
    {
        // The mapped form ::ffff:a.b.c.d, whose last four bytes are those on the wire.
        *(ulong*)target = 0;
        *(ulong*)(target + 8) = MappedHalf | (ulong)Unsafe.ReadUnaligned<uint>(source) << 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreIPv6(byte* source, byte* target)
    {
        *(ulong*)target = Unsafe.ReadUnaligned<ulong>(source);
        *(ulong*)(target + 8) = Unsafe.ReadUnaligned<ulong>(source + 8);
    }
}
