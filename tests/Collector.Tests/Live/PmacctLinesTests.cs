using System.Globalization;
using System.Text.RegularExpressions;
using Collector.Testing;
using Collector.Tests.Pipeline;
using Xunit;

namespace Collector.Tests.Live;

/// <summary>Behind -f the log has the lines of nfacctd that scripts look for (pmacct-compat §9.2, seen with 1.7.7), without -f none of them.</summary>
public sealed class PmacctLinesTests : IDisposable
{
    private readonly LiveCollector _live = new();

    public void Dispose() => _live.Dispose();

    [Fact]
    public void Run_BehindF_TellsStartMapsPurgesAndEndAsNfacctd()
    {
        string map = Path.Combine(_live.Folder, "sampling.map"), ports = Path.Combine(_live.Folder, "ports");
        File.WriteAllText(map, "id=10 ip=127.0.0.1\n");
        File.WriteAllText(ports, "80\n");
        string configuration = _live.Configure(
            $"core_proc_name: edge\nplugins: print[hosts]\naggregate[hosts]: src_host\nprint_refresh_time[hosts]: 1\nsampling_map: {map}\nports_file[hosts]: {ports}\n", "hosts");
        CollectorProcess daemon = _live.Start(configuration);
        string[] expected =
        [
            "INFO ( edge/core ): NetFlow Accounting Daemon, collector ",
            $"INFO ( edge/core ): Reading configuration file '{configuration}'.\n",
            $"INFO ( edge/core ): [{map}] (re)loading map.\nINFO ( edge/core ): [{map}] map successfully (re)loaded.\nINFO ( edge/core ): [{ports}] map successfully (re)loaded.\n",
            string.Create(CultureInfo.InvariantCulture, $"INFO ( edge/core ): waiting for NetFlow/IPFIX data on 127.0.0.1:{_live.Port}\n"),
        ];
        Assert.All(expected, line => Assert.Contains(line, daemon.Error, StringComparison.Ordinal));

        _live.Send(WorkerRig.ThirtyFlows(0));
        daemon.WaitForError(string.Create(CultureInfo.InvariantCulture, $"INFO ( hosts/print ): *** Purging cache - END (PID: {daemon.Id}, QN: 30/30, ET: 0) ***\n"));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"INFO ( hosts/print ): *** Purging cache - START (PID: {daemon.Id}) ***\n"), daemon.Error, StringComparison.Ordinal);
        daemon.WaitForError("QN: 0/0, ET: X) ***\n");

        int loaded = Regex.Count(daemon.Error, Regex.Escape($"[{map}] map successfully (re)loaded."));
        daemon.Signal(12);
        _live.WaitUntil(() => Regex.Count(daemon.Error, Regex.Escape($"[{map}] map successfully (re)loaded.")) == loaded + 1, "the map at SIGUSR2");
        daemon.Signal(CollectorProcess.SigInt);
        Assert.Equal(0, daemon.WaitForExit(20));
        Assert.Contains("INFO ( edge/core ): OK, Exiting ...\n", daemon.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("files_umask: 027\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)]
    public void Run_BehindF_FilesHaveThePermissionsThatNfacctdGivesThem(string umask, UnixFileMode mode)
    {
        string log = Path.Combine(_live.Folder, "log"), pid = Path.Combine(_live.Folder, "pid");
        string configuration = _live.Configure($"plugins: print[hosts]\naggregate[hosts]: src_host\nprint_refresh_time[hosts]: 1\nlogfile: {log}\npidfile: {pid}\n{umask}", "hosts");
        using CollectorProcess daemon = _live.Launch(configuration);
        _live.WaitUntil(() => File.Exists(log) && File.ReadAllText(log).Contains("receiving on ", StringComparison.Ordinal), "the log");
        _live.Send(WorkerRig.ThirtyFlows(0));
        _live.WaitUntil(() => _live.Rows("hosts").Length == 30, "rows");
        Assert.All(new[] { log, pid, _live.FileOf("hosts") }, f => Assert.Equal(mode, new FileInfo(f).UnixFileMode));
        daemon.Signal(CollectorProcess.SigTerm);
        Assert.Equal(0, daemon.WaitForExit(20));
    }

    [RootFact]
    public async Task Run_BehindF_FilesBelongToWhomNfacctdGivesThem()
    {
        string log = Path.Combine(_live.Folder, "log"), pid = Path.Combine(_live.Folder, "pid"), latest = Path.Combine(_live.Folder, "latest");
        string configuration = _live.Configure(
            $"plugins: print[hosts]\naggregate[hosts]: src_host\nprint_refresh_time[hosts]: 1\nprint_latest_file[hosts]: {latest}\nlogfile: {log}\npidfile: {pid}\nfiles_uid: nobody\nfiles_gid: 12\n", "hosts");
        using CollectorProcess daemon = _live.Launch(configuration);
        _live.WaitUntil(() => File.Exists(log) && File.ReadAllText(log).Contains("receiving on ", StringComparison.Ordinal), "the log");
        _live.Send(WorkerRig.ThirtyFlows(0));
        _live.WaitUntil(() => _live.Rows("hosts").Length == 30 && File.Exists(latest), "rows");
        PeerProcessResult owners = await PeerProcess.RunAsync("/usr/bin/stat", ["-c", "%U:%g", log, pid, _live.FileOf("hosts"), latest], _live.Folder);
        Assert.Equal(string.Concat(Enumerable.Repeat("nobody:12\n", 4)), owners.Output);
        daemon.Signal(CollectorProcess.SigTerm);
        Assert.Equal(0, daemon.WaitForExit(20));
    }

    [Fact]
    public void Run_WithoutCoreName_HasNoneOfThem()
    {
        string file = Path.Combine(_live.Folder, "collector.yaml");
        File.WriteAllText(file, string.Create(
            CultureInfo.InvariantCulture, $"listen: [\"127.0.0.1:{_live.Port}\"]\nhttp: {{enabled: false}}\noutputs: [{{name: a, type: file, refresh: 1, aggregate: [src_host], file: {{path: {_live.FileOf("a")}}}}}]\n"));
        CollectorProcess daemon = _live.Start(file);
        _live.Send(WorkerRig.ThirtyFlows(0));
        _live.WaitUntil(() => _live.Rows("a").Length == 30, "rows");
        daemon.Signal(CollectorProcess.SigUsr1);
        daemon.WaitForError("ledger: process");
        daemon.Signal(CollectorProcess.SigTerm);
        Assert.Equal(0, daemon.WaitForExit(20));
        Assert.DoesNotMatch(@"\( |Purging|NOTICE|waiting for|Exiting", daemon.Error);
    }
}
