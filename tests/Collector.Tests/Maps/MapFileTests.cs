using Collector.Configuration;
using Collector.Hosting;
using Collector.Maps;
using Xunit;

namespace Collector.Tests.Maps;

public sealed class MapFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly List<Finding> _findings = [];

    public void Dispose() => File.Delete(_path);

    private MapFile<SamplingMap> Make(bool lenient = false) => new("sampling_map", _path, lenient, SamplingMap.Read);

    [Fact]
    public void Load_ReplacesTheWholeMap()
    {
        MapFile<SamplingMap> file = Make();
        File.WriteAllText(_path, "id=1 ip=192.0.2.1");
        Assert.True(file.Load(_findings));
        SamplingMap first = file.Current!;
        File.WriteAllText(_path, "id=1 ip=192.0.2.1\nid=2 ip=192.0.2.2");
        Assert.True(file.Load(_findings));
        Assert.Equal((1, 2), (first.Count, file.Current!.Count));
        Assert.Empty(_findings);
    }

    [Fact]
    public void BadOrMissingFile_KeepsTheOldMapAndSaysSo()
    {
        MapFile<SamplingMap> file = Make();
        File.WriteAllText(_path, "id=1 ip=192.0.2.1");
        file.Load(_findings);
        SamplingMap first = file.Current!;
        File.WriteAllText(_path, "id=1 ip=192.0.2.1\nid=2 ipp=192.0.2.2");
        Assert.False(file.Load(_findings));
        Assert.Equal($"{_path}:2: unknown key 'ipp'; did you mean 'ip'?", Assert.Single(_findings).ToString());
        File.Delete(_path);
        Assert.False(file.Load(_findings));
        Assert.Contains("sampling_map: the file cannot be read", _findings[1].ToString(), StringComparison.Ordinal);
        Assert.Same(first, file.Current);
    }

    [Fact]
    public void Lenient_LeavesTheBadLineOutAndSaysSo()
    {
        MapFile<SamplingMap> file = Make(lenient: true);
        File.WriteAllText(_path, "id=1 ip=192.0.2.1\nid=2 ipp=192.0.2.2");
        Assert.True(file.Load(_findings));
        Assert.Equal(1, file.Current!.Count);
        Assert.EndsWith("; the line is left out", Assert.Single(_findings).ToString(), StringComparison.Ordinal);
        Assert.Equal(FindingSeverity.Warning, _findings[0].Severity);
    }

    [Fact]
    public void MissingAtStart_IsRefused()
    {
        var options = new CollectorOptions { Maps = new MapOptions { Sampling = "/nowhere/sampling.map", AllowFile = "/nowhere/allow" } };
        string message = Assert.Throws<CannotStartException>(() => MapSet.LoadOrRefuse(options, [])).Message;
        Assert.Contains("/nowhere/sampling.map: sampling_map: the file cannot be read", message, StringComparison.Ordinal);
        Assert.Contains("/nowhere/allow: allow_file: the file cannot be read", message, StringComparison.Ordinal);
    }
}
