namespace Collector.Flows.Templates;

/// <summary>One field specifier of a template (RFC 7011 §3.2, RFC 3954 §5.2).</summary>
/// <param name="Element">What the field holds.</param>
/// <param name="Length">Bytes in the record; <see cref="Variable"/> when each record says it.</param>
internal readonly record struct TemplateField(InformationElement Element, ushort Length)
{
    /// <summary>The length of a field whose length stands before it in each record (RFC 7011 §7). Some NetFlow v9 exporters use it too.</summary>
    internal const ushort Variable = 0xFFFF;

    internal bool IsVariable => Length == Variable;

    /// <summary>The least that the field takes in a record.</summary>
    internal int MinimumLength => IsVariable ? 1 : Length;
}
