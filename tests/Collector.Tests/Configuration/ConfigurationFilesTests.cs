using Collector.Configuration;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Configuration;

public sealed class ConfigurationFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_NoFileNamed_TakesTheFirstOfThePlaces()
    {
        string second = Write("second.yaml", "workers: 7");
        LoadedConfiguration loaded = ConfigurationFiles.Load(new ConfigurationRequest(), [Path.Combine(_folder.FullName, "absent.yaml"), second]);

        Assert.Equal(second, loaded.Origin);
        Assert.Equal(7, loaded.Options.Workers);
    }

    [Fact]
    public void Load_NoFileAnywhere_IsTheBuiltInOutput()
    {
        LoadedConfiguration loaded = ConfigurationFiles.Load(new ConfigurationRequest(), []);

        Assert.Equal("built-in defaults", loaded.Origin);
        Assert.Empty(loaded.Findings);
        Assert.Equal(OutputKind.Stdout, Assert.Single(loaded.Options.Outputs).Kind);
        Assert.Contains("src_host", loaded.Options.Outputs[0].Aggregate);
    }

    [Fact]
    public void Load_FileThatIsAbsent_IsAnErrorWithItsName()
    {
        string absent = Path.Combine(_folder.FullName, "absent.yaml");
        LoadedConfiguration loaded = ConfigurationFiles.Load(new ConfigurationRequest { YamlFile = absent });

        Assert.True(loaded.HasErrors);
        Assert.StartsWith($"{absent}: the file cannot be read", Assert.Single(loaded.Findings).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Folder_IsAnError() => Assert.True(ConfigurationFiles.Load(new ConfigurationRequest { PmacctFile = _folder.FullName }).HasErrors);

    [Fact]
    public void Load_Switches_WinOverTheFile()
    {
        string file = Write("c.yaml", "workers: 7\npmacct_version: 1.7\n");
        LoadedConfiguration loaded = ConfigurationFiles.Load(new ConfigurationRequest { YamlFile = file, Workers = 2, SharePort = true, Pmacct17 = false });

        Assert.Equal(2, loaded.Options.Workers);
        Assert.True(loaded.Options.SharePort);
        Assert.False(loaded.Options.Pmacct17);
        Assert.All(loaded.Options.Outputs, o => Assert.False(o.Text.Pmacct17));
    }

    [Fact]
    public void Load_PmacctFile_IsReadAsPmacct()
    {
        string file = Write("nfacctd.conf", "plugins: print\nprint_output: json\n");
        LoadedConfiguration loaded = ConfigurationFiles.Load(new ConfigurationRequest { PmacctFile = file });

        Assert.False(loaded.HasErrors, string.Join('\n', loaded.Findings));
        Assert.Equal("default_print", Assert.Single(loaded.Options.Outputs).Name);
    }

    [Fact]
    public void Load_ShippedFile_HasNoFindings() =>
        Assert.Empty(ConfigurationFiles.Load(new ConfigurationRequest { YamlFile = Path.Combine(RepositoryPaths.Root, "collector.yaml") }).Findings);

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
