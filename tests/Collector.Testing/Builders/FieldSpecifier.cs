namespace Collector.Testing.Builders;

/// <summary>A field of a template.</summary>
/// <param name="Id">Element id or field type, without the enterprise bit.</param>
/// <param name="Length">Bytes in the record; 65535 for a variable length.</param>
/// <param name="Enterprise">Private enterprise number; 0 for none. Not written in NetFlow v9.</param>
public readonly record struct FieldSpecifier(int Id, int Length, uint Enterprise = 0)
{
    /// <summary>Converts an element and its length.</summary>
    public static implicit operator FieldSpecifier((int Id, int Length) field) => new(field.Id, field.Length);
}
