using Collector.Hosting;
using Xunit;

namespace Collector.Tests.Hosting;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("/srv/state", "/run/a", "/x", true, "/srv/state")]
    [InlineData(null, "/var/lib/a:/var/lib/b", "/x", true, "/var/lib/a")]
    [InlineData("", "", "/x", true, "/var/lib/collector")]
    [InlineData(null, null, "/home/u/.st", false, "/home/u/.st/collector")]
    [InlineData(null, null, null, false, "/home/u/.local/state/collector")]
    [InlineData(null, null, "relative", false, "/home/u/.local/state/collector")]
    public void Resolve_FollowsTheContract(string? configured, string? ofUnit, string? xdg, bool isRoot, string expected)
    {
        string? environment(string name) => name switch { "STATE_DIRECTORY" => ofUnit, "XDG_STATE_HOME" => xdg, "HOME" => "/home/u", _ => null };
        Assert.Equal(expected, StateDirectory.Resolve(configured, environment, isRoot));
    }

    [Fact]
    public void OpenAt_FolderThatIsMissing_IsMadeAndLeftEmpty()
    {
        string path = Path.Combine(_folder.FullName, "a", "b");
        StateDirectory? state = StateDirectory.OpenAt(path, out string? reason);

        Assert.Null(reason);
        Assert.Equal(Path.Combine(path, "templates"), state?.File("templates"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
    }

    [Fact]
    public void OpenAt_FileInTheWay_IsAReason()
    {
        string path = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(path, "");

        Assert.Null(StateDirectory.OpenAt(path, out string? reason));
        Assert.StartsWith($"{path} cannot be written", reason, StringComparison.Ordinal);
    }
}
