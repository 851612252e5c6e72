namespace Collector.Configuration.Pmacct;

/// <summary>Which of pmacct's two collectors a configuration was written for.</summary>
public enum PmacctDaemon
{
    /// <summary>nfacctd: NetFlow and IPFIX, port 2100.</summary>
    Nfacctd,

    /// <summary>sfacctd: sFlow, port 6343.</summary>
    Sfacctd,
}

/// <summary>One of pmacct's own switches on the command line: a directive that stands behind the file, so that it wins (pmacct-compat §9.5).</summary>
/// <param name="Name">The switch as written, such as -r.</param>
/// <param name="Value">Its value; "true" for a switch without one.</param>
public sealed record PmacctSwitch(string Name, string Value)
{
    private static readonly Dictionary<string, string> Valued = new(StringComparer.Ordinal)
    {
        ["-L"] = "nfacctd_ip",
        ["-l"] = "nfacctd_port",
        ["-c"] = "aggregate",
        ["-F"] = "pidfile",
        ["-S"] = "syslog",
        ["-P"] = "plugins",
        ["-n"] = "networks_file",
        ["-t"] = "ports_file",
        ["-r"] = "sql_refresh_time",
        ["-O"] = "print_output",
        ["-o"] = "print_output_file",
        ["-E"] = "print_output_separator",
        ["-p"] = "imt_path",
        ["-b"] = "imt_buckets",
        ["-m"] = "imt_mem_pools_number",
        ["-s"] = "imt_mem_pools_size",
        ["-I"] = "pcap_savefile",
        ["-Z"] = "pcap_savefile_delay",
        ["-Y"] = "pcap_savefile_replay",
        ["-T"] = "dry_run",
    };

    private static readonly Dictionary<string, string> Flags = new(StringComparer.Ordinal)
    {
        ["-D"] = "daemonize",
        ["-d"] = "debug",
        ["-M"] = "print_markers",
        ["-A"] = "print_output_file_append",
        ["-u"] = "print_num_protos",
        ["-R"] = "sfacctd_renormalize",
        ["-W"] = "pcap_savefile_wait",
    };

    /// <summary>All switches with the keys that they stand for; those without a value say true.</summary>
    public static IEnumerable<(string Name, string Key, bool HasValue)> All =>
        [.. Valued.Select(s => (s.Key, s.Value, true)), .. Flags.Select(s => (s.Key, s.Value, false))];

    /// <summary>True for a switch that is a key of pmacct.</summary>
    public static bool IsKnown(string name) => Valued.ContainsKey(name) || Flags.ContainsKey(name);

    /// <summary>The key that the switch stands for.</summary>
    public string Key => Valued.TryGetValue(Name, out string? key) ? key : Flags[Name];

    /// <summary>Where an error says it is.</summary>
    internal string Place => Flags.ContainsKey(Name) ? $"command line, {Name}" : $"command line, {Name} {Value}";

    /// <summary>The switch as a directive.</summary>
    /// <param name="number">The number of the line behind the file that it becomes.</param>
    /// <param name="findings">Takes a warning where the switch is not what it seems.</param>
    internal PmacctLine ToLine(int number, Findings findings)
    {
        findings.NamePlace(number, Place);
        if (Name == "-L" && ushort.TryParse(Value, out _))
        {
            // nfacctd would take 2055 for an address and end; no address looks like that.
            findings.Warning(number, $"-L takes an address; {Value} is taken for the port, write -l {Value}");
            return new PmacctLine(number, "nfacctd_port", null, Value);
        }

        return new PmacctLine(number, Key, null, Value);
    }
}
