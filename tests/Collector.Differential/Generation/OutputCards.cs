namespace Collector.Differential.Generation;

/// <summary>Cards for one output: windows, the text of values, networks, tags and filters.</summary>
internal static class OutputCards
{
    private static readonly string[] Plugins = ["print", "kafka", "amqp", "sql"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Card<OutputBuilder>> Of(TagMaps maps) =>
    [
        new("times since the epoch", "time text", o => Times(o, "timestamps_since_epoch")),
        new("times of RFC 3339", "time text", o => Times(o, "timestamps_rfc3339")),
        new("times without fraction", "time text", o => Times(o, "timestamps_secs")),
        new("times since the epoch without fraction", "time text", o => Times(o, "timestamps_since_epoch", "timestamps_secs")),
        new("times in UTC", "time text", o => Times(o, "timestamps_utc")),
        new("bins of a minute", "history", o => History(o, o.Draw.Of("1m", "60", "60s"), o.Draw.Of("", "m", "h"))),
        new("bins of some minutes", "history", o => History(o, o.Draw.Of("5m", "300", "10m", "30m"), o.Draw.Of("m", "h", "mh", "d"))),
        new("bins of an hour or a day", "history", o => History(o, o.Draw.Of("1h", "2h", "1d"), o.Draw.Of("h", "mhd", "d"))),
        new("bins with an offset", "history", o =>
        {
            History(o, "5m", "m");
            o.Line($"{o.Draw.Of(Plugins)}_history_offset", o.Draw.Of("60", "30", "240"));
        }),
        new("bins with a delay", "history", o =>
        {
            History(o, "1m", "m");
            o.Line($"{o.Draw.Of(Plugins)}_startup_delay", o.Draw.Of("30", "120"));
        }),
        new("file by time", "history", o =>
        {
            History(o, "5m", "m");
            o.Path = o.Draw.Of($"{o.Name}-%Y%m%d-%H%M.out", $"{o.Name}-%s-$hst.out", $"{o.Name}/%d/%H-$ref.out");
        }),
        new("protocols by number", "protocols", o =>
        {
            o.Line($"{o.Draw.Of(Plugins)}_num_protos", "true");
            o.Want("proto");
        }),
        new("CSV", "format", o => o.Line("print_output", "csv")),
        new("CSV with a separator", "format", o =>
        {
            o.Line("print_output", "csv");
            o.Line("print_output_separator", o.Draw.Of(";", "|", "\\t"));
        }),
        new("markers", "markers", o => o.Line($"{o.Draw.Of("print", "kafka", "amqp")}_markers", "true")),
        new("empty files", "empty", o => o.Line("print_write_empty_file", "true")),
        new("appended", "append", o => o.Line("print_output_file_append", "true")),
        new("pre_tag_map of the output", "map", o =>
        {
            o.Line("pre_tag_map", o.Configuration.AddFile("tags", maps.Map()));
            o.Want("tag", "tag2", "label");
        }),
        new("tags filtered", "tag filter", o => o.Line("pre_tag_filter", o.Draw.Of("0", "1-10", "-10", "10, 999", "-0", "0, 20-30"))),
        new("second tags filtered", "tag filter", o => o.Line("pre_tag2_filter", o.Draw.Of("0", "2-20", "-20", "0, 998"))),
        new("labels filtered", "tag filter", o => o.Line("pre_tag_label_filter", o.Draw.Of("null", "web", "-web", "web,dns"))),
        new("tag behind the filter", "post tag", o =>
        {
            o.Line("post_tag", "77");
            o.Want("tag");
        }),
        new("second tag behind the filter", "post tag", o =>
        {
            o.Line("post_tag2", "78");
            o.Want("tag2");
        }),
        new("packets filtered", "filter", o => o.Line("aggregate_filter", Filters.Expression(o.Draw))),
        new("ports of a list", "ports", o =>
        {
            o.Line("ports_file", o.Configuration.AddFile("ports", o.Draw.Some(["53", "443", "80", "22", "123", "8080", "25"], 3)));
            o.Want("src_port", "dst_port");
        }),
        new("file by exporter", "file", o =>
        {
            if (o.Aggregate.Contains("peer_src_ip"))
            {
                o.Path = $"{o.Name}-$peer_src_ip.out";
            }
        }),
        new("file by tag", "file", o =>
        {
            if (o.Aggregate.Contains("tag") && o.Aggregate.Contains("tag2"))
            {
                o.Path = $"{o.Name}-$tag-$tag2.out";
            }
        }),
    ];

    private static void Times(OutputBuilder output, params string[] keys)
    {
        foreach (string key in keys)
        {
            output.Line(key, "true");
        }

        output.Want("timestamp_start", "timestamp_end", "timestamp_export");
    }

    private static void History(OutputBuilder output, string length, string roundoff)
    {
        output.Line($"{output.Draw.Of(Plugins)}_history", length);
        if (roundoff.Length > 0)
        {
            output.Line($"{output.Draw.Of(Plugins)}_history_roundoff", roundoff);
        }
    }
}
