namespace Collector.Pipeline;

/// <summary>What the command line asks of a replay. The number of workers is in the options.</summary>
public sealed record ReplayRequest
{
    /// <summary>Captures, read one after the other.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>True: rows go to the configured outputs; false: all of them to stdout.</summary>
    public bool ToSinks { get; init; }

    /// <summary>True: only payloads to the ports of `listen`; false: every UDP payload is offered to the decoders.</summary>
    public bool ConfiguredPortsOnly { get; init; }

    /// <summary>Folder for templates and other state; null: none is read or written.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>The only output wanted; null: all.</summary>
    public string? Output { get; init; }
}
