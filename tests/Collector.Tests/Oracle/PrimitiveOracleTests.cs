using Collector.Testing;
using Xunit;

namespace Collector.Tests.Oracle;

/// <summary>What the captures under their own configurations leave out: sums, forms of times and numbers, ports_file. pmacct 1.7.7 and the collector print the same.</summary>
/// <remarks>1.7.7 does not know protos_file, tos_file and the keys that encode values as arrays, maps and words: it passes them over.</remarks>
public sealed class PrimitiveOracleTests : IDisposable
{
    private const string SumNet = "1.7.7 counts a record twice by its source network and never by its destination: pmacct-compat.md 1.1 counts it once by each";
    private const string Times = "src_host, timestamp_start, timestamp_end, timestamp_export, flows";

    private readonly string _folder = Directory.CreateTempSubdirectory("ports-").FullName;

    private static KnownDifference[] Known { get; } =
    [
        .. from capture in (string[])["ipfix-nfprobe-networks", "sflow5-sfprobe-networks"]
           from field in (string[])["flows", "packets", "bytes"]
           select new KnownDifference($"{capture}: sum_net, flows", field, SumNet),
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("nfacctd", "sfacctd")]
    public async Task Primitives_PmacctPrintsTheSame()
    {
        string ports = Path.Combine(_folder, "ports");
        await File.WriteAllTextAsync(ports, "53\n443\n");
        string[] captures = ["netflow9-softflowd-ipv4", "netflow9-softflowd-ipv6", "ipfix-nfprobe-networks", "sflow5-sfprobe-networks"];
        OracleCase[] cases =
        [
            .. from capture in captures
               from sum in (string[])["sum_host", "sum_net", "sum_as", "sum_port", "sum_mac"]
               select Case(capture, $"{sum}, flows"),
            .. captures.Select(c => Case(c, "src_port, dst_port, proto", $"ports_file: {ports}")),
            .. captures.Select(c => Case(c, "src_host, dst_host, proto, flows", "print_num_protos: true")),
            .. from capture in (string[])["netflow5-softflowd-ipv4", "netflow9-softflowd-ipv4", "ipfix-nfprobe-networks"]
               from lines in (string[][])[["timestamps_secs: true"], ["timestamps_since_epoch: true"], ["timestamps_rfc3339: true"], ["timestamps_since_epoch: true", "timestamps_secs: true"]]
               select Case(capture, Times, lines),
            Case("netflow9-softflowd-ipv4", "none"),
            Case("netflow9-softflowd-ipv4", "sum_host, tag, tag2, class, flows"),
        ];
        Assert.Equal(cases.Length, cases.Select(c => c.Name).Distinct().Count());
        IReadOnlyList<string> wrong = await OracleComparison.RunAsync(cases, Known, [false]);
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static OracleCase Case(string capture, string aggregate, params string[] lines)
    {
        string program = capture.StartsWith("sflow", StringComparison.Ordinal) ? "sfacctd" : "nfacctd", export = program == "sfacctd" ? "sflow" : "netflow";
        string[] keys = [.. lines.Select(l => Path.GetFileName(l))];
        return new OracleCase(
            $"{capture}: {string.Join(", ", keys.Prepend(aggregate))}",
            [Directory.GetFiles(RepositoryPaths.Pcaps, capture + ".pcap*")[0]],
            ["plugins: print", "print_output: json", $"aggregate: {aggregate}", $"{program}_as: {export}", $"{program}_net: {export}", .. lines],
            []);
    }
}
