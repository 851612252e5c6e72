using System.Runtime.Versioning;
using Collector.Testing;
using Collector.Tests.Oracle;
using Xunit;

namespace Collector.Tests.Sinks.Triggers;

/// <summary>print_trigger_exec in a replay: the file is complete when the program starts, and to stdout nothing is started.</summary>
[SupportedOSPlatform("linux")]
public sealed class TriggeredReplayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trigger-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Trigger_RunsAfterTheFileIsClosed(bool toSinks, bool runs)
    {
        string program = Path.Combine(_folder, "copy.sh"), flows = Path.Combine(_folder, "flows"), copy = Path.Combine(_folder, "copy");
        await File.WriteAllTextAsync(program, "#!/bin/sh\ncp $1 $2\necho this is no data\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string configuration = Path.Combine(_folder, "nfacctd.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"plugins: print\nprint_output: csv\naggregate: src_host\nprint_output_file: {flows}\nprint_markers: true\nprint_trigger_exec: {program} {flows} {copy}\n");
        string capture = Path.Combine(RepositoryPaths.Pcaps, "netflow9-softflowd-ipv4.pcap");
        PeerProcessResult result = await PeerProcess.RunAsync(
            Path.Combine(AppContext.BaseDirectory, "collector"), ["replay", .. toSinks ? ["--to-sinks"] : Array.Empty<string>(), "-f", configuration, capture], _folder);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.DoesNotContain("this is no data", result.Output, StringComparison.Ordinal);
        Assert.Equal(runs, File.Exists(copy));
        if (runs)
        {
            Assert.EndsWith("--END (0)--\n", await File.ReadAllTextAsync(copy), StringComparison.Ordinal);
            Assert.Equal(await File.ReadAllTextAsync(flows), await File.ReadAllTextAsync(copy));
        }
    }
}
