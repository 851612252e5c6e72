using System.Text;
using System.Text.Json;
using Collector.LoadGenerator;
using Collector.Testing;
using Xunit;

namespace Collector.Tests.Replay;

/// <summary>The same captures give the same bytes for any number of workers (DESIGN §2).</summary>
public sealed class ReplayDeterminismTests : IDisposable
{
    private const int Sampling = 100;

    private static readonly LoadOptions Load = new()
    {
        Protocol = LoadProtocol.Mixed,
        Sources = 16,
        Keys = 2_000,
        DrawUniformly = true,
        IPv6Share = 0.2,
        Rate = 100,
        Count = 60_000,
        Ring = 2_000,
        LateShare = 0.05,
        LateSeconds = 600,
        Sampling = Sampling,
    };

    private readonly CaptureFolder _folder = new();

    [Fact]
    public void SixteenExporters_TwoOutputs_SameBytesWithOneTwoAndFourWorkers()
    {
        string configuration = Configuration("""
            plugins: print[windows], print[totals]
            print_output: json
            nfacctd_renormalize: true
            aggregate[windows]: src_host, dst_host, src_port, dst_port, proto, as_path, tcpflags, flows
            print_history[windows]: 5m
            print_history_roundoff[windows]: m
            print_refresh_time[windows]: 60
            aggregate[totals]: peer_src_ip, in_iface, out_iface, tos
            print_refresh_time[totals]: 90
            """);
        LoadReport report = CaptureLoad.Run(Load with { CaptureFile = Path.Combine(_folder.Path, "load.pcap") });

        byte[] rows = SameForAllWorkers("-f", configuration, Path.Combine(_folder.Path, "load.pcap"));

        JsonElement[] windows = [.. Rows(rows).Where(r => r.TryGetProperty("stamp_inserted", out _))];
        JsonElement[] totals = [.. Rows(rows).Where(r => !r.TryGetProperty("stamp_inserted", out _))];
        Assert.True(windows.Length > 1_000, $"{windows.Length} rows");
        Assert.True(windows.Select(r => r.GetProperty("stamp_inserted").GetString()).Distinct().Count() >= 3);
        Assert.True(windows.Select(r => r.GetProperty("stamp_updated").GetString()).Distinct().Count() >= 3);
        Assert.True(windows.Select(r => r.GetProperty("as_path").GetString()).Distinct().Count() > 10, "paths that only handles can tell apart");
        Assert.Equal(16, totals.Select(r => r.GetProperty("peer_ip_src").GetString()).Distinct().Count());
        Assert.Equal(report.Packets * Sampling, windows.Sum(r => r.GetProperty("packets").GetInt64()));
        Assert.Equal(report.Packets * Sampling, totals.Sum(r => r.GetProperty("packets").GetInt64()));
        Assert.Equal(report.Octets * Sampling, windows.Sum(r => r.GetProperty("bytes").GetInt64()));
    }

    [Fact]
    public void NamesThatDifferByExporter_SameBytesWithOneTwoAndFourWorkers()
    {
        string configuration = Configuration("""
            plugins: print[names], print[sums]
            print_output: json
            aggregate[names]: class, src_host
            print_history[names]: 2m
            print_history_roundoff[names]: m
            print_refresh_time[names]: 30
            aggregate[sums]: class
            print_refresh_time[sums]: 45
            """);

        byte[] rows = SameForAllWorkers("-f", configuration, _folder.Write("names.pcap", NamedExporters.Capture()));

        JsonElement[] names = [.. Rows(rows).Where(r => r.TryGetProperty("ip_src", out _))];
        JsonElement[] sums = [.. Rows(rows).Where(r => !r.TryGetProperty("ip_src", out _))];
        Assert.True(names.Length > 1_000, $"{names.Length} rows");
        Assert.Equal(["app-0", "app-1", "app-2", "app-3", "app-4", "app-5"], names.Select(r => r.GetProperty("class").GetString()).Distinct().Order());
        long packets = NamedExporters.Exporters * NamedExporters.Rounds * Enumerable.Range(1, NamedExporters.RecordsPerDatagram).Sum();
        Assert.Equal(packets, names.Sum(r => r.GetProperty("packets").GetInt64()));
        Assert.Equal(packets, sums.Sum(r => r.GetProperty("packets").GetInt64()));
    }

    [Fact]
    public void SumHost_SameBytesWithOneTwoAndFourWorkers_AndEveryRecordTwice()
    {
        string configuration = Configuration("""
            plugins: print[hosts]
            print_output: json
            aggregate[hosts]: sum_host
            print_history[hosts]: 5m
            print_history_roundoff[hosts]: m
            print_refresh_time[hosts]: 60
            """);
        LoadReport report = CaptureLoad.Run(Load with { CaptureFile = Path.Combine(_folder.Path, "load.pcap"), Count = 20_000, Seed = 7 });

        byte[] rows = SameForAllWorkers("-f", configuration, Path.Combine(_folder.Path, "load.pcap"));

        Assert.True(Rows(rows).Count() > 1_000);
        Assert.Equal(report.Packets * 2, Rows(rows).Sum(r => r.GetProperty("packets").GetInt64()));
    }

    [Fact]
    public void AllShippedCapturesAtOnce_BuiltInConfiguration_SameBytesWithOneTwoAndFourWorkers()
    {
        string[] files = [.. Directory.EnumerateFiles(RepositoryPaths.Pcaps, "*.pcap*").Order(StringComparer.Ordinal)];
        byte[] rows = SameForAllWorkers(files);
        Assert.True(files.Length > 40);
        Assert.True(Rows(rows).Count() > 1_000);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<JsonElement> Rows(byte[] output) => Encoding.UTF8.GetString(output)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);

    private byte[] SameForAllWorkers(params string[] arguments)
    {
        ReplayProcess[] runs = [.. new[] { "1", "2", "4" }.Select(workers => ReplayProcess.Run(_folder.Path, ["--workers", workers, .. arguments]))];
        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Error));
        Assert.NotEmpty(runs[0].Output);
        Assert.Equal(-1, FirstDifference(runs[0].Output, runs[1].Output));
        Assert.Equal(-1, FirstDifference(runs[0].Output, runs[2].Output));
        return runs[0].Output;
    }

    // Two outputs of a megabyte make no readable message; the place of the first difference does.
    private static int FirstDifference(byte[] one, byte[] other)
    {
        int common = one.AsSpan().CommonPrefixLength(other);
        return common == one.Length && common == other.Length ? -1 : common;
    }

    private string Configuration(string text) => _folder.Write("nfacctd.conf", Encoding.UTF8.GetBytes(text + "\n"));
}
