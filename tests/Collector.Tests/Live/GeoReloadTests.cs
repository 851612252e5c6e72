using System.Text.Json;
using Collector.Tests.Enrichment.GeoIp;
using Collector.Tests.Pipeline;
using Xunit;

namespace Collector.Tests.Live;

/// <summary>The GeoIP database of a running daemon: read anew on a signal, at once; a bad one changes nothing; at start it is refused.</summary>
public sealed class GeoReloadTests : IDisposable
{
    private const int SigUsr2 = 12;

    private readonly LiveCollector _live = new();
    private readonly string _database;

    public GeoReloadTests()
    {
        _database = Path.Combine(_live.Folder, "places.mmdb");
    }

    public void Dispose() => _live.Dispose();

    [Theory]
    [InlineData(SigUsr2)]
    [InlineData(CollectorProcess.SigHup)]
    public void Signal_ReadsTheDatabaseAnewAndABadOneKeepsTheOld(int signal)
    {
        File.Copy(GeoDatabases.PathOf("other-kinds"), _database);
        CollectorProcess daemon = _live.Start(Configuration());
        Play(1, "");
        File.Copy(GeoDatabases.PathOf("country-ipv4"), _database, overwrite: true);
        daemon.Signal(signal);
        daemon.WaitForError($"{_database}: read, 3 places (Test-country-ipv4 of 2025-11-24)");
        Play(2, "AU");
        File.WriteAllText(_database, "nonsense");
        daemon.Signal(signal);
        daemon.WaitForError($"{_database}: the GeoIP database cannot be used: this is no GeoIP database in MaxMind's format");
        Play(3, "AU");
    }

    [Fact]
    public void BadDatabaseAtStart_IsRefused()
    {
        File.WriteAllText(_database, "nonsense");
        using CollectorProcess daemon = _live.Launch(Configuration());
        Assert.Equal(1, daemon.WaitForExit(20));
        Assert.Contains($"{_database}: the GeoIP database cannot be used: ", daemon.Error);
    }

    private string Configuration() => _live.Configure(
        $"plugins: print[countries]\naggregate: src_host_country, flows\nprint_refresh_time: 1\nprint_output_file_append: true\ngeoipv2_file: {_database}\n", "countries");

    // Thirty hosts of one country are one row.
    private void Play(int rows, string country)
    {
        _live.Send(WorkerRig.ThirtyFlows(0));
        _live.WaitUntil(() => _live.Rows("countries").Length == rows, $"{rows} rows");
        JsonElement row = JsonDocument.Parse(_live.Rows("countries")[rows - 1]).RootElement;
        Assert.Equal((country, 30), (row.GetProperty("country_ip_src").GetString(), row.GetProperty("flows").GetInt32()));
    }
}
