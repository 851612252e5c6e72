using System.Net;
using Collector.Bgp.Sessions;
using Collector.Configuration;
using Collector.Configuration.Yaml;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Configuration.Yaml;

public class BgpKeysTests
{
    private static (BgpOptions Options, List<string> Findings) Load(string section)
    {
        var findings = new Findings("f");
        CollectorOptions options = YamlConfigurationLoader.Load(new StringReader($"bgp:\n{section}"), findings);
        return (options.Bgp, [.. findings.All.Select(f => f.ToString())]);
    }

    [Fact]
    public void Load_EveryKey_IsTaken()
    {
        (BgpOptions options, List<string> findings) = Load("""
              listen: ["[::1]:1790"]
              local_as: 4200000000
              router_id: 10.0.0.9
              hold_time: 30
              max_peers: 7
              max_paths_per_peer: 1000
              stale_time: 2m
              connect_retry: 5
              add_path: false
              ip_precedence: 6
              receive_buffer: 1MiB
              peers:
                - {address: 192.0.2.1, as: 65001, local_as: 65002, connect: true, port: 1179, password: secret, ttl_security: 2}
                - {address: 2001:db8::/32}
            """);
        Assert.Empty(findings);
        SpeakerOptions s = options.Speaker;
        Assert.True(options.IsEnabled);
        Assert.Equal(IPEndPoint.Parse("[::1]:1790"), Assert.Single(s.Listen));
        Assert.Equal((4_200_000_000u, IpAddress.Parse("10.0.0.9"), 30, 7, 1000L), (s.LocalAs, s.RouterId, s.HoldSeconds, s.MaxPeers, options.MaxPathsPerPeer));
        Assert.Equal((120, 5, false, 6, 1 << 20, false), (s.StaleSeconds, s.ConnectRetrySeconds, s.AddPath, s.IpPrecedence, s.ReceiveBufferBytes, s.TakesAll));
        Assert.Equal(
            [
                new PeerOptions { Address = IpAddress.Parse("192.0.2.1"), RemoteAs = 65001, LocalAs = 65002, Connect = true, Port = 1179, Password = "secret", TtlSecurityHops = 2 },
                new PeerOptions { Address = IpAddress.Parse("2001:db8::"), PrefixLength = 32 },
            ],
            s.Peers);
    }

    [Fact]
    public void Load_WithoutSection_HasNoSpeaker() => Assert.False(new CollectorOptions().Bgp.IsEnabled);

    [Theory]
    [InlineData("  listen: [\"[::]:179\"]", "f:1: bgp: there is no peer in bgp.peers, so that nobody could connect; write peers: [{address: 192.0.2.1}], a prefix such as 192.0.2.0/24, or 0.0.0.0/0 for all")]
    [InlineData("  local_as: 0", "f:2: bgp.local_as: '0' does not fit; write a whole number from 1 to 4294967295")]
    [InlineData("  hold_time: 2", "f:2: bgp.hold_time: '2' does not fit; write 0, or a time from 3s to 65535s (RFC 4271)")]
    [InlineData("  router_id: 2001:db8::1", "f:2: bgp.router_id: '2001:db8::1' does not fit; write an IPv4 address, or auto")]
    [InlineData("  peers: 192.0.2.1", "f:2: bgp.peers: '192.0.2.1' does not fit; write a list of peers, such as [{address: 192.0.2.1, as: 65001}]")]
    [InlineData("  peers: [{as: 65001}]", "f:2: bgp.peers[0] has no address; write address: and the router's, or a prefix")]
    [InlineData("  peers: [{address: 192.0.2.0/33}]", "f:2: bgp.peers[0].address: '192.0.2.0/33' does not fit; write an address, such as 192.0.2.1, or a prefix, such as 192.0.2.0/24")]
    [InlineData("  peers: [{address: 192.0.2.0/24, as: 1, connect: true}]", "f:2: bgp.peers[0].connect: one cannot connect to a prefix; write address: and the router's own")]
    [InlineData("  peers: [{address: 192.0.2.1, connect: true}]", "f:2: bgp.peers[0].connect: who connects must know its AS number first; write as: the router's (ours is the same), or local_as:")]
    [InlineData("  peers: [{address: 192.0.2.1, hold_time: 30}]", "f:2: unknown key bgp.peers[0].hold_time; it belongs in the section bgp")]
    [InlineData("  peer: []", "f:2: unknown key bgp.peer; did you mean 'peers'?")]
    public void Load_OneMistake_IsNamedWithItsLineAndCure(string line, string error) => Assert.Equal([error], Load(line).Findings);
}
