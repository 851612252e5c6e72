using Collector.Tests.Live;
using Xunit;

namespace Collector.Tests.CommandLine;

/// <summary>pmacct's own command line behind -f (pmacct-compat §9.5): each switch is a line behind the file.</summary>
public sealed class PmacctSwitchesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Switches_WinOverTheFile()
    {
        string file = Write("nfacctd.conf", "plugins: kafka\nnfacctd_port: 9996\naggregate: src_as\nprint_output: json\nsql_refresh_time: 60\n");
        (int exitCode, string output, string error) = Run("check", "-f", file, "-l", "2055", "-c", "src_host,dst_host", "-P", "print", "-r", "10", "-d", "-D", "-u", "-M");

        Assert.Equal(0, exitCode);
        Assert.Contains("listen: [::]:2055\noutput default_print: standard output, every 10s: src_host, dst_host\n", output, StringComparison.Ordinal);
        Assert.Contains($"command line, -P print: warning: takes the place of plugins: kafka in {file}:1 (nfacctd would leave -P out)\n", error, StringComparison.Ordinal);
        Assert.Contains("command line, -D: note: key daemonize: accepted, no effect: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Switches_Together_AsPmacctTakesThem()
    {
        string file = Write("nfacctd.conf", "plugins: print\n");
        (int exitCode, string output, _) = Run("check", "-f", file, "-dDuMARW", "-Ocsv", "-o", "/tmp/flows", "-E;", "-L127.0.0.1", "-F", "/tmp/pid", "-n", "nets", "-t", "ports", "-p", "x", "-b1", "-m1", "-s1", "-Sdaemon");
        _ = output;
        Assert.Equal(1, exitCode);
        (_, output, string error) = Run("convert", "-f", file, "-dDuMARW", "-Ocsv", "-o", "/tmp/flows", "-E;", "-L127.0.0.1", "-F", "/tmp/pid", "-n", "nets", "-t", "ports", "-p", "x", "-b1", "-m1", "-s1");
        Assert.Equal("", error);
        foreach (string line in new[]
        {
            "listen: [\"127.0.0.1:2100\"]", "renormalize: true", "networks_file: nets", "pid_file: /tmp/pid", "level: debug", "type: file", "format: csv", "markers: true",
            "ports_file: ports", "path: /tmp/flows", "append: true", "num_protos: true", "separator: \";\"",
        })
        {
            Assert.Contains(line, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Check_TellsWhatWillDiffer_BehindFOnly()
    {
        string file = Write("nfacctd.conf", "plugins: print\nprint_output: json\naggregate: tcpflags\n");
        (_, string output, _) = Run("check", "-f", file);
        Assert.Contains($"\ndiffers from pmacct 1.7.7: {file}:3: aggregate: tcpControlBits of two bytes", output, StringComparison.Ordinal);
        (_, string converted, _) = Run("convert", "-f", file);
        (_, output, _) = Run("check", "--config", Write("c.yaml", converted));
        Assert.DoesNotContain("differs", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Switches_WithoutAFile_AreTheConfiguration()
    {
        (int exitCode, string output, string error) = Run("check", "-P", "print", "-O", "json", "-l", "2055", "-c", "src_host");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("command line: no errors\nlisten: [::]:2055\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Switches_DevNull_IsAnEmptyFile()
    {
        (int exitCode, string output, _) = Run("check", "-f", "/dev/null", "-P", "print", "-O", "json", "--as", "sfacctd");
        Assert.Equal(0, exitCode);
        Assert.Contains("listen: [::]:6343\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-l", "70000", "command line, -l 70000: nfacctd_port: '70000' does not fit; write a whole number from 1 to 65535")]
    [InlineData("-L", "here", "command line, -L here: nfacctd_ip: 'here' does not fit; write an IPv4 or IPv6 address")]
    [InlineData("-c", "src_hots", "command line, -c src_hots: aggregate: unknown primitive 'src_hots'")]
    [InlineData("-P", "tee", "command line, -P tee: plugins: tee is not supported: ")]
    public void Switch_Mistake_IsNamed(string name, string value, string error)
    {
        (int exitCode, _, string text) = Run("check", "-f", Write("nfacctd.conf", "plugins: print\nprint_output: json\n"), name, value);
        Assert.Equal(1, exitCode);
        Assert.Contains(error, text, StringComparison.Ordinal);
    }

    [Fact]
    public void AddressThatIsAPort_IsTakenForThePort()
    {
        (int exitCode, string output, string error) = Run("check", "-P", "print", "-O", "json", "-L", "2055");
        Assert.Equal(0, exitCode);
        Assert.Contains("listen: [::]:2055\n", output, StringComparison.Ordinal);
        Assert.Contains("-L takes an address; 2055 is taken for the port, write -l 2055", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--config and -f exclude each other", "run", "--config", "c.yaml", "-P", "print")]
    [InlineData(2, "Required argument missing for option: '-r'", "run", "-f", "x", "-r")]
    [InlineData(2, "'pmacctd'", "run", "-f", "x", "--as", "pmacctd")]
    [InlineData(2, "name one with -f", "check", "--as", "sfacctd")]
    [InlineData(2, "convert: name the file to convert", "convert")]
    public void WrongUse_ExitsWith2(int expected, string part, params string[] arguments)
    {
        (int exitCode, _, string error) = Run(arguments);
        Assert.Equal(expected, exitCode);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Fact]
    public void DryRun_ChecksAndEnds()
    {
        (int exitCode, string output, _) = Run("run", "-f", Write("nfacctd.conf", "plugins: print\nprint_output: json\n"), "-T", "config");
        Assert.Equal(0, exitCode);
        Assert.Contains("nfacctd.conf: no errors", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-V", "collector ")]
    [InlineData("-a", "src_host\n")]
    [InlineData("-h", "Usage:")]
    public void Information_GoesToStdout(string name, string part)
    {
        (int exitCode, string output, string error) = Run("run", name);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains(part, output, StringComparison.Ordinal);
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
