using System.Globalization;
using Collector.Output;

namespace Collector.Sinks.Files;

/// <summary>The conversions of strftime(3) that pmacct's file names take, in the C locale.</summary>
internal static class StrftimeText
{
    private const string Conversions = "aAbBdeFhHIjmMpsSTwWyYz%";

    /// <summary>Splits a text at its conversions; %% becomes a percent sign.</summary>
    /// <param name="text">The text.</param>
    /// <param name="add">Takes each part: as <c>IsTime</c> the letter of a conversion, else text.</param>
    /// <returns>The first letter that is no conversion, or null.</returns>
    public static string? Split(string text, Action<(bool IsVariable, bool IsTime, string Text)> add)
    {
        string? unknown = null;
        int start = 0;
        for (int percent = text.IndexOf('%', StringComparison.Ordinal); percent >= 0; percent = text.IndexOf('%', start))
        {
            add((false, false, text[start..percent]));
            string letter = percent + 1 < text.Length ? text.Substring(percent + 1, 1) : "";
            if (letter.Length == 0 || !Conversions.Contains(letter, StringComparison.Ordinal))
            {
                unknown ??= letter;
            }

            add(letter == "%" ? (false, false, "%") : (false, true, letter));
            start = Math.Min(percent + 2, text.Length);
        }

        add((false, false, text[start..]));
        return unknown;
    }

    /// <summary>The sentence about a letter that is no conversion.</summary>
    public static string Unknown(string text, string letter) =>
        $"{text}: '%{letter}' is no conversion of a time; write one of %{string.Join(" %", Conversions.ToCharArray())}, or %% for a percent sign";

    /// <summary>A time in a zone, within the years that a date can have.</summary>
    public static DateTime Local(long seconds, TimeZoneInfo zone) =>
        DateTime.UnixEpoch.AddSeconds(Math.Clamp(seconds + TimestampText.OffsetAt(zone, seconds), 0, 250_000_000_000));

    /// <summary>What a conversion stands for.</summary>
    /// <param name="conversion">Its letter.</param>
    /// <param name="seconds">The time since the Unix epoch.</param>
    /// <param name="zone">The zone.</param>
    public static string Format(char conversion, long seconds, TimeZoneInfo zone)
    {
        DateTime local = Local(seconds, zone);
        int minutes = TimestampText.OffsetAt(zone, seconds) / 60;
        return conversion switch
        {
            's' => Invariant($"{seconds}"),
            'z' => Invariant($"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:D2}{Math.Abs(minutes) % 60:D2}"),
            'w' => Invariant($"{(int)local.DayOfWeek}"),
            'j' => Invariant($"{local.DayOfYear:D3}"),
            'e' => Invariant($"{local.Day,2}"),

            // The week of the year, the first Monday being the first day of week 1.
            'W' => Invariant($"{(local.DayOfYear + 6 - (((int)local.DayOfWeek + 6) % 7)) / 7:D2}"),
            _ => local.ToString(
                conversion switch
                {
                    'a' => "ddd",
                    'A' => "dddd",
                    'b' or 'h' => "MMM",
                    'B' => "MMMM",
                    'd' => "dd",
                    'F' => "yyyy-MM-dd",
                    'H' => "HH",
                    'I' => "hh",
                    'm' => "MM",
                    'M' => "mm",
                    'p' => "tt",
                    'S' => "ss",
                    'T' => "HH:mm:ss",
                    'y' => "yy",
                    _ => "yyyy",
                },
                CultureInfo.InvariantCulture),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
