using System.Runtime.InteropServices;
using Collector.Flows.Extras;

namespace Collector.Flows.Templates.Plans;

/// <summary>One step of a <see cref="RecordPlan"/>: from an offset on the wire to an offset in <see cref="FlowRecord"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct PlanStep
{
    internal StepKind Kind;

    /// <summary>Where the value goes, bytes from the start of <see cref="FlowRecord"/>.</summary>
    internal ushort Target;

    /// <summary>Bytes of operand A; below 0 when there is none.</summary>
    internal int Length;

    /// <summary>Where operand A lies, bytes from the start of the record on the wire.</summary>
    internal int Offset;

    /// <summary>Where operand B lies.</summary>
    internal int OffsetB;

    /// <summary>Bytes of operand B; below 0 when there is none.</summary>
    internal int LengthB;

    /// <summary>Another offset into <see cref="FlowRecord"/>, the element of a list, or a switch, by kind.</summary>
    internal int Argument;

    /// <summary>Of <see cref="StepKind.Custom"/>: which lengths it takes.</summary>
    internal CustomForm Form;

    /// <summary>Index of the field that is operand A; -1 for none. Templates with variable lengths look the offset up by it for each record.</summary>
    internal short Field;

    /// <summary>Index of the field that is operand B.</summary>
    internal short FieldB;
}
