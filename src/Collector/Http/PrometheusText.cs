using System.Globalization;
using System.Text;

namespace Collector.Http;

/// <summary>Writes the text exposition format of Prometheus, version 0.0.4. The client library is not to be had where this is built, and the format is small.</summary>
/// <remarks>Samples of one family must follow its <see cref="Family"/> call. Not thread-safe.</remarks>
public sealed class PrometheusText
{
    /// <summary>The media type of the answer.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();
    private string _family = "";

    /// <summary>Begins a family.</summary>
    /// <param name="name">Its name: [a-zA-Z_:][a-zA-Z0-9_:]*, with unit and, for counters, `_total` at the end.</param>
    /// <param name="type">counter or gauge.</param>
    /// <param name="help">What it counts, one sentence.</param>
    public void Family(string name, string type, string help)
    {
        _family = name;
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
    public override string ToString() => _text.ToString();

    private void Begin(ReadOnlySpan<string> labels)
    {
        _text.Append(_family);
        for (int i = 0; i + 1 < labels.Length; i += 2)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i]).Append("=\"");
            AppendEscaped(labels[i + 1]);
            _text.Append('"');
        }

        _text.Append(labels.Length > 1 ? "} " : " ");
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
