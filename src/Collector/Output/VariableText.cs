using Collector.Net;

namespace Collector.Output;

/// <summary>Text with pmacct's variables in it: a dollar sign and the letters, digits and underscores that follow.</summary>
internal static class VariableText
{
    /// <summary>Cuts the text at its variables. The names of variables come in lower case and without the dollar sign.</summary>
    public static IReadOnlyList<(bool IsVariable, string Text)> Split(string text)
    {
        List<(bool, string)> parts = [];
        int at = 0;
        while (at < text.Length)
        {
            bool isVariable = text[at] == '$';
            int end = at + 1;
            while (end < text.Length && (isVariable ? char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_' : text[end] != '$'))
            {
                end++;
            }

            parts.Add((isVariable, isVariable ? text[(at + 1)..end].ToLowerInvariant() : text[at..end]));
            at = end;
        }

        return parts;
    }

    /// <summary>An address in the place of a variable: 10_0_0_1, since names of files and topics take neither dots nor colons everywhere.</summary>
    public static string Of(IpAddress address) => address.ToString().Replace('.', '_').Replace(':', '_');
}
