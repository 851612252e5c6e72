using System.Text.Json;
using Collector.Tests.Pipeline;
using Xunit;

namespace Collector.Tests.Live;

/// <summary>Maps of a running daemon: read anew on a signal, at once; a bad one changes nothing; at start it is refused.</summary>
public sealed class MapReloadTests : IDisposable
{
    private const int SigUsr2 = 12;

    private readonly LiveCollector _live = new();
    private readonly string _map;

    public MapReloadTests()
    {
        _map = Path.Combine(_live.Folder, "pretag.map");
    }

    public void Dispose() => _live.Dispose();

    [Theory]
    [InlineData(SigUsr2)]
    [InlineData(CollectorProcess.SigHup)]
    public void Signal_ReadsTheMapAnewAndABadOneKeepsTheOld(int signal)
    {
        File.WriteAllText(_map, "set_tag=1\n");
        CollectorProcess daemon = _live.Start(Configuration("pre_tag_filter[rest]: -2"));
        Play(0, 1);
        File.WriteAllText(_map, "set_tag=2 filter='udp'\n");
        daemon.Signal(signal);
        daemon.WaitForError($"pre_tag_map: {_map} is loaded and in force");
        Play(30, 2);
        File.WriteAllText(_map, "set_tag=3\nset_tag=4 ipp=10.0.0.1\n");
        daemon.Signal(signal);
        daemon.WaitForError($"pre_tag_map: {_map} cannot be used; the map of before stays in force");
        Assert.Contains($"WARN ( default/core ): {_map}:2: unknown key 'ipp'; did you mean 'ip'?", daemon.Error);
        Play(60, 2);

        // The second output lets no record with tag 2 in: 60 of 90, which its ledger says.
        LedgerText ledger = _live.StopAndReadLedger();
        Assert.Equal((90, 30), (ledger.Output("hosts", "entered", "records"), ledger.Output("rest", "entered", "records")));
        Assert.Contains("filtered 60 records 60 packets 6000 octets", daemon.Error);
        ledger.AssertCloses("rest");
    }

    [Fact]
    public void BadMapAtStart_IsRefusedWithItsLine()
    {
        File.WriteAllText(_map, "set_tag=1\nset_tag=2 dst_prot=53\n");
        using CollectorProcess daemon = _live.Launch(Configuration(""));
        Assert.Equal(1, daemon.WaitForExit(20));
        Assert.Contains($"{_map}:2: unknown key 'dst_prot'; did you mean 'dst_port'?", daemon.Error);
    }

    [Fact]
    public void BadMapAtStart_Lenient_LeavesTheLineOutAndSaysSo()
    {
        File.WriteAllText(_map, "set_tag=2 dst_prot=53\nset_tag=1\n");
        CollectorProcess daemon = _live.Start(Configuration(""), "--lenient");
        Assert.Contains($"{_map}:1: warning: unknown key 'dst_prot'; did you mean 'dst_port'?; the line is left out", daemon.Error);
        Play(0, 1);
    }

    private string Configuration(string line) => _live.Configure(
        $"plugins: print[hosts], print[rest]\naggregate: src_host, tag\nprint_refresh_time: 1\nprint_output_file_append: true\npre_tag_map: {_map}\n{line}\n", "hosts", "rest");

    // Thirty flows, and all of their rows have the tag.
    private void Play(int first, ulong tag)
    {
        int before = _live.Rows("hosts").Length;
        _live.Send(WorkerRig.ThirtyFlows(first));
        _live.WaitUntil(() => _live.Rows("hosts").Length == before + 30, "thirty rows");
        Assert.All(_live.Rows("hosts")[before..], r => Assert.Equal(tag, JsonDocument.Parse(r).RootElement.GetProperty("tag").GetUInt64()));
    }
}
