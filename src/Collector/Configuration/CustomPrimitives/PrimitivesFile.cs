using Collector.Maps;
using Collector.Output;

namespace Collector.Configuration.CustomPrimitives;

/// <summary>aggregate_primitives: a line of key=value pairs for each custom primitive (pmacct-compat §5.4).</summary>
internal static class PrimitivesFile
{
    private static readonly string[] Required = ["name", "len", "semantics"];

    private static readonly Dictionary<string, CustomPrimitiveText.Setter> Keys = new(StringComparer.Ordinal)
    {
        { "name", SetName },
        { "field_type", CustomPrimitiveText.SetElement },
        { "len", CustomPrimitiveText.SetLength },
        { "semantics", CustomPrimitiveText.SetSemantics },
        { "packet_ptr", CustomPrimitiveText.AddPointer },
    };

    /// <summary>The definitions of a file; lines with faults become findings and are left out, as pmacct does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="findings">Where errors go; names the file.</param>
    public static IReadOnlyList<CustomPrimitive> Read(string path, Findings findings)
    {
        try
        {
            using var text = new StreamReader(path);
            return Read(text, findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Error(0, $"the file cannot be read: {e.Message}");
            return [];
        }
    }

    /// <summary>The same from text.</summary>
    public static IReadOnlyList<CustomPrimitive> Read(TextReader text, Findings findings)
    {
        List<CustomPrimitive> primitives = [];
        foreach (MapLine line in MapReader.Read(text, findings))
        {
            if (TryRead(line, findings) is not { } primitive)
            {
                continue;
            }

            string[] faults = [.. CustomPrimitiveRules.Check(primitive, primitives)];
            foreach (string fault in faults)
            {
                findings.Error(line.Number, fault);
            }

            if (faults.Length == 0 && primitives.Count == CustomPrimitiveRules.MaxCount)
            {
                findings.Error(line.Number, $"more than {CustomPrimitiveRules.MaxCount} primitives; remove those that no output asks for");
                break;
            }

            if (faults.Length == 0)
            {
                primitives.Add(primitive);
            }
        }

        return primitives;
    }

    private static CustomPrimitive? TryRead(MapLine line, Findings findings)
    {
        var primitive = new CustomPrimitive { Name = "" };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string key, string text) in line.Pairs)
        {
            string? fault = !Keys.TryGetValue(key, out CustomPrimitiveText.Setter? set) ? $"unknown key '{key}'{NearestName.Hint(key, Keys.Keys)}"
                : !seen.Add(key) && key != "packet_ptr" ? $"key '{key}' stands here twice; write one of the two"
                : set(ref primitive, text) is { } expected ? $"{key}={text} does not fit; write {expected}"
                : null;
            if (fault is not null)
            {
                findings.Error(line.Number, fault);
                return null;
            }
        }

        string[] missing = [.. Required.Where(k => !seen.Contains(k)).Select(k => k + "=")];
        if (missing.Length > 0)
        {
            findings.Error(line.Number, $"required key missing: write {string.Join(" and ", missing)}");
            return null;
        }

        return primitive;
    }

    private static string? SetName(ref CustomPrimitive primitive, string text)
    {
        primitive = primitive with { Name = text.ToLowerInvariant() };
        return null;
    }
}
