using Collector.Configuration.CustomPrimitives;

namespace Collector.Configuration.Yaml;

/// <summary>The list custom_primitives.</summary>
internal static class CustomPrimitiveKeys
{
    /// <summary>The keys of a definition.</summary>
    public static YamlKeys<CustomPrimitive> Definition { get; } = new()
    {
        { "name", (o, v) => o with { Name = v.Text(o.Name).ToLowerInvariant() } },
        { "element", (o, v) => Set(o, v, CustomPrimitiveText.SetElement) },
        { "packet_ptr", Pointers },
        { "length", (o, v) => Set(o, v, CustomPrimitiveText.SetLength) },
        { "semantics", (o, v) => Set(o, v, CustomPrimitiveText.SetSemantics) },
    };

    private static readonly string[] Required = ["name", "length", "semantics"];

    /// <summary>Reads the list.</summary>
    public static IReadOnlyList<CustomPrimitive> Read(YamlValue value)
    {
        if (value.Node is not YamlSequence list)
        {
            value.Refuse("a list of definitions, each beginning with - name:");
            return [];
        }

        if (list.Items.Count > CustomPrimitiveRules.MaxCount)
        {
            value.Findings.Error(value.Line, $"{value.Path}: more than {CustomPrimitiveRules.MaxCount} primitives; remove those that no output asks for");
        }

        List<CustomPrimitive> primitives = [];
        for (int i = 0; i < Math.Min(list.Items.Count, CustomPrimitiveRules.MaxCount); i++)
        {
            string path = $"{value.Path}[{i}]";
            if (list.Items[i] is not YamlMapping section)
            {
                new YamlValue(list.Items[i], path, list.Items[i].Line, value.Findings).Refuse("the keys of a definition, beginning with name:");
                continue;
            }

            if (ReadOne(section, path, primitives, value.Findings) is { } primitive)
            {
                primitives.Add(primitive);
            }
        }

        return primitives.Count == 0 ? [] : primitives;
    }

    private static CustomPrimitive? ReadOne(YamlMapping section, string path, List<CustomPrimitive> before, Findings findings)
    {
        string[] missing = [.. Required.Where(k => !section.Pairs.Any(p => p.Key == k))];
        CustomPrimitive primitive = Definition.Apply(new CustomPrimitive { Name = "" }, section, path, _ => null, findings);
        if (missing.Length > 0)
        {
            findings.Error(section.Line, $"{path} has no {string.Join(" and no ", missing)}; write {string.Join(" and ", missing.Select(k => k + ":"))}");
            return null;
        }

        string[] faults = findings.HasErrors ? [] : [.. CustomPrimitiveRules.Check(primitive, before)];
        foreach (string fault in faults)
        {
            findings.Error(section.Line, $"{path}: {fault}");
        }

        return faults.Length == 0 ? primitive : null;
    }

    private static CustomPrimitive Set(CustomPrimitive primitive, YamlValue value, CustomPrimitiveText.Setter set)
    {
        CustomPrimitive changed = primitive;
        if (value.Node is not YamlScalar { IsNull: false } scalar)
        {
            value.Refuse("a single value");
        }
        else if (set(ref changed, scalar.Text) is { } expected)
        {
            value.Refuse(expected);
        }

        return changed;
    }

    private static CustomPrimitive Pointers(CustomPrimitive primitive, YamlValue value)
    {
        CustomPrimitive changed = primitive;
        foreach ((string text, int line) in value.Words())
        {
            if (CustomPrimitiveText.AddPointer(ref changed, text) is { } expected)
            {
                value.Findings.Error(line, $"{value.Path}: '{text}' does not fit; write {expected}");
            }
        }

        return changed;
    }
}
