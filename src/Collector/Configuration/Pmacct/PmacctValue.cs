using System.Globalization;
using System.Net;

namespace Collector.Configuration.Pmacct;

/// <summary>The value of one directive, read as the type its key asks for. What does not fit is reported and leaves the default.</summary>
internal sealed class PmacctValue(PmacctLine line, PmacctReport report)
{
    /// <summary>Ten years.</summary>
    public const int MaxHistory = 3_660 * 86_400;

    private const int MaxHistoryMonths = 120;

    /// <summary>Its line.</summary>
    public int Line => line.Number;

    /// <summary>Its key.</summary>
    public string Key => line.Key;

    /// <summary>The text as written.</summary>
    public string Text => line.Value;

    /// <summary>Where errors go.</summary>
    public PmacctReport Report => report;

    /// <summary>true or false in any case, nothing else.</summary>
    public bool Boolean(bool fallback) =>
        bool.TryParse(Text, out bool value) ? value : Refuse("true or false", fallback);

    /// <summary>A decimal number.</summary>
    public int Integer(int fallback, int minimum, int maximum) =>
        int.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? value
            : Refuse($"a whole number from {minimum} to {maximum}", fallback);

    /// <summary>A decimal number of up to 64 bits.</summary>
    public ulong Number64(ulong fallback) =>
        ulong.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : Refuse("a whole number from 0 to 18446744073709551615", fallback);

    /// <summary>A number of 32 bits without sign, such as an AS number.</summary>
    public uint Number(uint fallback, uint minimum, uint maximum) =>
        uint.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out uint value) && value >= minimum && value <= maximum
            ? value
            : Refuse($"a whole number from {minimum} to {maximum}", fallback);

    /// <summary>Text that is not empty.</summary>
    public string NotEmpty(string fallback) => Text.Length > 0 ? Text : Refuse("a value", fallback);

    /// <summary>An address of this machine.</summary>
    public IPAddress Address(IPAddress fallback) =>
        ListenAddress.TryParseAddress(Text, out IPAddress address) ? address : Refuse("an IPv4 or IPv6 address", fallback);

    /// <summary>A length of a bin as pmacct accepts it.</summary>
    public (int Seconds, int Months) History()
    {
        // pmacct counts lengths of a minute and more in minutes and turns history off for others; starting without the windows that
        // the file asks for would surprise later than an error does now.
        bool read = DurationText.TryParse(Text, out int seconds, out int months) && (seconds > 0 || months > 0) && seconds <= MaxHistory && months <= MaxHistoryMonths;
        return read && (seconds < 60 || seconds % 60 == 0) ? (seconds, months) : Refuse("a number with s, m, h, d, w or M, of whole minutes from 60s on and at most ten years", (0, 0));
    }

    /// <summary>One of a few words, in any case.</summary>
    public T Choice<T>(T fallback, params (string Word, T Value)[] choices)
    {
        foreach ((string word, T value) in choices)
        {
            if (string.Equals(word, Text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return Refuse($"one of {string.Join(", ", choices.Select(c => c.Word))}", fallback);
    }

    /// <summary>The separator of CSV. As in pmacct more than one character leaves the comma, with a warning.</summary>
    public string Separator()
    {
        switch (Text)
        {
            case "\\t":
                return "\t";
            case "\\s":
                return " ";
            case { Length: > 1 }:
                report.Findings.Warning(Line, $"{Key}: '{Text}' is more than one character, so the separator stays a comma, as in pmacct; write one character, \\t or \\s");
                return ",";
            default:
                return NotEmpty(",");
        }
    }

    /// <summary>Reports that the value does not fit.</summary>
    public T Refuse<T>(string expected, T fallback)
    {
        report.Refuse(Line, Text.Length == 0 ? $"{Key} has no value; write {expected}" : $"{Key}: '{Text}' does not fit; write {expected}");
        return fallback;
    }
}
