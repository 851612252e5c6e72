using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Collector.Testing;
using Collector.Tests.Enrichment.Differential;
using Collector.Tests.Live;
using Collector.Tests.Oracle;
using Collector.Tests.Receiving;
using Xunit;

namespace Collector.Tests.Migration;

/// <summary>A configuration of samples/migration run by nfacctd 1.7.7 and by the collector beside it, each line as it stands there but for addresses, paths and topics.</summary>
internal sealed class TakenOver : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collector-migration-");
    private readonly StringBuilder _told = new();
    private readonly List<Announcer> _announcers = [];
    private readonly int _theirPort = FreePort.Udp(), _ourPort = FreePort.Udp();
    private readonly Process _nfacctd;

    /// <summary>Starts both.</summary>
    /// <param name="file">The sample's name.</param>
    /// <param name="theirs">What stands in place of addresses, paths and topics for nfacctd; {folder} is that of the maps.</param>
    /// <param name="ours">The same for the collector.</param>
    /// <param name="maps">Maps with other contents than the sample's.</param>
    public TakenOver(string file, (string Old, string New)[] theirs, (string Old, string New)[] ours, params (string Name, string Text)[] maps)
    {
        foreach (string map in Directory.GetFiles(Samples).Where(f => !f.EndsWith(".conf", StringComparison.Ordinal)))
        {
            File.Copy(map, Path.Combine(_folder.FullName, Path.GetFileName(map)));
        }

        foreach ((string name, string text) in maps)
        {
            File.WriteAllText(Path.Combine(_folder.FullName, name), text);
        }

        string theirConf = Fill(file, "theirs.conf", theirs), ourConf = Fill(file, "ours.conf", ours);
        var start = new ProcessStartInfo(Peers.Find("nfacctd")!, ["-f", theirConf, "-l", _theirPort.ToString(CultureInfo.InvariantCulture)])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TZ"] = "UTC";
        _nfacctd = Process.Start(start)!;
        _nfacctd.OutputDataReceived += (_, e) => Append(e.Data);
        _nfacctd.ErrorDataReceived += (_, e) => Append(e.Data);
        _nfacctd.BeginErrorReadLine();
        _nfacctd.BeginOutputReadLine();
        Collector = new CollectorProcess(
            new Dictionary<string, string> { ["STATE_DIRECTORY"] = _folder.FullName }, "run", "-f", ourConf, "-l", _ourPort.ToString(CultureInfo.InvariantCulture));
        Collector.WaitForError("receiving on ");
        Wait(() => Told.Contains("waiting for NetFlow", StringComparison.Ordinal));
    }

    /// <summary>The host and port of the broker.</summary>
    public static (string Host, string Port) Broker { get; } = KafkaFactAttribute.Bootstrap?.Split(',')[0].Split(':') is [var host, var port] ? (host, port) : ("127.0.0.1", "9092");

    public CollectorProcess Collector { get; }

    private static string Samples => Path.Combine(RepositoryPaths.Root, "samples", "migration");

    private string Told
    {
        get
        {
            lock (_told)
            {
                return _told.ToString();
            }
        }
    }

    /// <summary>A router that announces the table to both, and stays.</summary>
    public void Announce(IPEndPoint theirs, IPEndPoint ours, string address, string routerId, uint asNumber)
    {
        foreach (IPEndPoint speaker in new[] { theirs, ours })
        {
            var announcer = new Announcer(address, speaker, routerId, asNumber, addPath: false);
            _announcers.Add(announcer);
            announcer.Send(SameTable.First);
        }

        Wait(() => OurPaths() >= SameTable.First.Count);

        // nfacctd says when a session is there, not when it has read the table.
        Wait(() => Told.Contains("BGP_OPEN", StringComparison.Ordinal));
        Thread.Sleep(1_500);
    }

    /// <summary>The same flows, twice, to both.</summary>
    public void Send(string exporter)
    {
        // Not on the boundary of a bin, which nfacctd puts into the one before.
        uint now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        now += (now - 1_000) % 300 == 0 || now % 300 == 0 ? 1u : 0;
        byte[][] datagrams = [.. SameFlows.Of()];
        foreach (byte[] datagram in datagrams)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(8), now);
        }

        foreach (int port in new[] { _theirPort, _ourPort, _theirPort, _ourPort })
        {
            using var sender = new UdpSender(exporter, port);
            foreach (byte[] datagram in datagrams)
            {
                sender.Send(datagram);
                Thread.Sleep(2);
            }
        }
    }

    /// <summary>Waits until nfacctd has dumped its tables since now; the collector does so at the same instant.</summary>
    public void WaitForDump()
    {
        int before = Told.Length;
        Wait(() => Told[before..].Contains("Dumping BGP tables - END", StringComparison.Ordinal));
        Thread.Sleep(2_000);
    }

    /// <summary>Stops both and waits for their last purge.</summary>
    public void Stop()
    {
        Thread.Sleep(1_500);
        CollectorProcess.SendSignal(_nfacctd.Id, CollectorProcess.SigInt);
        Collector.Signal(CollectorProcess.SigTerm);
        Assert.True(Collector.WaitForExit(30) == 0, Collector.Error);

        // Its plugin purges and ends at once; the core now and then waits for ever (seen with 1.7.7).
        if (!_nfacctd.WaitForExit(15_000))
        {
            _nfacctd.Kill(entireProcessTree: true);
        }

        Thread.Sleep(1_000);
    }

    /// <summary>Waits, and tells what both have said when it takes too long.</summary>
    public void Wait(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Limit), $"not within {Limit.TotalSeconds} s:\n{Told}\n{Collector.Error}");

    /// <summary>Objects with what differs at every run left out and counters added up, as a consumer does; the order of members stays.</summary>
    public static IReadOnlyList<string> Summed(IEnumerable<string> objects, params string[] without)
    {
        var sums = new Dictionary<string, (JsonObject Object, long Packets, long Bytes)>();
        foreach (string line in objects)
        {
            JsonObject value = JsonNode.Parse(line)!.AsObject();
            (long packets, long bytes) = (value["packets"]?.GetValue<long>() ?? 0, value["bytes"]?.GetValue<long>() ?? 0);
            bool hasCounters = value.ContainsKey("packets");
            foreach (string name in without)
            {
                value.Remove(name);
            }

            if (hasCounters)
            {
                (value["packets"], value["bytes"]) = (0, 0);
            }

            string key = value.ToJsonString();
            (_, long packetsBefore, long bytesBefore) = sums.GetValueOrDefault(key);
            sums[key] = (value, packetsBefore + packets, bytesBefore + bytes);
        }

        return
        [
            .. sums.Values.Select(s =>
            {
                if (s.Object.ContainsKey("packets"))
                {
                    (s.Object["packets"], s.Object["bytes"]) = (s.Packets, s.Bytes);
                }

                return s.Object.ToJsonString();
            }),
        ];
    }

    /// <summary>The differences of two lists of objects, each record of one having one of the other.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<string> theirs, IReadOnlyList<string> ours) => RecordComparison.Differences(theirs, ours, new HashSet<string>());

    public void Dispose()
    {
        _announcers.ForEach(a => a.Dispose());
        Collector.Dispose();
        if (!_nfacctd.HasExited)
        {
            _nfacctd.Kill(entireProcessTree: true);
        }

        _nfacctd.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Fill(string file, string name, (string Old, string New)[] values)
    {
        string text = File.ReadAllText(Path.Combine(Samples, file));
        foreach ((string old, string value) in values)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, value.Replace("{folder}", _folder.FullName, StringComparison.Ordinal), StringComparison.Ordinal);
        }

        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private long OurPaths()
    {
        Collector.Signal(CollectorProcess.SigUsr1);
        Thread.Sleep(100);
        string text = Collector.Error;
        string last = text[(Math.Max(0, text.LastIndexOf("ledger: process:", StringComparison.Ordinal)))..];
        return System.Text.RegularExpressions.Regex.Matches(last, @"bgp peer \S+ established: paths (\d+)").Sum(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private void Append(string? line)
    {
        lock (_told)
        {
            _told.AppendLine(line);
        }
    }
}
