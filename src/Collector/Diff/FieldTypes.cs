namespace Collector.Diff;

/// <summary>JSON types that a field was seen with.</summary>
[Flags]
public enum FieldTypes
{
    /// <summary>The field was not seen.</summary>
    None = 0,

    /// <summary>A string.</summary>
    String = 1,

    /// <summary>A number.</summary>
    Number = 2,

    /// <summary>An array.</summary>
    Array = 4,

    /// <summary>null.</summary>
    Null = 8,

    /// <summary>An object or a boolean.</summary>
    Other = 16,
}
