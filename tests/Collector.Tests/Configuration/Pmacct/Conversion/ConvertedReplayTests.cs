using Collector.Configuration;
using Collector.Configuration.Pmacct;
using Collector.Configuration.Pmacct.Conversion;
using Collector.Configuration.Yaml;
using Collector.Testing;
using Collector.Tests.Oracle;
using Collector.Tests.Replay;
using Xunit;

namespace Collector.Tests.Configuration.Pmacct.Conversion;

/// <summary>A replay under -f and one under what convert made of that file give the same bytes.</summary>
public sealed class ConvertedReplayTests : IDisposable
{
    private static readonly string[] Captures = [.. Directory.GetFiles(RepositoryPaths.Pcaps, "*.pcap*").Order(StringComparer.Ordinal)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string> Names => [.. OracleCase.OfPcaps().Concat(OracleCase.OfMade()).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Replay_EachCaptureUnderItsOwnConfiguration(string name)
    {
        OracleCase capture = OracleCase.OfPcaps().Concat(OracleCase.OfMade()).Single(c => c.Name == name);
        AssertSameBytes(string.Join('\n', capture.Lines), capture.Files);
    }

    [Theory]
    [InlineData("plugins: print\nprint_output: json\naggregate: src_host, dst_host, flows\nnfacctd_renormalize: true\nprint_history: 1m\nprint_history_roundoff: m\nprint_refresh_time: 30\n")]
    [InlineData("plugins: print[a], print[b]\nprint_output[a]: csv\nprint_output[b]: json\nprint_output_separator[a]: \\t\naggregate[a]: src_as, dst_as, in_iface\naggregate[b]: proto, tos, tcpflags\nprint_num_protos[b]: true\ntcpflags_encode_as_array: true\n")]
    [InlineData("plugins: kafka[k], print[p]\nkafka_topic[k]: t\nprint_output[p]: json\naggregate: src_host, timestamp_start\ntimestamps_utc: true\ntimestamps_rfc3339: true\nprint_history: 1h\nprint_history_offset: 60\nprint_markers[p]: true\n")]
    [InlineData("plugins: print\nprint_output: json\naggregate: src_net, dst_net, src_mask, dst_mask, src_as, dst_as\nnfacctd_as: longest\nnfacctd_net: longest\nnetworks_file: networks.lst\nnetworks_file_no_lpm: true\nnetworks_file_filter: true\n")]
    [InlineData("plugins: print\nprint_output: json\naggregate: tag, tag2, label, src_host, peer_src_ip\npre_tag_map: pretag.map\npre_tag_label_encode_as_map: true\nallow: x\n", true)]
    [InlineData("plugins: print[f]\nprint_output: json\naggregate: src_host, dst_host, src_port, dst_port, tag\npost_tag: 77\naggregate_filter[f]: udp or tcp port 80\nports_file: ports.lst\nnfacctd_allow_file: allow.lst\n")]
    [InlineData("plugins: print\nprint_output: json\naggregate: sum_host\nsfacctd_renormalize: true\nsfacctd_time_new: true\nsfacctd_ext_sampling_rate: 100\nprint_history: 1M\n")]
    [InlineData("plugins: print\nprint_output: json\naggregate: sampling_rate, peer_src_ip, in_iface\nsampling_map: sampling.map\nnfacctd_renormalize: true\n")]
    [InlineData("plugins: print\nprint_output: json\naggregate: fwd_status, mpls_label_stack, tos, as_path, std_comm\nfwd_status_encode_as_string: true\nmpls_label_stack_encode_as_array: true\ntos_encode_as_dscp: true\nnfacctd_account_options: true\nnfacctd_ignore_exporter_address: true\n")]
    public void Replay_AllCapturesUnder(string lines, bool lenient = false)
    {
        Write("networks.lst", "64512_65501,10.0.0.0/8\n5,192.0.2.0/24\n6,2001:db8::/32\n");
        Write("pretag.map", "set_tag=5 ip=0.0.0.0/0 in=1\nset_tag2=9 set_label=a%1,b%2\n");
        Write("ports.lst", "80\n443\n");
        Write("allow.lst", "10.0.0.0/8\n127.0.0.0/8\n192.0.2.0/24\n");
        Write("sampling.map", "id=1000 ip=0.0.0.0/0\n");
        Assert.True(AssertSameBytes(lines, Captures, lenient) > 500, "hardly anything was compared");
    }

    [SharedCapturesFact]
    public void Convert_EveryConfigurationOfTheSharedCaptures_IsTheSame() => Assert.All(OracleCase.OfSharedCaptures(), c => AssertSameOptions(string.Join('\n', c.Lines)));

    [Theory]
    [InlineData("pmacctd.conf")]
    [InlineData("nfacctd.conf")]
    public void Convert_TheSamplesOfTheMigration_AreTheSame(string file) => AssertSameOptions(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "samples", "migration", file)));

    private static void AssertSameOptions(string lines)
    {
        Findings read = new("nfacctd.conf"), converted = new("nfacctd.conf"), yaml = new("collector.yaml");
        CollectorOptions expected = PmacctConfigurationLoader.Load(new StringReader(lines), false, read);
        Assert.True(!read.HasErrors, string.Join('\n', read.All));
        string text = PmacctConversion.Convert(new StringReader(lines), new ConfigurationRequest(), converted);
        CollectorOptions actual = YamlConfigurationLoader.Load(new StringReader(text), yaml);

        Assert.True(!yaml.HasErrors, $"{string.Join('\n', yaml.All)}\n{text}");
        Assert.Equal(OptionsText.Of(expected), OptionsText.Of(actual));
    }

    private int AssertSameBytes(string lines, IReadOnlyList<string> captures, bool lenient = false)
    {
        string conf = Write("x.conf", lines), yaml = Write("x.yaml", Convert(lines, lenient));
        string[] switches = lenient ? ["--lenient"] : [];
        ReplayProcess expected = ReplayProcess.Run(_folder.FullName, [.. switches, "-f", conf, .. captures]);
        ReplayProcess actual = ReplayProcess.Run(_folder.FullName, ["--config", yaml, .. captures]);

        Assert.Equal((0, 0), (expected.ExitCode, actual.ExitCode));
        Assert.True(expected.Output.AsSpan().SequenceEqual(actual.Output), $"{expected.Output.Length} bytes under -f, {actual.Output.Length} under\n{File.ReadAllText(yaml)}");
        return actual.Output.Length;
    }

    private static string Convert(string lines, bool lenient)
    {
        var findings = new Findings("x.conf");
        string yaml = PmacctConversion.Convert(new StringReader(lines), new ConfigurationRequest { Lenient = lenient }, findings);
        Assert.True(!findings.HasErrors, string.Join('\n', findings.All));
        return yaml;
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
