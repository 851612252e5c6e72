namespace Collector.Configuration;

/// <summary>What the command line says about the configuration.</summary>
public sealed record ConfigurationRequest
{
    /// <summary>--config: a collector.yaml. Default: ./collector.yaml, then /etc/collector/collector.yaml, then the built-in defaults.</summary>
    public string? YamlFile { get; init; }

    /// <summary>-f: an nfacctd.conf or sfacctd.conf. Excludes <see cref="YamlFile"/>.</summary>
    public string? PmacctFile { get; init; }

    /// <summary>--lenient: what pmacct would ignore in its configuration is a warning.</summary>
    public bool Lenient { get; init; }

    /// <summary>--pmacct-version: true for 1.7, false for 1.8, null for what the file says.</summary>
    public bool? Pmacct17 { get; init; }

    /// <summary>--share-port.</summary>
    public bool SharePort { get; init; }

    /// <summary>--workers; null for what the file says.</summary>
    public int? Workers { get; init; }
}
