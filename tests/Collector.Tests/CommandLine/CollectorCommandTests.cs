using Collector.Testing;
using Collector.Tests.Live;
using Xunit;

namespace Collector.Tests.CommandLine;

/// <summary>The built program: verbs, exit codes, what goes to which stream.</summary>
public sealed class CollectorCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Check_ShippedFile_IsGood()
    {
        (int exitCode, string output, string error) = Run("check", "--config", Path.Combine(RepositoryPaths.Root, "collector.yaml"));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("collector.yaml: no errors", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    [InlineData("")]
    public void AnyVerb_WrongConfiguration_NamesEveryErrorAndExitsWith1(string verb)
    {
        string file = Write("c.yaml", "workers: x\nrenormalise: true\n");
        (int exitCode, string output, string error) = Run([.. verb.Length > 0 ? [verb] : Array.Empty<string>(), "--config", file]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal(
            $"{file}:1: workers: 'x' does not fit; write a whole number from 1 to 1024\n{file}:2: unknown key renormalise; did you mean 'renormalize'?\n",
            error);
    }

    [Fact]
    public void Check_PmacctFile_PrintsNotesAndErrors()
    {
        string file = Write("nfacctd.conf", "daemonize: true\nplugins: print\nprint_output: json\nbmp_daemon: true\n");
        (int exitCode, _, string error) = Run("check", "-f", file);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"{file}:1: note: key daemonize: accepted, no effect: the collector stays in the foreground and systemd runs it as a service\n"
            + $"{file}:4: key bmp_daemon is not supported yet: BMP; let the routers hold BGP sessions (bgp_daemon), or run pmbmpd beside the collector and remove the line\n",
            error);
    }

    [Fact]
    public void Check_Lenient_ExitsWith0()
    {
        string file = Write("nfacctd.conf", "plugins: print\nprint_output: json\nbmp_daemon: true\n");
        (int exitCode, _, string error) = Run("check", "-f", file, "--lenient");

        Assert.Equal(0, exitCode);
        Assert.Equal($"{file}:3: warning: key bmp_daemon is not supported yet: BMP; let the routers hold BGP sessions (bgp_daemon), or run pmbmpd beside the collector and remove the line (ignored)\n", error);
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'walk'.", "walk")]
    [InlineData("Required argument 'FILE' missing", "replay")]
    [InlineData("--config and -f exclude each other", "check", "--config", "a", "-f", "b")]
    [InlineData("--workers takes a number from 1 to 1024", "run", "--workers", "0")]
    [InlineData("'soon'", "run", "--workers", "soon")]
    [InlineData("'1.9'", "check", "--pmacct-version", "1.9")]
    [InlineData("'some'", "replay", "--ports", "some", "x.pcap")]
    [InlineData("'--share-port'", "check", "--share-port")]
    public void AnyVerb_WrongSwitch_ExitsWith2(string part, params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(arguments);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.EndsWith("collector --help shows the verbs and switches.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_OutputThatIsNotConfigured_ExitsWith2()
    {
        string file = Write("c.yaml", "outputs: [{name: a, aggregate: [src_host]}, {name: b, aggregate: [dst_host]}]");
        (int exitCode, _, string error) = Run("replay", "--config", file, "--output", "c", "x.pcap");
        Assert.Equal(2, exitCode);
        Assert.Equal($"{file} has no output 'c'; --output takes one of: a, b\n", error);
    }

    [Fact]
    public void Replay_CaptureThatIsAbsent_IsNamedAndFails()
    {
        string absent = Path.Combine(_folder.FullName, "absent.pcap");
        (int exitCode, string output, string error) = Run("replay", "--config", Write("c.yaml", ""), absent);
        Assert.NotEqual(0, exitCode);
        Assert.Empty(output);
        Assert.Contains(absent, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("--help")]
    [InlineData("replay", "--help")]
    public void Help_GoesToStdout(params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(arguments);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.NotEmpty(output);
    }

    private static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using var collector = new CollectorProcess(arguments);
        return (collector.WaitForExit(), collector.Output, collector.Error);
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
