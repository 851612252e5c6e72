namespace Collector.Flows.Templates.Plans;

/// <summary>A template compiled for the fields that the configuration reads: a flat list of steps, in the order in which they run.</summary>
internal sealed class RecordPlan
{
    /// <summary>What the plan was compiled for.</summary>
    internal required DecoderOptions Options { get; init; }

    internal required PlanStep[] Steps { get; init; }

    /// <summary>What all records of the template have in common.</summary>
    internal required FlowKind Kind { get; init; }

    /// <summary>The family, where the template decides it.</summary>
    internal required FlowFamily Family { get; init; }

    /// <summary>The EtherType that follows from the family.</summary>
    internal required ushort EtherType { get; init; }

    internal required FlowRecordFlags Flags { get; init; }

    /// <summary>Bytes of a record; the least of them when <see cref="VariableLengths"/> is set.</summary>
    internal required int RecordLength { get; init; }

    /// <summary>The lengths of all fields, when one of them is variable; else null.</summary>
    internal required ushort[]? VariableLengths { get; init; }

    /// <summary>Offsets of IE 70 to 79 in their order: field indexes when <see cref="VariableLengths"/> is set.</summary>
    internal required int[] MplsLabels { get; init; }
}
