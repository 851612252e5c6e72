using System.Globalization;
using System.Text;

namespace Collector.Configuration.Yaml.Writing;

/// <summary>Values as YAML writes them on one line.</summary>
internal static class YamlText
{
    /// <summary>true or false.</summary>
    public static string Of(bool value) => value ? "true" : "false";

    /// <summary>A number.</summary>
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of 64 bits without sign.</summary>
    public static string Of(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text; without quotes where YAML and our reader take it as it is.</summary>
    public static string Of(string? text) => text is null ? "\"\"" : IsPlain(text) ? text : Quoted(text);

    /// <summary>A length of time.</summary>
    public static string Seconds(int seconds) => DurationText.Format(seconds);

    /// <summary>A size.</summary>
    public static string Bytes(long bytes) => ByteSizeText.Format(bytes);

    /// <summary>A list.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Of))}]";

    /// <summary>A section on one line.</summary>
    public static string Map(IEnumerable<KeyValuePair<string, string>> pairs) => $"{{{string.Join(", ", pairs.Select(p => $"{Of(p.Key)}: {Quoted(p.Value)}"))}}}";

    private static bool IsPlain(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) | text[0] is '/' or '_' or '$' or '.'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '$' or '.' or '-' or '%' or '+')
        && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "none" or "auto" or ".");

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\t' => "\\t",
                '\n' => "\\n",
                '\r' => "\\r",
                < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
