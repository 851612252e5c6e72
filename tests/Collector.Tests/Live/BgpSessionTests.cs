using System.Diagnostics;
using System.Net;
using Collector.Net;
using Collector.Testing;
using Collector.Testing.Builders;
using Collector.Tests.Receiving;
using Xunit;

namespace Collector.Tests.Live;

/// <summary>The daemon with a border router beside it: BIRD, in a network namespace of its own.</summary>
public class BgpSessionTests
{
    private const string Collector = "10.0.0.1", Router = "10.0.0.2";

    [NamespaceFact("bird", "birdc")]
    public void Passive_BehindNfacctdConf_FlowsHaveTheAsNumbersOfTheRouter() => Run((folder, bird) =>
    {
        File.WriteAllText(Path.Combine(folder, "nfacctd.conf"), $"""
            nfacctd_ip: {Collector}
            nfacctd_port: 2100
            nfacctd_as: bgp
            bgp_daemon: true
            bgp_daemon_ip: {Collector}
            bgp_daemon_port: 1790
            plugins: print
            print_output: json
            print_refresh_time: 3600
            aggregate: src_as, dst_as, as_path, std_comm
            """);
        using var collector = new CollectorProcess(State(folder), "run", "-f", Path.Combine(folder, "nfacctd.conf"));
        collector.WaitForError("BGP: listening on");
        bird($"neighbor {Collector} port 1790 as 65001; multihop;", $"local {Router} as 65001;");
        collector.WaitForError($"BGP peer {Router} (AS 65001, id {Router}): all routes of family 1/1 are there, 2 paths");
        using (var exporter = new UdpSender(Router, IPEndPoint.Parse($"{Collector}:2100")))
        {
            exporter.Send(new NetFlow5Builder().Record(new NetFlow5Record
            {
                Source = IpAddress.Parse("10.1.2.3"),
                Destination = IpAddress.Parse("10.2.2.3"),
                NextHop = IpAddress.Parse("0.0.0.0"),
                Packets = 1,
                Octets = 100,
            }).Build());
            collector.Signal(CollectorProcess.SigUsr1);
            collector.WaitForError($"bgp peer {Router} established: paths 2, stale 0, sessions 1");
        }

        collector.Signal(CollectorProcess.SigTerm);
        Assert.Equal(0, collector.WaitForExit(20));
        Assert.Contains("\"as_src\": 65010, \"as_dst\": 65020", collector.Output, StringComparison.Ordinal);
        Assert.Contains("\"as_path\": \"65002_65020\"", collector.Output, StringComparison.Ordinal);
        Assert.Contains("\"comms\": \"65001:100\"", collector.Output, StringComparison.Ordinal);
        WaitForShutdown(folder);
    });

    [NamespaceFact("bird", "birdc")]
    public void Active_WithPasswordAndTtlSecurity_IsAskedAgainAtHangUp() => Run((folder, bird) =>
    {
        bird($"neighbor {Collector} as 65001; multihop 1; passive on; password \"secret\"; ttl security on;", $"local {Router} port 1179 as 65001;");
        File.WriteAllText(Path.Combine(folder, "collector.yaml"), $$"""
            listen: ["{{Collector}}:2100"]
            http: {enabled: false}
            bgp:
              connect_retry: 1
              peers: [{address: {{Router}}, as: 65001, connect: true, port: 1179, password: secret, ttl_security: 1}]
            """);
        using var collector = new CollectorProcess(State(folder), "run", "--config", Path.Combine(folder, "collector.yaml"));
        collector.WaitForError("all routes of family 1/1 are there, 2 paths");
        collector.Signal(1);
        string seen = WaitForBird(folder, "Route refresh");
        Assert.True(SpinWait.SpinUntil(() => Announced(collector) >= 4, TimeSpan.FromSeconds(20)), $"{collector.Error}\n{seen}");
        collector.Signal(CollectorProcess.SigTerm);
        Assert.Equal(0, collector.WaitForExit(20));
        WaitForShutdown(folder);
    });

    // Asks for the ledger and reads how many routes the peer has announced.
    private static long Announced(CollectorProcess collector)
    {
        collector.Signal(CollectorProcess.SigUsr1);
        Thread.Sleep(50);
        string? line = collector.Error.Split('\n').LastOrDefault(l => l.Contains($"bgp peer {Router}", StringComparison.Ordinal));
        return line?.Split(", announced ") is [_, var rest] ? long.Parse(rest.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    private static Dictionary<string, string> State(string folder) => new() { ["STATE_DIRECTORY"] = folder };

    private static void Run(Action<string, Action<string, string>> test) => PrivateNetwork.Run(() =>
    {
        PrivateNetwork.Ip($"link add r0 type veth peer name r1\nlink set r0 up\nlink set r1 up\naddr add {Collector}/24 dev r0\naddr add {Router}/24 dev r0");
        string folder = Directory.CreateTempSubdirectory("collector-bgp-").FullName;
        Process? bird = null;
        try
        {
            test(folder, (neighbor, local) => bird = StartBird(folder, neighbor, local));
        }
        finally
        {
            bird?.Kill();
            bird?.WaitForExit();
            bird?.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    });

    private static Process StartBird(string folder, string neighbor, string local)
    {
        string configuration = Path.Combine(folder, "bird.conf");
        File.WriteAllText(configuration, $$"""
            router id {{Router}};
            log "{{Path.Combine(folder, "bird.log")}}" all;
            protocol device { }
            protocol static {
              ipv4;
              route 10.1.0.0/16 blackhole { bgp_path.prepend(65010); bgp_path.prepend(65002); };
              route 10.2.0.0/16 blackhole { bgp_path.prepend(65020); bgp_path.prepend(65002); bgp_community.add((65001, 100)); };
            }
            protocol bgp collector {
              {{local}}
              {{neighbor}}
              connect delay time 1;
              connect retry time 1;
              error wait time 1, 2;
              ipv4 { import none; export all; };
            }
            """);
        return Process.Start(new ProcessStartInfo(Peers.Find("bird")!, ["-f", "-c", configuration, "-s", Path.Combine(folder, "bird.ctl"), "-P", Path.Combine(folder, "bird.pid")])
        {
            RedirectStandardError = true,
        })!;
    }

    // From its log: what it shows of the session is overwritten by its next attempt, which is refused.
    private static void WaitForShutdown(string folder) => Assert.True(
        SpinWait.SpinUntil(
            () => File.ReadAllText(Path.Combine(folder, "bird.log")).Contains("collector: Received: Administrative shutdown", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20)),
        File.ReadAllText(Path.Combine(folder, "bird.log")));

    // What BIRD says about the session, once the text is in it.
    private static string WaitForBird(string folder, string text)
    {
        string seen = "";
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    using Process birdc = Process.Start(new ProcessStartInfo(Peers.Find("birdc")!, ["-s", Path.Combine(folder, "bird.ctl"), "show", "protocols", "all", "collector"]) { RedirectStandardOutput = true })!;
                    seen = birdc.StandardOutput.ReadToEnd();
                    return seen.Contains(text, StringComparison.Ordinal);
                },
                TimeSpan.FromSeconds(20)),
            $"'{text}' is not in:\n{seen}");
        return seen;
    }
}
