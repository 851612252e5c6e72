using System.Text.Json;
using Collector.Testing;

namespace Collector.Tests.Sinks.Kafka;

/// <summary>The rows of <see cref="NumberedPurge"/> in a consumed message.</summary>
internal static class ConsumedRows
{
    public static IEnumerable<JsonElement> Rows(this ConsumedMessage message) =>
        message.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement);

    public static IEnumerable<int> Numbers(this ConsumedMessage message) => message.Rows().Select(r => r.GetProperty("n").GetInt32());
}
