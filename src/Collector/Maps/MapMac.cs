using System.Globalization;

namespace Collector.Maps;

/// <summary>Reads MAC addresses of maps and filters.</summary>
internal static class MapMac
{
    /// <summary>Reads six hexadecimal numbers with colons (or hyphens) between them into the low 48 bits.</summary>
    public static bool TryParse(string text, out ulong mac)
    {
        mac = 0;
        string[] parts = text.Split(text.Contains('-', StringComparison.Ordinal) ? '-' : ':');
        if (parts.Length != 6)
        {
            return false;
        }

        foreach (string part in parts)
        {
            if (!byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                return false;
            }

            mac = mac << 8 | value;
        }

        return true;
    }
}
