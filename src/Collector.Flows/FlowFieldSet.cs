namespace Collector.Flows;

/// <summary>An immutable set of fields: what the running configuration reads. Templates compile only steps for these.</summary>
public readonly record struct FlowFieldSet
{
    private readonly UInt128 _bits;

    private FlowFieldSet(UInt128 bits) => _bits = bits;

    /// <summary>All fields.</summary>
    public static FlowFieldSet All { get; } = new(UInt128.MaxValue);

    /// <summary>A set of the given fields.</summary>
    public static FlowFieldSet Of(params ReadOnlySpan<FlowField> fields)
    {
        UInt128 bits = 0;
        foreach (FlowField field in fields)
        {
            bits |= UInt128.One << (int)field;
        }

        return new FlowFieldSet(bits);
    }

    /// <summary>True when the field is in the set.</summary>
    public bool Contains(FlowField field) => (_bits >> (int)field & 1) != 0;

    /// <summary>The fields of both.</summary>
    public FlowFieldSet Union(FlowFieldSet other) => new(_bits | other._bits);
}
