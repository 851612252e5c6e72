using System.Diagnostics;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Hosting;

/// <summary>The shipped unit, judged by systemd itself.</summary>
public sealed class SystemdUnitTests : IDisposable
{
    private static readonly string Unit = Path.Combine(RepositoryPaths.Root, "samples", "systemd", "collector.service");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [ProgramFact("systemd-analyze")]
    public void Verify_UnitWithTheBuiltProgram_FindsNothing()
    {
        // systemd also asks whether the program is there; on a machine of a developer it is not yet installed.
        string unit = Path.Combine(_folder.FullName, "collector.service");
        string program = Path.Combine(AppContext.BaseDirectory, "collector");
        File.WriteAllText(unit, File.ReadAllText(Unit).Replace("/usr/local/bin/collector", program, StringComparison.Ordinal));

        Assert.Equal((0, ""), Analyze("verify", "--man=no", unit));
    }

    [ProgramFact("systemd-analyze")]
    public void Security_UnitIsHardened()
    {
        // From 0 to 100; 20 is what systemd calls OK. A public daemon without hardening has 96.
        (int exitCode, string output) = Analyze("security", "--offline=true", "--threshold=20", "--no-pager", Unit);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Unit_LetsTheJustInTimeCompilerWriteCode() =>
        Assert.DoesNotContain(File.ReadAllLines(Unit), l => l.StartsWith("MemoryDenyWriteExecute=", StringComparison.Ordinal));

    private static (int ExitCode, string Output) Analyze(params string[] arguments)
    {
        var start = new ProcessStartInfo(Peers.Find("systemd-analyze")!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result + error.Result);
    }
}
