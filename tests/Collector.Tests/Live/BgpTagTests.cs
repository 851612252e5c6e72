using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Collector.Testing.Builders;
using Collector.Tests.Enrichment.Differential;
using Xunit;

namespace Collector.Tests.Live;

/// <summary>bgp_daemon_tag_map in a running daemon: in objects and file names, by peer and by route, filtered, and read anew on a signal.</summary>
public sealed class BgpTagTests : IDisposable
{
    private const int SigUsr2 = 12;

    private readonly LiveCollector _live = new();
    private readonly string _map;
    private readonly int _bgp;

    public BgpTagTests()
    {
        _map = Path.Combine(_live.Folder, "tags.map");
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _bgp = ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    public void Dispose() => _live.Dispose();

    [Theory]
    [InlineData(SigUsr2)]
    [InlineData(CollectorProcess.SigHup)]
    public void MessageLog_HasTheTagOfThePeer_AndThatOfTheNewMapFromTheNextObjectOn(int signal)
    {
        File.WriteAllText(_map, "set_tag=5 ip=127.0.0.2\nset_label=edge ip=127.0.0.3\n");
        CollectorProcess daemon = Start($"bgp_daemon_msglog_file: {_live.Folder}/$peer_src_ip.$tag\nbgp_daemon_tag_map: {_map}\n");
        using (Announcer tagged = Announce("127.0.0.2"), labelled = Announce("127.0.0.3"), neither = Announce("127.0.0.4"))
        {
            _live.WaitUntil(() => Objects("127_0_0_2.5").Length == 3 && Objects("127_0_0_3.0").Length == 3 && Objects("127_0_0_4.0").Length == 3, "three objects of each peer");
            Assert.Equal(["5", "5", "5"], Objects("127_0_0_2.5").Select(Tag));
            Assert.Equal(["edge", "edge", "edge"], Objects("127_0_0_3.0").Select(Tag));
            Assert.Equal(["", "", ""], Objects("127_0_0_4.0").Select(Tag));
            Assert.Contains("\"tag\": 5, \"peer_tcp_port\": ", Objects("127_0_0_2.5")[0], StringComparison.Ordinal);
            Assert.Matches("\"peer_tcp_port\": [0-9]+, \"tag\": 5, \"event_type\": \"log\"", Objects("127_0_0_2.5")[1]);

            File.WriteAllText(_map, "set_tag=6 ip=127.0.0.0/30\n");
            daemon.Signal(signal);
            daemon.WaitForError($"bgp_daemon_tag_map: {_map} is loaded and in force");
            tagged.Send([new UpdateBuilder().Withdraw("10.1.0.0/16").Message()]);
            _live.WaitUntil(() => Objects("127_0_0_2.5").Length == 4, "the withdrawal");
            Assert.Equal("6", Tag(Objects("127_0_0_2.5")[3]));

            File.WriteAllText(_map, "set_tga=7\n");
            daemon.Signal(signal);
            daemon.WaitForError($"bgp_daemon_tag_map: {_map} cannot be used; the map of before stays in force");
            tagged.Send([new UpdateBuilder().Withdraw("10.2.0.0/16").Message()]);
            _live.WaitUntil(() => Objects("127_0_0_2.5").Length == 5, "the second withdrawal");
            Assert.Equal("6", Tag(Objects("127_0_0_2.5")[4]));
        }

        // A name holds for a session: the next one has that of the new tag.
        daemon.WaitForError("BGP peer 127.0.0.2 (AS 65000, id 127.0.0.2): session is over");
        using Announcer again = Announce("127.0.0.2");
        _live.WaitUntil(() => Objects("127_0_0_2.6").Length == 3, "the file of the second session");
    }

    [Fact]
    public void LabelFilter_KeepsTheRoutesWhoseCommunitiesGiveTheLabel_AndLeavesNoHolesInSeq()
    {
        File.WriteAllText(_map, "set_label=wanted,one comms=65001:1\nset_label=session\n");
        Start($"bgp_daemon_msglog_file: {_live.Folder}/log\nbgp_daemon_tag_map: {_map}\nbgp_daemon_msglog_label_filter: gold, wanted\n");
        using (Announcer peer = Announce("127.0.0.2"))
        {
            peer.Send([new UpdateBuilder().Withdraw("10.1.0.0/16", "10.2.0.0/16").Message()]);
            _live.WaitUntil(() => Objects("log").Length == 2, "the two objects about the route with the community");
        }

        _live.StopAndReadLedger();
        Assert.Equal(["0 update 10.2.0.0/16 wanted,one", "1 withdraw 10.2.0.0/16 wanted,one"], Objects("log").Select(l =>
        {
            JsonElement o = JsonDocument.Parse(l).RootElement;
            return $"{o.GetProperty("seq")} {o.GetProperty("log_type")} {o.GetProperty("ip_prefix")} {o.GetProperty("label")}";
        }));
    }

    [Fact]
    public void BadMapAtStart_IsRefusedWithItsLine()
    {
        File.WriteAllText(_map, "set_tag=1\nset_tag=2 ipp=127.0.0.1\n");
        using CollectorProcess daemon = _live.Launch(Configuration($"bgp_daemon_tag_map: {_map}\n"));

        Assert.Equal(1, daemon.WaitForExit(20));
        Assert.Contains($"{_map}:2: unknown key 'ipp'; did you mean 'ip'?", daemon.Error, StringComparison.Ordinal);
    }

    private static string Tag(string line)
    {
        JsonElement o = JsonDocument.Parse(line).RootElement;
        return $"{(o.TryGetProperty("tag", out JsonElement tag) ? tag : "")}{(o.TryGetProperty("label", out JsonElement label) ? label : "")}";
    }

    private CollectorProcess Start(string lines)
    {
        CollectorProcess daemon = _live.Start(Configuration(lines));
        daemon.WaitForError("BGP: listening on");
        return daemon;
    }

    private string Configuration(string lines) => _live.Configure(
        $"plugins: print[hosts]\naggregate: src_host\nbgp_daemon: true\nbgp_daemon_ip: 127.0.0.1\nbgp_daemon_port: {_bgp}\nbgp_disable_router_id_check: true\n{lines}", "hosts");

    // Two routes, the second with the community 65001:1.
    private Announcer Announce(string address)
    {
        var announcer = new Announcer(address, _bgp, address, 65_000, addPath: false);
        announcer.Send(
        [
            new UpdateBuilder().Mandatory("10.0.0.9", 65_001).Announce("10.1.0.0/16").Message(),
            new UpdateBuilder().Mandatory("10.0.0.9", 65_001).Attribute(0xC0, 8, 0xFD, 0xE9, 0, 1).Announce("10.2.0.0/16").Message(),
        ]);
        return announcer;
    }

    private string[] Objects(string file) => File.Exists(Path.Combine(_live.Folder, file)) ? File.ReadAllLines(Path.Combine(_live.Folder, file)) : [];
}
