using Collector.Testing;
using Collector.Tests.Oracle;
using Xunit;

namespace Collector.Tests.Enrichment.GeoIp;

/// <summary>Debian's nfacctd and sfacctd 1.7.7, which read databases with MaxMind's own library, print the same places as the collector.</summary>
public sealed class GeoOracleTests
{
    private const string Places = "src_host_country, dst_host_country, src_host_pocode, dst_host_pocode, src_host_coords, dst_host_coords";

    [ProgramFact("nfacctd", "sfacctd")]
    public async Task Places_PmacctPrintsTheSame()
    {
        OracleCase[] cases =
        [
            Case("netflow5-softflowd-ipv4", "city-28"),
            Case("netflow5-softflowd-ipv4", "country-ipv4"),
            Case("netflow9-softflowd-ipv4", "city-24"),
            Case("netflow9-softflowd-ipv4", "other-kinds"),
            Case("netflow9-softflowd-ipv6", "city-32"),
            Case("netflow9-softflowd-ipv6", "country-ipv4"),
            Case("netflow9-softflowd-many", "city-28"),
            Case("netflow9-nfprobe-layer2", "city-28"),
            Case("ipfix-softflowd-ipv6", "city-24"),
            Case("ipfix-softflowd-bidirectional", "city-28"),
            Case("ipfix-nfprobe-networks", "city-28"),
            Case("sflow5-sfprobe-networks", "city-28"),
            Case("sflow5-sfprobe-ipv6-transport", "city-32"),
            Case("sflow5-ovs-vlan", "country-ipv4"),

            // Without hosts in the key, those of one country add up.
            Case("netflow9-softflowd-many", "city-28", "src_host_country"),
            Case("netflow9-softflowd-many", "country-ipv4", "dst_host_country, proto, flows"),
            Case("netflow9-softflowd-ipv6", "city-24", "src_host_coords"),
            Case("sflow5-sfprobe-networks", "city-28", "src_host_country, dst_host_country, flows"),

            // Hosts that networks_file_filter takes away are looked up before.
            Case("netflow9-softflowd-ipv4", "city-28", $"src_host, dst_host, {Places}", "networks_file: NETWORKS", "networks_file_filter: true", "nfacctd_net: file"),

            // No database at all: everything is unknown.
            Case("netflow9-softflowd-ipv4", null, $"src_host, {Places}"),
        ];
        string networks = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(networks, "65001,10.1.1.0/24\n");
            cases = [.. cases.Select(c => c with { Lines = [.. c.Lines.Select(l => l.Replace("NETWORKS", networks, StringComparison.Ordinal))] })];
            IReadOnlyList<string> wrong = await OracleComparison.RunAsync(cases, [], [false]);
            Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        }
        finally
        {
            File.Delete(networks);
        }
    }

    private static OracleCase Case(string capture, string? database, string aggregate = $"src_host, dst_host, src_port, dst_port, proto, {Places}", params string[] lines) => new(
        $"{capture} with {database ?? "none"}: {aggregate}",
        [Directory.GetFiles(RepositoryPaths.Pcaps, capture + ".pcap*")[0]],
        [
            "plugins: print[p]",
            "print_output: json",
            $"aggregate: {aggregate}",
            .. database is null ? Array.Empty<string>() : [$"geoipv2_file: {GeoDatabases.PathOf(database)}"],
            capture.StartsWith("sflow", StringComparison.Ordinal) ? "sfacctd_as: sflow" : "nfacctd_as: netflow",
            .. lines,
        ],
        []);
}
