using System.Globalization;
using System.Text;

namespace Collector.Http;

/// <summary>Writes the text exposition format of Prometheus, version 0.0.4. The client library is not to be had where this is built, and the format is small.</summary>
/// <remarks>Samples follow the <see cref="Family"/> call of theirs; a family that is begun again goes on, since the format wants it in one piece. Not thread-safe.</remarks>
public sealed class PrometheusText
{
    /// <summary>The media type of the answer.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly List<StringBuilder> _families = [];
    private readonly Dictionary<string, StringBuilder> _byName = [];
    private StringBuilder _text = new();
    private string _family = "";

    /// <summary>A label that all samples carry from now on; null: none.</summary>
    public (string Name, string Value)? Common { get; set; }

    /// <summary>Begins a family.</summary>
    /// <param name="name">Its name: [a-zA-Z_:][a-zA-Z0-9_:]*, with unit and, for counters, `_total` at the end.</param>
    /// <param name="type">counter or gauge.</param>
    /// <param name="help">What it counts, one sentence.</param>
    public void Family(string name, string type, string help)
    {
        _family = name;
        if (_byName.TryGetValue(name, out StringBuilder? begun))
        {
            _text = begun;
            return;
        }

        _families.Add(_text = _byName[name] = new StringBuilder());
        _text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <summary>A sample of the family begun last.</summary>
    /// <param name="value">Whole; Prometheus reads it as a double, so counts above 2^53 are rounded by the reader.</param>
    /// <param name="labels">Names and values in turn; values may hold anything.</param>
    public void Sample(long value, params ReadOnlySpan<string> labels)
    {
        Begin(labels);
        _text.Append(CultureInfo.InvariantCulture, $"{value}\n");
    }

    /// <summary>A sample of the family begun last, for unsigned counters.</summary>
    public void Sample(ulong value, params ReadOnlySpan<string> labels)
    {
        Begin(labels);
        _text.Append(CultureInfo.InvariantCulture, $"{value}\n");
    }

    /// <summary>A sample of the family begun last that is no whole number.</summary>
    public void Sample(double value, params ReadOnlySpan<string> labels)
    {
        Begin(labels);
        _text.Append(CultureInfo.InvariantCulture, $"{value}\n");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Concat(_families);

    private void Begin(ReadOnlySpan<string> labels)
    {
        _text.Append(_family);
        bool isFirst = true;
        if (Common is var (name, value))
        {
            Label(name, value, ref isFirst);
        }

        for (int i = 0; i + 1 < labels.Length; i += 2)
        {
            Label(labels[i], labels[i + 1], ref isFirst);
        }

        _text.Append(isFirst ? " " : "} ");
    }

    private void Label(string name, string value, ref bool isFirst)
    {
        _text.Append(isFirst ? '{' : ',').Append(name).Append("=\"");
        AppendEscaped(value);
        _text.Append('"');
        isFirst = false;
    }

    private void AppendEscaped(string value)
    {
        foreach (char c in value)
        {
            _ = c switch
            {
                '\\' => _text.Append(@"\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append(@"\n"),
                _ => _text.Append(c),
            };
        }
    }
}
