using Collector.BgpOutputs;
using Collector.Net;
using Collector.Tests.Sinks;
using Xunit;

namespace Collector.Tests.BgpOutputs;

public sealed class NeighborsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");
    private readonly RecordingLogger _log = new();

    private string FilePath => Path.Combine(_folder.FullName, "deep", "neighbors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Changes_ReplaceTheFile_AndAPeerTakesTheFirstFreePlace()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, "198.51.100.1\n");
        using (var file = new NeighborsFile(FilePath, _log))
        {
            Assert.Equal("198.51.100.1\n", File.ReadAllText(FilePath));
            file.Start();
            Assert.Equal("", File.ReadAllText(FilePath));
            Change(() => file.Up(IpAddress.Parse("192.0.2.2")), "192.0.2.2\n");
            Change(() => file.Up(IpAddress.Parse("192.0.2.1")), "192.0.2.2\n192.0.2.1\n");
            Change(() => file.Up(IpAddress.Parse("2001:db8::1")), "192.0.2.2\n192.0.2.1\n2001:db8::1\n");
            Change(() => file.Down(IpAddress.Parse("192.0.2.2")), "192.0.2.1\n2001:db8::1\n");
            Change(() => file.Up(IpAddress.Parse("192.0.2.9")), "192.0.2.9\n192.0.2.1\n2001:db8::1\n");
            Change(() => file.Up(IpAddress.Parse("192.0.2.9")), "192.0.2.9\n192.0.2.1\n2001:db8::1\n");
            file.Down(IpAddress.Parse("192.0.2.1"));
            file.Down(IpAddress.Parse("192.0.2.7"));
        }

        Assert.Equal("192.0.2.9\n2001:db8::1\n", File.ReadAllText(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public void NotStarted_AsInAReplay_TouchesNoFile()
    {
        using (var file = new NeighborsFile(FilePath, _log))
        {
            file.Up(IpAddress.Parse("192.0.2.2"));
        }

        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void FileThatCannotBeWritten_IsSaidOnceUntilItWorksAgain()
    {
        Directory.CreateDirectory(FilePath);
        using var file = new NeighborsFile(FilePath, _log);
        file.Start();
        file.Start();
        Assert.Single(Warnings());
        Assert.Contains($"BGP: the list of neighbours cannot be written to {FilePath}: ", Warnings()[0], StringComparison.Ordinal);

        Directory.Delete(FilePath);
        Change(() => file.Up(IpAddress.Parse("192.0.2.2")), "192.0.2.2\n");
        Assert.Single(Warnings());
    }

    private void Change(Action change, string expected)
    {
        change();
        Assert.True(SpinWait.SpinUntil(() => File.Exists(FilePath) && File.ReadAllText(FilePath) == expected, TimeSpan.FromSeconds(10)), File.Exists(FilePath) ? File.ReadAllText(FilePath) : "no file");
    }

    private string[] Warnings() => [.. _log.Messages.Where(l => l.Contains("neighbours", StringComparison.Ordinal))];
}
