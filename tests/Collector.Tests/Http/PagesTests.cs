using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Collector.Testing;
using Collector.Tests.Live;
using Xunit;

namespace Collector.Tests.Http;

/// <summary>The pages of a daemon that runs, and the verb that asks it.</summary>
public sealed class PagesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Metrics_AndExplain_OfARunningCollector()
    {
        int flows = FreePort.Udp(), bgp = FreePort.Tcp(), http = FreePort.Tcp();
        string networks = Path.Combine(_folder.FullName, "networks");
        await File.WriteAllTextAsync(networks, "64999,203.0.113.0/24\n");
        string file = Path.Combine(_folder.FullName, "c.yaml");
        await File.WriteAllTextAsync(
            file,
            $"listen: [127.0.0.1:{flows}]\nstate_directory: {_folder.FullName}\nhttp: {{listen: 127.0.0.1:{http}}}\nas_source: longest\nnetworks_file: {networks}\n"
            + $"bgp: {{listen: [127.0.0.1:{bgp}], peers: [{{address: 127.0.0.0/8}}]}}\n");
        using var collector = new CollectorProcess("run", "--config", file);
        collector.WaitForError($"pages on http://127.0.0.1:{http}");

        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        using (var sender = new UdpClient())
        {
            await sender.SendAsync(new byte[] { 0, 42, 0, 0, 0 }, new IPEndPoint(IPAddress.Loopback, flows));
        }

        string metrics = "";
        for (int i = 0; i < 200 && !metrics.Contains("collector_source_datagram_losses_total{source=\"127.0.0.1\"", StringComparison.Ordinal); i++)
        {
            metrics = await client.GetStringAsync("/metrics");
        }

        Assert.Contains("collector_source_datagram_losses_total{source=\"127.0.0.1\",protocol=\"unknown\",domain=\"0\",reason=\"unknown version\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("collector_output_published_total{output=\"stdout\",unit=\"records\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("collector_bgp_refused_connections_total{reason=\"not listed\"} 0\n", metrics, StringComparison.Ordinal);
        AssertIsPrometheusText(metrics);

        using JsonDocument answer = JsonDocument.Parse(await client.GetStringAsync("/api/explain?exporter=192.0.2.1&src=198.51.100.1&dst=203.0.113.7"));
        Assert.Equal(64999, answer.RootElement.GetProperty("dstAs").GetInt32());
        Assert.StartsWith("src_as is 0: ", answer.RootElement.GetProperty("srcReason").GetString(), StringComparison.Ordinal);
        HttpResponseMessage wrong = await client.GetAsync("/api/explain?exporter=192.0.2.1&src=x&dst=203.0.113.7");
        Assert.Equal((HttpStatusCode.BadRequest, "src: 'x' is no IPv4 or IPv6 address\n"), (wrong.StatusCode, await wrong.Content.ReadAsStringAsync()));

        using (var explain = new CollectorProcess("explain", "--config", file, "192.0.2.1", "198.51.100.1", "203.0.113.7"))
        {
            Assert.Equal(0, explain.WaitForExit());
            Assert.Contains("networks_file: ", explain.Output, StringComparison.Ordinal);
            Assert.Contains("src_as is 0: ", explain.Output, StringComparison.Ordinal);
        }

        collector.Signal(CollectorProcess.SigTerm);
        Assert.Equal(0, collector.WaitForExit());
    }

    [Theory]
    [InlineData(3, "no collector answers on http://127.0.0.1:1/", "--url", "http://127.0.0.1:1", "192.0.2.1", "192.0.2.2", "192.0.2.3")]
    [InlineData(2, "--url: 'here' is no address of a page", "--url", "here", "192.0.2.1", "192.0.2.2", "192.0.2.3")]
    [InlineData(2, "SRC: 'x' is no IPv4 or IPv6 address.", "192.0.2.1", "x", "192.0.2.3")]
    public void Explain_WithoutAnAnswer_IsOneSentence(int exitCode, string sentence, params string[] arguments)
    {
        using var explain = new CollectorProcess(["explain", .. arguments]);

        Assert.Equal(exitCode, explain.WaitForExit());
        Assert.Empty(explain.Output);
        Assert.Contains(sentence, explain.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_PagesPortThatIsTaken_IsAWarning()
    {
        using var owner = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        owner.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        owner.Listen();
        string file = Path.Combine(_folder.FullName, "c.yaml");
        File.WriteAllText(file, $"listen: [127.0.0.1:{FreePort.Udp()}]\nstate_directory: {_folder.FullName}\nhttp: {{listen: \"{owner.LocalEndPoint}\"}}\n");
        using var collector = new CollectorProcess("run", "--config", file);

        collector.WaitForError($"http.listen {owner.LocalEndPoint}: ");
        collector.Signal(CollectorProcess.SigTerm);
        Assert.Equal(0, collector.WaitForExit());
    }

    // Every sample follows the TYPE of its family, and no family stands twice.
    private static void AssertIsPrometheusText(string text)
    {
        var seen = new HashSet<string>();
        string family = "";
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Assert.True(seen.Add(family), family);
            }
            else if (!line.StartsWith('#'))
            {
                Assert.Equal(family, line[..line.IndexOfAny(['{', ' '])]);
                Assert.True(double.TryParse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture, out _), line);
            }
        }
    }
}
