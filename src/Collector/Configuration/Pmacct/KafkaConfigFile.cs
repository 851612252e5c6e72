namespace Collector.Configuration.Pmacct;

/// <summary>kafka_config_file: lines of global or topic, a librdkafka setting and its value, separated by commas (pmacct-compat §3.1).</summary>
internal static class KafkaConfigFile
{
    /// <summary>The settings of both sections; librdkafka takes settings of topics among the global ones.</summary>
    public static IReadOnlyDictionary<string, string> Read(PmacctValue file)
    {
        var properties = new Dictionary<string, string>();
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file.Text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            file.Report.Findings.Error(file.Line, $"{file.Key}: {file.Text} cannot be read ({e.Message}); name a file that this user can read");
            return properties;
        }

        for (int i = 0; i < lines.Length; i++)
        {
            // The value may hold commas itself.
            string[] parts = lines[i].Split(',', 3, StringSplitOptions.TrimEntries);
            if (parts.Length == 3 && parts[0].ToLowerInvariant() is "global" or "topic" && parts[1].Length > 0)
            {
                properties[parts[1]] = parts[2];
            }
            else if (lines[i].Trim() is { Length: > 0 } text && text[0] is not ('!' or '#'))
            {
                file.Report.Findings.Warning(file.Line, $"{file.Text}:{i + 1}: line left out; write global, setting, value");
            }
        }

        return properties;
    }
}
