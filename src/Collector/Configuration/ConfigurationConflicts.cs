using System.Net;

namespace Collector.Configuration;

/// <summary>What two configurations of one process cannot both have.</summary>
internal static class ConfigurationConflicts
{
    /// <summary>Everything that the later cannot have beside the earlier; each names both lines.</summary>
    public static IEnumerable<Finding> Between(LoadedConfiguration earlier, LoadedConfiguration later) =>
    [
        .. Ports(earlier, later), .. Outputs(earlier, later), .. Targets(earlier, later), .. ProcessWide(earlier, later),
    ];

    private static IEnumerable<Finding> Ports(LoadedConfiguration earlier, LoadedConfiguration later)
    {
        string[] keys = ["nfacctd_port", "sfacctd_port", "nfacctd_ip", "sfacctd_ip"];
        if (earlier.Options.Sockets.Interface == later.Options.Sockets.Interface && Overlap(earlier.Options.Listen, later.Options.Listen) is { } port)
        {
            yield return Error(later.PlaceOf(keys), $"{later.Label} receives on {port}, and so does {earlier.Label} ({earlier.PlaceOf(keys)}); give each a port of its own");
        }

        string[] bgpKeys = ["bgp_daemon_port", "bgp_daemon_ip", "bgp_daemon"];
        if (Overlap(earlier.Options.Bgp.Speaker.Listen, later.Options.Bgp.Speaker.Listen) is { } speaker)
        {
            yield return Error(
                later.PlaceOf(bgpKeys),
                $"the BGP daemon of {later.Label} listens on {speaker}, and so does that of {earlier.Label} ({earlier.PlaceOf(bgpKeys)}); give it another bgp_daemon_ip or bgp_daemon_port");
        }
    }

    private static IEnumerable<Finding> Outputs(LoadedConfiguration earlier, LoadedConfiguration later)
    {
        foreach (string name in later.Options.Outputs.Select(o => o.Name).Intersect(earlier.Options.Outputs.Select(o => o.Name)))
        {
            yield return Error(later.PlaceOf("plugins"), $"a plugin of {later.Label} is called '{name}', and so is one of {earlier.Label} ({earlier.PlaceOf("plugins")}); name it: plugins: type[name]");
        }
    }

    private static IEnumerable<Finding> Targets(LoadedConfiguration earlier, LoadedConfiguration later)
    {
        Dictionary<string, string> taken = TargetsOf(earlier).GroupBy(t => t.Target).ToDictionary(g => g.Key, g => g.First().Place);
        foreach ((string target, string place) in TargetsOf(later).Distinct())
        {
            if (taken.TryGetValue(target, out string? other))
            {
                yield return Error(place, $"{target} is written by {later.Label}, and by {earlier.Label} ({other}) too; give one of them another");
            }
        }
    }

    private static IEnumerable<(string Target, string Place)> TargetsOf(LoadedConfiguration c)
    {
        foreach (OutputOptions output in c.Options.Outputs.Where(o => o.Kind != OutputKind.Stdout))
        {
            string key = output.Kind == OutputKind.Kafka ? "kafka_topic" : "print_output_file";
            yield return (output.Destination, c.PlaceOf($"{key}[{output.Name}]", key, "plugins"));
        }

        (ObjectOutputOptions Output, string Prefix)[] objects = [(c.Options.Bgp.Outputs.MessageLog, "bgp_daemon_msglog"), (c.Options.Bgp.Outputs.TableDump, "bgp_table_dump")];
        foreach ((ObjectOutputOptions output, string prefix) in objects.Where(o => o.Output.IsEnabled))
        {
            yield return (output.Destination, c.PlaceOf($"{prefix}_kafka_topic", $"{prefix}_file"));
        }

        if (c.Options.SFlowCounters.IsOn)
        {
            yield return (c.Options.SFlowCounters.Destination, c.PlaceOf("sfacctd_counter_file", "sfacctd_counter_kafka_topic"));
        }
    }

    private static IEnumerable<Finding> ProcessWide(LoadedConfiguration earlier, LoadedConfiguration later)
    {
        (LogOptions first, LogOptions second) = (earlier.Options.Log, later.Options.Log);
        if (first.File is not null && second.File is not null && first.File != second.File)
        {
            yield return Disagree("logfile", "there is one log");
        }

        if (first.Syslog is not null && second.Syslog is not null && first.Syslog != second.Syslog)
        {
            yield return Disagree("syslog", "there is one log");
        }

        if ((first.File is not null && second.Syslog is not null) || (first.Syslog is not null && second.File is not null))
        {
            string there = first.File is null ? "syslog" : "logfile", here = second.File is null ? "syslog" : "logfile";
            yield return Error(later.PlaceOf(here), $"{here} sends the log elsewhere than {there} in {earlier.PlaceOf(there)}, and there is one log; write the same in both, or in one of them only");
        }

        if (first.Level != second.Level && earlier.Places.ContainsKey("debug") && later.Places.ContainsKey("debug"))
        {
            yield return Disagree("debug", "there is one log");
        }

        if (earlier.Options.PidFile is { } one && later.Options.PidFile is { } other && one != other)
        {
            yield return Disagree("pidfile", "there is one process");
        }

        Finding Disagree(string key, string reason) =>
            Error(later.PlaceOf(key), $"{key} is another than in {earlier.PlaceOf(key)}, and {reason}; write the same in both, or in one of them only");
    }

    private static IPEndPoint? Overlap(IReadOnlyList<IPEndPoint> first, IReadOnlyList<IPEndPoint> second) =>
        second.FirstOrDefault(s => first.Any(f => f.Port == s.Port && (f.Address.Equals(s.Address) || IsAny(f) || IsAny(s))));

    private static bool IsAny(IPEndPoint endPoint) => endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any);

    private static Finding Error(string place, string text) => new(FindingSeverity.Error, place, 0, text);
}
