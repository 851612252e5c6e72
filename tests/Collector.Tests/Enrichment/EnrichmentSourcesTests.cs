using Collector.Configuration;
using Collector.Enrichment;
using Collector.Net;
using Collector.Tests.Enrichment.GeoIp;
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
    public void Load_ADatabaseThatCannotBeUsed_LeavesThePlacesOfBefore()
    {
        string file = Path.Combine(_folder, "places.mmdb");
        File.Copy(GeoDatabases.PathOf("city-28"), file);
        var sources = new EnrichmentSources(new EnrichmentOptions { GeoIpFile = file });
        Assert.Empty(sources.Load());
        Assert.Equal((file, 13, "places (Test-city-28 of 2025-11-24)"), Assert.Single(sources.Contents));

        File.WriteAllBytes(file, File.ReadAllBytes(file)[..2000]);
        Assert.StartsWith($"{file}: the GeoIP database cannot be used: ", Assert.Single(sources.Load()).ToString(), StringComparison.Ordinal);
        Assert.Equal("DE,20095,53.5511,9.9937", GeoDatabases.Ask(sources.Places!, "10.1.1.1"));

        File.Copy(GeoDatabases.PathOf("country-ipv4"), file, overwrite: true);
        Assert.Empty(sources.Load());
        Assert.Equal("AU,,0,0", GeoDatabases.Ask(sources.Places!, "10.1.1.1"));
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
