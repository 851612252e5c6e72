using Collector.Configuration.CustomPrimitives;
using Collector.Flows.Extras;

namespace Collector.Output;

/// <summary>The custom primitives of a configuration, compiled: where each lies in the row of extra values and how it is printed. Immutable.</summary>
internal sealed class CustomPrimitiveSet
{
    private readonly Dictionary<string, (Primitive Primitive, CustomField Field)> _byName = new(StringComparer.Ordinal);

    /// <param name="definitions">Checked definitions, in the order of their file; the same ones always give the same places.</param>
    public CustomPrimitiveSet(IReadOnlyList<CustomPrimitive> definitions)
    {
        var occurrences = new Dictionary<(uint, ushort), int>();
        foreach (CustomPrimitive definition in definitions)
        {
            CustomForm form = FormOf(definition);
            int width = form switch
            {
                CustomForm.Exact => definition.Length,
                CustomForm.AtMost => definition.Length + 1,
                _ => ExtraPlace.HandleWidth,
            };
            int occurrence = occurrences.GetValueOrDefault((definition.Enterprise, definition.Element));
            occurrences[(definition.Enterprise, definition.Element)] = occurrence + 1;
            var place = new ExtraPlace(RowBytes, width, form is CustomForm.ExactValue or CustomForm.AtMostValue or CustomForm.AnyValue);
            RowBytes += width;
            var field = new CustomField
            {
                Place = place,
                Form = form,
                Length = definition.Length,
                Enterprise = definition.Enterprise,
                Element = definition.Element,
                Occurrence = occurrence,
                Pointers = definition.Pointers,
            };
            var column = new PrimitiveColumn(definition.Name, definition.Name, FormatOf(definition, place.IsHandle), []) { Extra = place, Place = PrintColumns.Of(definition) };
            _byName[definition.Name] = (new Primitive(definition.Name, column) { IsCustom = true }, field);
        }
    }

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>What decoders do for them.</summary>
    public IEnumerable<CustomField> Fields => _byName.Values.Select(v => v.Field);

    /// <summary>Bytes of the row of extra values.</summary>
    public int RowBytes { get; }

    /// <summary>The primitive of a name; null: not defined.</summary>
    public Primitive? Find(string name) => _byName.TryGetValue(name, out (Primitive Primitive, CustomField) found) ? found.Primitive : null;

    private static CustomForm FormOf(CustomPrimitive definition)
    {
        bool isInline = definition.Length <= CustomField.MaxInlineLength;
        return definition.Length == 0 ? CustomForm.AnyValue
            : definition.Semantics == CustomSemantics.Raw ? isInline ? CustomForm.AtMost : CustomForm.AtMostValue
            : isInline ? CustomForm.Exact : CustomForm.ExactValue;
    }

    private static ValueFormat FormatOf(CustomPrimitive definition, bool isHandle) => definition.Semantics switch
    {
        CustomSemantics.Number => ValueFormat.CustomNumber,
        CustomSemantics.Hexadecimal => ValueFormat.CustomHexadecimal,
        CustomSemantics.Address => ValueFormat.CustomAddress,
        CustomSemantics.Mac => ValueFormat.Mac,
        CustomSemantics.Text => isHandle ? ValueFormat.Text : ValueFormat.InlineText,
        _ => isHandle ? ValueFormat.RawBytes : ValueFormat.InlineRawBytes,
    };
}
