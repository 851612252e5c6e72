namespace Collector.Flows.Extras;

/// <summary>Which lengths on the wire fill a custom primitive, and how it is stored.</summary>
public enum CustomForm : byte
{
    /// <summary>Exactly the length of the primitive, stored as it came; any other length leaves it absent.</summary>
    Exact,

    /// <summary>Up to the length of the primitive, longer values are cut; stored behind a byte that says how many there are.</summary>
    AtMost,

    /// <summary>As <see cref="Exact"/>, stored as a handle.</summary>
    ExactValue,

    /// <summary>As <see cref="AtMost"/>, stored as a handle.</summary>
    AtMostValue,

    /// <summary>Any length, stored as a handle.</summary>
    AnyValue,
}
