namespace Collector.Configuration.Pmacct.Differences;

/// <summary>AS numbers, networks, and the BGP sessions behind them.</summary>
internal static class RouteDifferences
{
    public static IEnumerable<(PmacctLine? Line, string Sentence)> Of(LinesAndOptions c)
    {
        if (c.Line("networks_file") is { } networks && HasOneIPv6Network(networks.Value))
        {
            yield return (networks, "the file has a single IPv6 network, which holds its own addresses; nfacctd 1.7.7 takes every IPv6 address for one of it");
        }

        if (!c.Options.Bgp.IsEnabled || c.Line("bgp_daemon") is not { } daemon)
        {
            yield break;
        }

        yield return (daemon, "a peer that falls silent is given up after its hold time, and one that announced graceful restart keeps its routes meanwhile; nfacctd waits for ever and drops them at once");
        yield return (daemon, "routes are saved and used again right after a restart, until the routers have announced theirs anew; nfacctd prints AS 0 until then");
        if (c.Aggregate("local_pref", "src_local_pref") is { } preference)
        {
            yield return (preference, "LOCAL_PREF from an external peer is left out (RFC 7606); nfacctd prints it. Sessions are external where bgp_daemon_as is not the router's AS");
        }

        if (c.Line("bgp_src_local_pref_map", "bgp_src_med_map") is { } map)
        {
            yield return (map, "id=bgp takes LOCAL_PREF and MED of the route; nfacctd 1.7.7 prints the peer's AS there");
        }

        if (c.Line("bgp_peer_as_skip_subas") is { } members && c.Options.Enrichment.PeerAsSkipSubAs)
        {
            yield return (members, "the peer AS is the first outside the confederation; nfacctd 1.7.7 takes its second member");
        }

        if (c.Line("bgp_follow_default") is { } follow && c.Options.Enrichment.FollowDefault > 0)
        {
            yield return (follow, "default routes are followed to the peer that they name; nfacctd 1.7.7 stays with the first, which it keeps for each exporter");
        }

        if (c.Line("bgp_daemon_msglog_file", "bgp_daemon_msglog_kafka_topic") is { } log && c.Options.Bgp.Outputs.MessageLog.IsEnabled)
        {
            yield return (log, "there are log_close objects for peers whose hold time has passed, which nfacctd does not notice");
        }
    }

    private static bool HasOneIPv6Network(string file)
    {
        try
        {
            return File.ReadLines(file).Count(l => l.TrimStart() is { Length: > 0 } text && text[0] is not ('!' or '#') && text.Contains(':', StringComparison.Ordinal)) == 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // check reads the file itself and says what is wrong with it.
            return false;
        }
    }
}
