using System.Globalization;
using System.Text.Json;

namespace Collector.Tests.Oracle;

/// <summary>What a daemon printed to one file, summed by key, bin and, where asked for, purge.</summary>
internal static class LiveSums
{
    private static readonly string[] Counters = ["packets", "bytes", "flows"];

    /// <summary>True when the file holds a row that was written at this second or later.</summary>
    public static bool HasPurge(string file, long second) => Rows(file).Any(r => Updated(r) >= second);

    /// <summary>The sums of each group.</summary>
    /// <param name="file">JSON lines; absent for a daemon that wrote nothing.</param>
    /// <param name="byPurge">Whether rows of different purges are different groups.</param>
    /// <param name="stop">When the daemons were told to stop; what came then is one purge, of which nfacctd writes the rows once or twice.</param>
    public static Dictionary<string, string> Read(string file, bool byPurge, long stop)
    {
        var groups = new Dictionary<string, List<JsonElement>>();
        var last = new HashSet<string>();
        foreach (JsonElement row in Rows(file))
        {
            bool isLast = Updated(row) >= stop;
            if (isLast && !last.Add(Text(row, p => p is not "stamp_updated")))
            {
                continue;
            }

            string purge = !byPurge ? "all" : isLast ? "at stop" : Updated(row) is long second ? ((second - 1) / 5 * 5).ToString(CultureInfo.InvariantCulture) : "?";
            string key = $"{Text(row, p => p is not "stamp_updated" and not "event_type" and not "timestamp_min" and not "timestamp_max" && !Counters.Contains(p))} purge={purge}";
            (groups.TryGetValue(key, out List<JsonElement>? rows) ? rows : groups[key] = []).Add(row);
        }

        return groups.ToDictionary(g => g.Key, g => Sum(g.Value));
    }

    private static string Sum(List<JsonElement> rows)
    {
        // Rows of NAT events have no counters.
        IEnumerable<string> sums = rows.SelectMany(r => r.EnumerateObject().Where(p => Counters.Contains(p.Name)))
            .GroupBy(p => p.Name, p => p.Value.GetInt64()).Select(c => $"{c.Key}={c.Sum()}");
        string[] times = rows[0].TryGetProperty("timestamp_min", out _) ? [$"from {Texts(rows, "timestamp_min").Min()}", $"to {Texts(rows, "timestamp_max").Max()}"] : [];
        return string.Join(' ', [.. sums, .. times]);
    }

    private static IEnumerable<string> Texts(List<JsonElement> rows, string name) => rows.Select(r => r.GetProperty(name).GetString()!);

    private static string Text(JsonElement row, Func<string, bool> isWanted) =>
        string.Join(' ', row.EnumerateObject().Where(p => isWanted(p.Name)).Select(p => $"{p.Name}={p.Value}"));

    private static long? Updated(JsonElement row) => row.TryGetProperty("stamp_updated", out JsonElement text)
        ? new DateTimeOffset(DateTime.Parse(text.GetString()!, CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeSeconds()
        : null;

    // A line without its end is still being written.
    private static IEnumerable<JsonElement> Rows(string file)
    {
        string text = File.Exists(file) ? File.ReadAllText(file) : "";
        foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }
}
