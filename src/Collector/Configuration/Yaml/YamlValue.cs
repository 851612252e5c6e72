using System.Globalization;
using System.Net;

namespace Collector.Configuration.Yaml;

/// <summary>The value of one key, read as the type that its key asks for. What does not fit becomes an error and leaves the default.</summary>
internal sealed class YamlValue(YamlNode node, string path, int line, Findings findings)
{
    /// <summary>The key with its surroundings, as outputs[0].kafka.topic.</summary>
    public string Path { get; } = path;

    /// <summary>The line of the key.</summary>
    public int Line { get; } = line;

    /// <summary>The node itself.</summary>
    public YamlNode Node { get; } = node;

    /// <summary>Where errors go.</summary>
    public Findings Findings { get; } = findings;

    /// <summary>true or false.</summary>
    public bool Boolean(bool fallback) => Scalar("true or false", fallback, text => text switch
    {
        "true" => true,
        "false" => false,
        _ => null as bool?,
    });

    /// <summary>A whole number from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    public int Integer(int fallback, int minimum, int maximum) => Scalar(
        $"a whole number from {minimum} to {maximum}",
        fallback,
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) && n >= minimum && n <= maximum ? n : null as int?);

    /// <summary>A whole number of 32 bits without sign, such as an AS number.</summary>
    public uint Number(uint fallback, uint minimum, uint maximum) => Scalar(
        $"a whole number from {minimum} to {maximum}",
        fallback,
        text => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint n) && n >= minimum && n <= maximum ? n : null as uint?);

    /// <summary>The same, or auto for <paramref name="automatic"/>.</summary>
    public int IntegerOrAuto(int fallback, int automatic, int minimum, int maximum) =>
        Node is YamlScalar { Text: "auto" } ? automatic : Integer(fallback, minimum, maximum);

    /// <summary>A size from <paramref name="minimum"/> to <paramref name="maximum"/> bytes.</summary>
    public long Bytes(long fallback, long minimum, long maximum) => Scalar(
        $"a size from {ByteSizeText.Format(minimum)} to {ByteSizeText.Format(maximum)}, such as 8MiB",
        fallback,
        text => ByteSizeText.TryParse(text, out long n) && n >= minimum && n <= maximum ? n : null as long?);

    /// <summary>A length of time in seconds.</summary>
    public int Seconds(int fallback, int minimum, int maximum) => Scalar(
        $"a time from {DurationText.Format(minimum)} to {DurationText.Format(maximum)}, such as 60, 300s or 5m",
        fallback,
        text => DurationText.TryParseSeconds(text, out int n) && n >= minimum && n <= maximum ? n : null as int?);

    /// <summary>Text that is not empty.</summary>
    public string Text(string fallback) => Scalar("a text", fallback, text => text.Length > 0 ? text : null);

    /// <summary>Text, or null for an empty value.</summary>
    public string? OptionalText(string? fallback) => Node switch
    {
        YamlScalar { IsNull: true } or YamlScalar { Text: "" } => null,
        _ => Text(fallback ?? ""),
    };

    /// <summary>The same; a text that does not fit is refused.</summary>
    /// <param name="fallback">What holds where there is no value, or none that fits.</param>
    /// <param name="fits">Whether a text fits.</param>
    /// <param name="expected">What to write instead.</param>
    public string? OptionalText(string? fallback, Func<string, bool> fits, string expected)
    {
        string? text = OptionalText(fallback);
        if (text is null || fits(text))
        {
            return text;
        }

        Refuse(expected);
        return fallback;
    }

    /// <summary>One of a few words.</summary>
    public T Choice<T>(T fallback, params (string Word, T Value)[] choices)
        where T : struct => Scalar(
        $"one of {string.Join(", ", choices.Select(c => c.Word))}",
        fallback,
        text => choices.Where(c => c.Word == text).Select(c => (T?)c.Value).FirstOrDefault());

    /// <summary>A list of words, as YAML list or separated by commas.</summary>
    public IReadOnlyList<(string Text, int Line)> Words()
    {
        switch (Node)
        {
            case YamlSequence sequence when sequence.Items.All(i => i is YamlScalar { IsNull: false }):
                return [.. sequence.Items.Cast<YamlScalar>().Select(s => (s.Text, s.Line))];
            case YamlScalar { IsNull: false } scalar:
                return [.. scalar.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(t => (t, scalar.Line))];
            default:
                Refuse("a list, such as [a, b] or \"a, b\"");
                return [];
        }
    }

    /// <summary>A list of addresses with ports.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints(IReadOnlyList<IPEndPoint> fallback)
    {
        var result = new List<IPEndPoint>();
        int errors = 0;
        foreach ((string text, int line) in Words())
        {
            if (!ListenAddress.TryParse(text, out IPEndPoint endPoint))
            {
                Findings.Error(line, $"{Path}: '{text}' is no address with a port; write 192.0.2.1:2055 or \"[2001:db8::1]:2055\"");
                errors++;
            }
            else if (result.Contains(endPoint))
            {
                Findings.Error(line, $"{Path}: {endPoint} stands here twice; remove one");
                errors++;
            }
            else
            {
                result.Add(endPoint);
            }
        }

        return errors == 0 && result.Count > 0 ? result : fallback;
    }

    /// <summary>One address with a port.</summary>
    public IPEndPoint EndPoint(IPEndPoint fallback)
    {
        if (Node is YamlScalar { IsNull: false } scalar && ListenAddress.TryParse(scalar.Text, out IPEndPoint endPoint))
        {
            return endPoint;
        }

        Refuse("an address with a port, such as 127.0.0.1:9590");
        return fallback;
    }

    /// <summary>The pairs of a section, or none with an error when the value is no section.</summary>
    public YamlMapping? Section()
    {
        if (Node is YamlMapping mapping)
        {
            return mapping;
        }

        Refuse("a section of keys, indented below it");
        return null;
    }

    /// <summary>Reports that the value is not what the key asks for.</summary>
    public void Refuse(string expected) => Findings.Error(Line, Node switch
    {
        YamlScalar { IsNull: true } => $"{Path} has no value; write {expected}, or remove the key",
        YamlScalar scalar => $"{Path}: '{scalar.Text}' does not fit; write {expected}",
        YamlSequence => $"{Path}: a list does not fit; write {expected}",
        _ => $"{Path}: a section does not fit; write {expected}",
    });

    private T Scalar<T>(string expected, T fallback, Func<string, T?> parse)
        where T : struct
    {
        if (Node is YamlScalar scalar && !scalar.IsNull && parse(scalar.Text) is { } value)
        {
            return value;
        }

        Refuse(expected);
        return fallback;
    }

    private string Scalar(string expected, string fallback, Func<string, string?> parse)
    {
        if (Node is YamlScalar scalar && !scalar.IsNull && parse(scalar.Text) is { } value)
        {
            return value;
        }

        Refuse(expected);
        return fallback;
    }
}
