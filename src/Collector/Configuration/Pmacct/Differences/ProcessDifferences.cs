namespace Collector.Configuration.Pmacct.Differences;

/// <summary>Sockets, files, signals and the log.</summary>
internal static class ProcessDifferences
{
    public static IEnumerable<(PmacctLine? Line, string Sentence)> Of(LinesAndOptions c)
    {
        PmacctLine? port = c.Line("nfacctd_port", "sfacctd_port") ?? c.Line("nfacctd_ip", "sfacctd_ip");
        if (c.IsAlone)
        {
            yield return (port, $"the port takes NetFlow, IPFIX and sFlow alike; {c.Name} refuses what it does not collect");
        }

        if (c.Daemon == PmacctDaemon.Nfacctd && c.Line("nfacctd_templates_file") is null)
        {
            yield return (null, "templates are kept over a restart (state_directory), so that there are rows from the first datagram on; nfacctd has none until templates are announced again");
        }

        if (c.Line("daemonize") is { } daemonize && string.Equals(daemonize.Value, "true", StringComparison.OrdinalIgnoreCase))
        {
            yield return (daemonize, "the collector stays in the foreground: a unit of systemd needs Type=notify in place of forking (samples/systemd), a script an & behind it");
        }

        if (c.Line("pidfile") is { } pidFile)
        {
            yield return (pidFile, "one file with one pid; nfacctd writes another for each plugin, with its type and name behind");
        }

        yield return (
            c.Line("logfile", "syslog"),
            "the log has nfacctd's lines of start, listening, maps, purges, statistics and end; its other lines are not there, and the collector has more of its own");
        yield return (null, "signals act at once; nfacctd acts when the next datagram comes");
    }
}
