using Collector.Configuration.CustomPrimitives;
using static Collector.Configuration.Yaml.Writing.YamlText;

namespace Collector.Configuration.Yaml.Writing;

/// <summary>The list custom_primitives.</summary>
internal static class CustomPrimitiveForm
{
    /// <summary>The keys of a definition; one without a name is the start that all differ from.</summary>
    public static YamlForm<CustomPrimitive> Definition { get; } = new()
    {
        { "name", p => Of(p.Name) },
        { "element", p => CustomPrimitiveText.ElementOf(p) is { } element ? Of(element) : null },
        { "packet_ptr", p => p.Pointers.Count == 0 ? null : List(p.Pointers.Select(CustomPrimitiveText.PointerOf)) },
        { "length", p => p.Name.Length == 0 ? null : Of(CustomPrimitiveText.LengthOf(p)) },
        { "semantics", p => p.Name.Length == 0 ? null : Of(CustomPrimitiveText.SemanticsOf(p)) },
    };
}
