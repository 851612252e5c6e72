using Collector.Configuration;

namespace Collector.Sinks.Kafka;

/// <summary>The librdkafka properties of an output: ours, then the user's, which win.</summary>
public static class KafkaProperties
{
    private static readonly string[] Acks = ["acks", "request.required.acks"];

    private static readonly (string Name, string Why)[] Refused =
    [
        ("test.mock.", "it would replace the brokers by a mock cluster inside the collector; name real ones in kafka.brokers"),
        ("transactional.id", "rows are not published in transactions; leave it out (enable.idempotence is on by itself)"),
        ("delivery.report.only.error", "every message's delivery is counted; leave it out"),
        ("dotnet.", "it is set by the collector; leave it out"),
        ("log.queue", "it is set by the collector; leave it out"),
        ("enabled_events", "it is set by the collector; leave it out"),
    ];

    /// <summary>Why a property cannot be given by the user, or null when it can. Needs no librdkafka.</summary>
    public static string? WhyRefused(string name)
    {
        foreach ((string refused, string why) in Refused)
        {
            if (name.StartsWith(refused, StringComparison.OrdinalIgnoreCase) && (refused.EndsWith('.') || name.Length == refused.Length))
            {
                return why;
            }
        }

        return name.EndsWith("_cb", StringComparison.OrdinalIgnoreCase) ? "a call-back cannot be configured; leave it out" : null;
    }

    /// <summary>
    /// All properties for librdkafka. Idempotence is our default: it is left out when a property of the user rules it out, because his win.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Of(KafkaOutputOptions options)
    {
        Dictionary<string, string> all = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = options.Brokers,
            ["client.id"] = "collector",

            // A purge comes in one burst: batches fill at once, and the flush at its end does not wait for linger.
            ["linger.ms"] = "50",
            ["queue.buffering.max.messages"] = "100000",
            ["queue.buffering.max.kbytes"] = "262144",
            ["log.connection.close"] = "false",
        };
        if (WhyNotIdempotent(options.Properties) is null)
        {
            all["enable.idempotence"] = "true";
        }

        if (!Acks.Any(options.Properties.ContainsKey))
        {
            all["acks"] = "all";
        }

        foreach ((string name, string value) in options.Properties)
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>The user's property that rules idempotence out, as "name=value"; null when there is none or enable.idempotence is set too.</summary>
    public static string? WhyNotIdempotent(IReadOnlyDictionary<string, string> properties)
    {
        if (properties.ContainsKey("enable.idempotence"))
        {
            return null;
        }

        foreach ((string name, string value) in properties)
        {
            bool excludes = name switch
            {
                "acks" or "request.required.acks" => value is not ("all" or "-1"),
                "retries" or "message.send.max.retries" => value == "0",
                "max.in.flight" or "max.in.flight.requests.per.connection" => int.TryParse(value, out int n) && n > 5,
                "queuing.strategy" => value != "fifo",
                _ => false,
            };
            if (excludes)
            {
                return $"{name}={value}";
            }
        }

        return null;
    }
}
