namespace Collector.Diff;

/// <summary>Reads two sides and reports how they differ.</summary>
public static class DiffRun
{
    private const string KafkaScheme = "kafka://";

    /// <summary>Reads, compares and prints.</summary>
    /// <returns>True when nothing differs.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="FormatException">A kafka:// address is not well formed.</exception>
    /// <exception cref="Sinks.Kafka.KafkaConfigurationException">A topic cannot be read.</exception>
    public static bool Run(DiffRequest request, TextWriter output, CancellationToken stop)
    {
        var left = new RowSide(request.Left, request.Ignore);
        var right = new RowSide(request.Right, request.Ignore);
        using TopicReader? leftTopic = OpenTopic(request, request.Left), rightTopic = OpenTopic(request, request.Right);
        ReadFile(leftTopic, left);
        ReadFile(rightTopic, right);

        // Both topics in turn, so that both cover the same time.
        List<(TopicReader Reader, RowSide Side)> topics = [];
        topics.AddRange(leftTopic is null ? [] : [(leftTopic, left)]);
        topics.AddRange(rightTopic is null ? [] : [(rightTopic, right)]);
        long end = Environment.TickCount64 + (request.Seconds * 1000L);
        while (!stop.IsCancellationRequested && topics.Count > 0
            && (request.Seconds > 0 ? Environment.TickCount64 < end : topics.Any(t => !t.Reader.HasEnded)))
        {
            foreach ((TopicReader reader, RowSide side) in topics)
            {
                while (!stop.IsCancellationRequested && reader.Next() is { } message)
                {
                    side.Add(message);
                }
            }
        }

        var comparison = new RowComparison(left, right, request.Tolerance, commonWindowsOnly: request.Seconds > 0);
        DiffReport.Write(output, left, right, comparison, request.Examples);
        return comparison.IsEqual;
    }

    private static TopicReader? OpenTopic(DiffRequest request, string side)
    {
        if (!side.StartsWith(KafkaScheme, StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = side[KafkaScheme.Length..].Split('/');
        return parts is [{ Length: > 0 } brokers, { Length: > 0 } topic]
            ? TopicReader.Open(brokers, topic, request.Properties, fromNow: request.Seconds > 0)
            : throw new FormatException($"{side}: write kafka://host:port/topic");
    }

    private static void ReadFile(TopicReader? topic, RowSide side)
    {
        if (topic is not null)
        {
            return;
        }

        using TextReader reader = side.Name == "-" ? Console.In : new StreamReader(side.Name);
        while (reader.ReadLine() is { } line)
        {
            side.Add(line);
        }
    }
}
