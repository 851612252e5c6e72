using System.Text.Json;
using System.Text.Json.Serialization;

namespace Collector.LoadGenerator;

/// <summary>What was sent, exactly, as one JSON object.</summary>
internal sealed record LoadReport
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public required string Protocol { get; init; }

    public required ulong Seed { get; init; }

    public required int Sources { get; init; }

    /// <summary>All datagrams: those with records and those with templates and options only.</summary>
    public required long Datagrams { get; init; }

    public required long TemplateDatagrams { get; init; }

    public required long PayloadBytes { get; init; }

    public required long Records { get; init; }

    public required long Packets { get; init; }

    public required long Octets { get; init; }

    /// <summary>The interval that <see cref="Packets"/> and <see cref="Octets"/> are to be multiplied by when renormalised.</summary>
    public required uint Sampling { get; init; }

    public required int Keys { get; init; }

    /// <summary>Of the sending; of the capture's clock.</summary>
    public required double Seconds { get; init; }

    public required double RecordsPerSecond { get; init; }

    public required double DatagramsPerSecond { get; init; }

    /// <summary>User and system time of the sending, in seconds; 0 for a capture.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Errors "connection refused": more than 0 when nobody received.</summary>
    public long Refused { get; init; }

    [JsonIgnore]
    internal string Text => JsonSerializer.Serialize(this, Json);

    internal static LoadReport Of(LoadOptions options, LoadStream stream, TimeSpan elapsed, TimeSpan cpu)
    {
        double seconds = Math.Max(elapsed.TotalSeconds, 1e-6);
        long datagrams = stream.Datagrams + stream.Announcements;
        return new LoadReport
        {
            Protocol = LoadCommand.NameOf(options.Protocol),
            Seed = options.Seed,
            Sources = options.Sources,
            Datagrams = datagrams,
            TemplateDatagrams = stream.Announcements,
            PayloadBytes = stream.PayloadBytes,
            Records = stream.Records,
            Packets = stream.Packets,
            Octets = stream.Octets,
            Sampling = options.Sampling,
            Keys = stream.DistinctKeys,
            Seconds = Math.Round(seconds, 6),
            RecordsPerSecond = Math.Round(stream.Records / seconds),
            DatagramsPerSecond = Math.Round(datagrams / seconds),
            CpuSeconds = Math.Round(cpu.TotalSeconds, 3),
        };
    }
}
