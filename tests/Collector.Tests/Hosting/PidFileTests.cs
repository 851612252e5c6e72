using Collector.Hosting;
using Xunit;

namespace Collector.Tests.Hosting;

public sealed class PidFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void PidFile_Lives_AsLongAsItsOwner()
    {
        string path = Path.Combine(_folder.FullName, "run", "collector.pid");
        using (new PidFile(path))
        {
            Assert.Equal($"{Environment.ProcessId}\n", File.ReadAllText(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void PidFile_StaleOne_IsReplaced()
    {
        string path = Path.Combine(_folder.FullName, "collector.pid");
        File.WriteAllText(path, "1");
        using var file = new PidFile(path);
        Assert.Equal($"{Environment.ProcessId}\n", File.ReadAllText(path));
    }

    [Fact]
    public void PidFile_FolderThatCannotBe_IsNoStart()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "file"), "");
        var e = Assert.Throws<CannotStartException>(() => new PidFile(Path.Combine(_folder.FullName, "file", "pid")));
        Assert.Contains("cannot be written", e.Message, StringComparison.Ordinal);
    }
}
