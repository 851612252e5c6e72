using Collector.Configuration.Pmacct;

namespace Collector.Configuration;

/// <summary>What the command line says about the configuration.</summary>
public sealed record ConfigurationRequest
{
    /// <summary>--config: a collector.yaml. Default: ./collector.yaml, then /etc/collector/collector.yaml, then the built-in defaults.</summary>
    public string? YamlFile { get; init; }

    /// <summary>-f: an nfacctd.conf or sfacctd.conf. Excludes <see cref="YamlFile"/>.</summary>
    public string? PmacctFile { get; init; }

    /// <summary>pmacct's own switches, in the order of the command line; they stand behind <see cref="PmacctFile"/>, or alone in place of a file.</summary>
    public IReadOnlyList<PmacctSwitch> Switches { get; init; } = [];

    /// <summary>--as: which daemon the file was written for; null: what its keys or its name say.</summary>
    public PmacctDaemon? Daemon { get; init; }

    /// <summary>True when the configuration is pmacct's.</summary>
    public bool IsPmacct => PmacctFile is not null || Switches.Count > 0;

    /// <summary>Where the configuration of pmacct comes from, as the operator named it.</summary>
    public string PmacctOrigin => PmacctFile ?? "command line";

    /// <summary>Opens the configuration of pmacct; empty where there are switches only.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public TextReader OpenPmacct() => PmacctFile is { } file ? new StreamReader(file) : TextReader.Null;

    /// <summary>--lenient: what pmacct would ignore in its configuration is a warning.</summary>
    public bool Lenient { get; init; }

    /// <summary>--pmacct-version: true for 1.7, false for 1.8, null for what the file says.</summary>
    public bool? Pmacct17 { get; init; }

    /// <summary>--share-port.</summary>
    public bool SharePort { get; init; }

    /// <summary>--workers; null for what the file says.</summary>
    public int? Workers { get; init; }
}
