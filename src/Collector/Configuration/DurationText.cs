using System.Globalization;

namespace Collector.Configuration;

/// <summary>Lengths of time as pmacct writes them: a number and s, m, h, d, w or M; a number alone counts seconds (pmacct-compat §2.2).</summary>
public static class DurationText
{
    /// <summary>Reads 60, 300s, 5m, 1h, 1d or 1w; 0 is allowed. False for anything else, months included, and beyond 2^31 seconds.</summary>
    public static bool TryParseSeconds(string text, out int seconds) => TryParse(text, out seconds, out int months) && months == 0;

    /// <summary>Reads the same and calendar months (1M). One of the two results is 0.</summary>
    public static bool TryParse(string text, out int seconds, out int months)
    {
        (seconds, months) = (0, 0);
        text = text.Trim();
        int unit = text.Length > 0 ? Unit(text[^1]) : 0;
        if (!int.TryParse(unit == 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return false;
        }

        if (unit == Month)
        {
            months = number;
            return true;
        }

        long product = (long)number * Math.Max(1, unit);
        seconds = (int)Math.Min(product, int.MaxValue);
        return product <= int.MaxValue;
    }

    /// <summary>The shortest text that reads back as the same length.</summary>
    public static string Format(int seconds) => seconds switch
    {
        0 => "0",
        _ when seconds % 604_800 == 0 => $"{seconds / 604_800}w",
        _ when seconds % 86_400 == 0 => $"{seconds / 86_400}d",
        _ when seconds % 3_600 == 0 => $"{seconds / 3_600}h",
        _ when seconds % 60 == 0 => $"{seconds / 60}m",
        _ => $"{seconds}s",
    };

    private const int Month = -1;

    private static int Unit(char letter) => letter switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        'M' => Month,
        _ => 0,
    };
}
