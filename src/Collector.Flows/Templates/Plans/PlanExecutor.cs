using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Collector.Flows.Templates.Plans;

/// <summary>
/// Runs the steps of a plan over the records of a Set: each step over all of them before the next, so that the choice of what to do is made once
/// per Set and the inner loops are a load, a swap and a store.
/// </summary>
/// <remarks>
/// The only unsafe code of the decoders. What makes it safe: the records were checked to lie within the Set, a step reads between 0 and the
/// record's length (the compiler of the plan and <see cref="VariableRecord"/> guarantee it), and writes at an offset of <see cref="FlowRecord"/>.
/// </remarks>
internal static unsafe partial class PlanExecutor
{
    private static nint RecordSize
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(FlowRecord);
    }

    /// <summary>Fills <paramref name="targets"/> from as many records.</summary>
    /// <param name="steps">What to do.</param>
    /// <param name="records">The records on the wire, one after another.</param>
    /// <param name="length">Bytes from one record to the next.</param>
    /// <param name="targets">Records that hold the prototype of the Set.</param>
    /// <param name="context">What steps need besides.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer bytes than records: a fault of the caller, not of the datagram.</exception>
    internal static void Run(ReadOnlySpan<PlanStep> steps, ReadOnlySpan<byte> records, int length, Span<FlowRecord> targets, PlanContext context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(records.Length, (long)length * targets.Length);
        fixed (byte* source = records)
        fixed (FlowRecord* target = targets)
        {
            foreach (ref readonly PlanStep step in steps)
            {
                Run(in step, new Column(source + step.Offset, source + step.OffsetB, (byte*)target + step.Target, length, targets.Length), context);
            }
        }
    }

    private static void Run(in PlanStep step, Column column, PlanContext context)
    {
        switch (step.Kind)
        {
            case StepKind.Copy1:
                Copy1(column);
                break;
            case StepKind.Copy2:
                Copy2(column);
                break;
            case StepKind.Copy4:
                Copy4(column);
                break;
            case StepKind.Copy8:
                Copy8(column);
                break;
            case StepKind.Widen2To4:
                Widen2To4(column);
                break;
            case StepKind.Widen4To8:
                Widen4To8(column);
                break;
            case StepKind.Number1:
            case StepKind.Number2:
            case StepKind.Number4:
            case StepKind.Number8:
                Numbers(column, step);
                break;
            case StepKind.Number2IfIngress:
                NumberIfDirection(column, step, 0);
                break;
            case StepKind.Number2IfEgress:
                NumberIfDirection(column, step, 1);
                break;
            case StepKind.ForwardingStatus:
                ForwardingStatus(column, step);
                break;
            case StepKind.Direction:
                Direction(column, step);
                break;
            case >= StepKind.IPv4 and <= StepKind.Mac:
                RunAddress(step, column, context);
                break;
            case >= StepKind.UptimeOfHeader and <= StepKind.WholeSeconds:
                RunTime(step, column, context);
                break;
            default:
                RunValue(step, column, context);
                break;
        }
    }

    private static void Copy1(Column column)
    {
        byte* source = column.Source, target = column.Target;
        for (int i = column.Count; i > 0; i--, source += column.Stride, target += RecordSize)
        {
            *target = *source;
        }
    }

    private static void Copy2(Column column)
    {
        byte* source = column.Source, target = column.Target;
        for (int i = column.Count; i > 0; i--, source += column.Stride, target += RecordSize)
        {
            *(ushort*)target = Load2(source);
        }
    }

    private static void Copy4(Column column)
    {
        byte* source = column.Source, target = column.Target;
        for (int i = column.Count; i > 0; i--, source += column.Stride, target += RecordSize)
        {
            *(uint*)target = Load4(source);
        }
    }

    private static void Copy8(Column column)
    {
        byte* source = column.Source, target = column.Target;
        for (int i = column.Count; i > 0; i--, source += column.Stride, target += RecordSize)
        {
            *(ulong*)target = Load8(source);
        }
    }

    private static void Widen2To4(Column column)
    {
        byte* source = column.Source, target = column.Target;
        for (int i = column.Count; i > 0; i--, source += column.Stride, target += RecordSize)
        {
            *(uint*)target = Load2(source);
        }
    }

    private static void Widen4To8(Column column)
    {
        byte* source = column.Source, target = column.Target;
        for (int i = column.Count; i > 0; i--, source += column.Stride, target += RecordSize)
        {
            *(ulong*)target = Load4(source);
        }
    }

    private static void Numbers(Column column, in PlanStep step)
    {
        for (; column.Count > 0; column.Next())
        {
            ulong value = Load(column.Source, step.Length);
            switch (step.Kind)
            {
                case StepKind.Number1:
                    *column.Target = (byte)value;
                    break;
                case StepKind.Number2:
                    *(ushort*)column.Target = (ushort)value;
                    break;
                case StepKind.Number4:
                    *(uint*)column.Target = (uint)value;
                    break;
                default:
                    *(ulong*)column.Target = value;
                    break;
            }
        }
    }

    private static void NumberIfDirection(Column column, in PlanStep step, ulong direction)
    {
        for (; column.Count > 0; column.Next())
        {
            if (Load(column.SourceB, step.LengthB) == direction)
            {
                *(ushort*)column.Target = (ushort)Load(column.Source, step.Length);
            }
        }
    }

    private static void ForwardingStatus(Column column, in PlanStep step)
    {
        for (; column.Count > 0; column.Next())
        {
            ulong status = Load(column.Source, step.Length);
            *column.Target = status <= byte.MaxValue ? (byte)status : (byte)0;
        }
    }

    private static void Direction(Column column, in PlanStep step)
    {
        for (; column.Count > 0; column.Next())
        {
            *column.Target = Load(column.Source, step.Length) switch
            {
                0 => (byte)'i',
                1 => (byte)'e',
                _ => (byte)'u',
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Load2(byte* source) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Load4(byte* source) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load8(byte* source) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(source));

    // The last eight bytes of a number of any length; 0 for no number.
    private static ulong Load(byte* source, int length)
    {
        switch (length)
        {
            case 1:
                return *source;
            case 2:
                return Load2(source);
            case 4:
                return Load4(source);
            case >= 8:
                return Load8(source + length - 8);
            default:
                ulong value = 0;
                for (int i = 0; i < length; i++)
                {
                    value = value << 8 | source[i];
                }

                return value;
        }
    }

    // One field in all records: where it is read and where it is written.
    private struct Column(byte* source, byte* sourceB, byte* target, int stride, int count)
    {
        public readonly nint Stride = stride;
        public byte* Source = source;
        public byte* SourceB = sourceB;
        public byte* Target = target;
        public int Count = count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Next()
        {
            Source += Stride;
            SourceB += Stride;
            Target += RecordSize;
            Count--;
        }

        public readonly FlowRecord* Record(in PlanStep step) => (FlowRecord*)(Target - step.Target);
    }
}
