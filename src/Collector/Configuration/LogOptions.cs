using Microsoft.Extensions.Logging;

namespace Collector.Configuration;

/// <summary>What is logged, and where to. Immutable.</summary>
public sealed record LogOptions
{
    /// <summary>The least severe level that is logged. Default Information.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>File that takes the log instead of stderr, reopened at SIGHUP; null: stderr. Default null.</summary>
    public string? File { get; init; }

    /// <summary>Facility of the machine's syslog, which takes the log instead of stderr (<see cref="SyslogFacility"/>); null: none. Default null.</summary>
    public string? Syslog { get; init; }

    /// <summary>What lines in syslog begin with. Default collector; behind -f the name of the daemon that is taken over.</summary>
    public string SyslogIdent { get; init; } = "collector";

    /// <summary>Lines begin with the time. On stderr behind systemd's journal, which keeps the time itself, they never do. Default true.</summary>
    public bool Timestamps { get; init; } = true;

    /// <summary>timestamps_utc: those times are UTC instead of the zone of the system. Default false.</summary>
    public bool Utc { get; init; }
}
