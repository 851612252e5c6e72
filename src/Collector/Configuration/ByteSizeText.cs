using System.Globalization;

namespace Collector.Configuration;

/// <summary>Sizes in memory: a number of bytes, or a number with KiB, MiB, GiB or TiB.</summary>
public static class ByteSizeText
{
    private static readonly (string Suffix, int Shift)[] Units = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];

    /// <summary>Reads 8388608, 8MiB or 8 MiB. False for anything else (MB is refused because readers differ about it) and beyond 2^63.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        text = text.Trim();
        int shift = 0;
        foreach ((string suffix, int power) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                (text, shift) = (text[..^suffix.Length].TrimEnd(), power);
                break;
            }
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > long.MaxValue >> shift)
        {
            return false;
        }

        bytes = number << shift;
        return true;
    }

    /// <summary>The shortest text that reads back as the same size.</summary>
    public static string Format(long bytes)
    {
        foreach ((string suffix, int shift) in Units)
        {
            if (bytes != 0 && (bytes & ((1L << shift) - 1)) == 0)
            {
                return $"{bytes >> shift}{suffix}";
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
