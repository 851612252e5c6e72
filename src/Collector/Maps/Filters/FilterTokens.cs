namespace Collector.Maps.Filters;

/// <summary>Cuts a filter into words.</summary>
internal static class FilterTokens
{
    /// <summary>Words in lower case, parentheses, and `and`, `or`, `not` for &amp;&amp;, || and !.</summary>
    public static List<string> Split(string text)
    {
        var tokens = new List<string>();
        for (int i = 0; i < text.Length;)
        {
            char c = text[i];
            string rest = text[i..];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '(' or ')')
            {
                tokens.Add(c.ToString());
                i++;
            }
            else if (rest.StartsWith("&&", StringComparison.Ordinal) || rest.StartsWith("||", StringComparison.Ordinal))
            {
                tokens.Add(c == '&' ? "and" : "or");
                i += 2;
            }
            else if (c == '!' && !rest.StartsWith("!=", StringComparison.Ordinal))
            {
                tokens.Add("not");
                i++;
            }
            else
            {
                int end = i;
                while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('(' or ')'))
                {
                    end++;
                }

                tokens.Add(text[i..end].ToLowerInvariant());
                i = end;
            }
        }

        return tokens;
    }
}
