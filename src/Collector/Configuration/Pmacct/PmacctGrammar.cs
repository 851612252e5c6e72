namespace Collector.Configuration.Pmacct;

/// <summary>Cuts nfacctd.conf into directives (pmacct-compat §10.1). Errors are reported and the line is left out.</summary>
internal static class PmacctGrammar
{
    /// <summary>pmacct's limit of lines in a file.</summary>
    public const int MaxLines = 8_192;

    /// <summary>pmacct's limit of characters in a line.</summary>
    private const int MaxLineLength = 10_239;

    /// <summary>The directives in file order.</summary>
    public static IReadOnlyList<PmacctLine> Read(TextReader text, Findings findings)
    {
        var lines = new List<PmacctLine>();
        int number = 0;
        while (text.ReadLine() is { } raw)
        {
            number++;
            if (number > MaxLines)
            {
                findings.Error(number, $"the file has more than {MaxLines} lines, the limit of pmacct too; remove some");
                break;
            }

            // No inline comments: only a line whose first character is ! or # is one.
            string line = raw.Trim();
            if (line.Length == 0 || line[0] is '!' or '#')
            {
                continue;
            }

            if (raw.Length > MaxLineLength)
            {
                findings.Error(number, $"the line is longer than {MaxLineLength} characters, the limit of pmacct too; shorten it");
            }
            else if (ReadLine(number, line, findings) is { } directive)
            {
                lines.Add(directive);
            }
        }

        return lines;
    }

    private static PmacctLine? ReadLine(int number, string line, Findings findings)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            findings.Error(number, "missing ':'; write key: value");
            return null;
        }

        string? plugin = null;
        int open = line.AsSpan(0, colon).IndexOf('['), close = line.AsSpan(0, colon).IndexOf(']');
        if (open >= 0 || close >= 0)
        {
            bool single = open >= 0 && close > open && line.AsSpan(open + 1, colon - open - 1).IndexOf('[') < 0
                && line.AsSpan(close + 1, colon - close - 1).Trim().IsEmpty;
            plugin = single ? WithoutBlanks(line[(open + 1)..close]) : "";
            if (plugin.Length == 0)
            {
                findings.Error(number, "illegal brackets; write key[plugin name]: value");
                return null;
            }
        }

        string key = WithoutBlanks(line[..(open >= 0 ? open : colon)]).ToLowerInvariant();
        if (key.Length == 0)
        {
            findings.Error(number, "missing key before ':'; write key: value");
            return null;
        }

        return new PmacctLine(number, key, plugin, line[(colon + 1)..].Trim());
    }

    private static string WithoutBlanks(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
