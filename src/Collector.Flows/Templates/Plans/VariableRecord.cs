using System.Buffers.Binary;

namespace Collector.Flows.Templates.Plans;

/// <summary>Finds the fields of records with variable lengths and runs a plan over one such record at a time. One per worker.</summary>
internal sealed class VariableRecord
{
    private readonly int[] _offsets = new int[TemplateDefinition.MaxFields];
    private readonly int[] _lengths = new int[TemplateDefinition.MaxFields];
    private readonly int[] _labels = new int[InformationElement.LastMplsLabel - InformationElement.FirstMplsLabel + 1];
    private PlanStep[] _steps = new PlanStep[64];

    /// <summary>Where each field of the record found last starts, after its length.</summary>
    internal ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>How long each field is.</summary>
    internal ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Finds the fields of the record at the start of <paramref name="bytes"/>.</summary>
    /// <returns>Bytes of the record; -1 when it does not end within <paramref name="bytes"/>.</returns>
    internal int Measure(ReadOnlySpan<byte> bytes, ReadOnlySpan<ushort> lengths)
    {
        int position = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            int length = lengths[i];
            if (length == TemplateField.Variable && !TryReadLength(bytes, ref position, out length))
            {
                return -1;
            }

            if (length > bytes.Length - position)
            {
                return -1;
            }

            _offsets[i] = position;
            _lengths[i] = length;
            position += length;
        }

        return position;
    }

    /// <summary>Runs a plan over the record measured last.</summary>
    internal void Run(RecordPlan plan, ReadOnlySpan<byte> record, Span<FlowRecord> target, PlanContext context)
    {
        if (_steps.Length < plan.Steps.Length)
        {
            _steps = new PlanStep[plan.Steps.Length];
        }

        int count = 0;
        foreach (ref readonly PlanStep step in plan.Steps.AsSpan())
        {
            PlanStep found = step;
            if (step.Field >= 0)
            {
                // A variable field that is empty here is as good as absent; what needs a fixed length was compiled from a field that has it.
                if (_lengths[step.Field] == 0)
                {
                    continue;
                }

                found.Offset = _offsets[step.Field];
                found.Length = _lengths[step.Field];
            }

            if (step.FieldB >= 0)
            {
                found.OffsetB = _offsets[step.FieldB];
                found.LengthB = _lengths[step.FieldB];
            }

            _steps[count++] = found;
        }

        for (int i = 0; i < plan.MplsLabels.Length; i++)
        {
            _labels[i] = _offsets[plan.MplsLabels[i]];
        }

        context.MplsLabels = _labels;
        context.MplsLabelCount = plan.MplsLabels.Length;
        PlanExecutor.Run(_steps.AsSpan(0, count), record, record.Length, target, context);
    }

    // RFC 7011 §7: one byte, or 255 and two bytes, which may also write a length below 255.
    private static bool TryReadLength(ReadOnlySpan<byte> bytes, ref int position, out int length)
    {
        length = 0;
        if (position >= bytes.Length)
        {
            return false;
        }

        length = bytes[position++];
        if (length < 255)
        {
            return true;
        }

        if (bytes.Length - position < 2)
        {
            return false;
        }

        length = BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]);
        position += 2;
        return true;
    }
}
