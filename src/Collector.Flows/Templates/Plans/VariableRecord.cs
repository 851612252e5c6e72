using System.Buffers.Binary;

namespace Collector.Flows.Templates.Plans;

/// <summary>Finds the fields of records with variable lengths and runs plans over them. One per worker.</summary>
internal sealed class VariableRecord
{
    private const int RowBytes = ushort.MaxValue;

    // The longest padding seen behind records of variable length; RFC 7011 §3.3.1 asks for less than a record.
    private const int MaxPadding = 7;

    private readonly byte[] _rows = new byte[RowBytes];
    private readonly int[] _offsets = new int[TemplateDefinition.MaxFields];
    private readonly int[] _lengths = new int[TemplateDefinition.MaxFields];
    private readonly int[] _labels = new int[InformationElement.LastMplsLabel - InformationElement.FirstMplsLabel + 1];
    private readonly SectionOperands _section = new();
    private int _gathered;
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

    /// <summary>True when what is left of a Set is no record.</summary>
    internal static bool IsPadding(ReadOnlySpan<byte> rest, int minimumLength) =>
        rest.Length < minimumLength || (rest.Length <= MaxPadding && rest.IndexOfAnyExcept((byte)0) < 0);

    /// <summary>Copies the fixed fields of up to <paramref name="count"/> records into rows.</summary>
    /// <returns>How many records there were before padding, the end or a record that does not fit.</returns>
    internal int Gather(RecordPlan plan, ReadOnlySpan<byte> bytes, int count)
    {
        int rowLength = plan.RecordLength, found = 0, whole = bytes.Length;
        count = rowLength == 0 ? count : Math.Min(count, RowBytes / rowLength);
        while (found < count && !IsPadding(bytes, plan.Variable!.MinimumLength))
        {
            int length = CopyFixed(bytes, plan.Variable.Runs, _rows.AsSpan(found * rowLength, rowLength));
            if (length < 0)
            {
                break;
            }

            bytes = bytes[length..];
            found++;
        }

        _gathered = whole - bytes.Length;
        return found;
    }

    /// <summary>Runs a plan over the records gathered last.</summary>
    /// <returns>Bytes of those records.</returns>
    internal int Run(RecordPlan plan, ReadOnlySpan<byte> bytes, Span<FlowRecord> targets, PlanContext context)
    {
        context.MplsLabels = plan.MplsLabels;
        context.MplsLabelCount = plan.MplsLabels.Length;
        context.Section = plan.Section;
        PlanExecutor.Run(plan.Steps, _rows, plan.RecordLength, targets, context);
        VariablePlan variable = plan.Variable!;
        for (int i = 0; i < targets.Length && variable.LateSteps.Length != 0; i++)
        {
            int length = Measure(bytes, variable.Lengths);
            RunLate(variable, bytes[..length], targets.Slice(i, 1), context);
            bytes = bytes[length..];
        }

        return _gathered;
    }

    private static int CopyFixed(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> runs, Span<byte> row)
    {
        int position = 0;
        for (int i = 0; i < runs.Length; i++)
        {
            if (runs[i] > bytes.Length - position)
            {
                return -1;
            }

            bytes.Slice(position, runs[i]).CopyTo(row);
            row = row[runs[i]..];
            position += runs[i];
            if (i == runs.Length - 1)
            {
                break;
            }

            if (!TryReadLength(bytes, ref position, out int length) || length > bytes.Length - position)
            {
                return -1;
            }

            position += length;
        }

        return position;
    }

    private void RunLate(VariablePlan plan, ReadOnlySpan<byte> record, Span<FlowRecord> target, PlanContext context)
    {
        if (_steps.Length < plan.LateSteps.Length)
        {
            _steps = new PlanStep[plan.LateSteps.Length];
        }

        int count = 0;
        foreach (ref readonly PlanStep step in plan.LateSteps.AsSpan())
        {
            // A variable field that is empty here is as good as absent; what needs a fixed length was compiled from a field that has it.
            if (step.Field >= 0 && _lengths[step.Field] == 0)
            {
                continue;
            }

            ref PlanStep found = ref _steps[count++];
            found = step;
            if (step.Field >= 0)
            {
                found.Offset = _offsets[step.Field];
                found.Length = _lengths[step.Field];
            }

            if (step.FieldB >= 0)
            {
                found.OffsetB = _offsets[step.FieldB];
                found.LengthB = _lengths[step.FieldB];
            }
        }

        for (int i = 0; i < plan.MplsLabelFields.Length; i++)
        {
            _labels[i] = _offsets[plan.MplsLabelFields[i]];
        }

        if (plan.Section is { } section)
        {
            for (int i = 0; i < SectionOperands.Count; i++)
            {
                int field = section.Fields[i];
                _section.Offsets[i] = field < 0 ? 0 : _offsets[field];
                _section.Lengths[i] = field < 0 ? -1 : _lengths[field];
            }

            context.Section = _section;
        }

        context.MplsLabels = _labels;
        PlanExecutor.Run(_steps.AsSpan(0, count), record, record.Length, target, context);
    }

    // RFC 7011 §7: one byte, or 255 and two bytes, which may also write a length below 255.
    internal static bool TryReadLength(ReadOnlySpan<byte> bytes, ref int position, out int length)
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
