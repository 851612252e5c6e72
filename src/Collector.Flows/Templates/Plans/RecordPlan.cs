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

    /// <summary>Bytes of the fields of fixed length in a record: the whole record unless <see cref="Variable"/> is set.</summary>
    internal required int RecordLength { get; init; }

    /// <summary>Where IE 70 to 79 lie, in their order.</summary>
    internal required int[] MplsLabels { get; init; }

    /// <summary>What the records say of the piece of a packet in them; null when there is none.</summary>
    internal SectionOperands? Section { get; init; }

    /// <summary>True when each record says how it was sampled; else what options records say holds for all.</summary>
    internal bool HasOwnSampling { get; init; }

    /// <summary>True for the direction from destination to source: records without counters are none.</summary>
    internal bool IsReverse { get; init; }

    /// <summary>The plan for the other direction of the same records; null when there is none.</summary>
    internal RecordPlan? Reverse { get; init; }

    /// <summary>What else records with fields of variable length need; null when there are none.</summary>
    internal VariablePlan? Variable { get; init; }
}

/// <summary>
/// How to decode records with fields of variable length: their fixed fields are copied side by side into rows, over which all steps run that
/// read only those; the steps from the first that reads a variable field on run record by record.
/// </summary>
internal sealed class VariablePlan
{
    /// <summary>The least that a record takes.</summary>
    internal required int MinimumLength { get; init; }

    /// <summary>Bytes of fixed fields before, between and after the variable ones.</summary>
    internal required int[] Runs { get; init; }

    /// <summary>The lengths of all fields as the template gives them.</summary>
    internal required ushort[] Lengths { get; init; }

    /// <summary>The steps that run record by record.</summary>
    internal required PlanStep[] LateSteps { get; init; }

    /// <summary>What the records say of the piece of a packet in them; null when there is none.</summary>
    internal required SectionOperands? Section { get; init; }

    /// <summary>The fields that are IE 70 to 79, in their order.</summary>
    internal required int[] MplsLabelFields { get; init; }
}
