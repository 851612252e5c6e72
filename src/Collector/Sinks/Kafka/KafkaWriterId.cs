using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Collector.Sinks.Kafka;

/// <summary>writer_id, the last key of every row on Kafka: who wrote it (pmacct-compat §2.6).</summary>
public static class KafkaWriterId
{
    private static readonly string[] Variables = ["proc_name", "writer_pid", "pmacct_build"];

    /// <summary>What is wrong with a writer_id_string, or null.</summary>
    public static string? ErrorIn(string text)
    {
        string? unknown = null;
        Expand(text, name => Array.IndexOf(Variables, name) >= 0 ? "" : unknown ??= name);
        return unknown is null ? null : $"unknown variable ${unknown} in '{text}'; known are {string.Join(", ", Variables.Select(v => "$" + v))}";
    }

    /// <summary>What replaces the closing brace of a row: <c>, "writer_id": "NAME/PID"}</c> in UTF-8.</summary>
    /// <param name="text">The writer_id_string.</param>
    /// <param name="outputName">$proc_name.</param>
    /// <param name="pid">$writer_pid; 0 in a replay.</param>
    public static byte[] Suffix(string text, string outputName, int pid)
    {
        string id = Expand(text, name => name switch
        {
            "proc_name" => outputName,
            "writer_pid" => pid.ToString(),
            _ => Build,
        });
        return Encoding.UTF8.GetBytes($", \"writer_id\": \"{Quote(id)}\"}}");
    }

    /// <summary>The row before the others of a purge, when markers are on.</summary>
    public static byte[] PurgeInit(string outputName, int pid) =>
        Encoding.UTF8.GetBytes($"{{\"event_type\": \"purge_init\", \"writer_id\": \"{Quote(outputName)}/{pid}\"}}");

    /// <summary>The row after the others of a purge, when markers are on.</summary>
    /// <param name="outputName">Markers always name the output, whatever the writer_id_string.</param>
    /// <param name="pid">Our process id; 0 in a replay.</param>
    /// <param name="sent">Rows that the brokers have taken.</param>
    /// <param name="considered">Entries considered, those kept for a later purge included.</param>
    /// <param name="seconds">How long the purge took.</param>
    public static byte[] PurgeClose(string outputName, int pid, long sent, long considered, long seconds) => Encoding.UTF8.GetBytes(
        $"{{\"event_type\": \"purge_close\", \"writer_id\": \"{Quote(outputName)}/{pid}\", \"purged_entries\": {sent}, \"total_entries\": {considered}, \"duration\": {seconds}}}");

    private static string Build { get; } =
        typeof(KafkaWriterId).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static string Quote(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static string Expand(string text, Func<string, string> valueOf)
    {
        StringBuilder result = new();
        for (int at = 0; at < text.Length;)
        {
            int end = at + 1;
            if (text[at] != '$')
            {
                result.Append(text[at]);
            }
            else
            {
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                {
                    end++;
                }

                result.Append(valueOf(text[(at + 1)..end].ToLowerInvariant()));
            }

            at = end;
        }

        return result.ToString();
    }
}
