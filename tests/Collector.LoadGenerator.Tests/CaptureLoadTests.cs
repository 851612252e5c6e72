using System.Diagnostics;
using System.Globalization;
using Collector.Testing;
using Xunit;

namespace Collector.LoadGenerator.Tests;

public sealed class CaptureLoadTests
{
    [ProgramTheory("tshark")]
    [InlineData("v5", 0.0)]
    [InlineData("v9", 0.0)]
    [InlineData("v9", 0.3)]
    [InlineData("ipfix", 0.3)]
    [InlineData("sflow", 0.3)]
    public void Capture_DecodedByTshark_AddsUpToTheReport(string protocol, double ipv6)
    {
        LoadProtocol which = Enum.GetValues<LoadProtocol>().First(p => LoadCommand.NameOf(p) == protocol);
        bool isSFlow = which == LoadProtocol.SFlow;
        var options = new LoadOptions
        {
            Protocol = which,
            IPv6Share = ipv6,
            Sources = 3,
            Keys = 200,
            Ring = 12,
            Rate = 1_000,
            Count = 2_000,
            Sampling = 100,
            AnnounceDatagrams = 5,
            Target = new(System.Net.IPAddress.Loopback, isSFlow ? 6343 : 2055),
        };
        string file = Path.GetTempFileName();
        try
        {
            LoadReport report = CaptureLoad.Run(options with { CaptureFile = file });
            Assert.Equal("", Tshark(file, "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y", "_ws.malformed || udp.checksum.status == 0"));
            string[] rows = Tshark(
                file, "-T", "fields", "-e", isSFlow ? "sflow.flow_sample.sequence_number" : "cflow.packets", "-e", isSFlow ? "sflow_245.header.frame_length" : "cflow.octets").Split('\n');
            long[][] columns = [Column(rows, 0), Column(rows, 1)];
            Assert.Equal(report.Records, columns[0].Length);
            Assert.Equal(report.Packets, isSFlow ? columns[0].Length : columns[0].Sum());
            Assert.Equal(report.Octets, columns[1].Sum());
            Assert.Equal(report.Datagrams, rows.Length - 1);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData((int)LoadProtocol.NetFlow5)]
    [InlineData((int)LoadProtocol.NetFlow9)]
    [InlineData((int)LoadProtocol.Ipfix)]
    [InlineData((int)LoadProtocol.SFlow)]
    [InlineData((int)LoadProtocol.Mixed)]
    public void SameSeed_SameBytes_OtherSeed_OtherBytes(int protocol)
    {
        var options = new LoadOptions { Protocol = (LoadProtocol)protocol, Sources = 4, Keys = 300, Ring = 8, Rate = 500, Count = 1_000 };
        byte[] first = new CapturedLoad(options).File;
        Assert.Equal(first, new CapturedLoad(options).File);
        Assert.NotEqual(first, new CapturedLoad(options with { Seed = 2 }).File);
    }

    [Fact]
    public void CaptureClock_RunsAtTheRateAndNeverStandsStill()
    {
        var load = new CapturedLoad(new LoadOptions { Sources = 16, Keys = 500, Ring = 1, Rate = 26, Count = 26 * 300, AnnounceDatagrams = 3 });
        Assert.Equal(1_767_225_600_000_000, load.Datagrams[0].Time);
        Assert.InRange(load.Datagrams[^1].Time - load.Datagrams[0].Time, 299_000_000, 299_000_010);
        Assert.All(load.Datagrams.Zip(load.Datagrams.Skip(1)), pair => Assert.True(pair.First.Time < pair.Second.Time));
        Assert.Equal(16, load.Datagrams.Select(d => d.Source).Distinct().Count());
    }

    private static long[] Column(string[] rows, int index) =>
        [.. rows.Where(r => r.Contains('\t', StringComparison.Ordinal))
            .SelectMany(r => r.Split('\t')[index].Split(',', StringSplitOptions.RemoveEmptyEntries))
            .Select(v => long.Parse(v, CultureInfo.InvariantCulture))];

    private static string Tshark(string file, params string[] arguments)
    {
        using var tshark = Process.Start(new ProcessStartInfo(Peers.Find("tshark")!, ["-r", file, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        tshark.ErrorDataReceived += (_, _) => { };
        tshark.BeginErrorReadLine();
        string output = tshark.StandardOutput.ReadToEnd();
        tshark.WaitForExit();
        Assert.Equal(0, tshark.ExitCode);
        return output;
    }
}
