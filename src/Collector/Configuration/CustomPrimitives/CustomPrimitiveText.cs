using System.Globalization;
using Collector.Flows.Extras;

namespace Collector.Configuration.CustomPrimitives;

/// <summary>The values of a definition as both configuration files write them.</summary>
internal static class CustomPrimitiveText
{
    /// <summary>Takes one value of a definition; else says what to write, and leaves the definition as it is.</summary>
    public delegate string? Setter(ref CustomPrimitive primitive, string text);

    private const string VariableLength = "vlen";

    private static readonly (string Word, CustomSemantics Value)[] Words =
    [
        ("u_int", CustomSemantics.Number), ("hex", CustomSemantics.Hexadecimal), ("ip", CustomSemantics.Address), ("mac", CustomSemantics.Mac),
        ("str", CustomSemantics.Text), ("raw", CustomSemantics.Raw),
    ];

    private static readonly (string Word, PacketLayer Value)[] Layers =
    [
        ("packet", PacketLayer.Packet), ("mac", PacketLayer.Mac), ("vlan", PacketLayer.Vlan), ("mpls", PacketLayer.Mpls), ("l3", PacketLayer.L3),
        ("l4", PacketLayer.L4), ("payload", PacketLayer.Payload),
    ];

    /// <summary>Takes an element such as 47 or 637:91; else says what to write.</summary>
    public static string? SetElement(ref CustomPrimitive primitive, string text)
    {
        string[] parts = text.Split(':');
        uint enterprise = 0;
        bool fits = parts.Length <= 2 && ushort.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort element) && element != 0
            && (parts.Length == 1 || uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out enterprise));
        if (!fits)
        {
            return "the number of an element, 1 to 65535, or enterprise:number such as 637:91";
        }

        primitive = primitive with { Enterprise = enterprise, Element = ushort.Parse(parts[^1], CultureInfo.InvariantCulture) };
        return null;
    }

    /// <summary>Takes a length, or vlen.</summary>
    public static string? SetLength(ref CustomPrimitive primitive, string text)
    {
        int length = 0;
        if (text != VariableLength && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length) || length is 0 or > ushort.MaxValue - 1))
        {
            return "a number of bytes from 1 to 65534, or vlen for one of variable length";
        }

        primitive = primitive with { Length = length };
        return null;
    }

    /// <summary>Takes u_int, hex, ip, mac, str or raw.</summary>
    public static string? SetSemantics(ref CustomPrimitive primitive, string text)
    {
        int found = Array.FindIndex(Words, w => w.Word == text);
        if (found < 0)
        {
            return $"one of {string.Join(", ", Words.Select(w => w.Word))}";
        }

        primitive = primitive with { Semantics = Words[found].Value };
        return null;
    }

    /// <summary>Adds a place such as l3:0x800+8.</summary>
    public static string? AddPointer(ref CustomPrimitive primitive, string text)
    {
        const string Expected = "layer:[protocol]+[offset] such as l3:0x800+8 or payload:+4; the layers are packet, mac, vlan, mpls, l3, l4 and payload, and only l3 and l4 take a protocol";
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string[] rest = colon < 0 ? [] : text[(colon + 1)..].Split('+');
        int layer = colon < 0 ? -1 : Array.FindIndex(Layers, l => l.Word == text[..colon]);
        if (layer < 0 || rest.Length > 2 || !TryNumber(rest[0], out ushort? protocol) || !TryNumber(rest.Length > 1 ? rest[1] : "", out ushort? offset))
        {
            return Expected;
        }

        PacketLayer found = Layers[layer].Value;
        if (protocol is not (null or 0) && found is not (PacketLayer.L3 or PacketLayer.L4))
        {
            return Expected;
        }

        primitive = primitive with { Pointers = [.. primitive.Pointers, new PacketPointer(found, protocol == 0 ? null : protocol, offset ?? 0)] };
        return null;
    }

    /// <summary>The element as it is written.</summary>
    public static string? ElementOf(CustomPrimitive primitive) =>
        primitive.Element == 0 ? null : primitive.Enterprise == 0 ? $"{primitive.Element}" : $"{primitive.Enterprise}:{primitive.Element}";

    /// <summary>The length as it is written.</summary>
    public static string LengthOf(CustomPrimitive primitive) => primitive.Length == 0 ? VariableLength : primitive.Length.ToString(CultureInfo.InvariantCulture);

    /// <summary>The semantics as they are written.</summary>
    public static string SemanticsOf(CustomPrimitive primitive) => Words.First(w => w.Value == primitive.Semantics).Word;

    /// <summary>A place as it is written.</summary>
    public static string PointerOf(PacketPointer pointer) =>
        string.Create(CultureInfo.InvariantCulture, $"{Layers.First(l => l.Value == pointer.Layer).Word}:{(pointer.Protocol is { } p ? $"0x{p:x}" : "")}+{pointer.Offset}");

    private static bool TryNumber(string text, out ushort? number)
    {
        bool isHexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool fits = ushort.TryParse(
            isHexadecimal ? text[2..] : text, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out ushort value);
        number = fits ? value : null;
        return fits || text.Length == 0;
    }
}
