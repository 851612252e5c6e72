using System.Net;
using Collector.Bgp.Sessions;
using Collector.Configuration;
using Collector.Configuration.Pmacct;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Configuration.Pmacct;

public sealed class PmacctBgpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static BgpOptions Load(string lines, params string[] expected)
    {
        var findings = new Findings("f");
        CollectorOptions options = PmacctConfigurationLoader.Load(new StringReader($"{lines}\nplugins: print\nprint_output: json"), false, findings);
        Assert.Equal(expected, findings.All.Select(f => f.ToString()));
        return options.Bgp;
    }

    [Fact]
    public void BgpDaemon_HasTheDefaultsOfPmacct()
    {
        BgpOptions options = Load("bgp_daemon: true");
        SpeakerOptions s = options.Speaker;
        Assert.True(options.IsEnabled && s.TakesAll && s.EchoesFamilies && s.AddPath);
        Assert.Equal((179, 4, 0u, IpAddress.Parse("1.2.3.4")), (Assert.Single(s.Listen).Port, s.MaxPeers, s.LocalAs, s.RouterId));
        Assert.False(Load("bgp_daemon_port: 17900").IsEnabled);
    }

    [Fact]
    public void EveryKey_IsTaken()
    {
        SpeakerOptions s = Load(
            "bgp_daemon: true\nbgp_daemon_ip: 127.0.0.1\nbgp_daemon_port: 17900\nbgp_daemon_as: 4200000000\nbgp_daemon_max_peers: 100\nbgp_daemon_ipprec: 6\n"
            + "bgp_daemon_add_path_ignore: true\nbgp_daemon_pipe_size: 65536").Speaker;
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:17900"), Assert.Single(s.Listen));
        Assert.Equal((4_200_000_000u, 100, 6, false, 65_536, IpAddress.Parse("127.0.0.1")), (s.LocalAs, s.MaxPeers, s.IpPrecedence, s.AddPath, s.ReceiveBufferBytes, s.RouterId));
        Assert.Equal(IpAddress.Parse("10.0.0.9"), Load("bgp_daemon: true\nbgp_daemon_id: 10.0.0.9").Speaker.RouterId);
    }

    [Fact]
    public void Files_NameThePeersAndTheirKeys()
    {
        string allow = Path.Combine(_folder, "allow"), keys = Path.Combine(_folder, "md5");
        File.WriteAllText(allow, "! routers\n192.0.2.1\n\n 2001:db8::/32 \n");
        File.WriteAllText(keys, "192.0.2.1, secret, with a comma\n198.51.100.1, other\n");
        BgpOptions options = Load($"bgp_daemon: true\nbgp_daemon_allow_file: {allow}\nbgp_daemon_md5_file: {keys}");
        SpeakerOptions s = BgpPeerFiles.Read(options, text => Assert.Fail(text));
        Assert.False(s.TakesAll);
        Assert.Equal(["192.0.2.1 secret, with a comma", "192.0.2.1 ", "2001:db8:: "], s.Peers.Select(p => $"{p.Address} {p.Password}"));
        File.WriteAllText(allow, "");
        s = BgpPeerFiles.Read(options, text => Assert.Fail(text));
        Assert.True(s.TakesAll);
        Assert.Equal(2, s.Peers.Count);
    }

    [Fact]
    public void LinesOfFiles_ThatCannotBeUsed_AreNamed()
    {
        string allow = Path.Combine(_folder, "allow"), keys = Path.Combine(_folder, "md5");
        File.WriteAllText(allow, "192.0.2.1\nrouter.example\n");
        File.WriteAllText(keys, "192.0.2.1\n");
        Load(
            $"bgp_daemon: true\nbgp_daemon_allow_file: {allow}\nbgp_daemon_md5_file: {keys}",
            $"f:2: warning: {allow}:2: 'router.example' is no address; write 192.0.2.1 or 192.0.2.0/24",
            $"f:2: warning: {keys}:1: this is no address with a key; write 192.0.2.1, and the key of at most 80 bytes");
    }

    [Fact]
    public void MissingFile_IsAnError()
    {
        var findings = new Findings("f");
        _ = PmacctConfigurationLoader.Load(new StringReader("plugins: print\nprint_output: json\nbgp_daemon: true\nbgp_daemon_allow_file: /nowhere"), false, findings);
        Assert.Contains(findings.All, f => f.ToString() == "f:4: bgp_daemon_allow_file: there is no file /nowhere; name one, or remove the line");
    }
}
