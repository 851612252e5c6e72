namespace Collector.Output;

/// <summary>Writes labels of the form key%value,key%value as an object, as pre_tag_label_encode_as_map does (pmacct-compat §1.4).</summary>
internal static class JsonLabelMap
{
    private const int MaxTokenLength = 127;

    // Labels come from exporters too: keys beyond these are not compared with those before.
    private const int MaxCompared = 256;

    /// <summary>
    /// Writes {"key": "value", …}: a key that stands there again gives its value to the first, a key without a value is left out, and a token longer
    /// than 127 bytes is cut, its last byte a dollar sign.
    /// </summary>
    /// <param name="label">The label.</param>
    /// <param name="to">At least <see cref="JsonText.MaxLength"/> bytes for it.</param>
    /// <returns>The length.</returns>
    public static int Write(ReadOnlySpan<byte> label, Span<byte> to)
    {
        to[0] = (byte)'{';
        int at = 1, number = 0;
        for (ReadOnlySpan<byte> rest = label; TryReadPair(ref rest, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value); number++)
        {
            if (number < MaxCompared && Find(label, number, key, out _))
            {
                continue;
            }

            ReadOnlySpan<byte> latest = number < MaxCompared && Find(rest, MaxCompared - number, key, out ReadOnlySpan<byte> later) ? later : value;
            ReadOnlySpan<byte> separator = at > 1 ? ", "u8 : default;
            int keyLength = WriteToken(key, to[(at + separator.Length)..]);
            int valueStart = at + separator.Length + keyLength + 2;
            int valueLength = keyLength < 0 ? -1 : WriteToken(latest, to[valueStart..]);
            if (valueLength < 0)
            {
                // Not UTF-8: pmacct leaves such values out.
                continue;
            }

            separator.CopyTo(to[at..]);
            ": "u8.CopyTo(to[(valueStart - 2)..]);
            at = valueStart + valueLength;
        }

        to[at] = (byte)'}';
        return at + 1;
    }

    // The last value of a key among the first pairs.
    private static bool Find(ReadOnlySpan<byte> pairs, int count, ReadOnlySpan<byte> wanted, out ReadOnlySpan<byte> found)
    {
        found = default;
        bool any = false;
        for (int i = 0; i < count && TryReadPair(ref pairs, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value); i++)
        {
            if (key.SequenceEqual(wanted))
            {
                found = value;
                any = true;
            }
        }

        return any;
    }

    private static bool TryReadPair(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = NextToken(ref rest);
        value = NextToken(ref rest);
        return !value.IsEmpty;
    }

    private static ReadOnlySpan<byte> NextToken(scoped ref ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(",%"u8);
        int end = rest.IndexOfAny((byte)',', (byte)'%');
        ReadOnlySpan<byte> token = end < 0 ? rest : rest[..end];
        rest = rest[token.Length..];
        return token;
    }

    private static int WriteToken(ReadOnlySpan<byte> token, Span<byte> to)
    {
        if (token.Length <= MaxTokenLength)
        {
            return JsonText.WriteString(token, to);
        }

        Span<byte> cut = stackalloc byte[MaxTokenLength];
        token[..MaxTokenLength].CopyTo(cut);
        cut[^1] = (byte)'$';
        return JsonText.WriteString(cut, to);
    }
}
