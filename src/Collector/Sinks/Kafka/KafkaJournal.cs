using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Collector.Sinks.Kafka;

/// <summary>
/// What a Kafka output tells the operator: one sentence per situation, at most one a minute for each, with the number suppressed.
/// </summary>
/// <remarks>Safe to call from any thread: librdkafka logs from its own.</remarks>
internal sealed class KafkaJournal(ILogger log, string output, IReadOnlyDictionary<string, string> properties, TimeProvider clock)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Said, int Suppressed)> _situations = [];
    private string _lastTransportError = "connection closed";
    private bool _unreachable;

    /// <summary>The library in use; 0 until it is loaded.</summary>
    public uint LibraryNumber { get; set; }

    /// <summary>Its version text.</summary>
    public string LibraryVersion { get; set; } = "";

    /// <summary>An error that librdkafka reports besides those of single messages.</summary>
    public void Error(Error error)
    {
        if (error.IsFatal)
        {
            Warn("fatal", $"the producer met a fatal error ({error.Reason}); a new one is made");
            return;
        }

        switch (error.Code)
        {
            case ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.Local_TimedOut or ErrorCode.Local_Ssl:
                _lastTransportError = error.Reason;
                log.LogDebug("output {Output}: {Reason}", output, error.Reason);
                break;
            case ErrorCode.Local_AllBrokersDown:
                _unreachable = true;
                Warn(
                    "unreachable",
                    $"no broker of {properties["bootstrap.servers"]} can be reached ({_lastTransportError}); "
                        + $"rows wait for {MessageTimeout()} and are then counted as lost");
                break;
            case ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed:
                _lastTransportError = "the login is refused";
                Warn("authentication", $"the brokers refuse the login ({error.Reason}){ScramHint()}");
                break;
            default:
                Warn(error.Code.ToString(), $"{error.Reason} ({error.Code})");
                break;
        }
    }

    /// <summary>A broker has taken a message.</summary>
    public void Delivered()
    {
        if (_unreachable)
        {
            _unreachable = false;
            log.LogInformation("output {Output}: the brokers take rows again", output);
        }
    }

    /// <summary>Rows of a purge were lost.</summary>
    public void Lost(long purge, in PublishResult result, string reason) =>
        Warn("lost", $"{result.LostRows} of {result.LostRows + result.PublishedRows} rows of purge {purge} were lost ({reason})");

    /// <summary>A line of librdkafka's own log: its errors reach <see cref="Error"/> too, so only other warnings are passed on.</summary>
    public void Log(LogMessage line)
    {
        if (line.Level <= SyslogLevel.Warning && line.Facility is not ("FAIL" or "ERROR" or "FATAL" or "REQTMOUT" or "GETPID"))
        {
            Warn(line.Facility, $"librdkafka: {line.Message}");
        }
        else
        {
            log.LogDebug("output {Output}: librdkafka {Facility}: {Message}", output, line.Facility, line.Message);
        }
    }

    /// <summary>Says a sentence unless the same situation was told within the last minute.</summary>
    public void Warn(string situation, string sentence)
    {
        int suppressed;
        lock (_gate)
        {
            long now = clock.GetTimestamp();
            if (_situations.TryGetValue(situation, out (long Said, int Suppressed) last) && clock.GetElapsedTime(last.Said, now) < Quiet)
            {
                _situations[situation] = (last.Said, last.Suppressed + 1);
                return;
            }

            suppressed = last.Suppressed;
            _situations[situation] = (now, 0);
        }

        if (suppressed == 0)
        {
            log.LogWarning("output {Output}: {Sentence}", output, sentence);
        }
        else
        {
            log.LogWarning("output {Output}: {Sentence} ({Suppressed} more like this since the last such line)", output, sentence, suppressed);
        }
    }

    private string MessageTimeout()
    {
        string? set = properties.GetValueOrDefault("message.timeout.ms") ?? properties.GetValueOrDefault("delivery.timeout.ms");
        return set switch
        {
            null => "300 s (message.timeout.ms)",
            "0" => "ever (message.timeout.ms is 0)",
            _ => $"{set} ms (message.timeout.ms)",
        };
    }

    private string ScramHint()
    {
        string mechanism = properties.GetValueOrDefault("sasl.mechanism") ?? properties.GetValueOrDefault("sasl.mechanisms") ?? "";
        bool isScram = mechanism.StartsWith("SCRAM", StringComparison.OrdinalIgnoreCase);
        return isScram && LibraryNumber is > 0 and < KafkaLibrary.FirstWithScramOfKafka4
            ? $"; librdkafka {LibraryVersion} cannot log in to Kafka 4 by SCRAM even when name and password are right: "
                + "name a librdkafka of 2.6.1 or newer with kafka.library, or use PLAIN over TLS"
            : "";
    }
}
