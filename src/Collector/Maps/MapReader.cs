using System.Text;
using Collector.Configuration;

namespace Collector.Maps;

/// <summary>Reads the syntax that all maps of pmacct share (pmacct-compat §5.1): key=value pairs between blanks, quotes, comments.</summary>
/// <remarks>maps_entries and maps_row_len limit nothing here: a map is read whole.</remarks>
internal static class MapReader
{
    /// <summary>The entries of a file; lines that are no entries become findings and are left out.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="findings">Where errors go; names the file.</param>
    public static IReadOnlyList<MapLine> Read(TextReader text, Findings findings)
    {
        var lines = new List<MapLine>();
        for (int number = 1; text.ReadLine() is { } line; number++)
        {
            ReadOnlySpan<char> trimmed = line.AsSpan().Trim();
            if (trimmed.IsEmpty || trimmed[0] is '!' or '#')
            {
                continue;
            }

            if (trimmed.Contains('|'))
            {
                findings.Error(number, "malformed line: '|' must not stand in a map; write 'a or b' in a filter, one line per value elsewhere");
            }
            else if (TrySplit(trimmed, number, findings, out List<MapPair> pairs))
            {
                lines.Add(new MapLine(number, pairs));
            }
        }

        return lines;
    }

    private static bool TrySplit(ReadOnlySpan<char> line, int number, Findings findings, out List<MapPair> pairs)
    {
        pairs = [];
        while (!line.IsEmpty)
        {
            int end = EndOfWord(line, out char open);
            if (open != '\0')
            {
                findings.Error(number, $"malformed line: the quote {open} is not closed; write key={open}value{open}");
                return false;
            }

            ReadOnlySpan<char> word = line[..end];
            int equals = word.IndexOf('=');
            if (equals <= 0 || equals == word.Length - 1)
            {
                findings.Error(number, $"malformed line at '{word}'; write key=value without blanks around '=', and quotes around a value with blanks");
                return false;
            }

            pairs.Add(new MapPair(word[..equals].ToString(), Unquote(word[(equals + 1)..])));
            line = line[end..].TrimStart();
        }

        return true;
    }

    /// <summary>Length of the word at the beginning; blanks within quotes belong to it.</summary>
    private static int EndOfWord(ReadOnlySpan<char> line, out char open)
    {
        open = '\0';
        int i = 0;
        for (; i < line.Length && (open != '\0' || !char.IsWhiteSpace(line[i])); i++)
        {
            char c = line[i];
            if (c is '\'' or '"')
            {
                open = open == '\0' ? c : open == c ? '\0' : open;
            }
        }

        return i;
    }

    private static string Unquote(ReadOnlySpan<char> value)
    {
        if (value.IndexOfAny('\'', '"') < 0)
        {
            return value.ToString();
        }

        var text = new StringBuilder(value.Length);
        char open = '\0';
        foreach (char c in value)
        {
            bool isQuote = c is '\'' or '"' && (open == '\0' || open == c);
            if (isQuote)
            {
                open = open == '\0' ? c : '\0';
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }
}
