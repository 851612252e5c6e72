using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Collector.Output;

/// <summary>writer_id_string, understood: text with the variables $proc_name, $writer_pid and $pmacct_build. Immutable.</summary>
public sealed class WriterId
{
    /// <summary>The longest writer_id, in bytes; what is beyond is cut off.</summary>
    public const int MaxLength = 191;

    private static readonly string Build = $"{typeof(WriterId).Assembly.GetName().Version?.ToString(3)} (collector)";

    private readonly IReadOnlyList<(bool IsVariable, string Text)> _parts;

    private WriterId(IReadOnlyList<(bool, string)> parts) => _parts = parts;

    /// <summary>Reads a template.</summary>
    /// <param name="template">Text and variables; a name is letters, digits and underscores after a dollar sign, in any case.</param>
    /// <param name="writerId">What was read, or null.</param>
    /// <param name="error">What is wrong and what to write instead, or null.</param>
    public static bool TryParse(string template, [NotNullWhen(true)] out WriterId? writerId, [NotNullWhen(false)] out string? error)
    {
        IReadOnlyList<(bool IsVariable, string Text)> parts = VariableText.Split(template);
        string? unknown = parts
            .Where(p => p.IsVariable)
            .Select(p => p.Text)
            .FirstOrDefault(v => v is not ("proc_name" or "writer_pid" or "pmacct_build"));
        error = unknown is null
            ? null
            : $"writer_id_string: unknown variable '${unknown}'; the variables are $proc_name, $writer_pid and $pmacct_build (a name ends before "
                + "the first character that is no letter, digit or underscore)";
        writerId = unknown is null ? new WriterId(parts) : null;
        return writerId is not null;
    }

    /// <summary>The writer_id of a process, in UTF-8.</summary>
    /// <param name="outputName">The plugin name of pmacct.</param>
    /// <param name="processId">The process id; 0 in a replay.</param>
    public byte[] Expand(string outputName, int processId)
    {
        string text = string.Concat(_parts.Select(p => !p.IsVariable ? p.Text : p.Text switch
        {
            "proc_name" => outputName,
            "writer_pid" => processId.ToString(CultureInfo.InvariantCulture),
            _ => Build,
        }));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= MaxLength)
        {
            return bytes;
        }

        // Not inside a character: a continuation byte is 10xxxxxx.
        int end = MaxLength;
        while ((bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return bytes[..end];
    }
}
