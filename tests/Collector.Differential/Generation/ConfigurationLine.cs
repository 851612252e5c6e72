namespace Collector.Differential.Generation;

/// <summary>Which of the two daemons a line is for.</summary>
internal enum Daemon
{
    /// <summary>Both; DAEMON in key and value stands for the name, OWN for netflow or sflow.</summary>
    Both,

    /// <summary>nfacctd only.</summary>
    NetFlow,

    /// <summary>sfacctd only.</summary>
    SFlow,
}

/// <summary>One line of nfacctd.conf.</summary>
/// <param name="Key">The key; DAEMON stands for nfacctd or sfacctd.</param>
/// <param name="Value">The value; FILE:name stands for the path of a generated file.</param>
/// <param name="Plugin">The output it is bound to; null for all.</param>
/// <param name="For">Which daemon.</param>
internal sealed record ConfigurationLine(string Key, string Value, string? Plugin = null, Daemon For = Daemon.Both)
{
    /// <summary>The key as it is in the dictionary of keys.</summary>
    public string KeyOf(string daemon) => Key.Replace("DAEMON", daemon, StringComparison.Ordinal);

    /// <summary>Whether the daemon gets the line.</summary>
    public bool IsFor(string daemon) => For == Daemon.Both || (For == Daemon.SFlow) == (daemon == "sfacctd");

    /// <summary>The line as it stands in the file.</summary>
    public string Text(string daemon, string folder) => $"{KeyOf(daemon)}{(Plugin is null ? "" : $"[{Plugin}]")}: " + Value
        .Replace("DAEMON", daemon, StringComparison.Ordinal)
        .Replace("OWN", daemon == "sfacctd" ? "sflow" : "netflow", StringComparison.Ordinal)
        .Replace("FILE:", folder + "/", StringComparison.Ordinal);
}
