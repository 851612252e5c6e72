using Collector.Configuration;
using Collector.Enrichment;
using Collector.Net;
using Xunit;

namespace Collector.Tests.Enrichment;

public sealed class EnrichmentSourcesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sources-").FullName;

    private string Networks => Path.Combine(_folder, "networks.lst");

    private string Roas => Path.Combine(_folder, "roas.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_AFileThatCannotBeUsed_LeavesTheTableOfBeforeAndSaysSo()
    {
        File.WriteAllText(Networks, "65001,10.0.0.0/8\n");
        File.WriteAllText(Roas, "{\"roas\": [{\"asn\": 65001, \"prefix\": \"10.0.0.0/8\"}]}");
        var sources = new EnrichmentSources(new EnrichmentOptions { NetworksFile = Networks, RoasFile = Roas });
        Assert.Empty(sources.Load());
        Assert.Equal((1, 1), (sources.Networks.Count, sources.Roas!.Count));

        File.WriteAllText(Networks, "nonsense\n");
        File.Delete(Roas);
        string[] findings = [.. sources.Load().Where(f => f.Severity == FindingSeverity.Error).Select(f => f.ToString())];
        Assert.Equal($"{Networks}: no line can be used; write lines such as 64512_65501,192.0.2.0/24", findings[0]);
        Assert.StartsWith($"{Roas}: the file of ROAs cannot be read", findings[1], StringComparison.Ordinal);
        Assert.True(sources.Networks.TryFind(IpAddress.Parse("10.1.2.3"), true, out _, out _));
        Assert.Equal(1, sources.Roas.Count);

        File.WriteAllText(Networks, "65001,11.0.0.0/8\n65001,12.0.0.0/8\n");
        sources.Load();
        Assert.Equal(2, sources.Networks.Count);
        Assert.False(sources.Networks.TryFind(IpAddress.Parse("10.1.2.3"), true, out _, out _));
    }

    [Fact]
    public void Load_NothingConfigured_HasNoFiles()
    {
        var sources = new EnrichmentSources(new EnrichmentOptions());
        Assert.Empty(sources.Load());
        Assert.False(sources.HasFiles);
        Assert.Empty(sources.Contents);
    }
}
