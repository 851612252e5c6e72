using System.Text.Json;
using Collector.Testing;

namespace Collector.Tests.Oracle;

/// <summary>Captures in order, and the configuration under which pmacct and the collector are compared on them.</summary>
/// <param name="Name">The capture's or the shared case's name.</param>
/// <param name="Files">Full paths.</param>
/// <param name="Lines">Lines of nfacctd.conf without file paths.</param>
/// <param name="IgnoredPeers">Exporters of damaged datagrams: whatever is printed for them is right.</param>
internal sealed record OracleCase(string Name, IReadOnlyList<string> Files, IReadOnlyList<string> Lines, IReadOnlyList<string> IgnoredPeers)
{
    /// <summary>Primitives that nfacctd 1.7.7 refuses to start with (pmacct-compat.md 11.1).</summary>
    internal static readonly IReadOnlySet<string> Missing = new HashSet<string>
    {
        "in_vlan", "out_vlan", "in_cvlan", "out_cvlan", "flow_label", "fwd_status", "mpls_label_stack", "nvgre", "in_iface_name", "out_iface_name",
        "ingress_vrf_name", "egress_vrf_name", "vrf_name", "srv6_seg_ipv6_list", "path_delay_avg_usec", "path_delay_min_usec", "path_delay_max_usec",
        "drop_code", "tunnel_flow_label", "tunnel_tcpflags",
    };

    /// <summary>nfacctd, or sfacctd where the configuration speaks to it.</summary>
    public string Program => Lines.Any(l => l.StartsWith("sfacctd_", StringComparison.Ordinal)) ? "sfacctd" : "nfacctd";

    /// <summary>The configuration for both sides: primitives that 1.7.7 lacks are gone, times are UTC, arrival is the bin.</summary>
    public IReadOnlyList<string> Configuration(bool renormalize) =>
    [
        .. Lines.Select(WithoutMissing).Where(l => !l.Contains("_renormalize", StringComparison.Ordinal)
            && !l.Contains("_time_new", StringComparison.Ordinal) && !l.StartsWith("timestamps_utc", StringComparison.Ordinal)),
        $"{Program}_renormalize: {(renormalize ? "true" : "false")}",
        $"{Program}_time_new: true",
        "timestamps_utc: true",
    ];

    /// <summary>The printed objects that are compared.</summary>
    public IReadOnlyList<string> Compared(IEnumerable<string> printed) =>
        [.. printed.Where(line => !IgnoredPeers.Any(peer => line.Contains($"\"peer_ip_src\": \"{peer}\"", StringComparison.Ordinal)))];

    /// <summary>The project's own captures, each under its expected/NAME.conf.</summary>
    public static IReadOnlyList<OracleCase> OfPcaps() =>
    [
        .. Directory.GetFiles(RepositoryPaths.Pcaps, "*.pcap*").Order(StringComparer.Ordinal).Select(file => new OracleCase(
            Path.GetFileNameWithoutExtension(file),
            [file],
            File.ReadAllLines(Path.Combine(RepositoryPaths.Pcaps, "expected", Path.GetFileNameWithoutExtension(file) + ".conf")),
            [])),
    ];

    /// <summary>The captures that no exporter at hand sends (pcaps/made), each under its own NAME.conf.</summary>
    public static IReadOnlyList<OracleCase> OfMade() =>
    [
        .. Directory.GetFiles(RepositoryPaths.MadePcaps, "*.pcap").Order(StringComparer.Ordinal).Select(file => new OracleCase(
            Path.GetFileNameWithoutExtension(file), [file], File.ReadAllLines(Path.ChangeExtension(file, ".conf")), [])),
    ];

    /// <summary>The shared cases.</summary>
    public static IReadOnlyList<OracleCase> OfSharedCaptures() =>
        [.. Directory.GetFiles(Path.Combine(RepositoryPaths.SharedCaptures, "cases"), "*.json").Order(StringComparer.Ordinal).Select(ReadShared)];

    private static OracleCase ReadShared(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        return new OracleCase(
            root.GetProperty("name").GetString()!,
            [.. root.GetProperty("files").EnumerateArray().Select(f => Path.Combine(RepositoryPaths.SharedCaptures, f.GetString()!))],
            [.. root.GetProperty("conf").EnumerateArray().Select(l => l.GetString()!)],
            root.TryGetProperty("ignore_peers", out JsonElement peers) ? [.. peers.EnumerateArray().Select(p => p.GetString()!)] : []);
    }

    private static string WithoutMissing(string line)
    {
        const string Key = "aggregate:";
        return line.StartsWith(Key, StringComparison.Ordinal)
            ? $"{Key} {string.Join(", ", line[Key.Length..].Split(',', StringSplitOptions.TrimEntries).Where(p => !Missing.Contains(p)))}"
            : line;
    }
}
