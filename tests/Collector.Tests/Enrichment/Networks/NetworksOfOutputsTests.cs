using Collector.Testing;
using Xunit;

namespace Collector.Tests.Enrichment.Networks;

/// <summary>nfacctd 1.7.7 and the collector print the same where plugins have networks of their own, and where maps and filters stand before networks.</summary>
public class NetworksOfOutputsTests
{
    private const string Primitives = "tag, tag2, src_host, dst_host, src_net, dst_net, src_mask, dst_mask, src_as, dst_as, peer_src_as, peer_dst_as, peer_dst_ip";
    private const string Capture = "ipfix-nfprobe-networks", WithoutAs = "netflow9-softflowd-ipv4";

    [ProgramTheory("nfacctd")]
    [InlineData(Capture, "nfacctd_as: file", "nfacctd_net: file", "networks_file: ONE", "networks_file[b]: TWO", "pre_tag_map: MAP")]
    [InlineData(WithoutAs, "nfacctd_as: file", "nfacctd_net: file", "networks_file: ONE", "networks_file[b]: TWO", "pre_tag_map[a]: MAP", "pre_tag_map[b]: MAP")]
    [InlineData(Capture, "nfacctd_as: longest", "nfacctd_net: longest", "networks_file: ONE", "networks_file_no_lpm[a]: true", "pre_tag_map: MAP")]
    [InlineData(WithoutAs, "nfacctd_as: longest", "nfacctd_net: longest", "networks_file: ONE", "pre_tag_map: MAP")]
    [InlineData(WithoutAs, "nfacctd_as: longest", "networks_file: ONE", "networks_mask: 20", "nfacctd_net[a]: mask", "nfacctd_net[b]: longest")]
    [InlineData(Capture, "networks_mask[a]: 20", "networks_mask[b]: 12", "nfacctd_net: mask")]
    [InlineData(Capture, "networks_file[b]: TWO", "nfacctd_as: longest", "nfacctd_net: longest", "nfacctd_peer_as[a]: true")]
    [InlineData(WithoutAs, "networks_file: TWO", "nfacctd_as: longest", "nfacctd_net: longest", "networks_file_filter[a]: true", "aggregate_filter[a]: dst net 192.0.0.0/8", "aggregate_filter[b]: dst net 192.0.0.0/8", "pre_tag_map: MAP")]
    [InlineData(WithoutAs, "networks_no_mask_if_zero[b]: true", "nfacctd_net: netflow")]
    [InlineData("netflow5-softflowd-ipv4", "networks_file: ONE", "nfacctd_as: longest", "nfacctd_net: longest")]
    public async Task EachPlugin_ByItsOwnRules(string capture, params string[] lines)
    {
        using var folder = new TemporaryFolder();
        foreach ((string name, string text) in new[]
        {
            ("ONE", "64608_64702,192.0.0.0/3\n64609_0,10.0.0.0/8\n10.9.9.9,64806,10.1.1.0/24\n64610_64777,10.1.0.0/16\n"), ("TWO", "5_6,10.1.0.0/16\n"),
            ("MAP", "set_tag=1 dst_as=64702 jeq=a\nset_tag=2 dst_as=6 jeq=a\nset_tag=3 dst_as=0 jeq=a\nset_tag=4 dst_as=64999 jeq=a\nset_tag=9 ip=0.0.0.0/0\nset_tag2=1 src_net=10.0.0.0/8 label=a\n"),
        })
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, name), text);
        }

        string file = Path.Combine(RepositoryPaths.Pcaps, capture + ".pcap");
        IEnumerable<string> common = lines.Select(l => l.Replace(": ONE", $": {folder.Path}/ONE", StringComparison.Ordinal).Replace(": TWO", $": {folder.Path}/TWO", StringComparison.Ordinal)
            .Replace(": MAP", $": {folder.Path}/MAP", StringComparison.Ordinal));
        common = ["plugins: print[a], print[b]", "print_output: csv", "print_refresh_time: 86400", $"aggregate: {Primitives}", .. common];
        string[] theirs = await Print(folder, "pmacct", Peers.Find("nfacctd")!, [.. common, "daemonize: false", $"pcap_savefile: {file}"], c => ["-f", c]);
        string[] ours = await Print(folder, "collector", Path.Combine(AppContext.BaseDirectory, "collector"), [.. common], c => ["replay", "--to-sinks", "-f", c, file]);
        Assert.NotEmpty(theirs);
        Assert.Equal(theirs, ours);
    }

    private static async Task<string[]> Print(TemporaryFolder folder, string name, string program, string[] lines, Func<string, string[]> arguments)
    {
        string conf = Path.Combine(folder.Path, name + ".conf"), a = Path.Combine(folder.Path, name + ".a"), b = Path.Combine(folder.Path, name + ".b");
        await File.WriteAllLinesAsync(conf, [.. lines, $"print_output_file[a]: {a}", $"print_output_file[b]: {b}"]);

        // On a busy machine a plugin of pmacct can start too late for the records.
        for (int attempt = 0; attempt < 3 && !(File.Exists(a) && File.Exists(b)); attempt++)
        {
            PeerProcessResult result = await PeerProcess.RunAsync(program, arguments(conf), folder.Path);
            Assert.True(result.ExitCode == 0, result.Error);
        }

        // 1.7.7 takes IPv6 addresses for those of networks that they are not in.
        IEnumerable<string> Lines(string file) => File.ReadLines(file).Where(l => !l.Contains("2001:", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. Lines(a), .. Lines(b)];
    }
}
