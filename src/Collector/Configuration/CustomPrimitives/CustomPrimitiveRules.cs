using Collector.Output;

namespace Collector.Configuration.CustomPrimitives;

/// <summary>What must hold for the definition of a custom primitive, whichever file it came from.</summary>
internal static class CustomPrimitiveRules
{
    /// <summary>Most definitions.</summary>
    public const int MaxCount = 256;

    private const int MaxPointers = 8, LongestName = 64;

    /// <summary>Everything that is wrong, each a sentence that says what to write instead.</summary>
    public static IEnumerable<string> Check(CustomPrimitive primitive, IReadOnlyCollection<CustomPrimitive> before)
    {
        string name = primitive.Name;
        if (name.Length == 0 || name.Length > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            yield return $"name '{name}' does not fit; write up to {LongestName} letters, digits, underscores, dashes and dots";
        }
        else if (PrimitiveSelection.KnownNames.Contains(name))
        {
            yield return $"'{name}' is a primitive already, and that one would win in aggregate; write another name";
        }
        else if (before.Any(p => p.Name == name))
        {
            yield return $"'{name}' is defined twice, and pmacct takes the first; remove one or write another name";
        }

        if (primitive.Element == 0 && primitive.Pointers.Count == 0)
        {
            yield return $"'{name}' comes from nowhere; write field_type= and the number of an element, or packet_ptr= and a place in sampled frames";
        }

        if (primitive.Pointers.Count > MaxPointers)
        {
            yield return $"'{name}' has {primitive.Pointers.Count} places in frames; write at most {MaxPointers}";
        }

        if (LengthFault(primitive) is { } fault)
        {
            yield return $"'{name}': {fault}";
        }
    }

    private static string? LengthFault(CustomPrimitive primitive) => primitive.Semantics switch
    {
        CustomSemantics.Number or CustomSemantics.Hexadecimal when primitive.Length is not (1 or 2 or 4 or 8) => "a number has 1, 2, 4 or 8 bytes; write one of these as length",
        CustomSemantics.Address when primitive.Length is not (4 or 16) => "an address has 4 or 16 bytes; write one of these as length",
        CustomSemantics.Mac when primitive.Length != 6 => "a MAC address has 6 bytes; write 6 as length",
        _ when primitive.Length == 0 && primitive.Pointers.Count > 0 => "what is read from frames has no length of its own; write a number of bytes instead of vlen",
        _ => null,
    };
}
