using Collector.Output;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>
/// Debian's nfacctd and sfacctd 1.7.7 and the collector print the same for every primitive that 1.7.7 knows, alone, so that nothing but the primitive decides which
/// records add up; and for every switch that changes how values are printed or which there are.
/// </summary>
public sealed class EveryPrimitiveOracleTests : IDisposable
{
    // Alone, some cannot be compared: these crash the writer of 1.7.7, or need a database without which it hangs (GeoOracleTests); arrival is the wall clock there.
    private static readonly Dictionary<string, string> Besides = new() { ["mpls_pw_id"] = "mpls_vpn_rd", ["src_roa"] = "peer_src_ip", ["dst_roa"] = "peer_src_ip" };
    private static readonly string[] NotCompared =
    [
        "timestamp_arrival", "fw_event", "src_host_country", "dst_host_country", "src_host_pocode", "dst_host_pocode", "src_host_coords", "dst_host_coords",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("primitives-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("nfacctd", "sfacctd")]
    public async Task EveryPrimitiveAlone_PmacctPrintsTheSame()
    {
        string[] primitives = [.. PrimitiveTable.All.Select(p => p.Name).Where(n => !OracleCase.Missing.Contains(n) && !NotCompared.Contains(n))];
        Assert.True(primitives.Length > 70, $"only {primitives.Length} primitives");
        OracleCase[] cases =
        [
            // The sampling rates of nfacctd are compared capture by capture (OracleTests): here exporters of one address would read each other's.
            .. Daemons.SelectMany(daemon => primitives.Where(p => p != "sampling_rate" || daemon == "sfacctd").Select(p => Case(daemon, p, $"aggregate: {p}{(Besides.TryGetValue(p, out string? other) ? $", {other}" : "")}"))),
        ];
        await CompareAsync(cases, "primitive");
    }

    [ProgramFact("nfacctd", "sfacctd")]
    public async Task EverySwitchThatPmacctKnows_PrintsTheSame()
    {
        const string Times = "aggregate: timestamp_start, timestamp_end, timestamp_export, proto, src_port, flows";
        string ports = Path.Combine(_folder, "ports.lst");
        await File.WriteAllTextAsync(ports, "443\n53\n");
        OracleCase[] cases =
        [
            .. Daemons.SelectMany(daemon => new[]
            {
                Case(daemon, "times of RFC 3339", Times, "timestamps_rfc3339: true"),
                Case(daemon, "times since the epoch", Times, "timestamps_since_epoch: true"),
                Case(daemon, "times since the epoch before RFC 3339", Times, "timestamps_since_epoch: true", "timestamps_rfc3339: true"),
                Case(daemon, "whole seconds", Times, "timestamps_secs: true"),
                Case(daemon, "whole seconds decide which records add up", "aggregate: timestamp_start, flows", "timestamps_secs: true"),
                Case(daemon, "whole seconds since the epoch", Times, "timestamps_secs: true", "timestamps_since_epoch: true"),
                Case(daemon, "whole seconds of RFC 3339", Times, "timestamps_secs: true", "timestamps_rfc3339: true"),
                Case(daemon, "numbers of protocols", "aggregate: proto, tunnel_proto, flows", "print_num_protos: true"),
                Case(daemon, "numbers of protocols by the name of another plugin", "aggregate: proto, flows", "sql_num_protos: true"),
                Case(daemon, "ports of a list", "aggregate: src_port, dst_port, flows", $"ports_file: {ports}"),
                Case(daemon, "ports of a list, summed", "aggregate: sum_port, flows", $"ports_file: {ports}"),
                Case(daemon, "ports of NAT are in no list", "aggregate: src_port, post_nat_src_port", $"ports_file: {ports}"),
                Case(daemon, "next hops by family", "aggregate: peer_dst_ip, etype, flows"),
                Case(daemon, "next hops by interface", "aggregate: peer_dst_ip, in_iface, tag, flows"),
                Case(daemon, "sums with tags", "aggregate: sum_host, tag, tag2, flows", "post_tag[p]: 7"),
                Case(daemon, "sums with class", "aggregate: sum_host, class, flows"),
                Case(daemon, "the grand total with flows", "aggregate: none, flows"),
            }),
        ];
        await CompareAsync(cases, "switch");
    }

    private static string[] Daemons => ["nfacctd", "sfacctd"];

    private static async Task CompareAsync(IReadOnlyList<OracleCase> cases, string what)
    {
        HashSet<string> names = [.. cases.Select(c => c.Name)];
        Assert.Equal(cases.Count, names.Count);
        KnownDifference[] known = [.. KnownDifferences.OfPrimitives.Where(k => names.Contains(k.Case))];
        Assert.NotEmpty(known);
        IReadOnlyList<string> wrong = await OracleComparison.RunAsync(cases, known, [false]);
        Assert.True(wrong.Count == 0, $"{what}: {string.Join(Environment.NewLine, wrong)}");
    }

    private static OracleCase Case(string daemon, string name, params string[] lines) => new(
        $"{daemon} {name}",
        daemon == "nfacctd" ? NetFlow : SFlow,
        ["plugins: print[p]", "print_output: json", $"{daemon}_as: {(daemon == "nfacctd" ? "netflow" : "sflow")}", .. lines],
        []);

    // Exporters of different captures have one address: those of which one would read the other's options or templates are left out, those that differ anyway
    // (KnownDifferences) too, and labels, which 1.7.7 does not always add up.
    private static IReadOnlyList<string> NetFlow { get; } =
    [
        .. Captures("netflow5-*.pcap"), .. Captures("netflow9-softflowd-*.pcap"), .. Captures("netflow9-nfprobe-*.pcap"), .. Captures("ipfix-nfprobe-*.pcap"), .. Captures("ipfix-ovs-*.pcap"),
    ];

    private static IReadOnlyList<string> SFlow { get; } = [.. Captures("sflow5-*.pcap")];

    private static IEnumerable<string> Captures(string pattern) => Directory.GetFiles(RepositoryPaths.Pcaps, pattern).Order(StringComparer.Ordinal)
        .Where(f => !Has(f, "sampling") || Has(f, "sflow5"))
        .Where(f => !Has(f, "sll") && !Has(f, "label"));

    // The folder of the repository may have any name.
    private static bool Has(string path, string part) => Path.GetFileName(path).Contains(part, StringComparison.Ordinal);
}
