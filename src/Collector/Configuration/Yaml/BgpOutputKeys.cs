using Collector.BgpOutputs;
using Collector.Maps.PreTag;
using Collector.Sinks.Kafka;

namespace Collector.Configuration.Yaml;

/// <summary>The sections message_log and table_dump of the section bgp.</summary>
internal static class BgpOutputKeys
{
    /// <summary>Section kafka of both.</summary>
    public static YamlKeys<KafkaOutputOptions> Kafka { get; } = new YamlKeys<KafkaOutputOptions>()
    {
        { "topic_rr", (o, v) => o with { RotatingTopics = v.Integer(o.RotatingTopics, 0, KafkaOptionErrors.MaxRotatingTopics) } },
    }.With(ObjectKafkaKeys.With((value, fallback) => Name(value, fallback, hasTime: false)), o => o, (_, o) => o);

    /// <summary>Section message_log.</summary>
    public static YamlKeys<BgpOutputOptions> MessageLog { get; } = new()
    {
        { "file", (o, v) => Log(o, l => l with { Path = Name(v, l.Path, hasTime: false) }) },
        { "label_filter", (o, v) => o with { LabelFilter = v.OptionalText(o.LabelFilter, t => LabelFilter.Parse(t) is not null, "labels separated by commas, null for none") } },
        { "max_backlog", (o, v) => Log(o, l => l with { MaxBacklogBytes = v.Bytes(l.MaxBacklogBytes, 1 << 20, 1L << 42) }) },
        { "kafka", (o, v) => Log(o, l => l with { Kafka = OutputKeys.Section(Kafka, l.Kafka ?? ObjectKafkaKeys.None, v) }) },
    };

    /// <summary>Section table_dump.</summary>
    public static YamlKeys<BgpOutputOptions> TableDump { get; } = new()
    {
        { "file", (o, v) => Dump(o, d => d with { Path = Name(v, d.Path, hasTime: true) }) },
        { "latest_file", (o, v) => Dump(o, d => d with { LatestFile = v.OptionalText(d.LatestFile) }) },
        { "refresh", (o, v) => o with { TableDumpSeconds = v.Seconds(o.TableDumpSeconds, 60, 86_400) } },
        { "time_slots", (o, v) => o with { TableDumpSlots = v.Integer(o.TableDumpSlots, 1, 1_000) } },
        { "max_backlog", (o, v) => Dump(o, d => d with { MaxBacklogBytes = v.Bytes(d.MaxBacklogBytes, 1 << 20, 1L << 42) }) },
        { "kafka", (o, v) => Dump(o, d => d with { Kafka = OutputKeys.Section(Kafka, d.Kafka ?? ObjectKafkaKeys.None, v) }) },
    };

    /// <summary>Reads message_log.</summary>
    public static BgpOutputOptions ReadMessageLog(BgpOutputOptions start, YamlValue value)
    {
        BgpOutputOptions options = OutputKeys.Section(MessageLog, start, value);
        CheckOne(options.MessageLog, value);
        return options;
    }

    /// <summary>Reads table_dump.</summary>
    public static BgpOutputOptions ReadTableDump(BgpOutputOptions start, YamlValue value)
    {
        BgpOutputOptions options = OutputKeys.Section(TableDump, start, value);
        CheckOne(options.TableDump, value);
        return options;
    }

    private static void CheckOne(ObjectOutputOptions output, YamlValue value)
    {
        if (output is { Path: not null, Kafka.Topic.Length: > 0 })
        {
            value.Findings.Error(value.Line, $"{value.Path}: objects go to a file or to Kafka; remove file, or kafka.topic");
        }
    }

    private static BgpOutputOptions Log(BgpOutputOptions options, Func<ObjectOutputOptions, ObjectOutputOptions> change) => options with { MessageLog = change(options.MessageLog) };

    private static BgpOutputOptions Dump(BgpOutputOptions options, Func<ObjectOutputOptions, ObjectOutputOptions> change) => options with { TableDump = change(options.TableDump) };

    private static string? Name(YamlValue value, string? fallback, bool hasTime)
    {
        string? text = value.OptionalText(fallback);
        if (text is not null && !PeerNameTemplate.TryParse(text, hasTime, out _, out string? error))
        {
            value.Findings.Error(value.Line, $"{value.Path}: {error}");
        }

        return text;
    }
}
